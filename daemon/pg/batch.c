/* See batch.h. One thread, as its connection. A queue of what is under way mirrors libpq's own,
 * because results come back without a name. It knows no migration: statements carry the caller's
 * numbers. */
#include "batch.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "batch_expect.h"
#include "connection.h"

enum { DEFAULT_WINDOW = 256, NO_TAG = 0, LARGE_STATEMENT = 256 * 1024 };

/* One statement under way, or a synchronization point. */
struct entry {
    size_t transaction;
    int tag;
    bool sync;
    const char *expect; /* the command tag that must come back; NULL: any */
};

struct wv_pg_batch {
    struct wv_pg *pg;
    struct wv_pg_batch_options options;
    struct wv_pg_call call;
    struct entry *queue; /* ring of `window` + 1 entries */
    size_t size;
    size_t head;
    size_t count;
    size_t transaction; /* of the statements that are added now */
    bool open;          /* statements were added since the last sync */
    bool unflushed;     /* the server was not asked to deliver the newest of them */
    bool failed;
    bool touched_role;    /* a statement may have changed who we are */
    bool touched_session; /* a statement may have changed a setting */
    char *value;          /* of the statement whose rows arrive */
    bool valued;
    struct wv_err error; /* the first one */
    struct wv_err later; /* those that follow from it; nobody reads them */
    struct wv_pg_batch_failure failure;
};

bool wv_pg_batch_begin(struct wv_pg_batch **out, struct wv_pg *pg,
                       const struct wv_pg_batch_options *options, const struct wv_pg_wait *wait,
                       struct wv_err *err)
{
    if (!wv_pg_ready(pg, err))
        return false;
    if (PQenterPipelineMode(pg->conn) != 1)
        return wv_err_set(err, WV_INTERNAL, "a batch cannot begin while a statement runs");
    struct wv_pg_batch *batch = wv_xcalloc(1, sizeof(*batch));
    batch->pg = pg;
    batch->options = *options;
    if (batch->options.window < 2)
        batch->options.window = DEFAULT_WINDOW;
    batch->call = wv_pg_call_begin(pg, wait);
    batch->touched_role = true; /* by whatever ran on this connection before */
    batch->touched_session = true;
    batch->size = batch->options.window + 2; /* a prepared one more, a synchronization point */
    batch->queue = wv_xcalloc(batch->size, sizeof(batch->queue[0]));
    pg->in_batch = true;
    *out = batch;
    return true;
}

/* Rows are given out one by one and thrown away, so that their number does not matter. libpq wants
 * this said anew for each statement, once it is the next to answer. */
static void row_by_row(struct wv_pg_batch *batch)
{
    if (batch->count > 0 && !batch->queue[batch->head].sync)
        (void)PQsetSingleRowMode(batch->pg->conn);
}

static void push(struct wv_pg_batch *batch, struct entry entry)
{
    batch->queue[(batch->head + batch->count) % batch->size] = entry;
    batch->count++;
    if (batch->count == 1)
        row_by_row(batch);
}

static void pop(struct wv_pg_batch *batch)
{
    batch->head = (batch->head + 1) % batch->size;
    batch->count--;
    free(WV_STEAL(batch->value));
    batch->valued = false;
    row_by_row(batch);
}

/* Remembers the first failure; whatever comes later is its consequence. */
static struct wv_err *first_failure(struct wv_pg_batch *batch)
{
    if (batch->failed)
        return &batch->later;
    batch->failed = true;
    batch->call.cancelling = false;
    wv_pg_kept_forget(batch->pg); /* what was to be prepared behind the failure is not */
    if (batch->count > 0) {
        batch->failure.transaction = batch->queue[batch->head].transaction;
        batch->failure.tag = batch->queue[batch->head].tag;
    }
    return &batch->error;
}

static void take_error(struct wv_pg_batch *batch, const PGresult *result)
{
    bool first = !batch->failed;
    wv_pg_error_fields(result, batch->call.stopped, first_failure(batch));
    if (first)
        wv_pg_position_read(result, &batch->failure.position);
}

static void take_value(struct wv_pg_batch *batch, const PGresult *result)
{
    if (batch->valued || PQntuples(result) == 0 || PQnfields(result) == 0)
        return;
    batch->valued = true;
    if (!PQgetisnull(result, 0, 0))
        batch->value = wv_xstrdup(PQgetvalue(result, 0, 0));
}

static void take_success(struct wv_pg_batch *batch, PGresult *result)
{
    const struct entry *entry = &batch->queue[batch->head];
    const char *command = PQcmdStatus(result);
    if (entry->expect != NULL && strcmp(command, entry->expect) != 0) {
        wv_err_set(first_failure(batch), WV_TRANSACTION_BROKEN,
                   "the transaction was not committed: the server answered %s", command);
        return;
    }
    if (batch->options.on_result == NULL || batch->failed || entry->tag == NO_TAG)
        return;
    struct wv_pg_batch_event event = {.transaction = entry->transaction,
                                      .tag = entry->tag,
                                      .command = command,
                                      .affected = strtoll(PQcmdTuples(result), NULL, 10),
                                      .value = batch->value};
    batch->options.on_result(batch->options.arg, &event);
}

static void refuse_copy(struct wv_pg_batch *batch)
{
    struct wv_err *err = first_failure(batch);
    wv_err_set(err, WV_SQL_ERROR, "COPY from or to the client cannot run in a migration");
    wv_err_hint(err, "copy from or to a file or a program of the server, or insert rows");
    wv_pg_lost(batch->pg, "COPY from or to the client was begun");
}

static void take_result(struct wv_pg_batch *batch, PGresult *result)
{
    switch (PQresultStatus(result)) {
    case PGRES_PIPELINE_SYNC:
        pop(batch);
        break;
    case PGRES_SINGLE_TUPLE:
        take_value(batch, result);
        break;
    case PGRES_TUPLES_OK:
    case PGRES_COMMAND_OK:
    case PGRES_EMPTY_QUERY:
        take_value(batch, result);
        take_success(batch, result);
        break;
    case PGRES_PIPELINE_ABORTED:
        break;
    case PGRES_COPY_IN:
    case PGRES_COPY_OUT:
    case PGRES_COPY_BOTH:
        refuse_copy(batch);
        break;
    case PGRES_BAD_RESPONSE:
    case PGRES_NONFATAL_ERROR:
    case PGRES_FATAL_ERROR:
        take_error(batch, result);
        break;
    }
}

/* Hands out what has arrived, without waiting. */
static void take_arrived(struct wv_pg_batch *batch)
{
    while (batch->pg->conn != NULL && batch->count > 0 && !PQisBusy(batch->pg->conn)) {
        PGresult *result = PQgetResult(batch->pg->conn);
        if (result == NULL && PQstatus(batch->pg->conn) == CONNECTION_BAD)
            return;
        if (result == NULL)
            pop(batch);
        else
            take_result(batch, result);
        PQclear(result);
    }
}

static void lose(struct wv_pg_batch *batch)
{
    take_arrived(batch);
    wv_pg_lost(batch->pg, NULL);
    wv_pg_lost_error(batch->pg, first_failure(batch));
}

static bool alive(struct wv_pg_batch *batch)
{
    if (batch->pg->conn != NULL && PQstatus(batch->pg->conn) == CONNECTION_OK)
        return true;
    lose(batch);
    return false;
}

static void ask_to_deliver(struct wv_pg_batch *batch)
{
    if (batch->unflushed && PQsendFlushRequest(batch->pg->conn) != 1)
        lose(batch);
    batch->unflushed = false;
}

/* Waits until at most `limit` statements are under way. */
static void wait_for(struct wv_pg_batch *batch, size_t limit)
{
    take_arrived(batch);
    while (batch->count > limit && alive(batch)) {
        if (!wv_pg_call_read(&batch->call)) {
            lose(batch);
            return;
        }
        if (batch->failed)
            batch->call.cancelling = false;
        take_arrived(batch);
    }
}

/* Sends what is buffered as far as the socket takes it and hands out what has arrived. */
static void push_out(struct wv_pg_batch *batch)
{
    if (PQflush(batch->pg->conn) < 0 || PQconsumeInput(batch->pg->conn) != 1)
        lose(batch);
    else
        take_arrived(batch);
}

/* A large statement is on its way before the next one is queued, so that libpq holds one at most.
 */
static void send_all(struct wv_pg_batch *batch)
{
    ask_to_deliver(batch);
    while (batch->pg->conn != NULL && PQflush(batch->pg->conn) == 1) {
        if (!wv_pg_call_read(&batch->call))
            lose(batch);
        else
            take_arrived(batch);
    }
}

static size_t size_of(const char *sql, size_t count, const char *const *params)
{
    size_t size = strlen(sql);
    for (size_t i = 0; i < count; i++)
        size += params[i] != NULL ? strlen(params[i]) : 0;
    return size;
}

static bool usable(const struct wv_pg_batch *batch)
{
    return !batch->failed && batch->call.stopped == WV_OK && batch->pg->conn != NULL;
}

static void make_room(struct wv_pg_batch *batch)
{
    if (batch->count < batch->options.window)
        return;
    ask_to_deliver(batch);
    if (batch->pg->conn != NULL)
        wait_for(batch, batch->options.window / 2);
}

/* In these "set" and "role" are about something else. */
static bool is_harmless(const char *sql)
{
    static const char *const words[] = {"ALTER ",        "COMMENT ",       "CREATE TABLE ",
                                        "CREATE INDEX ", "CREATE UNIQUE ", "DELETE ",
                                        "DROP ",         "INSERT ",        "UPDATE "};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (strncasecmp(sql, words[i], strlen(words[i])) == 0)
            return strcasestr(sql, "set_config") == NULL && strcasestr(sql, "pg_settings") == NULL;
    return false;
}

/* Words of statements that may change who we are, a setting of the session, or what it keeps
 * prepared. */
static void note_touches(struct wv_pg_batch *batch, const char *sql)
{
    if (is_harmless(sql))
        return;
    if (strcasestr(sql, "deallocate") != NULL || strcasestr(sql, "discard") != NULL)
        wv_pg_kept_forget(batch->pg);
    batch->touched_role = batch->touched_role || strcasestr(sql, "role") != NULL ||
                          strcasestr(sql, "authorization") != NULL;
    batch->touched_session = batch->touched_session || batch->touched_role ||
                             strcasestr(sql, "set") != NULL || strcasestr(sql, "discard") != NULL;
}

/* `sent`: what libpq answered to the sending of it. */
static bool queue(struct wv_pg_batch *batch, int sent, int tag, const char *expect)
{
    if (sent != 1) {
        lose(batch);
        return false;
    }
    push(batch, (struct entry){batch->transaction, tag, false, expect});
    batch->open = true;
    batch->unflushed = true;
    return true;
}

bool wv_pg_batch_add_expect(struct wv_pg_batch *batch, int tag, const char *sql, size_t param_count,
                            const char *const *params, const char *expect, enum wv_pg_flush flush)
{
    make_room(batch);
    if (!usable(batch) || !queue(batch,
                                 PQsendQueryParams(batch->pg->conn, sql, (int)param_count, NULL,
                                                   params, NULL, NULL, 0),
                                 tag, expect))
        return false;
    if (size_of(sql, param_count, params) > LARGE_STATEMENT) {
        send_all(batch);
    } else if (flush == WV_PG_FLUSH_NOW) {
        ask_to_deliver(batch);
        if (batch->pg->conn != NULL)
            push_out(batch);
    }
    return usable(batch);
}

bool wv_pg_batch_add_kept(struct wv_pg_batch *batch, int tag, const char *sql, size_t param_count,
                          const char *const *params)
{
    struct wv_pg *pg = batch->pg;
    struct wv_pg_kept_name name;
    make_room(batch);
    if (!usable(batch))
        return false;
    if (!wv_pg_kept_find(pg, sql, &name)) {
        name = wv_pg_kept_name(pg);
        if (!queue(batch, PQsendPrepare(pg->conn, name.text, sql, 0, NULL), NO_TAG, NULL))
            return false;
        wv_pg_kept_add(pg, sql, &name);
    }
    if (!queue(batch,
               PQsendQueryPrepared(pg->conn, name.text, (int)param_count, params, NULL, NULL, 0),
               tag, NULL))
        return false;
    if (size_of("", param_count, params) > LARGE_STATEMENT)
        send_all(batch);
    return usable(batch);
}

bool wv_pg_batch_add(struct wv_pg_batch *batch, int tag, const char *sql, size_t param_count,
                     const char *const *params, enum wv_pg_flush flush)
{
    note_touches(batch, sql);
    return wv_pg_batch_add_expect(batch, tag, sql, param_count, params, NULL, flush);
}

bool wv_pg_batch_own_role(struct wv_pg_batch *batch)
{
    if (!batch->touched_role)
        return usable(batch);
    return wv_pg_batch_add_expect(batch, NO_TAG, "RESET SESSION AUTHORIZATION", 0, NULL, NULL,
                                  WV_PG_FLUSH_LATER) &&
           wv_pg_batch_add_expect(batch, NO_TAG, "RESET ROLE", 0, NULL, NULL, WV_PG_FLUSH_LATER);
}

bool wv_pg_batch_own_session(struct wv_pg_batch *batch)
{
    if (!batch->touched_session)
        return usable(batch);
    char *settings WV_AUTOFREE = wv_pg_session_sql(batch->pg);
    bool added =
        wv_pg_batch_own_role(batch) &&
        wv_pg_batch_add_expect(batch, NO_TAG, "RESET ALL", 0, NULL, NULL, WV_PG_FLUSH_LATER) &&
        wv_pg_batch_add_kept(batch, NO_TAG, settings, 0, NULL);
    batch->touched_role = false;
    batch->touched_session = false;
    return added;
}

/* Also when something has failed: the server skips statements only up to the next one of these. */
static void send_sync(struct wv_pg_batch *batch)
{
    if (PQpipelineSync(batch->pg->conn) != 1) {
        lose(batch);
        return;
    }
    push(batch, (struct entry){batch->transaction, NO_TAG, true, NULL});
    batch->transaction++;
    batch->open = false;
    batch->unflushed = false;
    push_out(batch);
}

bool wv_pg_batch_sync(struct wv_pg_batch *batch)
{
    make_room(batch);
    if (!usable(batch))
        return false;
    send_sync(batch);
    return usable(batch);
}

bool wv_pg_batch_failed(const struct wv_pg_batch *batch)
{
    return batch->failed;
}

static void leave(struct wv_pg_batch *batch)
{
    struct wv_pg *pg = batch->pg;
    if (pg->conn != NULL && batch->open)
        send_sync(batch);
    if (pg->conn != NULL)
        wait_for(batch, 0);
    pg->in_batch = false;
    if (pg->conn == NULL)
        return;
    if (PQexitPipelineMode(pg->conn) != 1) {
        wv_pg_lost(pg, NULL);
        wv_pg_lost_error(pg, first_failure(batch));
    } else if (wv_pg_transaction_status(pg) != WV_PG_TX_IDLE) {
        wv_pg_rollback(pg);
    }
}

/* Stopped, but nothing failed: either all was queued and done before the cancel took effect, which
 * is a success, or the caller was kept from queueing the rest. */
static void judge_stop(struct wv_pg_batch *batch, bool complete)
{
    if (batch->call.stopped == WV_OK || batch->failed || complete)
        return;
    wv_err_set(first_failure(batch), batch->call.stopped,
               batch->call.stopped == WV_CANCELLED ? "cancelled" : "out of time");
}

bool wv_pg_batch_end(struct wv_pg_batch *batch, struct wv_pg_batch_failure *failure,
                     struct wv_err *err)
{
    bool complete = !batch->open && batch->call.stopped == WV_OK;
    leave(batch);
    judge_stop(batch, complete);
    bool done = !batch->failed;
    if (!done) {
        wv_err_move(err, &batch->error);
        if (failure != NULL) {
            wv_pg_batch_failure_clear(failure);
            *failure = batch->failure;
            batch->failure = (struct wv_pg_batch_failure){0};
        }
    }
    wv_pg_batch_failure_clear(&batch->failure);
    wv_err_clear(&batch->error);
    wv_err_clear(&batch->later);
    free(batch->value);
    free(batch->queue);
    free(batch);
    return done;
}

void wv_pg_batch_failure_clear(struct wv_pg_batch_failure *failure)
{
    wv_pg_position_clear(&failure->position);
    *failure = (struct wv_pg_batch_failure){0};
}
