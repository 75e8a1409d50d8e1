/* What only the ledger asks of a batch. */
#ifndef WV_BATCH_EXPECT_H
#define WV_BATCH_EXPECT_H

#include "batch.h"

/* As wv_pg_batch_add(), for statements of our own; the server must answer with the command tag
 * `expect` (static; NULL: any), else the batch fails with WV_TRANSACTION_BROKEN. */
bool wv_pg_batch_add_expect(struct wv_pg_batch *batch, int tag, const char *sql, size_t param_count,
                            const char *const *params, const char *expect,
                            enum wv_pg_flush flush) WV_MUST_CHECK;

/* As wv_pg_batch_add(), for statements of our own that come with each step: the server keeps them
 * prepared. */
bool wv_pg_batch_add_kept(struct wv_pg_batch *batch, int tag, const char *sql, size_t param_count,
                          const char *const *params) WV_MUST_CHECK;

/* Queues what makes us the connection's own user again, when a statement of the caller may have
 * changed that. For the end of a step, before our own tables are written. */
bool wv_pg_batch_own_role(struct wv_pg_batch *batch) WV_MUST_CHECK;
/* The same for all settings of the session, for the beginning of a transaction. */
bool wv_pg_batch_own_session(struct wv_pg_batch *batch) WV_MUST_CHECK;

#endif
