/* One of the two sides of a comparison, by the word that names it: "models", "live", a target of
 * the revisions ("head", "heads", "base", an id), a connection string, or the path of a dump. Proof
 * thread. */
#ifndef WV_SIDE_H
#define WV_SIDE_H

#include "room.h"

/* Reads its schema; the room is made where it needs one. A file has to be one that whoever asked
 * could read by himself. */
bool wv_side_read(struct wv_room *room, struct wv_proof *proof, const char *word,
                  struct wv_catalog **catalog, struct wv_err *err) WV_MUST_CHECK;

#endif
