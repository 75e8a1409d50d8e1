/* The work connection: reaching PostgreSQL, taking the project's lock, and what role follows. The
 * lock is asked for with pg_try_advisory_lock and never waited for inside PostgreSQL. Migrator
 * thread. */
#ifndef WV_LINK_H
#define WV_LINK_H

#include "advisory.h"
#include "ledger_turn.h"
#include "message.h"
#include "pg.h"
#include "policy.h"

struct wv_link {
    struct wv_settings *settings; /* owned */
    struct wv_server *server;     /* of `database = embedded`; NULL: none */
    struct wv_pg *pg;             /* NULL: not connected */
    struct wv_ledger *ledger;
    struct wv_instance_id instance;
    int64_t lock_key;
    size_t host_number; /* of several hosts the one that served last */
    enum wv_role role;
    int64_t token;               /* of our leadership; 0 when we do not lead */
    int64_t ticket;              /* of our place in the queue for the lead; 0: none */
    int64_t evict_due;           /* when a leader that hangs may be put out next */
    int64_t rest_until;          /* no lead is taken before, unless a job asks for it */
    struct wv_ledger_turn turn;  /* the queue at the last look */
    bool wanted;                 /* leader: somebody may be waiting for the lead */
    bool news;                   /* with a ticket: another daemon has ended a job */
    struct wv_leader leader;     /* host NULL: unknown */
    struct wv_err error;         /* why unreachable or refused */
    int64_t due;                 /* when the next attempt is to be made (wv_clock_ms) */
    struct wv_attempts attempts; /* to connect, since the last success */
    /* Where notices of the server go; may be changed between calls. */
    void (*notice)(void *arg, const char *severity, const char *text);
    void *notice_arg;
    bool quiet; /* its roles are nobody's news: not logged */
    /* Told of each change of role, error or leader. */
    void (*changed)(void *arg, const struct wv_link *link);
    void *changed_arg;
};

/* Takes `settings` over. Nothing is connected yet; `due` is now. */
void wv_link_init(struct wv_link *link, struct wv_settings *settings,
                  const struct wv_instance_id *instance);
/* Closes the connection, and with it the lock. */
void wv_link_clear(struct wv_link *link);
/* Takes `settings` over; reconnects when they name another database, project or ledger. */
void wv_link_set_settings(struct wv_link *link, struct wv_settings *settings);

/* One attempt at what is missing: a connection, then the lock and the ledger. Sets role, error and
 * `due`. Returns when done, failed, or interrupted. */
void wv_link_advance(struct wv_link *link, const struct wv_pg_wait *wait);

/* Leader: gives the lock up, names who is to take it (a ticket, 0 anybody), is a standby. */
void wv_link_yield(struct wv_link *link, int64_t ticket, const struct wv_pg_wait *wait);

/* Where the queue for the lead stands, into link->turn. */
bool wv_link_look_at_queue(struct wv_link *link, const struct wv_pg_wait *wait,
                           struct wv_err *err) WV_MUST_CHECK;

/* The connection has died or must go: closes it and sets the role accordingly. `err` is moved. */
void wv_link_lost(struct wv_link *link, struct wv_err *err);

/* Fails with what there is to say about a server that takes no changes. */
bool wv_link_refuse_read_only(const struct wv_link *link, struct wv_err *err);

/* Tries to reach the database again until `deadline`, for a job that was cut off. */
bool wv_link_regain(struct wv_link *link, const struct wv_pg_wait *wait) WV_MUST_CHECK;

/* After a job ran steps: makes the session as it was (a step may have changed settings, role, or
 * given the lock away). Reconnects where that cannot be done. */
void wv_link_refresh(struct wv_link *link, const struct wv_pg_wait *wait);

#endif
