/* What is detached is so before all else that is done to it and to what it was a part of; what is
 * attached, after. The indexes of the whole come last: they are built partition by partition. See
 * deeds.h. */
#include <string.h>

#include "deeds.h"
#include "inheritance.h"
#include "kinds.h"
#include "lookup.h"
#include "partition.h"
#include "rebuilt_table.h"

static bool is_key(const struct wv_object *part)
{
    return part->kind == &wv_kind_index ||
           (part->kind == &wv_kind_constraint && !wv_has_shared_copies(part));
}

static bool is_shared(const struct wv_object *part)
{
    return part->kind == &wv_kind_column || part->kind == &wv_kind_default ||
           part->kind == &wv_kind_constraint || part->kind == &wv_kind_index ||
           part->kind == &wv_kind_trigger;
}

/* Has the table that is attached been below the one whose part this is? */
static bool comes_back(const struct wv_span *span, const struct wv_vertex *vertex)
{
    const struct wv_difference *difference = span->deeds->difference;
    const struct wv_object *table =
        wv_twin_of_new(difference, wv_vertex_object(span->end)->parent)->old;
    while (table != NULL && table != vertex->twin->old->parent)
        table = wv_partition_whole(difference->before, table);
    return table != NULL;
}

/* Of the whole: they are built partition by partition. The copy of a check that is not valid is not
 * valid on what is there before it; that of a foreign key changes with it. */
static bool is_made_later(const struct wv_span *span, const struct wv_vertex *vertex,
                          const struct wv_object *part)
{
    if (vertex->kind == WV_VERTEX_DROP || span->end == NULL)
        return false;
    if (wv_is_check(part))
        return wv_is_unvalidated_on(part, wv_vertex_object(span->end)->parent);
    return is_key(part) || (vertex->kind == WV_VERTEX_ALTER && part->kind == &wv_kind_constraint &&
                            comes_back(span, vertex));
}

/* Of the partition: what the server could take for the copy that is meant. */
static bool is_like_copy(const struct wv_span *span, const struct wv_vertex *vertex,
                         const struct wv_object *part)
{
    (void)span;
    return vertex->kind == WV_VERTEX_MAKE && wv_is_like_copy(part, NULL);
}

/* Before an index that is to be on some of the partitions only is made. */
static void attach_first(const struct wv_span *span, const struct wv_object *whole)
{
    for (size_t i = 0; i < whole->part_count; i++)
        if (is_key(whole->parts[i]) && wv_object_get(whole->parts[i], "missing_on") != NULL)
            wv_deeds_edge(span->end, wv_deeds_of_new(span->deeds, whole->parts[i]));
}

/* What the partitions of what is made now come with has no place in this; what those of a whole
 * that goes have of it is theirs to drop, once they are detached. */
static void order_wholes(const struct wv_span *span, const struct wv_catalog *catalog,
                         const struct wv_object *table, bool is_old)
{
    const struct wv_difference *difference = span->deeds->difference;
    while ((table = wv_partition_whole(catalog, table)) != NULL) {
        const struct wv_twin *twin =
            is_old ? wv_twin_of_old(difference, table) : wv_twin_of_new(difference, table);
        if (wv_twin_stays(twin))
            wv_deeds_enclose(span, twin->old, twin->new);
        else if (is_old)
            wv_deeds_enclose(span, twin->old, NULL);
        else
            attach_first(span, table);
    }
}

/* Keys that refer to the table lean on copies that nobody may want once it is detached. */
static void leave_copies_first(struct wv_deeds *deeds, struct wv_vertex *detach,
                               const struct wv_object *table)
{
    for (size_t i = 0; i < table->part_count; i++)
        for (size_t j = 0; j < table->parts[i]->needed_by_count; j++) {
            const struct wv_object *key = table->parts[i]->needed_by[j].object;
            struct wv_vertex *drop = wv_deeds_of_old(deeds, key);
            if (wv_referenced_table(deeds->difference->before, key) == table && drop != NULL &&
                drop->kind == WV_VERTEX_DROP && key->parent != table)
                wv_deeds_edge(drop, detach);
        }
}

/* A whole that is detached leaves the copies behind that nobody wants any more: a partition that it
 * loses has its own until then. One that gets other bounds has by then no partition any more that
 * would not fit, and takes those that fit only then. */
static void order_levels(struct wv_deeds *deeds, struct wv_vertex *detach, struct wv_vertex *attach,
                         const struct wv_twin *partition)
{
    const struct wv_difference *difference = deeds->difference;
    const struct wv_object *old = partition->old == NULL ? NULL : partition->old->parent;
    const struct wv_object *new = partition->new == NULL ? NULL : partition->new->parent;
    while (old != NULL && (old = wv_partition_whole(difference->before, old)) != NULL) {
        const struct wv_twin *whole = wv_twin_of_old(difference, old);
        if (!wv_twin_stays(whole))
            continue;
        wv_deeds_edge(detach, wv_deeds_of_old(deeds, wv_partition_of(old)));
        wv_deeds_edge(detach, wv_deeds_of_new(deeds, wv_partition_of(whole->new)));
    }
    while (new != NULL && (new = wv_partition_whole(difference->after, new)) != NULL) {
        const struct wv_twin *whole = wv_twin_of_new(difference, new);
        if (wv_twin_stays(whole))
            wv_deeds_edge(wv_deeds_of_old(deeds, wv_partition_of(whole->old)), attach);
    }
}

static void order_partition(struct wv_deeds *deeds, size_t index)
{
    const struct wv_difference *difference = deeds->difference;
    const struct wv_twin *twin = &difference->twins[index];
    struct wv_vertex *detach = deeds->of_old[index];
    struct wv_vertex *attach = deeds->of_new[index];
    const struct wv_object *old = twin->old == NULL ? NULL : twin->old->parent;
    const struct wv_object *new = twin->new == NULL ? NULL : twin->new->parent;
    const struct wv_twin *table =
        old != NULL ? wv_twin_of_old(difference, old) : wv_twin_of_new(difference, new);
    if (wv_twin_stays(table)) {
        const struct wv_span own = {deeds, detach, attach, is_shared, is_like_copy};
        for (size_t i = 0; i < table->new->part_count; i++)
            if (table->new->parts[i]->kind == &wv_kind_partition_index)
                wv_deeds_edge(attach, wv_deeds_of_new(deeds, table->new->parts[i]));
        wv_deeds_enclose(&own, table->old, table->new);
        leave_copies_first(deeds, detach, table->old);
    } else if (wv_is_attached_filled(difference, table)) {
        const struct wv_span own = {deeds, NULL, attach, is_shared, NULL};
        wv_deeds_enclose(&own, NULL, table->new);
    }
    order_levels(deeds, detach, attach, twin);
    const struct wv_span left = {deeds, wv_twin_stays(table) ? detach : NULL, NULL, is_shared,
                                 is_made_later};
    if (old != NULL)
        order_wholes(&left, difference->before, old, true);
    const struct wv_span joined = {deeds, NULL, attach, is_shared, is_made_later};
    if (new != NULL)
        order_wholes(&joined, difference->after, new, false);
}

/* A copy gives its name up with what it is a copy of. */
static void hand_name_over(struct wv_deeds *deeds, const struct wv_twin *twin)
{
    const struct wv_difference *difference = deeds->difference;
    const struct wv_object *copy = twin->old;
    const struct wv_object *table = wv_twin_of_old(difference, copy->parent)->new;
    for (size_t i = 0; table != NULL && i < table->part_count; i++) {
        const struct wv_object *own = table->parts[i];
        if ((own->kind != &wv_kind_index && own->kind != &wv_kind_constraint) ||
            strcmp(own->name, copy->name) != 0)
            continue;
        for (size_t j = 0; j < copy->need_count; j++)
            wv_deeds_edge(wv_deeds_of_old(deeds, copy->needs[j].object),
                          wv_deeds_of_new(deeds, own));
    }
}

/* The index or key of the whole that a copy comes from, through those of what is between. */
static const struct wv_object *source_of(const struct wv_object *copy)
{
    static const struct wv_kind *const kinds[] = {&wv_kind_index, &wv_kind_partition_index,
                                                  &wv_kind_constraint};
    const struct wv_object *source = NULL;
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]) && source == NULL; i++)
        source = wv_need_of_kind(copy, kinds[i]);
    return source != NULL && source->kind == &wv_kind_partition_index ? source_of(source) : source;
}

/* What its table had under the name of a copy that is made, of its own or as another copy, is gone
 * before. */
static void take_name_over(struct wv_deeds *deeds, size_t index)
{
    const struct wv_difference *difference = deeds->difference;
    const struct wv_object *copy = difference->twins[index].new;
    const struct wv_object *table = wv_twin_of_new(difference, copy->parent)->old;
    for (size_t i = 0; table != NULL && i < table->part_count; i++) {
        const struct wv_object *old = table->parts[i];
        bool is_copy = old->kind == &wv_kind_partition_index;
        struct wv_vertex *drop = wv_deeds_of_old(deeds, is_copy ? source_of(old) : old);
        if ((!is_copy && old->kind != &wv_kind_index && old->kind != &wv_kind_constraint) ||
            strcmp(old->name, copy->name) != 0 || drop == NULL || drop->kind != WV_VERTEX_DROP)
            continue;
        wv_deeds_edge(drop, deeds->of_new[index]);
        if (is_copy)
            wv_deeds_edge(drop, wv_deeds_of_new(deeds, source_of(copy)));
    }
}

/* The highest of the copies that come from the same, up to the first on a table that is detached,
 * or attached: with that table, what the lower ones have comes and goes. NULL: there is none so. */
static const struct wv_object *end_of_copies(const struct wv_deeds *deeds,
                                             const struct wv_object *copy, bool is_old)
{
    const struct wv_difference *difference = deeds->difference;
    for (; copy != NULL; copy = wv_need_of_kind(copy, &wv_kind_partition_index)) {
        const struct wv_object *partition = wv_partition_of(copy->parent);
        const struct wv_twin *twin =
            is_old ? wv_twin_of_old(difference, partition) : wv_twin_of_new(difference, partition);
        if (!wv_twin_stays(twin))
            return copy;
    }
    return NULL;
}

/* What makes the copy's index: the whole's, or the attaching; what drops it, or the detaching. */
static struct wv_vertex *end_of(const struct wv_deeds *deeds, const struct wv_object *copy,
                                bool is_old)
{
    const struct wv_object *end = end_of_copies(deeds, copy, is_old);
    const struct wv_object *object = end != NULL ? wv_partition_of(end->parent) : source_of(copy);
    return is_old ? wv_deeds_of_old(deeds, object) : wv_deeds_of_new(deeds, object);
}

/* A key that the index of a whole adopts is there before that; it is dropped with the index that
 * has adopted it. */
static void adopt(struct wv_deeds *deeds, const struct wv_object *copy, bool is_old)
{
    const struct wv_object *constraint = wv_need_of_kind(copy, &wv_kind_constraint);
    struct wv_vertex *key =
        is_old ? wv_deeds_of_old(deeds, constraint) : wv_deeds_of_new(deeds, constraint);
    struct wv_vertex *source = end_of(deeds, copy, is_old);
    if (!wv_object_is(copy, "is_key") || key == NULL || source == NULL)
        return;
    if (!is_old)
        wv_deeds_edge(key, source);
    else if (key->kind == WV_VERTEX_DROP && source->kind == WV_VERTEX_DROP && key->host == key &&
             wv_partition_stays(deeds->difference, copy->parent))
        wv_deeds_join(source, key);
}

/* The trigger of that name that a partition has of its own; NULL: none. */
static const struct wv_object *own_trigger(const struct wv_object *table, const char *name)
{
    for (size_t i = 0; table != NULL && i < table->part_count; i++)
        if (table->parts[i]->kind == &wv_kind_trigger && strcmp(table->parts[i]->name, name) == 0)
            return table->parts[i];
    return NULL;
}

/* The trigger of a whole is on its partitions as well, under its name: one that goes is gone before
 * they have their own, and what they had is gone before one comes. */
static void hand_trigger_over(struct wv_deeds *deeds, struct wv_vertex *trigger,
                              const struct wv_object *whole)
{
    bool is_drop = trigger->kind == WV_VERTEX_DROP;
    const char *name = wv_vertex_object(trigger)->name;
    size_t at = 0;
    const struct wv_object *heir;
    while (whole != NULL && (heir = wv_next_heir(whole, &at)) != NULL) {
        if (wv_partition_of(heir) == NULL)
            continue;
        const struct wv_object *own = own_trigger(heir, name);
        if (is_drop)
            wv_deeds_edge(trigger, wv_deeds_of_new(deeds, own));
        else
            wv_deeds_edge(wv_deeds_of_old(deeds, own), trigger);
        hand_trigger_over(deeds, trigger, heir);
    }
}

/* The other tree: that of the new schema for what goes. */
static void hand_trigger_name_over(struct wv_deeds *deeds, size_t index)
{
    const struct wv_difference *difference = deeds->difference;
    const struct wv_twin *twin = &difference->twins[index];
    struct wv_vertex *drop = deeds->of_old[index];
    struct wv_vertex *make = deeds->of_new[index];
    if (drop != NULL && drop->kind == WV_VERTEX_DROP)
        hand_trigger_over(deeds, drop, wv_twin_of_old(difference, twin->old->parent)->new);
    if (make != NULL && make->kind == WV_VERTEX_MAKE)
        hand_trigger_over(deeds, make, wv_twin_of_new(difference, twin->new->parent)->old);
}

void wv_deeds_partitions(struct wv_deeds *deeds)
{
    for (size_t i = 0; i < deeds->difference->count; i++) {
        const struct wv_twin *twin = &deeds->difference->twins[i];
        const struct wv_object *object = twin->new != NULL ? twin->new : twin->old;
        if (object->kind == &wv_kind_partition && !wv_twin_stays(twin))
            order_partition(deeds, i);
        if (object->kind == &wv_kind_trigger)
            hand_trigger_name_over(deeds, i);
        if (object->kind == &wv_kind_partition_index && twin->old != NULL && !wv_twin_stays(twin))
            hand_name_over(deeds, twin);
        if (object->kind == &wv_kind_partition_index && twin->deed != WV_DEED_DROP)
            take_name_over(deeds, i);
        if (object->kind == &wv_kind_partition_index && twin->new != NULL)
            adopt(deeds, twin->new, false);
        if (object->kind == &wv_kind_partition_index && twin->old != NULL)
            adopt(deeds, twin->old, true);
    }
}
