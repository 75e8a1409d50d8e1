/* verify: which applied revisions are not what the files say. Watcher thread. */
#ifndef WV_VERIFY_H
#define WV_VERIFY_H

#include "compare.h"

/* Fills `verdict` (all zero before). */
bool wv_verify(struct wv_verdict *verdict, struct wv_project *project, bool with_diff,
               struct wv_ledger *ledger, struct wv_pg *pg, const struct wv_pg_wait *wait,
               struct wv_err *err) WV_MUST_CHECK;

/* A page of the history that fits the filter. */
bool wv_read_log(struct wv_log_page *page, const struct wv_log_filter *filter,
                 struct wv_ledger *ledger, struct wv_pg *pg, const struct wv_pg_wait *wait,
                 struct wv_err *err) WV_MUST_CHECK;

#endif
