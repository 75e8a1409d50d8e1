/* Accepting edited files: what they say now takes the place of what the ledger has. */
#ifndef WV_LEDGER_ACCEPT_H
#define WV_LEDGER_ACCEPT_H

#include "ledger_step.h"

/* One revision's new record. Borrowed. */
struct wv_ledger_acceptance {
    struct wv_ledger_record record;
    bool recorded;    /* the ledger has one; else it is made, marked as stamped */
    const char *text; /* for the history */
};

/* All in one durable transaction, each with its history row of kind repair. When and by whom they
 * were applied stays. WV_NOT_LEADER; WV_TRANSACTION_BROKEN when a record that should be there is
 * not; query errors. */
bool wv_ledger_accept(const struct wv_ledger *ledger, struct wv_pg *pg,
                      const struct wv_ledger_job *job, const struct wv_ledger_acceptance *items,
                      size_t count, int64_t lock_timeout, const struct wv_pg_wait *wait,
                      struct wv_err *err) WV_MUST_CHECK;

#endif
