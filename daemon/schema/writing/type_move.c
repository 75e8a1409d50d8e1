/* See type_move.h. */
#include "type_move.h"

#include <stdlib.h>
#include <string.h>

#include "analyze.h"
#include "inheritance.h"
#include "kinds.h"
#include "list.h"
#include "lookup.h"
#include "partition_copy.h"
#include "quote.h"
#include "rebuild.h"
#include "roots.h"
#include "strbuf.h"
#include "writing.h"
#include "xalloc.h"

static const struct wv_conversion AS_IT_IS = {WV_CARRIED_AS_IT_IS,
                                              {.is_free = true, .is_assigned = true}};

static void merge(struct wv_conversion *into, const struct wv_conversion *other)
{
    if (other->how > into->how)
        into->how = other->how;
    into->what.is_free = into->what.is_free && other->what.is_free;
    into->what.may_fail = into->what.may_fail || other->what.may_fail;
    into->what.may_lose = into->what.may_lose || other->what.may_lose;
}

static struct wv_conversion carry_type(const struct wv_ddl *ddl, struct wv_twin *type);

static bool is_made_anew(const struct wv_twin *twin)
{
    return twin->deed == WV_DEED_REBUILD || twin->deed == WV_DEED_RECREATE;
}

/* What is rebuilt of all that the values of a column, a type, an attribute are made of. */
static struct wv_conversion carry_needs(const struct wv_ddl *ddl, const struct wv_object *old)
{
    struct wv_conversion found = AS_IT_IS;
    for (size_t i = 0; i < old->need_count; i++) {
        const struct wv_object *needed = old->needs[i].object;
        struct wv_twin *twin = wv_twin_of_old(ddl->difference, needed);
        if (!is_made_anew(twin) || (needed->kind->traits & WV_KIND_OF_VALUES) == 0)
            continue;
        struct wv_conversion other = carry_type(ddl, twin);
        merge(&found, &other);
    }
    return found;
}

/* Its checks are asked about each value. */
static struct wv_conversion carry_domain(const struct wv_ddl *ddl, const struct wv_twin *domain)
{
    struct wv_conversion found = carry_needs(ddl, domain->old);
    if (found.how == WV_CARRIED_AS_IT_IS) {
        found.what = wv_type_change_find(ddl, domain->old->identity, domain->new->identity);
        found.how = found.what.is_assigned ? WV_CARRIED_BY_ITSELF : WV_CARRIED_BY_TEXT;
    }
    found.what.is_free = false;
    found.what.may_fail = true;
    return found;
}

static struct wv_conversion carry_range(const struct wv_ddl *ddl, const struct wv_twin *range)
{
    struct wv_conversion found = carry_needs(ddl, range->old);
    const struct wv_conversion by_text = {WV_CARRIED_BY_TEXT, {.may_fail = true}};
    if (found.how > WV_CARRIED_BY_TEXT)
        found.how = WV_CARRIED_BY_NOTHING;
    merge(&found, &by_text);
    found.what.may_lose =
        found.what.may_lose || wv_type_change_find(ddl, wv_object_text(range->old, "subtype"),
                                                   wv_object_text(range->new, "subtype"))
                                   .may_lose;
    return found;
}

/* What an assignment rounds off, no text does. */
static bool is_to_be_cast(const struct wv_conversion *attribute)
{
    return attribute->how == WV_CARRIED_BY_CAST ||
           (attribute->how == WV_CARRIED_BY_ITSELF && attribute->what.may_lose);
}

/* A row is printed as its attributes in their order. */
static struct wv_conversion carry_composite(const struct wv_ddl *ddl, const struct wv_twin *type)
{
    const struct wv_change change = {type->old, type->new};
    struct wv_conversion found = {WV_CARRIED_BY_TEXT, {.may_fail = true}};
    if (wv_change_of(&change, "attributes"))
        found.how = WV_CARRIED_BY_FUNCTION;
    for (size_t i = 0; i < type->old->part_count; i++) {
        const struct wv_object *part = type->old->parts[i];
        if (part->kind != &wv_kind_composite_attribute)
            continue;
        const struct wv_object *new = wv_catalog_find(ddl->after, part->kind, part->identity);
        struct wv_conversion other = {.what = {.may_lose = true}};
        if (new != NULL)
            other = wv_conversion_find(ddl, part, new);
        if (is_to_be_cast(&other))
            other.how = WV_CARRIED_BY_FUNCTION;
        merge(&found, &other);
    }
    return found;
}

static struct wv_conversion carry_values(const struct wv_ddl *ddl, const struct wv_twin *type)
{
    if (type->old->kind == &wv_kind_collation)
        return AS_IT_IS;
    if (type->old->kind == &wv_kind_domain)
        return carry_domain(ddl, type);
    if (type->old->kind == &wv_kind_range_type)
        return carry_range(ddl, type);
    if (type->old->kind == &wv_kind_composite_type)
        return carry_composite(ddl, type);
    return (struct wv_conversion){WV_CARRIED_BY_TEXT, {.may_fail = true}};
}

/* Found out once: types may be made of others many times over. */
static struct wv_conversion carry_type(const struct wv_ddl *ddl, struct wv_twin *type)
{
    if (type->conversion == NULL) {
        struct wv_conversion found = carry_values(ddl, type);
        type->conversion = wv_xmemdup(&found, sizeof(found));
    }
    return *type->conversion;
}

/* Or an array of one. */
static bool is_enum(const struct wv_catalog *catalog, const struct wv_object *user)
{
    const char *type = wv_object_text(user, "type");
    char *element WV_AUTOFREE = wv_xstrndup(type, strcspn(type, "["));
    return wv_catalog_find(catalog, &wv_kind_enum, element) != NULL;
}

/* Types that few others have a cast to or from but by way of text. */
static bool has_only_text_casts(const struct wv_object *user)
{
    const char *type = wv_object_text(user, "type");
    return strcmp(type, "uuid") == 0 || strcmp(type, "json") == 0 || strcmp(type, "jsonb") == 0;
}

/* By a cast that is written. */
static bool is_asked(const struct wv_conversion *conversion)
{
    return conversion->how == WV_CARRIED_BY_TEXT || conversion->how == WV_CARRIED_BY_CAST;
}

static bool needs_rebuilt(const struct wv_ddl *ddl, const struct wv_object *new)
{
    for (size_t i = 0; i < new->need_count; i++)
        if (is_made_anew(wv_twin_of_new(ddl->difference, new->needs[i].object)))
            return true;
    return false;
}

struct wv_conversion wv_conversion_find(const struct wv_ddl *ddl, const struct wv_object *old,
                                        const struct wv_object *new)
{
    const char *from = wv_object_text(old, "type");
    const char *to = wv_object_text(new, "type");
    struct wv_conversion carried = carry_needs(ddl, old);
    if (strcmp(from, to) == 0)
        return carried;
    struct wv_conversion found = {.what = wv_type_change_find(ddl, from, to)};
    bool by_text = (is_enum(ddl->before, old) && is_enum(ddl->after, new)) ||
                   has_only_text_casts(old) != has_only_text_casts(new) || !found.what.has_cast;
    found.how = found.what.is_assigned ? WV_CARRIED_BY_ITSELF
                : by_text              ? WV_CARRIED_BY_TEXT
                                       : WV_CARRIED_BY_CAST;
    if (carried.how > WV_CARRIED_BY_ITSELF && needs_rebuilt(ddl, new))
        return carried;
    return found;
}

/* "::text::public.e" behind the value. */
static void write_cast(struct wv_strbuf *out, const struct wv_conversion *conversion,
                       const char *type)
{
    if (is_asked(conversion))
        wv_strbuf_addf(out, "%s::%s", conversion->how == WV_CARRIED_BY_TEXT ? "::text" : "", type);
}

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

bool wv_follows_parent(const struct wv_ddl *ddl, const struct wv_change *column)
{
    return wv_inherited_from(ddl->after, column->new) != NULL &&
           wv_inherited_from(ddl->before, column->old) != NULL &&
           !wv_is_attached(ddl, column->new->parent);
}

static void refuse_lost(struct wv_ddl *ddl, const struct wv_object *column,
                        const struct wv_conversion *conversion)
{
    if (conversion->how == WV_CARRIED_BY_NOTHING)
        wv_ddl_refuse(ddl,
                      "nothing carries the values of %s.%s over while their attributes change and "
                      "a type that they are made of cannot be there twice: change one after the "
                      "other",
                      column->parent->identity, column->quoted);
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
    if (wv_is_in_use(ddl->difference, table))
        wv_ddl_refuse(ddl,
                      "the type of %s.%s cannot change: other columns have rows of %s as values",
                      table->identity, column->quoted, table->identity);
    if (has_values)
        refuse_lost(ddl, column, conversion);
    if (has_values && is_asked(conversion) && wv_has_foreign_heirs(table))
        refuse_foreign(ddl, column);
}

static void tell(struct wv_ddl_statement *statement, const struct wv_object *column,
                 const struct wv_type_change *change)
{
    const char *type = wv_object_text(column, "type");
    if (column->parent->kind == &wv_kind_foreign_table)
        return;
    if (change->may_fail)
        wv_ddl_hazard(statement, WV_HAZARD_MAY_FAIL, "values that are no %s", type);
    if (change->may_lose)
        wv_ddl_hazard(statement, WV_HAZARD_DATA_LOSS,
                      "what %s does not hold of the values of %s.%s%s", type,
                      column->parent->identity, column->quoted,
                      change->by_zone ? ", which are taken in the session's TimeZone" : "");
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
    if (is_asked(conversion) && column->parent->kind != &wv_kind_foreign_table &&
        !wv_has_foreign_heirs(change->old->parent)) {
        wv_strbuf_addf(out, " USING %s", column->quoted);
        write_cast(out, conversion, type);
    }
}

void wv_write_carried(struct wv_ddl *ddl, struct wv_strbuf *out, const struct wv_change *column)
{
    struct wv_conversion conversion = wv_conversion_find(ddl, column->old, column->new);
    refuse_lost(ddl, column->new, &conversion);
    wv_strbuf_adds(out, column->old->quoted);
    write_cast(out, &conversion, wv_object_text(column->new, "type"));
}

void wv_tell_carried(const struct wv_ddl *ddl, struct wv_ddl_statement *statement,
                     const struct wv_change *column)
{
    struct wv_conversion conversion = wv_conversion_find(ddl, column->old, column->new);
    tell(statement, column->new, &conversion.what);
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
        if (is_asked(&conversion) && group->roots->count > 1 &&
            old->parent->kind == &wv_kind_foreign_table)
            refuse_foreign(ddl, change->new);
        tell(statement, change->new, &conversion.what);
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

/* "(public.c_old AS public.c)" */
static char *cast_of(const struct wv_ddl *ddl, const struct wv_twin *type)
{
    char *aside WV_AUTOFREE = wv_name_at_drop(ddl->difference, type->old);
    return wv_xasprintf("(%s AS %s)", aside, type->new->identity);
}

static bool is_carried_by_function(const struct wv_ddl *ddl, struct wv_twin *type)
{
    return type->deed == WV_DEED_REBUILD && carry_type(ddl, type).how == WV_CARRIED_BY_FUNCTION;
}

/* `name`: of the list of them. */
static void write_attribute(const struct wv_ddl *ddl, struct wv_strbuf *out,
                            const struct wv_object *composite, const char *name)
{
    char *identity WV_AUTOFREE = wv_xasprintf("%s %s.%.*s", composite->kind->name,
                                              composite->identity, (int)wv_list_item(name), name);
    const struct wv_object *new =
        wv_catalog_find(ddl->after, &wv_kind_composite_attribute, identity);
    const struct wv_object *old = wv_catalog_find(ddl->before, new->kind, new->identity);
    const char *type = wv_object_text(new, "type");
    wv_strbuf_adds(out, out->length > 0 ? ", " : "SELECT ");
    if (old == NULL) {
        wv_strbuf_addf(out, "NULL::%s", type);
        return;
    }
    struct wv_conversion conversion = wv_conversion_find(ddl, old, new);
    wv_strbuf_addf(out, "($1).%s", new->quoted);
    write_cast(out, &conversion, type);
}

/* What a SELECT returns is assigned: what does not fit is refused, not cut off. */
void wv_write_conversion(struct wv_ddl *ddl, const struct wv_object *type)
{
    struct wv_twin *twin = wv_twin_of_new(ddl->difference, type);
    if (!is_carried_by_function(ddl, twin))
        return;
    struct wv_strbuf body WV_AUTOSTRBUF = WV_STRBUF_INIT;
    const char *names = wv_object_text(type, "attributes");
    for (; *names != '\0'; names = wv_list_next(names))
        write_attribute(ddl, &body, type, names);
    char *aside WV_AUTOFREE = wv_name_at_drop(ddl->difference, twin->old);
    char *cast WV_AUTOFREE = cast_of(ddl, twin);
    char *literal WV_AUTOFREE = wv_quote_literal(wv_strbuf_text(&body));
    wv_ddl_add(ddl, "CREATE FUNCTION %s(%s) RETURNS %s\n    LANGUAGE sql IMMUTABLE STRICT\nAS %s",
               aside, aside, type->identity, literal);
    wv_ddl_add(ddl, "CREATE CAST %s WITH FUNCTION %s(%s) AS ASSIGNMENT", cast, aside, aside);
}

void wv_drop_conversion(struct wv_ddl *ddl, const struct wv_object *old)
{
    struct wv_twin *twin = wv_twin_of_old(ddl->difference, old);
    if (!is_carried_by_function(ddl, twin))
        return;
    char *aside WV_AUTOFREE = wv_name_at_drop(ddl->difference, old);
    char *cast WV_AUTOFREE = cast_of(ddl, twin);
    wv_ddl_add(ddl, "DROP CAST %s", cast);
    wv_ddl_add(ddl, "DROP FUNCTION %s(%s)", aside, aside);
}
