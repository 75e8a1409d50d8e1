/* Taking turns in leading a project. A daemon with a job to run asks for a turn: a row of
 * woven.want, whose ticket is its place in the queue. The leader passes the lock on when it has
 * nothing to run that was asked for earlier, and names the first ticket, whose owner alone tries to
 * take it.
 *
 * Fair: tickets are served in the order in which they were given, also to a leader that wants to
 * go on. Bounded: one row for each daemon that waits; a row counts only while the session that
 * wrote it is there and refreshes it (WV_LEDGER_TURN_MS), so a daemon that died is passed over at
 * once and one that hangs after that time. Crashes: nothing is held but the lock, which goes with
 * its session; who is first finds that out by looking, a few times a second. Nobody waits in the
 * server, and nobody but the first tries to take the lock.
 *
 * All of it works on the migrator's connection, outside transaction blocks. */
#ifndef WV_LEDGER_TURN_H
#define WV_LEDGER_TURN_H

#include "instance.h"
#include "ledger.h"

/* How long a want counts that is not refreshed any more, milliseconds. */
enum { WV_LEDGER_TURN_MS = 8000 };

/* What the session that may lead a project is called. */
#define WV_LEDGER_WORK_NAME "wovend/%s (work)"

/* What daemons tell each other on the channel. */
#define WV_LEDGER_WANT "want" /* somebody asks for a turn */
#define WV_LEDGER_FREE "free" /* "free N": the lock is free for ticket N (0: for anybody) */
#define WV_LEDGER_NEWS "news" /* a job has ended: the database may be elsewhere */

struct wv_ledger_turn {
    int holder;                     /* backend that holds the lock; 0: it is free */
    bool queue;                     /* the ledger keeps a queue; else what follows is empty */
    bool asked;                     /* our ticket counts */
    int before;                     /* tickets before ours; all of them without a ticket */
    int64_t first;                  /* the first ticket that counts; 0: nobody wants to lead */
    int64_t first_age_ms;           /* how long ago it was given */
    struct wv_ledger_leader leader; /* that holds the lock; host NULL: nobody leads */
    int64_t leader_silent_ms;  /* since it was last seen, or began to lead; -1: there is none */
    struct wv_doing doing;     /* what the leader does */
    struct wv_holder stranger; /* who holds the lock and is no leader; backend_pid 0: nobody */
};

/* Where the queue stands, in one round trip (two when tables have come or gone). `ticket` 0: we
 * have none; otherwise it is refreshed. */
bool wv_ledger_turn_look(struct wv_ledger *ledger, struct wv_pg *pg, int64_t lock_key,
                         int64_t ticket, struct wv_ledger_turn *turn, const struct wv_pg_wait *wait,
                         struct wv_err *err) WV_MUST_CHECK;
void wv_ledger_turn_clear(struct wv_ledger_turn *turn);

/* Asks for a turn and tells the others. *ticket is 0 when the ledger keeps no queue yet. Throws
 * away rows that have not counted for long. */
bool wv_ledger_turn_ask(struct wv_ledger *ledger, struct wv_pg *pg, int64_t *ticket,
                        const struct wv_pg_wait *wait, struct wv_err *err) WV_MUST_CHECK;
/* Takes the want back: it was served, or nobody needs it any more. */
bool wv_ledger_turn_end(const struct wv_ledger *ledger, struct wv_pg *pg, int64_t ticket,
                        const struct wv_pg_wait *wait, struct wv_err *err) WV_MUST_CHECK;

/* Ends the session of a leader that hangs: a process that is stopped keeps its session, and with it
 * the lock, for as long as its host answers for it. Only when nothing was seen of the daemon for
 * WV_LEDGER_SILENT_MS, and its session has run nothing for WV_LEDGER_STILL_MS, or waits for its
 * client to read, although a leader that lives looks at the queue every few seconds: a long
 * statement is left alone. The same of a daemon that stopped between taking the lock and leading,
 * when its session is still for as long. *ended tells. */
enum { WV_LEDGER_SILENT_MS = 60000, WV_LEDGER_STILL_MS = 20000 };

bool wv_ledger_turn_evict(const struct wv_ledger *ledger, struct wv_pg *pg, int64_t lock_key,
                          const struct wv_ledger_turn *turn, bool *ended,
                          const struct wv_pg_wait *wait, struct wv_err *err) WV_MUST_CHECK;

/* Gives the lock up, whole, and names who is to take it (0: anybody). */
bool wv_ledger_turn_pass(const struct wv_ledger *ledger, struct wv_pg *pg, int64_t lock_key,
                         int64_t ticket, const struct wv_pg_wait *wait,
                         struct wv_err *err) WV_MUST_CHECK;

#endif
