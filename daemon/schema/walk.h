/* A walk over tables to their heirs or parents, which comes to each table once, by however many
 * ways it could: heirs with several parents are reached by more ways than anybody can go. Start
 * from all zero, add the first ones, and those next to each where the walk is to go on from it:
 *
 *     wv_walk_to_heirs(&walk, table);
 *     for (size_t i = 0; i < walk.count; i++)
 *         wv_walk_to_heirs(&walk, walk.tables[i]);
 *
 * Pure, any thread; tables are borrowed of their catalog, which is one. Internal to the folder. */
#ifndef WV_WALK_H
#define WV_WALK_H

#include "catalog.h"

struct wv_walk {
    const struct wv_object **tables; /* in the order in which they were added: the nearest first */
    size_t count;
    size_t capacity;
    uint64_t *seen; /* bits by the index of the table */
    size_t seen_size;
};

/* None of those that the walk has already is added again. */
void wv_walk_to(struct wv_walk *walk, const struct wv_object *table);
/* What inherits of the table or is its partition; what it is a partition of or inherits from. */
void wv_walk_to_heirs(struct wv_walk *walk, const struct wv_object *table);
void wv_walk_to_parents(struct wv_walk *walk, const struct wv_catalog *catalog,
                        const struct wv_object *table);
void wv_walk_clear(struct wv_walk *walk);
#define WV_AUTOWALK __attribute__((cleanup(wv_walk_clear)))

#endif
