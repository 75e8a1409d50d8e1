/* Many statements in few round trips: libpq's pipeline mode (manual, "Pipeline Mode"). Statements
 * are queued in order; a bounded number is under way at a time, so that a script of any size
 * neither fills memory nor deadlocks; results are delivered as they arrive, from within these
 * calls.
 *
 * A batch may hold several transactions back to back: BEGIN, statements, COMMIT, each ended by
 * wv_pg_batch_sync(), without waiting for the answer of the former. When a statement fails, the
 * rest of its transaction is skipped by the server, and the transactions behind it fail too,
 * because the failed block is still open: they roll back nothing and do nothing. The one exception
 * is a COMMIT that itself fails (a deferred constraint): the block is closed then, so each
 * transaction must check at its beginning that the former one is there (wv_ledger_queue_begin()
 * does).
 *
 * One batch at a time per connection, and nothing else on it before wv_pg_batch_end(). */
#ifndef WV_BATCH_H
#define WV_BATCH_H

#include "pg.h"
#include "place.h"

/* A statement's result. The strings are borrowed for the time of the callback. */
struct wv_pg_batch_event {
    size_t transaction;  /* from 0: how many wv_pg_batch_sync() came before it */
    int tag;             /* as given to wv_pg_batch_add() */
    const char *command; /* "INSERT 0 1", "COMMIT", ... */
    int64_t affected;    /* rows, as the server counts them */
    const char *value;   /* first column of the first row; NULL: no row, or SQL NULL */
};

struct wv_pg_batch_options {
    size_t window; /* statements under way at once; 0: 256 */
    /* Each statement that succeeded, in order, as soon as the server says so. May be NULL. */
    void (*on_result)(void *arg, const struct wv_pg_batch_event *event);
    void *arg;
};

/* What failed first. All zero when nothing did. */
struct wv_pg_batch_failure {
    size_t transaction;
    int tag;
    struct wv_pg_position position;
};

struct wv_pg_batch;

/* The options and the wait are copied. WV_CONNECTION_LOST. */
bool wv_pg_batch_begin(struct wv_pg_batch **out, struct wv_pg *pg,
                       const struct wv_pg_batch_options *options, const struct wv_pg_wait *wait,
                       struct wv_err *err) WV_MUST_CHECK;

/* When the server is asked to deliver what it has: right after this statement (costs about 40 us;
 * makes progress live), or together with a later one. */
enum wv_pg_flush { WV_PG_FLUSH_LATER, WV_PG_FLUSH_NOW };

/* Queues one statement with text parameters (copied). `tag` is the caller's own
 * number for it, not 0. May
 * wait until there is room. False: something queued earlier has failed already (or the call was
 * interrupted, or the connection is lost): add no more and call wv_pg_batch_end(), which says why.
 */
bool wv_pg_batch_add(struct wv_pg_batch *batch, int tag, const char *sql, size_t param_count,
                     const char *const *params, enum wv_pg_flush flush) WV_MUST_CHECK;

/* Ends a transaction's statements: a synchronization point. Returns as wv_pg_batch_add(). */
bool wv_pg_batch_sync(struct wv_pg_batch *batch) WV_MUST_CHECK;

/* Something has failed; asks nobody. */
bool wv_pg_batch_failed(const struct wv_pg_batch *batch);

/* Waits for all results (after a failed or interrupted one, for the rest to be skipped), leaves the
 * connection out of any transaction and frees the batch. An open transaction is rolled back.
 * True: every statement succeeded. False: the first error, as query.h lists them, and in `failure`
 * (may be NULL; the caller clears its position) which statement it was. An error that a check of
 * the ledger raised has the code that ledger_step.h names. */
bool wv_pg_batch_end(struct wv_pg_batch *batch, struct wv_pg_batch_failure *failure,
                     struct wv_err *err) WV_MUST_CHECK;

void wv_pg_batch_failure_clear(struct wv_pg_batch_failure *failure);

#endif
