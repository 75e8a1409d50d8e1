/* One scratch database in use: its name, how to reach it, a connection. Proof thread. */
#ifndef WV_ROOM_H
#define WV_ROOM_H

#include "inspect.h"
#include "proof.h"

struct wv_room {
    struct wv_proof *proof;
    char *database;
    char *conninfo;
    struct wv_pg *pg; /* NULL: not connected */
};

/* Makes an empty one, or a copy of `from`, whose connection is closed for that. */
bool wv_room_make(struct wv_room *room, struct wv_proof *proof, struct wv_err *err) WV_MUST_CHECK;
bool wv_room_copy(struct wv_room *room, struct wv_room *from, struct wv_err *err) WV_MUST_CHECK;
/* Drops it; also after a cancel, and when it was never made. */
void wv_room_close(struct wv_room *room);
#define WV_AUTOROOM __attribute__((cleanup(wv_room_close)))

/* Connects unless it is connected. */
bool wv_room_connect(struct wv_room *room, struct wv_err *err) WV_MUST_CHECK;
/* Reads it into a catalog, without the project's own tables. */
bool wv_room_inspect(struct wv_room *room, struct wv_catalog **catalog,
                     struct wv_err *err) WV_MUST_CHECK;

/* The same of any database that is connected. */
bool wv_proof_inspect(const struct wv_proof *proof, struct wv_pg *pg, struct wv_catalog **catalog,
                      struct wv_err *err) WV_MUST_CHECK;

#endif
