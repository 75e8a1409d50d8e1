/* What holds a running statement up, and how far it is, from PostgreSQL's own views (manual, 28.2
 * "The Cumulative Statistics System", 28.4 "Progress Reporting", 54.12 pg_locks). Watcher thread.
 */
#ifndef WV_BLOCKERS_H
#define WV_BLOCKERS_H

#include "message.h"
#include "pg.h"

/* The sessions that `backend_pid` waits for, and how many wait behind it. */
bool wv_blockers_read(struct wv_pg *pg, int backend_pid, struct wv_blockers *blockers,
                      const struct wv_pg_wait *wait, struct wv_err *err) WV_MUST_CHECK;

/* The progress of its statement; phase NULL when PostgreSQL tells none. */
bool wv_progress_read(struct wv_pg *pg, int backend_pid, struct wv_progress *progress,
                      const struct wv_pg_wait *wait, struct wv_err *err) WV_MUST_CHECK;

#endif
