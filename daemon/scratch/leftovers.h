/* Scratch databases on a server that several daemons share: each name holds a token, and the daemon
 * that made it holds the advisory lock of that number for as long as it lives. For the files of
 * this folder. */
#ifndef WV_LEFTOVERS_H
#define WV_LEFTOVERS_H

#include "query.h"

/* The lock that says we live, on the session that makes databases. */
bool wv_leftovers_claim(struct wv_pg *pg, uint64_t token, const struct wv_pg_wait *wait,
                        struct wv_err *err) WV_MUST_CHECK;
/* Name number `number` of a token; the caller's own. */
char *wv_leftovers_name(uint64_t token, unsigned number);
/* Drops the databases whose token nobody holds, that nobody is connected to, and that we may drop.
 * What cannot be dropped is left to the next daemon. `*in_use` (may be NULL) counts those that
 * somebody is connected to: sessions of a dead daemon end soon. */
bool wv_leftovers_collect(struct wv_pg *pg, const char *conninfo, size_t *in_use,
                          const struct wv_pg_wait *wait, struct wv_err *err) WV_MUST_CHECK;

/* Drops one, by a DROP DATABASE that ends in `options`. A subscription in it, which would not let
 * it go, is dropped first, and not told to the server that it subscribes to. */
bool wv_leftovers_drop(struct wv_pg *pg, const char *conninfo, const char *database,
                       const char *options, const struct wv_pg_wait *wait,
                       struct wv_err *err) WV_MUST_CHECK;

#endif
