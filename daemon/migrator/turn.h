/* Handing the lead from daemon to daemon: each runs its own host's jobs with its own files, so the
 * lead goes to where the job is. The rules of the queue are in ledger_turn.h; here is who acts on
 * them, and when. Migrator thread. */
#ifndef WV_TURN_H
#define WV_TURN_H

#include "link.h"
#include "report.h"

/* Takes in what other daemons have said since the last call. Asks nobody. */
void wv_turn_hear(struct wv_link *link);

/* Leader between two jobs, whose next job of its own was asked for `age_ms` ago (0: there is none):
 * passes the lead on when somebody asked for it earlier. */
void wv_turn_mind(struct wv_link *link, int64_t age_ms);

/* Leader: gives the lead to whoever is next, or to anybody. */
void wv_turn_yield(struct wv_link *link);

/* Standby with a job: asks for the lead and waits. True: this daemon leads now, or another one has
 * finished a job, so look again whether anything is left to do; the place in the queue is kept
 * until wv_turn_end(). `wait` tells when to stop; the deadline is its own `until`. WV_TIMED_OUT,
 * WV_CANCELLED (stopped by `wait`), or why the database went away. */
bool wv_turn_wait(struct wv_link *link, const struct wv_report *report,
                  const struct wv_pg_wait *wait, int64_t until, struct wv_err *err) WV_MUST_CHECK;

/* The job that asked has ended: leaves the queue. */
void wv_turn_end(struct wv_link *link);

/* Tells the other daemons that the database has moved. */
void wv_turn_tell(struct wv_link *link);

#endif
