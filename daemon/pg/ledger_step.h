/* Recording steps: what the migrator queues around the statements of a step, in the step's own
 * transaction.
 *
 *     wv_ledger_queue_begin(..., open=true)     BEGIN, limits, guard
 *     wv_pg_batch_add(...)                      the step's statements
 *     wv_ledger_queue_end(..., close=true)      guard, version rows, revision, history, COMMIT,
 * sync
 *
 * Several such groups may follow each other in one batch. --single-transaction: open only the
 * first, close only the last. All return as wv_pg_batch_add(). Their statements carry
 * WV_LEDGER_TAG; the COMMIT carries WV_LEDGER_COMMIT_TAG: its event says that the transaction is
 * committed.
 *
 * Errors that wv_pg_batch_end() reports from these checks, beside the query errors:
 * WV_TRANSACTION_BROKEN  the transaction at the end is not the one that began: the step ended it
 * WV_NOT_LEADER          another daemon has taken over, the former step of the batch is not there,
 * or the version table is not as the plan expects it: somebody else moved it */
#ifndef WV_LEDGER_STEP_H
#define WV_LEDGER_STEP_H

#include "batch.h"
#include "ledger.h"

enum { WV_LEDGER_TAG = -1, WV_LEDGER_COMMIT_TAG = -2 };

enum wv_ledger_kind {
    WV_LEDGER_UP,
    WV_LEDGER_DOWN,
    WV_LEDGER_STAMP,
    WV_LEDGER_REPAIR,
    WV_LEDGER_ADOPT,
};

/* "up", "down", "stamp", "repair", "adopt". */
const char *wv_ledger_kind_word(enum wv_ledger_kind kind);

/* On whose behalf. Borrowed strings. */
struct wv_ledger_job {
    uint64_t id;      /* unique within this daemon's life */
    int64_t token;    /* of the leadership, from wv_ledger_prepare() */
    const char *user; /* unix user who asked */
    uid_t uid;
    pid_t pid;
    const char *unit; /* systemd unit of who asked; NULL: none, or not known */
    const char *tag;  /* NULL: none */
};

/* What the ledger keeps of an applied revision. Borrowed. */
struct wv_ledger_record {
    const char *id;
    const struct wv_strlist *down;       /* parents */
    const struct wv_strlist *depends_on; /* may be NULL: none */
    const struct wv_strlist *labels;     /* may be NULL: none */
    const char *message;
    const char *checksum;
    const char *up_sql;   /* as executed */
    const char *down_sql; /* NULL: irreversible */
};

struct wv_ledger_step {
    enum wv_ledger_kind kind;
    struct wv_ledger_record record; /* of a down step or a stamp to base only `id` is needed */
    /* The version table's rows that this step takes away and puts in. Each row that is taken away
     * must be there. */
    const struct wv_strlist *remove_rows;
    const struct wv_strlist *add_rows;
    size_t number;             /* of the step within its job, from 0 */
    bool first;                /* first step of this batch: there is no former one to check */
    bool last;                 /* its commit is synchronous; all others are not */
    int64_t lock_timeout;      /* milliseconds */
    int64_t statement_timeout; /* milliseconds; 0 none */
};

bool wv_ledger_queue_begin(const struct wv_ledger *ledger, struct wv_pg_batch *batch,
                           const struct wv_ledger_job *job, const struct wv_ledger_step *step,
                           bool open) WV_MUST_CHECK;
/* WV_LEDGER_UP records the revision, WV_LEDGER_DOWN forgets it, WV_LEDGER_STAMP leaves that to the
 * calls below; each writes its history row. */
bool wv_ledger_queue_end(const struct wv_ledger *ledger, struct wv_pg_batch *batch,
                         const struct wv_ledger_job *job, const struct wv_ledger_step *step,
                         bool close) WV_MUST_CHECK;

/* For a stamp, between begin and end: records a revision as applied, forgets one, forgets all of
 * the project together with every row of the version table (--purge). */
bool wv_ledger_queue_record(const struct wv_ledger *ledger, struct wv_pg_batch *batch,
                            const struct wv_ledger_job *job,
                            const struct wv_ledger_record *record) WV_MUST_CHECK;
bool wv_ledger_queue_forget(const struct wv_ledger *ledger, struct wv_pg_batch *batch,
                            const char *revision) WV_MUST_CHECK;
bool wv_ledger_queue_purge(const struct wv_ledger *ledger, struct wv_pg_batch *batch) WV_MUST_CHECK;

/* A history row in a synchronous transaction of its own: how a step ended that left no other trace
 * (failed, cancelled), or a repair. */
struct wv_ledger_note {
    enum wv_ledger_kind kind;
    const char *revision;
    const char *outcome; /* "done", "failed", "cancelled" */
    int64_t took_us;
    const struct wv_err *error; /* NULL: none */
};

bool wv_ledger_note(const struct wv_ledger *ledger, struct wv_pg *pg,
                    const struct wv_ledger_job *job, const struct wv_ledger_note *note,
                    const struct wv_pg_wait *wait, struct wv_err *err) WV_MUST_CHECK;

#endif
