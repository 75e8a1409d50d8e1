/* Triggers and constraints that all heirs of a table have as well, under the same name; and a
 * primary key, of which each table has one. What is in the way of a new one on any of these tables,
 * be it their own or come from further up, goes before. See deeds.h. */
#include <string.h>

#include "deeds.h"
#include "inheritance.h"
#include "kinds.h"
#include "lookup.h"
#include "rebuilt_table.h"
#include "walk.h"

static bool is_handed_on(const struct wv_object *part)
{
    return part->kind == &wv_kind_trigger || wv_is_primary_key(part) ||
           (part->kind == &wv_kind_constraint && wv_has_shared_copies(part));
}

static bool is_in_the_way(const struct wv_object *old, const struct wv_object *new)
{
    bool are_keys = wv_is_primary_key(old) && wv_is_primary_key(new);
    bool share_names = (old->kind->traits & new->kind->traits &WV_KIND_CONSTRAINT) != 0;
    return are_keys || (share_names && strcmp(old->name, new->name) == 0);
}

/* A table that is rebuilt is another one, and what it had is set aside with it. */
static void drop_first(struct wv_deeds *deeds, const struct wv_object *new,
                       const struct wv_object *table, bool is_above)
{
    for (size_t i = 0; i < table->part_count; i++) {
        const struct wv_object *old = table->parts[i];
        struct wv_vertex *drop = wv_deeds_of_old(deeds, old);
        if (drop != NULL && drop->kind == WV_VERTEX_DROP && is_in_the_way(old, new) &&
            (!is_above || is_handed_on(old)) && wv_rebuilt_table(deeds->difference, old) == NULL)
            wv_deeds_edge(drop, wv_deeds_of_new(deeds, new));
    }
}

/* On a table that has been there before. */
static void drop_namesakes_on(struct wv_deeds *deeds, const struct wv_object *new,
                              const struct wv_object *old)
{
    struct wv_walk walk WV_AUTOWALK = {0};
    drop_first(deeds, new, old, false);
    if (old->kind != &wv_kind_table && old->kind != &wv_kind_foreign_table)
        return; /* a view has triggers too */
    wv_walk_to_parents(&walk, deeds->difference->before, old);
    for (size_t i = 0; i < walk.count; i++) {
        drop_first(deeds, new, walk.tables[i], true);
        wv_walk_to_parents(&walk, deeds->difference->before, walk.tables[i]);
    }
}

void wv_deeds_drop_namesakes(struct wv_deeds *deeds, const struct wv_object *new)
{
    struct wv_walk walk WV_AUTOWALK = {0};
    if (new->kind != &wv_kind_trigger &&new->kind != &wv_kind_constraint)
        return;
    if (is_handed_on(new))
        wv_walk_to_heirs(&walk, new->parent);
    for (size_t i = 0; i < walk.count; i++)
        wv_walk_to_heirs(&walk, walk.tables[i]);
    for (size_t i = 0; i <= walk.count; i++) {
        const struct wv_object *table = i == walk.count ? new->parent : walk.tables[i];
        const struct wv_object *old = wv_twin_of_new(deeds->difference, table)->old;
        if (old != NULL)
            drop_namesakes_on(deeds, new, old);
    }
}
