/* One look at the database for those who ask from outside: the ledger, who leads, and the revisions
 * that the files do not have. Watcher thread. */
#ifndef WV_LOOK_H
#define WV_LOOK_H

#include "advisory.h"
#include "ledger.h"
#include "message.h"

/* Fills `state` (all zero before). With `project` (may be NULL), applied revisions that it does not
 * have are read from the ledger. On failure `state` is left all zero. */
bool wv_look(struct wv_ledger *ledger, struct wv_pg *pg, int64_t lock_key,
             const struct wv_project *project, struct wv_db_state *state,
             const struct wv_pg_wait *wait, struct wv_err *err) WV_MUST_CHECK;

#endif
