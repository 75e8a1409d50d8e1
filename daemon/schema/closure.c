/* See closure.h. */
#include "closure.h"

#include <stdlib.h>
#include <string.h>

#include "giving_way.h"
#include "inheritance.h"
#include "kinds.h"
#include "letting_go.h"
#include "lookup.h"
#include "partition.h"
#include "rebuild.h"
#include "rebuilt_table.h"
#include "table_options.h"
#include "walk.h"
#include "xalloc.h"

static bool is_movable(const struct wv_twin *twin)
{
    return twin->old->kind == &wv_kind_column && wv_object_get(twin->old, "generated") == NULL;
}

/* What was to be dropped first is needed as long as what is rebuilt. */
static void rebuild_needs(struct wv_difference *difference, struct wv_worklist *list,
                          const struct wv_object *old)
{
    for (size_t i = 0; i < old->need_count; i++) {
        struct wv_twin *needed = wv_twin_of_old(difference, old->needs[i].object);
        if (needed->deed == WV_DEED_RECREATE && wv_is_to_be_rebuilt(difference, needed->old)) {
            needed->deed = WV_DEED_REBUILD;
            wv_worklist_push(list, needed);
        }
    }
}

/* Columns go over to the new one; nothing else that needs the old one stays. */
static void spread_to_users(struct wv_difference *difference, struct wv_worklist *list,
                            const struct wv_twin *whole, const struct wv_object *old)
{
    for (size_t i = 0; i < old->needed_by_count; i++) {
        struct wv_twin *dependant = wv_twin_of_old(difference, old->needed_by[i].object);
        if (wv_twin_root(difference, dependant) == whole)
            continue;
        if (is_movable(dependant))
            wv_move_column(list, dependant, whole, false);
        else if (!wv_lets_go(difference, dependant, wv_twin_of_old(difference, old)))
            wv_recreate(list, wv_made_with(difference, dependant), whole);
    }
}

static void spread_rebuild(struct wv_difference *difference, struct wv_worklist *list,
                           const struct wv_twin *whole, const struct wv_object *old)
{
    spread_to_users(difference, list, whole, old);
    rebuild_needs(difference, list, old);
    for (size_t i = 0; i < old->part_count; i++) {
        struct wv_twin *part = wv_twin_of_old(difference, old->parts[i]);
        if (part->deed == WV_DEED_KEEP)
            part->because = whole;
        if (part->deed != WV_DEED_DROP)
            part->deed = WV_DEED_REBUILD;
        spread_rebuild(difference, list, whole, old->parts[i]);
    }
}

/* What is to let go of something else, and need this one, which is made anew. */
static void hold_back_users(struct wv_difference *difference, struct wv_worklist *list,
                            const struct wv_twin *twin)
{
    const struct wv_object *new = twin->deed == WV_DEED_RECREATE ? twin->new : NULL;
    for (size_t i = 0; new != NULL &&i < new->needed_by_count; i++) {
        struct wv_twin *user = wv_twin_of_new(difference, new->needed_by[i].object);
        if (user->deed == WV_DEED_ALTER && wv_is_spare(user) &&
            wv_needs_gone(difference, user->old))
            wv_recreate(list, user, twin);
    }
}

/* Is it there all the same, as something else? */
static bool lives_on(const struct wv_difference *difference, const struct wv_object *old)
{
    return old->kind->lives_on != NULL && old->kind->lives_on(difference, old);
}

/* What is dropped takes its parts along, and lets nothing that needs it stay. When it is a type
 * that is made again, perhaps as one of another kind, columns of it are text in between. */
static void spread_drop(struct wv_difference *difference, struct wv_worklist *list,
                        const struct wv_twin *twin)
{
    const struct wv_object *old = twin->old;
    bool is_type = (old->kind->traits & (WV_KIND_OF_VALUES | WV_KIND_TYPE)) != 0;
    hold_back_users(difference, list, twin);
    for (size_t i = 0; i < old->part_count; i++)
        wv_replace_twin(list, wv_twin_of_old(difference, old->parts[i]), twin);
    for (size_t i = 0; i < old->needed_by_count; i++) {
        struct wv_twin *dependant = wv_twin_of_old(difference, old->needed_by[i].object);
        struct wv_twin *whole = wv_made_with(difference, dependant);
        bool is_copy = dependant->old != NULL && dependant->old->kind == &wv_kind_partition_index;
        if (wv_lets_go(difference, dependant, twin) || (is_copy && lives_on(difference, old)))
            continue;
        if (is_type && is_movable(dependant))
            wv_move_column(list, dependant, twin, true);
        else if (is_type && (whole->old->kind->traits & WV_KIND_OF_VALUES) != 0)
            wv_replace_twin(list, whole, twin);
        else
            wv_recreate(list, whole, twin);
    }
}

/* Also those of heirs that are there no more. */
static void rebuild_heirs(struct wv_worklist *list, const struct wv_twin *because)
{
    struct wv_walk walk WV_AUTOWALK = {0};
    wv_walk_to_heirs(&walk, because->old);
    for (size_t i = 0; i < walk.count; i++) {
        struct wv_twin *twin = wv_twin_of_old(list->difference, walk.tables[i]);
        if (twin->new == NULL)
            wv_walk_to_heirs(&walk, walk.tables[i]);
        else if (wv_is_rebuilt_along(list->difference, walk.tables[i]))
            wv_make_anew(list, twin, because);
    }
}

/* Nothing of a table survives that it is rebuilt but its rows. */
static void spread_rebuilt_table(struct wv_difference *difference, struct wv_worklist *list,
                                 const struct wv_twin *twin)
{
    const struct wv_object *old = twin->old;
    for (size_t i = 0; i < old->part_count; i++)
        wv_replace_twin(list, wv_twin_of_old(difference, old->parts[i]), twin);
    spread_to_users(difference, list, twin, old);
    rebuild_needs(difference, list, old);
    for (size_t i = 0; i < old->part_count; i++)
        if (old->parts[i]->kind == &wv_kind_column)
            rebuild_needs(difference, list, old->parts[i]);
    rebuild_heirs(list, twin);
}

/* What leans on a column does not survive that it goes over to another type, and nothing that reads
 * its values that it is text for a while. */
static bool endures_move(const struct wv_twin *column, const struct wv_object *dependant)
{
    bool reads = dependant->kind == &wv_kind_index || dependant->kind == &wv_kind_constraint ||
                 dependant->kind == &wv_kind_statistics;
    return column->old->kind->endures_move(dependant) && !(column->is_parked && reads);
}

static void spread_move(struct wv_difference *difference, struct wv_worklist *list,
                        const struct wv_twin *column)
{
    const struct wv_object *old = column->old;
    for (size_t i = 0; i < old->part_count; i++)
        if (!endures_move(column, old->parts[i]))
            wv_recreate(list, wv_twin_of_old(difference, old->parts[i]), column);
    for (size_t i = 0; i < old->needed_by_count; i++)
        if (!endures_move(column, old->needed_by[i].object))
            wv_recreate(list, wv_twin_of_old(difference, old->needed_by[i].object), column);
}

static void recreate_all(struct wv_difference *difference, struct wv_worklist *list,
                         const struct wv_object *copy, const struct wv_twin *because)
{
    for (size_t i = 0; i < copy->need_count; i++) {
        const struct wv_object *needed = copy->needs[i].object;
        wv_recreate(list, wv_twin_of_old(difference, needed), because);
        if (needed->kind == &wv_kind_partition_index)
            recreate_all(difference, list, needed, because);
    }
}

/* An index of a whole and the key of a partition that it has adopted go together: neither can be
 * dropped from under the other. */
static void spread_adopted(struct wv_difference *difference, struct wv_worklist *list,
                           const struct wv_twin *twin)
{
    const struct wv_object *copy = twin->old;
    if (copy->kind != &wv_kind_partition_index)
        return;
    bool was_key = wv_object_is(copy, "is_key");
    bool is_key = twin->new == NULL ? false : wv_object_is(twin->new, "is_key");
    if ((was_key || is_key) && wv_partition_stays(difference, copy->parent))
        recreate_all(difference, list, copy, twin);
}

static bool is_retyped(const struct wv_twin *twin)
{
    return twin->old->kind == &wv_kind_column && twin->deed == WV_DEED_ALTER &&
           (twin->is_moved || wv_change_of(&(struct wv_change){twin->old, twin->new}, "type"));
}

/* What an index is of may be nothing that the new type allows. */
static bool is_other_index(const struct wv_twin *twin)
{
    return twin->old->kind == &wv_kind_index && twin->deed == WV_DEED_ALTER &&
           wv_change_of(&(struct wv_change){twin->old, twin->new}, "definition");
}

/* A foreign key does not survive that its columns get new types one after the other: of those it
 * may have no operator that compares the old with the new. */
static void spread_type(struct wv_difference *difference, struct wv_worklist *list,
                        const struct wv_twin *column, const struct wv_object *dependant)
{
    size_t count = 0;
    struct wv_twin *twin = wv_twin_of_old(difference, dependant);
    if (is_other_index(twin))
        wv_recreate(list, twin, column);
    if (dependant->kind != &wv_kind_constraint || wv_object_get(dependant, "references") == NULL)
        return;
    for (size_t i = 0; i < dependant->need_count; i++)
        count += is_retyped(wv_twin_of_old(difference, dependant->needs[i].object));
    if (count > 1)
        wv_recreate(list, twin, column);
}

static void spread_to_options(struct wv_difference *difference, struct wv_worklist *list,
                              const struct wv_twin *column)
{
    const struct wv_change change = {column->old, column->new};
    const struct wv_object *table = column->old->parent;
    for (size_t i = 0; i < table->part_count; i++)
        if (table->parts[i]->kind == &wv_kind_table_options &&
            !wv_options_endure_column(table->parts[i], &change))
            wv_recreate(list, wv_twin_of_old(difference, table->parts[i]), column);
}

static void spread_alter(struct wv_difference *difference, struct wv_worklist *list,
                         const struct wv_twin *twin)
{
    const struct wv_object *old = twin->old;
    const struct wv_change change = {old, twin->new};
    if (twin->is_moved)
        spread_move(difference, list, twin);
    for (size_t i = 0; is_retyped(twin) && i < old->needed_by_count; i++)
        spread_type(difference, list, twin, old->needed_by[i].object);
    if (is_retyped(twin))
        spread_to_options(difference, list, twin);
    if (old->kind->endures == NULL)
        return;
    for (size_t i = 0; i < old->part_count; i++)
        if (!old->kind->endures(&change, old->parts[i]))
            wv_recreate(list, wv_twin_of_old(difference, old->parts[i]), twin);
    for (size_t i = 0; i < old->needed_by_count; i++)
        if (!old->kind->endures(&change, old->needed_by[i].object))
            wv_recreate(list, wv_twin_of_old(difference, old->needed_by[i].object), twin);
}

static void spread(struct wv_difference *difference, struct wv_worklist *list,
                   const struct wv_twin *twin)
{
    if (twin->deed == WV_DEED_ALTER)
        spread_alter(difference, list, twin);
    else if (twin->deed == WV_DEED_REBUILD && twin->old->kind == &wv_kind_table)
        spread_rebuilt_table(difference, list, twin);
    else if (twin->deed == WV_DEED_REBUILD)
        spread_rebuild(difference, list, twin, twin->old);
    else {
        spread_drop(difference, list, twin);
        spread_adopted(difference, list, twin);
    }
}

/* Changes of its own that only a rebuild does. */
static void ask_rebuild(struct wv_worklist *list, struct wv_twin *twin)
{
    const struct wv_kind *kind = twin->old != NULL ? twin->old->kind : twin->new->kind;
    struct wv_difference *difference = list->difference;
    struct wv_twin *whole = twin->old != NULL
                                ? wv_twin_root(difference, twin)
                                : wv_twin_of_new(difference, wv_object_root(twin->new));
    if (twin->deed == WV_DEED_RECREATE && wv_is_to_be_rebuilt(difference, twin->old))
        twin->deed = WV_DEED_REBUILD;
    if (twin->deed == WV_DEED_REBUILD && twin->old->kind == &wv_kind_table)
        wv_recreate(list, twin, NULL);
    if (twin->deed == WV_DEED_KEEP || kind->asks_rebuild == NULL || whole->old == NULL ||
        !kind->asks_rebuild(difference, twin))
        return;
    if (kind == &wv_kind_column)
        wv_rebuild_for_column(list, whole, NULL);
    else
        wv_recreate(list, whole, NULL);
}

/* Is it made or attached? */
static bool is_new_heir(const struct wv_difference *difference, const struct wv_object *heir)
{
    const struct wv_twin *twin = wv_twin_of_new(difference, heir);
    return !wv_twin_stays(twin) ||
           (wv_partition_of(heir) != NULL && !wv_partition_stays(difference, twin->old));
}

static bool has_new_unvalidated(const struct wv_difference *difference,
                                const struct wv_object *check)
{
    struct wv_walk walk WV_AUTOWALK = {0};
    wv_walk_to_heirs(&walk, check->parent);
    for (size_t i = 0; i < walk.count; i++) {
        if (is_new_heir(difference, walk.tables[i]) && wv_is_unvalidated_on(check, walk.tables[i]))
            return true;
        wv_walk_to_heirs(&walk, walk.tables[i]);
    }
    return false;
}

/* A new heir's copy of a check is valid, whatever that one is: it is not when the check comes
 * after the heir. */
static void ask_unvalidated(struct wv_worklist *list, struct wv_twin *twin)
{
    const struct wv_object *check = twin->new;
    if (wv_is_check(check) && !wv_object_is(check, "is_valid") && wv_has_shared_copies(check) &&
        has_new_unvalidated(list->difference, check))
        wv_recreate(list, twin, NULL);
}

/* Of two indexes that are alike the server takes one for the whole's when the table is attached:
 * the other is not there then. */
static void ask_own_index(struct wv_worklist *list, struct wv_twin *twin)
{
    if (wv_is_like_copy(twin->new, NULL) &&
        !wv_partition_stays(list->difference, twin->old->parent))
        wv_recreate(list, twin, NULL);
}

/* A column that comes may have the table rewritten. */
static void ask_options(struct wv_worklist *list, struct wv_twin *twin)
{
    if (twin->new->kind != &wv_kind_table_options || wv_options_endure_rewrite(twin->old))
        return;
    const struct wv_object *table = twin->new->parent;
    for (size_t i = 0; i < table->part_count; i++)
        if (table->parts[i]->kind == &wv_kind_column &&
            wv_twin_of_new(list->difference, table->parts[i])->deed == WV_DEED_CREATE)
            wv_recreate(list, twin, NULL);
}

/* What is ignored is not made either, where something of ours needs it. */
static void find_missing(struct wv_difference *difference, const struct wv_twin *twin)
{
    const struct wv_object *made = twin->deed == WV_DEED_KEEP ? NULL : twin->new;
    for (size_t i = 0; made != NULL && i < made->need_count; i++) {
        const struct wv_object *needed = made->needs[i].object;
        if (wv_is_ignored(needed) && wv_twin_of_new(difference, needed)->old == NULL &&
            difference->obstacle == NULL) {
            wv_obstruct(difference, needed, twin);
            difference->is_missing = true;
        }
    }
}

void wv_difference_close(struct wv_difference *difference)
{
    struct wv_worklist list = {.difference = difference};
    for (size_t i = 0; i < difference->count; i++)
        ask_rebuild(&list, &difference->twins[i]);
    for (size_t i = 0; i < difference->count; i++) {
        struct wv_twin *twin = &difference->twins[i];
        if (twin->old == NULL || twin->new == NULL || !wv_twin_stays(twin))
            continue;
        ask_unvalidated(&list, twin);
        ask_own_index(&list, twin);
        ask_options(&list, twin);
    }
    for (size_t i = 0; i < difference->count; i++)
        if (difference->twins[i].deed > WV_DEED_CREATE)
            wv_worklist_push(&list, &difference->twins[i]);
    while (list.count > 0)
        spread(difference, &list, list.items[--list.count]);
    free(list.items);
    wv_rebuild_name_aside(difference);
    for (size_t i = 0; i < difference->count; i++)
        find_missing(difference, &difference->twins[i]);
}
