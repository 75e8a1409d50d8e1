/* The ledger: the tables in which the database itself records what was applied (the version table
 * of Alembic and our own schema). This file: names, a look at the state, set-up and leadership.
 *
 * A struct wv_ledger holds names and ready-made SQL, no connection; it belongs to one thread and is
 * used with one connection at a time, because it remembers what existed at the last look. */
#ifndef WV_LEDGER_H
#define WV_LEDGER_H

#include <sys/types.h>

#include "instance.h"
#include "pg.h"
#include "strlist.h"

struct wv_ledger;

/* The version of the tables that this program makes and understands. */
int wv_ledger_version(void);

struct wv_ledger_options {
    const char *project;
    const char *schema;               /* of our own tables: "woven" */
    const char *version_table;        /* "alembic_version" */
    const char *version_table_schema; /* "": the first schema of the connection's search path */
    const char *host;                 /* of this daemon, for the history and the leader row */
    struct wv_instance_id instance;   /* the same for all ledgers of one project in a daemon */
};

/* Copies the options. */
struct wv_ledger *wv_ledger_new(const struct wv_ledger_options *options);
void wv_ledger_free(struct wv_ledger *ledger); /* NULL is fine */

/* Who leads, or led last: whether its session holds the lock now is wv_advisory_holder()'s to say.
 */
struct wv_ledger_leader {
    char *host; /* NULL: nobody ever led */
    pid_t pid;  /* of the daemon */
    int64_t token;
    char *since;     /* ISO time */
    int backend_pid; /* of the session with which it led */
};

/* A step outside a transaction that did not come to its end. */
struct wv_ledger_interrupted {
    char *revision; /* NULL: there is none */
    bool up;
    int statement; /* 1-based: the last one that was begun */
    int total;
    bool done;  /* that one succeeded; the next one was not begun */
    char *file; /* may be "" */
    int line;
    char *text;       /* the statement */
    char *started_at; /* ISO time when that statement began */
    char *error;      /* how it failed; NULL: no answer was recorded */
    char *checksum;   /* of the revision as it was begun */
    bool atomic;      /* it shares a transaction with `done`: without an answer it is not done */
};

struct wv_ledger_look {
    bool has_version_table;
    struct wv_strlist rows; /* the version table, sorted */
    int ledger_version;     /* 0: there is no ledger yet */
    int64_t last_history;   /* newest history id of the project, 0: none; grows with each change */
    struct wv_ledger_leader leader;
    struct wv_ledger_interrupted interrupted;
    bool in_recovery;
    bool read_only;
};

/* The state in one round trip (two when tables have come or gone since the last look). Missing
 * schema or tables are no error: has_version_table false, ledger_version 0. The cost does not
 * depend on the number of revisions. A ledger that is too new is only reported by its version. Not
 * inside a transaction block. Query errors only. */
bool wv_ledger_look(struct wv_ledger *ledger, struct wv_pg *pg, struct wv_ledger_look *look,
                    const struct wv_pg_wait *wait, struct wv_err *err) WV_MUST_CHECK;
void wv_ledger_look_clear(struct wv_ledger_look *look);

/* Makes or upgrades the ledger and the version table (as Alembic defines it), in one transaction,
 * and takes leadership: the token grows by one and is the caller's (*token). Only the holder of the
 * advisory lock may call it. An existing version table is adopted as it is, and a history row says
 * so. WV_LEDGER_TOO_NEW names both versions; WV_PROJECT_CONFLICT names the project that has the
 * version table already; query errors. */
bool wv_ledger_prepare(struct wv_ledger *ledger, struct wv_pg *pg, int64_t *token,
                       const struct wv_pg_wait *wait, struct wv_err *err) WV_MUST_CHECK;

/* The channel on which daemons of the project talk; a plain identifier, borrowed. */
const char *wv_ledger_channel(const struct wv_ledger *ledger);
/* LISTEN on it, and NOTIFY with a payload. */
bool wv_ledger_listen(const struct wv_ledger *ledger, struct wv_pg *pg,
                      const struct wv_pg_wait *wait, struct wv_err *err) WV_MUST_CHECK;
bool wv_ledger_notify(const struct wv_ledger *ledger, struct wv_pg *pg, const char *payload,
                      const struct wv_pg_wait *wait, struct wv_err *err) WV_MUST_CHECK;

#endif
