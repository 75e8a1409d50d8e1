/* See giving_way.h. */
#include "giving_way.h"

#include "kinds.h"
#include "lookup.h"
#include "partition.h"
#include "rebuild.h"
#include "rebuilt_table.h"
#include "xalloc.h"

void wv_worklist_push(struct wv_worklist *list, struct wv_twin *twin)
{
    WV_GROW(list->items, list->count, list->capacity);
    list->items[list->count++] = twin;
}

void wv_obstruct(struct wv_difference *difference, const struct wv_object *obstacle,
                 const struct wv_twin *twin)
{
    if (difference->obstacle != NULL)
        return;
    difference->obstacle = obstacle;
    difference->obstructed = twin;
}

struct wv_twin *wv_twin_root(struct wv_difference *difference, const struct wv_twin *twin)
{
    return wv_twin_of_old(difference, wv_object_root(twin->old));
}

struct wv_twin *wv_made_with(struct wv_difference *difference, struct wv_twin *twin)
{
    return twin->old != NULL && twin->old->kind == &wv_kind_composite_attribute
               ? wv_twin_root(difference, twin)
               : twin;
}

/* Privileges and the like have no life of their own that could be spared. */
void wv_make_anew(struct wv_worklist *list, struct wv_twin *twin, const struct wv_twin *because)
{
    if (twin->old != NULL && wv_is_ignored(twin->old) &&
        (twin->old->kind->traits & WV_KIND_FACET) == 0)
        wv_obstruct(list->difference, twin->old, because);
    if ((twin->deed != WV_DEED_KEEP && twin->deed != WV_DEED_ALTER) || twin->old == NULL ||
        twin->new == NULL || !wv_is_ours(twin->old))
        return;
    twin->deed =
        wv_is_to_be_rebuilt(list->difference, twin->old) ? WV_DEED_REBUILD : WV_DEED_RECREATE;
    twin->because = because;
    twin->is_moved = false;
    twin->is_parked = false;
    wv_worklist_push(list, twin);
}

void wv_recreate(struct wv_worklist *list, struct wv_twin *twin, const struct wv_twin *because)
{
    bool is_table = twin->old != NULL && twin->old->kind == &wv_kind_table;
    wv_make_anew(list, is_table ? wv_rebuilt_tree(list->difference, twin, false) : twin, because);
    if (twin->deed == WV_DEED_RECREATE && twin->old->kind == &wv_kind_domain_constraint &&
        twin->old->kind->asks_rebuild(list->difference, twin))
        wv_make_anew(list, wv_twin_root(list->difference, twin), because);
}

void wv_rebuild_for_column(struct wv_worklist *list, struct wv_twin *table,
                           const struct wv_twin *because)
{
    wv_make_anew(list, wv_rebuilt_tree(list->difference, table, true), because);
}

/* A column whose type changes by name as well goes over by that; no table outlives another type of
 * what it is partitioned by, or while others have its rows as values. */
void wv_move_column(struct wv_worklist *list, struct wv_twin *column, const struct wv_twin *because,
                    bool is_parked)
{
    if (wv_is_ignored(column->old))
        wv_obstruct(list->difference, column->old, because);
    if (!wv_twin_stays(column) || !wv_is_ours(column->old))
        return;
    const struct wv_change change = {column->old, column->new};
    bool is_other = wv_change_of(&change, "type") || wv_change_of(&change, "collation");
    if (wv_is_partitioned_by(column->old) || wv_are_rows_values(list->difference, column->old))
        wv_rebuild_for_column(list, wv_twin_root(list->difference, column), because);
    if (!wv_twin_stays(column) || wv_rebuilt_table(list->difference, column->old) != NULL)
        return;
    if (is_other && is_parked)
        wv_recreate(list, column, because);
    if (is_other || (column->is_moved && (column->is_parked || !is_parked)))
        return;
    column->deed = WV_DEED_ALTER;
    column->is_moved = true;
    column->is_parked = is_parked;
    column->because = because;
    wv_worklist_push(list, column);
}

void wv_replace_twin(struct wv_worklist *list, struct wv_twin *twin, const struct wv_twin *because)
{
    if (twin->deed == WV_DEED_REBUILD)
        twin->deed = WV_DEED_KEEP;
    wv_recreate(list, twin, because);
    if (twin->deed == WV_DEED_REBUILD)
        twin->deed = WV_DEED_RECREATE;
}
