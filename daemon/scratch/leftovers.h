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
 * What cannot be dropped is left to the next daemon. */
bool wv_leftovers_collect(struct wv_pg *pg, const struct wv_pg_wait *wait,
                          struct wv_err *err) WV_MUST_CHECK;

#endif
