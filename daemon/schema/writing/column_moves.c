/* See column_moves.h. */
#include "column_moves.h"

#include <stdlib.h>

#include "analyze.h"
#include "inheritance.h"
#include "kinds.h"
#include "lookup.h"
#include "rebuild.h"
#include "roots.h"
#include "strbuf.h"
#include "type_move.h"
#include "writing.h"
#include "xalloc.h"

/* What is text for a while is read as its type after. */
static struct wv_conversion conversion_of(const struct wv_ddl *ddl, const struct wv_change *column)
{
    struct wv_conversion found = wv_conversion_find(ddl, column->old, column->new);
    if (!wv_twin_of_old(ddl->difference, column->old)->is_parked)
        return found;
    found.what.is_free = false;
    found.what.may_fail = true;
    found.how = found.how > WV_CARRIED_BY_TEXT ? WV_CARRIED_BY_NOTHING : WV_CARRIED_BY_TEXT;
    return found;
}

/* USING is refused then. */
static void refuse_foreign(struct wv_ddl *ddl, const struct wv_object *column)
{
    wv_ddl_refuse(ddl,
                  "the type of %s.%s cannot change: foreign tables inherit it, and take no "
                  "conversion that has to be written: let them inherit it only after a change "
                  "of its own (NO INHERIT, DETACH PARTITION)",
                  column->parent->identity, column->quoted);
}

/* What no statement of ours can move. */
static void refuse(struct wv_ddl *ddl, const struct wv_change *change,
                   const struct wv_conversion *conversion)
{
    const struct wv_object *column = change->new;
    const struct wv_object *table = change->old->parent;
    bool has_values = table->kind != &wv_kind_foreign_table;
    if (!has_values && wv_is_in_use(ddl->difference, table))
        wv_ddl_refuse(ddl,
                      "the type of %s.%s cannot change: other columns have rows of %s as values",
                      table->identity, column->quoted, table->identity);
    if (has_values)
        wv_refuse_lost_values(ddl, column, conversion);
    if (has_values && wv_is_cast_asked(conversion) && wv_has_foreign_heirs(table))
        refuse_foreign(ddl, column);
}

static void write_clause(struct wv_ddl *ddl, struct wv_strbuf *out, const struct wv_change *change,
                         const struct wv_conversion *conversion)
{
    const struct wv_object *column = change->new;
    const char *type = wv_object_text(column, "type");
    const char *collation = wv_object_get(column, "collation");
    refuse(ddl, change, conversion);
    wv_strbuf_addf(out, "%sALTER COLUMN %s TYPE %s%s%s", out->length > 0 ? ",\n    " : "",
                   column->quoted, type, collation != NULL ? " COLLATE " : "",
                   collation != NULL ? collation : "");
    if (wv_is_cast_asked(conversion) && column->parent->kind != &wv_kind_foreign_table &&
        !wv_has_foreign_heirs(change->old->parent)) {
        wv_strbuf_addf(out, " USING %s", column->quoted);
        wv_write_cast(out, conversion, type);
    }
}

/* A foreign key that stays is made again with its column, and looked at on both sides. */
static void tell_of_keys(struct wv_ddl *ddl, struct wv_ddl_statement *statement,
                         const struct wv_object *column)
{
    for (size_t i = 0; i < column->needed_by_count; i++) {
        const struct wv_object *key = column->needed_by[i].object;
        const struct wv_object *other = wv_referenced_table(ddl->before, key);
        if (other == NULL || !wv_twin_stays(wv_twin_of_old(ddl->difference, key)))
            continue;
        const struct wv_object *far = other == column->parent ? key->parent : other;
        if (far == column->parent)
            continue;
        wv_ddl_lock(ddl, statement, "ACCESS EXCLUSIVE", far);
        wv_ddl_hazard(statement, WV_HAZARD_SCAN, "%s, for the foreign key %s",
                      key->parent->identity, key->quoted);
    }
}

/* Columns that go over, but for those that a parent takes along; of those that tables whose heirs
 * share them have, the first. */
struct moves {
    const struct wv_change *all;
    size_t all_count;
    struct wv_change *columns;
    struct wv_roots *roots; /* of each: in which tables it goes over at once */
    bool *is_written;
    size_t count;
};

static void clear_moves(struct moves *moves)
{
    for (size_t i = 0; i < moves->count; i++)
        wv_roots_clear(&moves->roots[i]);
    free(moves->columns);
    free(moves->roots);
    free(moves->is_written);
}

#define WV_AUTOMOVES __attribute__((cleanup(clear_moves)))

/* NULL: it does not go over now. */
static const struct wv_change *move_of(const struct moves *moves, const struct wv_object *old)
{
    for (size_t i = 0; i < moves->all_count; i++)
        if (moves->all[i].old == old)
            return &moves->all[i];
    return NULL;
}

/* What stays as it is in one of the tables shares no heir when the others go over. */
static bool go_over_all(const struct wv_ddl *ddl, const struct wv_roots *roots)
{
    for (size_t i = 0; i < roots->count; i++)
        if (!wv_goes_over(wv_twin_of_old(ddl->difference, roots->parts[i])))
            return false;
    return true;
}

static void find_roots(struct wv_ddl *ddl, const struct moves *moves, struct wv_roots *roots,
                       const struct wv_object *old)
{
    wv_roots_find(roots, ddl->before, old, ddl->difference);
    if (!go_over_all(ddl, roots)) {
        roots->parts[0] = old;
        roots->count = 1;
    }
    for (size_t i = 0; roots->count > 1 && i < roots->count; i++)
        if (move_of(moves, roots->parts[i]) == NULL)
            wv_ddl_refuse(ddl,
                          "the type of %s.%s cannot change: it would have to together with that of "
                          "%s.%s, since both are inherited by one table: let that inherit only one "
                          "of them first (NO INHERIT)",
                          old->parent->identity, old->quoted, roots->parts[i]->parent->identity,
                          old->quoted);
}

static void find_moves(struct wv_ddl *ddl, struct moves *moves, const struct wv_change *columns,
                       size_t count)
{
    *moves = (struct moves){.all = columns,
                            .all_count = count,
                            .columns = wv_xcalloc(count, sizeof(*moves->columns)),
                            .roots = wv_xcalloc(count, sizeof(*moves->roots)),
                            .is_written = wv_xcalloc(count, sizeof(*moves->is_written))};
    for (size_t i = 0; i < count; i++) {
        struct wv_roots roots WV_AUTOROOTS = {0};
        if (wv_follows_parent(ddl, &columns[i]))
            continue;
        find_roots(ddl, moves, &roots, columns[i].old);
        if (roots.parts[0] != columns[i].old)
            continue;
        moves->columns[moves->count] = columns[i];
        moves->roots[moves->count++] = roots;
        roots = (struct wv_roots){0};
    }
}

/* One statement for several columns, which all are of the same tables. */
struct group {
    const struct wv_roots *roots;
    struct wv_change *columns;
    size_t count;
};

static bool next_group(struct moves *moves, struct group *group)
{
    group->count = 0;
    for (size_t i = 0; i < moves->count; i++) {
        if (moves->is_written[i] ||
            (group->count > 0 && !wv_roots_are_same(&moves->roots[i], group->roots)))
            continue;
        if (group->count == 0)
            group->roots = &moves->roots[i];
        group->columns[group->count++] = moves->columns[i];
        moves->is_written[i] = true;
    }
    return group->count > 0;
}

static void add_all(struct wv_ddl *ddl, const struct wv_strlist *statements)
{
    for (size_t i = 0; i < statements->count; i++)
        wv_ddl_add(ddl, "%s", statements->items[i]);
}

/* In a table that all of the roots inherit from for a while, where there are several. */
static void gather(struct wv_ddl *ddl, const struct group *group, const char *name)
{
    struct wv_strlist statements WV_AUTOSTRLIST = {0};
    const struct wv_object **columns WV_AUTOFREE = wv_xcalloc(group->count, sizeof(*columns));
    for (size_t i = 0; i < group->count; i++)
        columns[i] = group->columns[i].old;
    wv_roots_gather(&statements, group->roots, name, columns, group->count);
    add_all(ddl, &statements);
    for (size_t i = 0; i < group->roots->count; i++)
        wv_ddl_lock(ddl, &ddl->statements[ddl->count - group->roots->count + i], "ACCESS EXCLUSIVE",
                    group->roots->parts[i]->parent);
}

static void scatter(struct wv_ddl *ddl, const struct group *group, const char *name)
{
    struct wv_strlist statements WV_AUTOSTRLIST = {0};
    wv_roots_scatter(&statements, group->roots, name);
    add_all(ddl, &statements);
}

static void tell_rewrites(struct wv_ddl_statement *statement, const struct group *group)
{
    for (size_t i = 0; i < group->roots->count; i++) {
        const struct wv_object *table = group->roots->parts[i]->parent;
        if (table->kind != &wv_kind_foreign_table)
            wv_ddl_hazard(statement, WV_HAZARD_REWRITE, "%s", table->identity);
    }
}

static void name_tables(struct wv_ddl_statement *statement, const struct group *group)
{
    statement->tables = wv_xcalloc(group->roots->count, sizeof(const struct wv_object *));
    for (size_t i = 0; i < group->roots->count; i++)
        statement->tables[statement->table_count++] = group->roots->parts[i]->parent;
}

/* The same column of each root. */
static void tell_of_column(struct wv_ddl *ddl, struct wv_ddl_statement *statement,
                           const struct moves *moves, const struct group *group, size_t index)
{
    for (size_t i = 0; i < group->roots->count; i++) {
        const struct wv_object *old =
            wv_find_column(group->roots->parts[i]->parent, group->columns[index].old->name);
        const struct wv_change *change = move_of(moves, old);
        if (change == NULL)
            continue;
        struct wv_conversion conversion = conversion_of(ddl, change);
        refuse(ddl, change, &conversion);
        if (wv_is_cast_asked(&conversion) && group->roots->count > 1 &&
            old->parent->kind == &wv_kind_foreign_table)
            refuse_foreign(ddl, change->new);
        wv_tell_conversion(statement, change->new, &conversion.what);
        tell_of_keys(ddl, statement, old);
    }
}

/* `text`: what is done to the columns. */
static void write_group(struct wv_ddl *ddl, const struct moves *moves, const struct group *group,
                        const char *text, bool is_free, bool is_parked)
{
    const struct wv_object *table = group->roots->parts[0]->parent;
    bool is_one = group->roots->count == 1;
    char *name WV_AUTOFREE = wv_roots_name(ddl->difference, group->roots);
    if (!is_one)
        gather(ddl, group, name);
    struct wv_ddl_statement *statement =
        is_one ? wv_ddl_alter_table(ddl, table, "ACCESS EXCLUSIVE", "%s", text)
               : wv_ddl_add(ddl, "ALTER TABLE %s %s", name, text);
    if (!is_free)
        tell_rewrites(statement, group);
    for (size_t i = 0; !is_parked && i < group->count; i++)
        tell_of_column(ddl, statement, moves, group, i);
    if (!is_one)
        name_tables(statement, group);
    if (!is_one)
        scatter(ddl, group, name);
}

void wv_park_columns(struct wv_ddl *ddl, const struct wv_change *columns, size_t count)
{
    struct moves moves WV_AUTOMOVES = {0};
    find_moves(ddl, &moves, columns, count);
    struct group group = {.columns = wv_xcalloc(count, sizeof(*group.columns))};
    while (next_group(&moves, &group)) {
        struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
        for (size_t i = 0; i < group.count; i++)
            wv_strbuf_addf(&text, "%sALTER COLUMN %s TYPE text", i > 0 ? ", " : "",
                           group.columns[i].old->quoted);
        write_group(ddl, &moves, &group, wv_strbuf_text(&text), false, true);
    }
    free(group.columns);
}

static void write_moves(struct wv_ddl *ddl, const struct wv_change *columns, size_t count)
{
    struct moves moves WV_AUTOMOVES = {0};
    find_moves(ddl, &moves, columns, count);
    struct group group = {.columns = wv_xcalloc(count, sizeof(*group.columns))};
    while (next_group(&moves, &group)) {
        struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
        bool is_free = true;
        for (size_t i = 0; i < group.count; i++) {
            struct wv_conversion conversion = conversion_of(ddl, &group.columns[i]);
            write_clause(ddl, &text, &group.columns[i], &conversion);
            is_free =
                is_free && conversion.what.is_free && !wv_change_of(&group.columns[i], "collation");
        }
        write_group(ddl, &moves, &group, wv_strbuf_text(&text), is_free, false);
    }
    free(group.columns);
}

void wv_move_columns(struct wv_ddl *ddl, const struct wv_change *columns, size_t count)
{
    write_moves(ddl, columns, count);
    for (size_t i = 0; i < count; i++) {
        const struct wv_object *table = columns[i].new->parent;
        wv_write_column_stored(ddl, columns[i].new);
        if (!wv_follows_parent(ddl, &columns[i]))
            wv_write_lost_with_type(ddl, columns[i].old);
        if (wv_object_get(table, "partition_of") == NULL || !wv_follows_parent(ddl, &columns[i]))
            wv_lose_statistics(ddl, table, columns[i].new);
    }
}
