/* One of the two sides of a comparison, by the word that names it: "models", "live", a target of
 * the revisions ("head", "heads", "base", an id), a connection string, or the path of a dump. Proof
 * thread. */
#ifndef WV_SIDE_H
#define WV_SIDE_H

#include "live.h"
#include "room.h"

struct wv_side {
    struct wv_room room; /* where it needs one */
    struct wv_live live; /* else */
};

/* Reads the schema of the job's target in that place. */
bool wv_side_read(struct wv_side *side, struct wv_proof *proof, size_t place,
                  struct wv_catalog **catalog, struct wv_err *err) WV_MUST_CHECK;
/* The connection by which it was read, borrowed. */
const struct wv_pg *wv_side_pg(const struct wv_side *side);
void wv_side_close(struct wv_side *side);
#define WV_AUTOSIDE __attribute__((cleanup(wv_side_close)))

#endif
