/* What tests beside a real PostgreSQL share: connections to the cluster of the environment (PGHOST
 * ...), and asserts that print the error. */
#ifndef WV_PG_RIG_H
#define WV_PG_RIG_H

#include "query.h"

/* Ten seconds from now, not interruptible. */
struct wv_pg_wait soon(void);
/* Fails the test unless `done`; prints the error. */
void assert_done(bool done, const struct wv_err *err);
/* Fails the test unless the call failed with this code; clears the error. */
void assert_error(bool done, struct wv_err *err, enum wv_err_code code);

struct wv_pg *connected(void);
void run(struct wv_pg *pg, const char *sql);
/* The only value of a query with one row and one column; the caller's own, NULL is SQL NULL. */
char *value_of(struct wv_pg *pg, const char *sql);
int64_t number_of(struct wv_pg *pg, const char *sql);
/* Polls until the query gives "t"; fails the test after ten seconds. */
void wait_until(struct wv_pg *pg, const char *sql);

/* Another thread that does one thing once `condition` is true for a connection of its own. */
struct helper;
struct helper *helper_start(const char *condition, const char *sql, int wake_fd);
void helper_join(struct helper *helper);

#endif
