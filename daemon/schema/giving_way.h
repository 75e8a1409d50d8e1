/* What becomes of one twin that cannot stay as it is: it is made anew, or goes over to what is.
 * What may not survive that, is for closure.c to find. Internal to the folder. */
#ifndef WV_GIVING_WAY_H
#define WV_GIVING_WAY_H

#include "difference.h"

/* Twins whose deed has become one that others may not survive. `items` is whoever's the list is. */
struct wv_worklist {
    struct wv_difference *difference;
    struct wv_twin **items;
    size_t count;
    size_t capacity;
};

void wv_worklist_push(struct wv_worklist *list, struct wv_twin *twin);

/* Something that is ignored is in the way of `twin`; the first one is told. */
void wv_obstruct(struct wv_difference *difference, const struct wv_object *obstacle,
                 const struct wv_twin *twin);

struct wv_twin *wv_twin_root(struct wv_difference *difference, const struct wv_twin *twin);
/* Itself, or the whole that has to be made anew with it, as a type with its attributes. */
struct wv_twin *wv_made_with(struct wv_difference *difference, struct wv_twin *twin);

/* `because`: see struct wv_twin. Nothing is done about what is neither kept nor altered. A table
 * takes those above it along that cannot stay without it, what of a type cannot be made anew while
 * columns use it the type. */
void wv_make_anew(struct wv_worklist *list, struct wv_twin *twin, const struct wv_twin *because);
void wv_recreate(struct wv_worklist *list, struct wv_twin *twin, const struct wv_twin *because);
void wv_rebuild_for_column(struct wv_worklist *list, struct wv_twin *table,
                           const struct wv_twin *because);
/* What is made of a type that is not there twice cannot be there twice either. */
void wv_replace_twin(struct wv_worklist *list, struct wv_twin *twin, const struct wv_twin *because);
/* The column goes over to its type, by way of text or not. */
void wv_move_column(struct wv_worklist *list, struct wv_twin *column, const struct wv_twin *because,
                    bool is_parked);

#endif
