/* Extensions that go to another schema and take their members along: what is called by the old
 * schema in one catalog and by the new one in the other is the same. Internal to the folder. */
#ifndef WV_MOVED_H
#define WV_MOVED_H

#include "catalog.h"

struct wv_moves {
    struct wv_move *items;
    size_t count;
    size_t capacity;
};

void wv_moves_find(struct wv_moves *moves, const struct wv_catalog *before,
                   const struct wv_catalog *after);
void wv_moves_clear(struct wv_moves *moves);
#define WV_AUTOMOVES __attribute__((cleanup(wv_moves_clear)))

/* Do the two forms of an object differ in nothing else? */
bool wv_moves_explain(const struct wv_moves *moves, const struct wv_object *old,
                      const struct wv_object *new);

#endif
