/* The project's session advisory lock: who holds it may migrate. Nobody ever waits for it inside
 * PostgreSQL: a waiter's snapshot would deadlock with CREATE INDEX CONCURRENTLY of the holder. */
#ifndef WV_ADVISORY_H
#define WV_ADVISORY_H

#include "instance.h"
#include "pg.h"

/* The lock's key: FNV-1a, 64 bits, over the bytes of "woven:" and the project's name, taken as a
 * signed number. The same on every host and in every version; never to be changed. Advisory locks
 * belong to one database, so the key need not name it. */
int64_t wv_advisory_key(const char *project);

/* Takes the lock if it is free; *taken tells. A session that has it already keeps it once. Proves
 * in pg_locks, in a transaction of its own, that it is ours: WV_POOLER when it is not. */
bool wv_advisory_try(struct wv_pg *pg, int64_t key, bool *taken, const struct wv_pg_wait *wait,
                     struct wv_err *err) WV_MUST_CHECK;

/* Does this session hold it? A migration may have released it (DISCARD ALL,
 * pg_advisory_unlock_all). */
bool wv_advisory_held(struct wv_pg *pg, int64_t key, bool *held, const struct wv_pg_wait *wait,
                      struct wv_err *err) WV_MUST_CHECK;

/* Gives it up, however often this session took it. */
bool wv_advisory_release(struct wv_pg *pg, int64_t key, const struct wv_pg_wait *wait,
                         struct wv_err *err) WV_MUST_CHECK;

/* Gives up all other advisory locks of this session: a migration took them and ended without giving
 * them back, and our session lives on. */
bool wv_advisory_release_others(struct wv_pg *pg, int64_t key, const struct wv_pg_wait *wait,
                                struct wv_err *err) WV_MUST_CHECK;

/* Who holds it, also where that is no daemon of ours. */
bool wv_advisory_holder(struct wv_pg *pg, int64_t key, struct wv_holder *holder,
                        const struct wv_pg_wait *wait, struct wv_err *err) WV_MUST_CHECK;

#endif
