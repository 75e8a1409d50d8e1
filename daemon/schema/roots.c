/* See roots.h. */
#include "roots.h"

#include <stdlib.h>
#include <string.h>

#include "free_name.h"
#include "inheritance.h"
#include "kinds.h"
#include "list.h"
#include "lookup.h"
#include "partition.h"
#include "walk.h"

/* NULL: it has none of its own. */
static const struct wv_object *own_part(const struct wv_object *table, const struct wv_object *like)
{
    return like->kind == &wv_kind_column ? wv_find_column(table, like->name)
                                         : wv_find_constraint(table, like);
}

static bool has_part(const struct wv_catalog *catalog, const struct wv_object *table,
                     const struct wv_object *like)
{
    return own_part(table, like) != NULL ||
           (like->kind != &wv_kind_column && wv_find_shared(catalog, table, like) != NULL);
}

/* Does the heir inherit from the table, and go on to do so? */
static bool is_heir(const struct wv_difference *difference, const struct wv_object *heir,
                    const struct wv_object *table)
{
    if (wv_partition_of(heir) != NULL)
        return false; /* of one whole alone */
    if (difference == NULL)
        return true;
    const struct wv_twin *twin = wv_twin_of_old(difference, heir);
    if (!wv_twin_stays(twin))
        return false;
    const char *new = wv_object_text(twin->new, "parents");
    const char *end = wv_behind_kept_parents(difference, wv_object_text(heir, "parents"), new);
    return wv_is_parent_before(new, end, table->identity);
}

static void walk_to_heirs(struct wv_walk *walk, const struct wv_object *table,
                          const struct wv_difference *difference)
{
    size_t at = 0;
    const struct wv_object *heir;
    while ((heir = wv_next_heir(table, &at)) != NULL)
        if (is_heir(difference, heir, table))
            wv_walk_to(walk, heir);
}

/* Those that have the part; is there any? */
static bool walk_to_givers(struct wv_walk *walk, const struct wv_catalog *catalog,
                           const struct wv_object *table, const struct wv_object *part,
                           const struct wv_difference *difference)
{
    bool is_any = false;
    const char *at = wv_object_text(table, "parents");
    for (; *at != '\0'; at = wv_list_next(at)) {
        char *name WV_AUTOFREE = wv_xstrndup(at, wv_list_item(at));
        const struct wv_object *parent = wv_find_table(catalog, name);
        if (parent == NULL || !is_heir(difference, table, parent) ||
            !has_part(catalog, parent, part))
            continue;
        wv_walk_to(walk, parent);
        is_any = true;
    }
    return is_any;
}

static void add(struct wv_roots *roots, const struct wv_object *part)
{
    WV_GROW(roots->parts, roots->count, roots->capacity);
    roots->parts[roots->count++] = part;
}

static int order_parts(const void *a, const void *b)
{
    const struct wv_object *left = *(const struct wv_object *const *)a;
    const struct wv_object *right = *(const struct wv_object *const *)b;
    if (left->parent->kind != right->parent->kind)
        return left->parent->kind->rank < right->parent->kind->rank ? -1 : 1;
    return (left->index > right->index) - (left->index < right->index);
}

void wv_roots_find(struct wv_roots *roots, const struct wv_catalog *catalog,
                   const struct wv_object *part, const struct wv_difference *difference)
{
    struct wv_walk walk WV_AUTOWALK = {0};
    if (part->kind != &wv_kind_column && !(wv_is_check(part) && wv_has_shared_copies(part))) {
        add(roots, part);
        return;
    }
    wv_walk_to(&walk, part->parent);
    for (size_t i = 0; i < walk.count; i++) {
        const struct wv_object *table = walk.tables[i];
        walk_to_heirs(&walk, table, difference);
        if (!walk_to_givers(&walk, catalog, table, part, difference) &&
            own_part(table, part) != NULL)
            add(roots, own_part(table, part));
    }
    if (roots->count > 1)
        qsort(roots->parts, roots->count, sizeof(*roots->parts), order_parts);
}

bool wv_roots_are_same(const struct wv_roots *a, const struct wv_roots *b)
{
    bool is_same = a->count == b->count;
    for (size_t i = 0; is_same && i < a->count; i++)
        is_same = a->parts[i]->parent == b->parts[i]->parent;
    return is_same;
}

void wv_roots_clear(struct wv_roots *roots)
{
    free(roots->parts);
    *roots = (struct wv_roots){0};
}

static bool is_computed_by_all(const struct wv_object *column)
{
    return wv_object_is(column, "is_generated_as_parent");
}

/* `called`: as it is called by then; NULL: as it was. */
static const char *name_of(const struct wv_object *column, const char *called)
{
    return called != NULL ? called : column->quoted;
}

static void add_computed(struct wv_strlist *statements, const char *name,
                         const struct wv_object *column, const char *called)
{
    const char *type = wv_object_text(column, "type");
    const char *collation = wv_object_get(column, "collation");
    wv_strlist_add_owned(
        statements,
        wv_xasprintf("ALTER TABLE %s ADD COLUMN %s %s%s%s GENERATED ALWAYS AS (NULL::%s) %s", name,
                     name_of(column, called), type, collation != NULL ? " COLLATE " : "",
                     collation != NULL ? collation : "", type,
                     wv_object_text(column, "generated_kind")));
}

static const char *words_of(const struct wv_object *table)
{
    return table->kind == &wv_kind_foreign_table ? "ALTER FOREIGN TABLE" : "ALTER TABLE";
}

/* By a query, which has the types whatever they are called now. */
static void make_table(struct wv_strlist *statements, const struct wv_roots *roots,
                       const char *name, const struct wv_object *const *columns, size_t count,
                       const char *called)
{
    struct wv_strlist names WV_AUTOSTRLIST = {0};
    for (size_t i = 0; i < count; i++)
        if (!is_computed_by_all(columns[i]))
            wv_strlist_add(&names, name_of(columns[i], called));
    char *list WV_AUTOFREE = wv_strlist_join(&names, ", ");
    wv_strlist_add_owned(statements,
                         wv_xasprintf("CREATE TABLE %s AS SELECT%s%s FROM ONLY %s WITH NO DATA",
                                      name, names.count > 0 ? " " : "", list,
                                      roots->parts[0]->parent->identity));
    for (size_t i = 0; i < count; i++)
        if (is_computed_by_all(columns[i]))
            add_computed(statements, name, columns[i], called);
}

static void inherit(struct wv_strlist *statements, const struct wv_roots *roots, const char *name)
{
    for (size_t i = 0; i < roots->count; i++) {
        const struct wv_object *table = roots->parts[i]->parent;
        wv_strlist_add_owned(
            statements, wv_xasprintf("%s %s INHERIT %s", words_of(table), table->identity, name));
    }
}

void wv_roots_gather(struct wv_strlist *statements, const struct wv_roots *roots, const char *name,
                     const struct wv_object *const *columns, size_t count)
{
    make_table(statements, roots, name, columns, count, NULL);
    inherit(statements, roots, name);
}

void wv_roots_scatter(struct wv_strlist *statements, const struct wv_roots *roots, const char *name)
{
    for (size_t i = 0; i < roots->count; i++) {
        const struct wv_object *table = roots->parts[i]->parent;
        wv_strlist_add_owned(statements, wv_xasprintf("%s %s NO INHERIT %s", words_of(table),
                                                      table->identity, name));
    }
    wv_strlist_add_owned(statements, wv_xasprintf("DROP TABLE %s", name));
}

char *wv_roots_name(const struct wv_difference *difference, const struct wv_roots *roots)
{
    const struct wv_object *table = roots->parts[0]->parent;
    char *schema WV_AUTOFREE = wv_quoted_schema(table);
    char *name WV_AUTOFREE = wv_free_name(difference, table->schema, table->name, "_root");
    return wv_xasprintf("%s.%s", schema, name);
}

/* The same check of the table for the time, which has its columns. */
static void make_table_with_check(struct wv_strlist *statements, const struct wv_roots *roots,
                                  const char *name, const char *called)
{
    const struct wv_object *check = roots->parts[0];
    const struct wv_object **columns WV_AUTOFREE =
        wv_xcalloc(check->need_count + 1, sizeof(*columns));
    size_t count = 0;
    for (size_t i = 0; i < check->need_count; i++)
        if (check->needs[i].object->kind == &wv_kind_column)
            columns[count++] = check->needs[i].object;
    make_table(statements, roots, name, columns, count, NULL);
    wv_strlist_add_owned(statements,
                         wv_xasprintf("ALTER TABLE %s ADD CONSTRAINT %s %s NOT VALID", name, called,
                                      wv_object_text(check, "definition")));
}

char *wv_roots_rename(const struct wv_roots *roots, const char *name, const char *to, bool is_back)
{
    struct wv_strlist statements WV_AUTOSTRLIST = {0};
    const struct wv_object *part = roots->parts[0];
    const char *called = is_back ? to : part->quoted;
    if (part->kind == &wv_kind_column)
        make_table(&statements, roots, name, &part, 1, called);
    else
        make_table_with_check(&statements, roots, name, called);
    inherit(&statements, roots, name);
    wv_strlist_add_owned(&statements,
                         wv_xasprintf("ALTER TABLE %s RENAME %s %s TO %s", name,
                                      part->kind->sql_name, called, is_back ? part->quoted : to));
    wv_roots_scatter(&statements, roots, name);
    return wv_strlist_join(&statements, ";\n");
}
