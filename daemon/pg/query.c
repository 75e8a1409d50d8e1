/* Single statements and their results; see query.h. Any thread, a connection per thread. Every wait
 * goes through call.c; every answer is read to its end, so that the connection is ready for the
 * next. */
#include <stdlib.h>
#include <string.h>

#include "query.h"

#include "connection.h"

/* What came back: the first error, or the last result with or without rows. */
struct answer {
    PGresult *error;
    PGresult *result;
    bool copy; /* the statement wants to copy from or to the client */
};

static void keep(PGresult **slot, PGresult *result)
{
    PQclear(*slot);
    *slot = result;
}

static void take_result(struct answer *answer, PGresult *result)
{
    switch (PQresultStatus(result)) {
    case PGRES_FATAL_ERROR:
    case PGRES_BAD_RESPONSE:
    case PGRES_NONFATAL_ERROR:
        if (answer->error == NULL)
            answer->error = result;
        else
            PQclear(result);
        return;
    case PGRES_COPY_IN:
    case PGRES_COPY_OUT:
    case PGRES_COPY_BOTH:
        answer->copy = true;
        PQclear(result);
        return;
    case PGRES_SINGLE_TUPLE:
        PQclear(result);
        return;
    case PGRES_EMPTY_QUERY:
    case PGRES_COMMAND_OK:
    case PGRES_TUPLES_OK:
    case PGRES_PIPELINE_SYNC:
    case PGRES_PIPELINE_ABORTED:
        keep(&answer->result, result);
        return;
    }
    PQclear(result);
}

/* Reads one statement's answer to its end. False: the connection is lost, or was given up. */
static bool collect(struct wv_pg_call *call, struct answer *answer)
{
    PGconn *conn = call->pg->conn;
    bool open = true;
    for (;;) {
        while (open && (PQisBusy(conn) || PQflush(conn) == 1)) {
            open = wv_pg_call_read(call);
            if (call->pg->conn == NULL)
                return false;
        }
        PGresult *result = PQgetResult(conn);
        if (result == NULL)
            break;
        take_result(answer, result);
        if (answer->copy || PQstatus(conn) == CONNECTION_BAD)
            break;
    }
    return !answer->copy && PQstatus(conn) == CONNECTION_OK;
}

/* The reason in the order of what is most telling: the server's error, its last words, libpq's. */
static bool lost(struct wv_pg *pg, const struct answer *answer, struct wv_err *err)
{
    if (answer->copy) {
        wv_pg_lost(pg, "COPY from or to the client was begun");
        wv_err_set(err, WV_SQL_ERROR, "COPY from or to the client cannot run in a migration");
        return wv_err_hint(err,
                           "copy from or to a file or a program of the server, or insert rows");
    }
    bool told =
        answer->error != NULL && PQresultErrorField(answer->error, PG_DIAG_SQLSTATE) != NULL;
    if (told && pg->conn != NULL)
        wv_pg_lost(pg, PQresultErrorField(answer->error, PG_DIAG_MESSAGE_PRIMARY));
    wv_pg_lost(pg, NULL);
    wv_pg_lost_error(pg, err);
    if (told)
        strncpy(err->sqlstate, PQresultErrorField(answer->error, PG_DIAG_SQLSTATE),
                sizeof(err->sqlstate) - 1);
    return false;
}

static bool finish(struct wv_pg *pg, const struct wv_pg_wait *wait, struct answer *answer,
                   struct wv_err *err)
{
    struct wv_pg_call call = wv_pg_call_begin(pg, wait);
    bool done = collect(&call, answer);
    if (!done)
        lost(pg, answer, err);
    else if (answer->error != NULL)
        done = wv_pg_result_error(pg, answer->error, call.stopped, err);
    PQclear(answer->error);
    if (!done)
        PQclear(WV_STEAL(answer->result));
    return done;
}

static bool unsent(struct wv_pg *pg, struct wv_err *err)
{
    wv_pg_lost(pg, NULL);
    return wv_pg_lost_error(pg, err);
}

bool wv_pg_exec(struct wv_pg *pg, const char *sql, const struct wv_pg_wait *wait,
                struct wv_err *err)
{
    struct answer answer = {0};
    if (!wv_pg_ready(pg, err))
        return false;
    if (PQsendQuery(pg->conn, sql) != 1)
        return unsent(pg, err);
    bool done = finish(pg, wait, &answer, err);
    PQclear(answer.result);
    return done;
}

static bool send_params(struct wv_pg *pg, const char *sql, size_t count, const char *const *params)
{
    return PQsendQueryParams(pg->conn, sql, (int)count, NULL, params, NULL, NULL, 0) == 1;
}

bool wv_pg_run(struct wv_pg *pg, const char *statement, const struct wv_pg_wait *wait,
               struct wv_err *err)
{
    struct answer answer = {0};
    if (!wv_pg_ready(pg, err))
        return false;
    if (!send_params(pg, statement, 0, NULL))
        return unsent(pg, err);
    (void)PQsetSingleRowMode(pg->conn);
    wv_pg_kept_forget(pg); /* it may be a DISCARD */
    bool done = finish(pg, wait, &answer, err);
    PQclear(answer.result);
    return done;
}

/* Checks the shape of an answer that is a success. */
static bool take_rows(PGresult *rows, int columns, struct wv_pg_result **result, struct wv_err *err)
{
    int got = PQnfields(rows);
    if (rows == NULL || got != columns) {
        PQclear(rows);
        return wv_err_set(err, WV_INTERNAL, "a query answered with %d columns instead of %d", got,
                          columns);
    }
    if (result == NULL) {
        PQclear(rows);
        return true;
    }
    *result = wv_xcalloc(1, sizeof(**result));
    (*result)->result = rows;
    return true;
}

bool wv_pg_query(struct wv_pg *pg, const char *sql, size_t param_count, const char *const *params,
                 int columns, struct wv_pg_result **result, const struct wv_pg_wait *wait,
                 struct wv_err *err)
{
    struct answer answer = {0};
    if (!wv_pg_ready(pg, err))
        return false;
    if (!send_params(pg, sql, param_count, params))
        return unsent(pg, err);
    return finish(pg, wait, &answer, err) && take_rows(answer.result, columns, result, err);
}

static bool prepare(struct wv_pg *pg, const char *sql, struct wv_pg_kept_name *name,
                    const struct wv_pg_wait *wait, struct wv_err *err)
{
    struct answer answer = {0};
    if (wv_pg_kept_find(pg, sql, name))
        return true;
    *name = wv_pg_kept_name(pg);
    if (PQsendPrepare(pg->conn, name->text, sql, 0, NULL) != 1)
        return unsent(pg, err);
    if (!finish(pg, wait, &answer, err))
        return false;
    PQclear(answer.result);
    wv_pg_kept_add(pg, sql, name);
    return true;
}

bool wv_pg_query_kept(struct wv_pg *pg, const char *sql, size_t param_count,
                      const char *const *params, int columns, struct wv_pg_result **result,
                      const struct wv_pg_wait *wait, struct wv_err *err)
{
    for (int tries = 1;; tries++) {
        struct answer answer = {0};
        struct wv_pg_kept_name name;
        if (!wv_pg_ready(pg, err) || !prepare(pg, sql, &name, wait, err))
            return false;
        if (PQsendQueryPrepared(pg->conn, name.text, (int)param_count, params, NULL, NULL, 0) != 1)
            return unsent(pg, err);
        if (finish(pg, wait, &answer, err))
            return take_rows(answer.result, columns, result, err);
        /* Somebody dropped it, or its columns have other types by now: prepare it anew. */
        bool stale = strcmp(err->sqlstate, "26000") == 0 || strcmp(err->sqlstate, "0A000") == 0;
        if (!stale || tries > 1)
            return false;
        wv_err_clear(err);
        wv_pg_kept_forget(pg);
    }
}

bool wv_pg_query_row(struct wv_pg *pg, const char *sql, size_t param_count,
                     const char *const *params, int columns, struct wv_pg_result **result,
                     const struct wv_pg_wait *wait, struct wv_err *err)
{
    struct wv_pg_result *got WV_AUTORESULT = NULL;
    if (!wv_pg_query(pg, sql, param_count, params, columns, &got, wait, err))
        return false;
    if (wv_pg_rows(got) != 1)
        return wv_err_set(err, WV_INTERNAL, "a query answered with %zu rows instead of one",
                          wv_pg_rows(got));
    if (result != NULL)
        *result = WV_STEAL(got);
    return true;
}

void wv_pg_rollback(struct wv_pg *pg)
{
    struct wv_pg_wait wait = wv_pg_wait_ms(5000);
    /* A cancel that was sent late may still hit the first try. */
    for (int tries = 0; tries < 3 && wv_pg_transaction_status(pg) != WV_PG_TX_IDLE; tries++) {
        struct wv_err ignored WV_AUTOERR = {0};
        if (!wv_pg_exec(pg, "ROLLBACK", &wait, &ignored) && pg->conn == NULL)
            return;
    }
    if (wv_pg_transaction_status(pg) != WV_PG_TX_IDLE)
        wv_pg_lost(pg, "an open transaction could not be rolled back");
}

const struct wv_pg_position *wv_pg_last_position(const struct wv_pg *pg)
{
    return &pg->position;
}
