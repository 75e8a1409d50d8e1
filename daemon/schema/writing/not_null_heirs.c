/* NOT NULL over parents and heirs. From PostgreSQL 18 on it is a constraint that a table has by
 * itself, from its parents, or both; before, a table that has it has it. See not_null.h. */
#include <string.h>

#include "inheritance.h"
#include "kinds.h"
#include "list.h"
#include "lookup.h"
#include "not_null.h"
#include "parents.h"
#include "partition.h"
#include "partition_copy.h"
#include "same.h"
#include "type_move.h"
#include "walk.h"
#include "writing.h"
#include "xalloc.h"

static bool is_named(const struct wv_object *column)
{
    return wv_object_get(column, "not_null_constraint") != NULL;
}

static bool is_of_partition(const struct wv_object *column)
{
    return wv_object_get(column->parent, "partition_of") != NULL;
}

static bool hands_on(const struct wv_object *column)
{
    return column != NULL && wv_object_is(column, "not_null") &&
           !wv_object_is(column, "not_null_no_inherit");
}

bool wv_is_not_null_by_parents(const struct wv_object *column)
{
    return strcmp(wv_object_text(column, "not_null_inherited"), "only") == 0;
}

bool wv_has_own_not_null(const struct wv_catalog *catalog, const struct wv_object *column)
{
    const struct wv_object *model = wv_inherited_from(catalog, column);
    if (!wv_object_is(column, "not_null") || model == NULL)
        return wv_object_is(column, "not_null");
    return is_named(column) && !is_of_partition(column) ? !wv_is_not_null_by_parents(column)
                                                        : !hands_on(model);
}

bool wv_may_be_null_alone(const struct wv_catalog *catalog, const struct wv_object *column)
{
    return !wv_object_is(column, "not_null") && hands_on(wv_inherited_from(catalog, column));
}

static bool is_handed_by(const struct wv_catalog *catalog, const char *parent,
                         const struct wv_object *column)
{
    return hands_on(wv_find_column(wv_find_table(catalog, parent), column->name));
}

bool wv_is_not_null_given_all_the_time(const struct wv_ddl *ddl, const struct wv_object *column)
{
    struct wv_parents parents = wv_parents_of(ddl, column->parent);
    for (const char *at = parents.new; at < parents.added; at = wv_list_next(at)) {
        char *name WV_AUTOFREE = wv_xstrndup(at, wv_list_item(at));
        if (is_handed_by(ddl->before, name, column) && is_handed_by(ddl->after, name, column))
            return true;
    }
    return false;
}

static bool is_handed_by_any(const struct wv_ddl *ddl, const char *parents, const char *end,
                             const struct wv_object *column)
{
    for (; *parents != '\0' && parents != end; parents = wv_list_next(parents)) {
        char *name WV_AUTOFREE = wv_xstrndup(parents, wv_list_item(parents));
        if (is_handed_by(ddl->after, name, column))
            return true;
    }
    return false;
}

bool wv_is_not_null_given_from_now(const struct wv_ddl *ddl, const struct wv_object *column)
{
    struct wv_parents parents = wv_parents_of(ddl, column->parent);
    return is_handed_by_any(ddl, parents.new, parents.added, column);
}

bool wv_is_not_null_asked_for(const struct wv_ddl *ddl, const struct wv_object *column)
{
    struct wv_parents parents = wv_parents_of(ddl, column->parent);
    return is_handed_by_any(ddl, parents.added, NULL, column);
}

bool wv_not_null_follows_parent(const struct wv_ddl *ddl, const struct wv_change *change)
{
    bool is_wanted = wv_object_is(change->new, "not_null");
    bool is_partition = is_of_partition(change->new);
    if (is_wanted && is_named(change->new) && !is_partition)
        return wv_is_not_null_by_parents(change->new);
    if (!wv_follows_parent(ddl, change))
        return false;
    bool was_parents = hands_on(wv_inherited_from(ddl->before, change->old));
    bool is_parents = hands_on(wv_inherited_from(ddl->after, change->new));
    if (was_parents == is_parents || is_parents != is_wanted)
        return false;
    if (is_wanted)
        return is_partition || wv_is_not_null_given_from_now(ddl, change->new);
    return is_partition && (!is_named(change->old) || wv_is_not_null_by_parents(change->old));
}

bool wv_not_null_changes_hands(const struct wv_change *change)
{
    if (!wv_object_is(change->old, "not_null") || !wv_object_is(change->new, "not_null") ||
        is_of_partition(change->old) || is_of_partition(change->new))
        return false;
    if (wv_is_not_null_by_parents(change->old))
        return strcmp(wv_object_text(change->new, "not_null_inherited"), "merged") == 0;
    return wv_is_not_null_by_parents(change->new);
}

void wv_write_not_null_hands(struct wv_ddl *ddl, const struct wv_change *change)
{
    const struct wv_object *column = change->new;
    if (!wv_not_null_changes_hands(change))
        return;
    if (wv_is_not_null_by_parents(change->old))
        wv_alter_column(ddl, column, "ACCESS EXCLUSIVE", "SET NOT NULL", NULL);
    else if (wv_is_not_null_given_all_the_time(ddl, column))
        wv_ddl_refuse(ddl,
                      "NOT NULL of %s.%s would be inherited and no more its table's own, which no "
                      "statement can do: say it of the table's column too",
                      column->parent->identity, column->quoted);
    else if (!wv_is_not_null_given_from_now(ddl, column)) /* that parent makes way by itself */
        wv_alter_column_only(ddl, column, "ACCESS EXCLUSIVE", "DROP NOT NULL", NULL);
}

/* The column of an heir before and after; is it there both times? */
static bool has_column(const struct wv_ddl *ddl, const struct wv_object *heir,
                       const struct wv_object *column, struct wv_change *found)
{
    found->new = wv_find_column(heir, column->name);
    found->old = found->new == NULL
                     ? NULL
                     : wv_catalog_find(ddl->before, found->new->kind, found->new->identity);
    return found->old != NULL;
}

/* Those of the heirs that have it by themselves and are to have it from here alone. */
void wv_make_way_for_not_null(struct wv_ddl *ddl, const struct wv_object *column)
{
    struct wv_walk walk WV_AUTOWALK = {0};
    struct wv_change heir;
    wv_walk_to_heirs(&walk, column->parent);
    for (size_t i = 0; i < walk.count; i++) {
        if (!has_column(ddl, walk.tables[i], column, &heir))
            continue;
        if (wv_not_null_changes_hands(&heir) && wv_is_not_null_by_parents(heir.new) &&
            wv_is_not_null_given_from_now(ddl, heir.new))
            wv_alter_column_only(ddl, heir.new, "ACCESS EXCLUSIVE", "DROP NOT NULL", NULL);
        wv_walk_to_heirs(&walk, walk.tables[i]);
    }
}

/* The next heir, the nearest of each line, whose column is NOT NULL whatever its parents' is. */
static bool next_not_null(const struct wv_ddl *ddl, struct wv_walk *walk, size_t *at,
                          const struct wv_object *column, struct wv_change *heir)
{
    while (*at < walk->count) {
        const struct wv_object *table = walk->tables[(*at)++];
        if (!has_column(ddl, table, column, heir))
            continue;
        if (wv_object_is(heir->new, "not_null"))
            return true;
        wv_walk_to_heirs(walk, table);
    }
    return false;
}

void wv_keep_not_null_of_heirs(struct wv_ddl *ddl, const struct wv_object *column)
{
    struct wv_walk walk WV_AUTOWALK = {0};
    struct wv_change heir;
    size_t at = 0;
    wv_walk_to_heirs(&walk, column->parent);
    while (next_not_null(ddl, &walk, &at, column, &heir))
        if (is_of_partition(heir.old) && wv_is_not_null_by_parents(heir.old))
            wv_alter_column(ddl, heir.new, "ACCESS EXCLUSIVE", "SET NOT NULL", NULL);
}

void wv_restore_not_null_of_heirs(struct wv_ddl *ddl, const struct wv_object *column)
{
    struct wv_walk walk WV_AUTOWALK = {0};
    struct wv_change heir;
    size_t at = 0;
    wv_walk_to_heirs(&walk, column->parent);
    while (next_not_null(ddl, &walk, &at, column, &heir))
        if (!is_named(heir.old))
            wv_ddl_hazard(wv_alter_column(ddl, heir.new, "ACCESS EXCLUSIVE", "SET NOT NULL", NULL),
                          WV_HAZARD_SCAN, "%s", heir.new->parent->identity);
}

static bool gets_heir(const struct wv_ddl *ddl, const struct wv_object *table)
{
    size_t at = 0;
    const struct wv_object *heir;
    while ((heir = wv_next_heir(table, &at)) != NULL) {
        struct wv_parents parents = wv_parents_of(ddl, heir);
        bool is_partition = wv_object_get(heir, "partition_of") != NULL;
        bool is_kept =
            is_partition ? !wv_is_attached(ddl, heir) : wv_keeps_parent(&parents, table->identity);
        if (wv_ddl_existed(ddl, heir) && !is_kept)
            return true;
    }
    return false;
}

bool wv_gets_heirs(const struct wv_ddl *ddl, const struct wv_object *table)
{
    struct wv_walk walk WV_AUTOWALK = {0};
    wv_walk_to(&walk, table);
    for (size_t i = 0; i < walk.count; i++) {
        if (gets_heir(ddl, walk.tables[i]))
            return true;
        wv_walk_to_heirs(&walk, walk.tables[i]);
    }
    return false;
}

/* RENAME goes to the heirs by the name as well, and fails where they have another. */
static bool is_name_of_all(const struct wv_object *column, const char *name)
{
    struct wv_walk walk WV_AUTOWALK = {0};
    wv_walk_to_heirs(&walk, column->parent);
    for (size_t i = 0; i < walk.count; i++) {
        const struct wv_object *part = wv_find_column(walk.tables[i], column->name);
        if (part == NULL)
            continue;
        if (!wv_same(wv_object_get(part, "not_null_constraint"), name))
            return false;
        wv_walk_to_heirs(&walk, walk.tables[i]);
    }
    return true;
}

static bool is_typed(const struct wv_object *table)
{
    return table->kind == &wv_kind_table && wv_object_get(table, "of_type") != NULL;
}

/* The server takes that of a typed table for the name of a column, which is its type's. */
static bool can_rename(const struct wv_change *change)
{
    const struct wv_object *old = change->old;
    if (is_typed(old->parent) || is_typed(change->new->parent))
        return false;
    return !hands_on(old) || wv_object_is(change->new, "not_null_no_inherit") ||
           is_name_of_all(old, wv_object_text(old, "not_null_constraint"));
}

/* Does something ask that the column be NOT NULL all the time? */
static bool is_relied_on(const struct wv_object *column)
{
    if (wv_object_get(column, "identity") != NULL)
        return true;
    for (size_t i = 0; i < column->needed_by_count; i++) {
        const struct wv_object *key = column->needed_by[i].object;
        if (key->parent != column->parent)
            continue;
        if (wv_is_primary_key(key))
            return true;
        if ((key->kind == &wv_kind_constraint || key->kind == &wv_kind_index) &&
            wv_object_is(key, "is_replica_identity"))
            return true;
    }
    return false;
}

/* Partitions keep theirs meanwhile, and nothing of them is scanned. */
static bool can_replace(const struct wv_object *old)
{
    return (wv_is_partitioned(old->parent) || is_typed(old->parent)) && !is_relied_on(old);
}

static bool is_other_name(const struct wv_change *change)
{
    const char *old = wv_object_get(change->old, "not_null_constraint");
    const char *new = wv_object_get(change->new, "not_null_name");
    return old != NULL && new != NULL &&strcmp(old, new) != 0;
}

bool wv_is_not_null_renamed(const struct wv_change *change)
{
    return is_other_name(change) && can_rename(change);
}

bool wv_is_not_null_replaced(const struct wv_change *change)
{
    return is_other_name(change) && !can_rename(change) && can_replace(change->old);
}
