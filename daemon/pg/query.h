/* Single statements: each call states the shape of the answer that it expects and waits for it.
 *
 * Errors of all of them: WV_SQL_ERROR with SQLSTATE, detail, hint and context (the server's); 55P03
 * as WV_LOCK_TIMEOUT; WV_CONNECTION_LOST; WV_CANCELLED when the wait was interrupted (the statement
 * is cancelled in the server and drained first); WV_TIMED_OUT when the wait's deadline passed,
 * likewise. After an error inside a transaction block the block is still open: send ROLLBACK. */
#ifndef WV_QUERY_H
#define WV_QUERY_H

#include "pg.h"
#include "place.h"
#include "strlist.h"

/* Runs SQL of our own, one statement or several (simple protocol: several form one implicit
 * transaction). Rows are thrown away. */
bool wv_pg_exec(struct wv_pg *pg, const char *sql, const struct wv_pg_wait *wait,
                struct wv_err *err) WV_MUST_CHECK;

/* Runs exactly one statement of a user, of any kind; rows are thrown away as they come, so their
 * number does not matter. Outside a transaction block it runs alone, as CREATE INDEX CONCURRENTLY
 * and VACUUM want it. COPY from or to the client is refused (WV_SQL_ERROR; the connection is dead
 * then). */
bool wv_pg_run(struct wv_pg *pg, const char *statement, const struct wv_pg_wait *wait,
               struct wv_err *err) WV_MUST_CHECK;

/* Runs one statement with text parameters (NULL is SQL NULL) that answers with `columns` columns
 * (0: no rows); anything else is WV_INTERNAL. `*result` is the caller's; NULL `result`: not wanted.
 */
bool wv_pg_query(struct wv_pg *pg, const char *sql, size_t param_count, const char *const *params,
                 int columns, struct wv_pg_result **result, const struct wv_pg_wait *wait,
                 struct wv_err *err) WV_MUST_CHECK;

/* The same for a statement of our own that is asked again and again: the server keeps it prepared,
 * which spares it the planning. Not inside a transaction block. */
bool wv_pg_query_kept(struct wv_pg *pg, const char *sql, size_t param_count,
                      const char *const *params, int columns, struct wv_pg_result **result,
                      const struct wv_pg_wait *wait, struct wv_err *err) WV_MUST_CHECK;

/* The same as wv_pg_query() when exactly one row has to come. */
bool wv_pg_query_row(struct wv_pg *pg, const char *sql, size_t param_count,
                     const char *const *params, int columns, struct wv_pg_result **result,
                     const struct wv_pg_wait *wait, struct wv_err *err) WV_MUST_CHECK;

size_t wv_pg_rows(const struct wv_pg_result *result);
/* Rows that the statement changed ("UPDATE 3"); 0 when it does not tell. */
int64_t wv_pg_affected(const struct wv_pg_result *result);
/* The name of a column, borrowed. */
const char *wv_pg_column(const struct wv_pg_result *result, int column);
/* The value as text, borrowed; NULL is SQL NULL. */
const char *wv_pg_value(const struct wv_pg_result *result, size_t row, int column);
/* The value as text, "" for SQL NULL; as a number, 0 for SQL NULL; as a boolean. */
const char *wv_pg_text(const struct wv_pg_result *result, size_t row, int column);
int64_t wv_pg_int(const struct wv_pg_result *result, size_t row, int column);
bool wv_pg_bool(const struct wv_pg_result *result, size_t row, int column);
void wv_pg_result_free(struct wv_pg_result *result);

void wv_pg_result_cleanup(struct wv_pg_result **result);
#define WV_AUTORESULT __attribute__((cleanup(wv_pg_result_cleanup)))

/* The session's own settings again, whatever a migration did to them: RESET ALL, the role, and what
 * wv_pg_connect() sets; prepared statements are dropped. Not inside a transaction block. */
bool wv_pg_reset_session(struct wv_pg *pg, const struct wv_pg_wait *wait,
                         struct wv_err *err) WV_MUST_CHECK;

/* lock_timeout and statement_timeout of the session in milliseconds, 0 none: for statements outside
 * a transaction. wv_pg_reset_session() restores the session's own: five seconds and none. */
#define WV_PG_LOCK_TIMEOUT "5000"

bool wv_pg_set_limits(struct wv_pg *pg, int64_t lock_timeout, int64_t statement_timeout,
                      const struct wv_pg_wait *wait, struct wv_err *err) WV_MUST_CHECK;

/* Begins a transaction of a step or of the ledger, whatever the session's defaults are: a statement
 * that has waited for its lock sees what was committed until then. */
#define WV_PG_BEGIN "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"

/* Where the last failed statement went wrong, as the server told; borrowed until the next call. */
const struct wv_pg_position *wv_pg_last_position(const struct wv_pg *pg);

/* The array literal of these strings, to be sent as a text parameter and cast: $1::text[]. */
char *wv_pg_array(const struct wv_strlist *list);
/* Reads a one-dimensional array in PostgreSQL's text form; elements that are NULL are left out. */
void wv_pg_array_parse(const char *text, struct wv_strlist *list);

#endif
