/* Changes of owners, and what has to come before and after them: privileges, and what joins a
 * sequence to a table. See deeds.h. */
#include "deeds.h"
#include "kinds.h"
#include "lookup.h"
#include "privileges.h"

struct wv_handover wv_handover_of(const struct wv_deeds *deeds, const struct wv_object *old,
                                  const struct wv_object *new)
{
    return (struct wv_handover){wv_deeds_of_old(deeds, wv_part_of_kind(old, &wv_kind_owner)),
                                wv_deeds_of_new(deeds, wv_part_of_kind(new, &wv_kind_owner))};
}

static void hand_over_after(struct wv_vertex *vertex, const struct wv_handover *handover)
{
    wv_deeds_edge(vertex, handover->old);
    wv_deeds_edge(vertex, handover->new);
}

static void hand_over_first(const struct wv_handover *handover, struct wv_vertex *vertex)
{
    wv_deeds_edge(handover->old, vertex);
    wv_deeds_edge(handover->new, vertex);
}

/* A change of owner merges what the new one was given with what is the owner's: privileges are
 * changed after it, also where the owner was or becomes the one that is not written; those of
 * columns after their table's, whose revocation takes them along. A whole that is made again takes
 * what it had along, a column that goes its privileges. */
static void own_first(struct wv_deeds *deeds, const struct wv_twin *twin, size_t index)
{
    const struct wv_object *acl = twin->new != NULL ? twin->new : twin->old;
    if (acl->kind != &wv_kind_acl)
        return;
    const struct wv_object *owned = wv_owned(acl->parent);
    const struct wv_twin *whole = twin->new != NULL ? wv_twin_of_new(deeds->difference, owned)
                                                    : wv_twin_of_old(deeds->difference, owned);
    struct wv_handover handover = wv_handover_of(deeds, whole->old, whole->new);
    hand_over_first(&handover, deeds->of_new[index]);
    if (owned != acl->parent) {
        wv_deeds_edge(wv_deeds_of_old(deeds, wv_part_of_kind(whole->old, &wv_kind_acl)),
                      deeds->of_new[index]);
        wv_deeds_edge(wv_deeds_of_new(deeds, wv_part_of_kind(whole->new, &wv_kind_acl)),
                      deeds->of_new[index]);
    }
    if (twin->deed == WV_DEED_DROP &&
        wv_twin_of_old(deeds->difference, acl->parent)->deed != WV_DEED_DROP &&
        (whole->deed == WV_DEED_KEEP || whole->deed == WV_DEED_ALTER))
        hand_over_first(&handover, deeds->of_old[index]);
}

static const struct wv_object *table_of_sequence(const struct wv_object *link)
{
    const struct wv_object *column = wv_need_of_kind(link, &wv_kind_column);
    return column == NULL ? NULL : column->parent;
}

/* A sequence that belongs to a table has its owner, before the two are joined and as long as they
 * are. */
static void join_sequences(struct wv_deeds *deeds, const struct wv_twin *twin, size_t index)
{
    const struct wv_object *link = twin->new != NULL ? twin->new : twin->old;
    if (link->kind != &wv_kind_sequence_owner || table_of_sequence(link) == NULL)
        return;
    const struct wv_twin *sequence = twin->new != NULL
                                         ? wv_twin_of_new(deeds->difference, link->parent)
                                         : wv_twin_of_old(deeds->difference, link->parent);
    struct wv_handover own = wv_handover_of(deeds, sequence->old, sequence->new);
    const struct wv_object *table = table_of_sequence(link);
    const struct wv_twin *tables_twin = twin->new != NULL
                                            ? wv_twin_of_new(deeds->difference, table)
                                            : wv_twin_of_old(deeds->difference, table);
    struct wv_handover tables = wv_handover_of(deeds, tables_twin->old, tables_twin->new);
    if (wv_deed_drops(twin->deed) && !wv_deed_drops(sequence->deed)) {
        hand_over_after(deeds->of_old[index], &own);
        hand_over_after(deeds->of_old[index], &tables);
    }
    if (twin->deed == WV_DEED_KEEP) {
        hand_over_first(&tables, own.old);
        hand_over_first(&tables, own.new);
    } else if (twin->deed != WV_DEED_DROP) {
        hand_over_first(&tables, deeds->of_new[index]);
        hand_over_first(&own, deeds->of_new[index]);
        /* A table that is logged or not from now on takes along what belongs to it. */
        wv_deeds_edge(wv_deeds_of_new(deeds, table), deeds->of_new[index]);
    }
}

void wv_deeds_owner(struct wv_deeds *deeds, size_t index)
{
    const struct wv_twin *twin = &deeds->difference->twins[index];
    own_first(deeds, twin, index);
    join_sequences(deeds, twin, index);
}
