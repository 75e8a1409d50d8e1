/* The journal of a step that runs outside a transaction, one statement after the other: the intent
 * is durable before each statement, its outcome after it. What it says after a crash is in
 * wv_ledger_look.interrupted. There is at most one such step per project. */
#ifndef WV_LEDGER_JOURNAL_H
#define WV_LEDGER_JOURNAL_H

#include "ledger_step.h"

struct wv_ledger_intent {
    const char *revision;
    const char *checksum; /* of the revision, may be NULL */
    bool up;
    int statement; /* 1-based */
    int total;
    const char *file; /* may be NULL */
    int line;
    const char *text; /* the statement, whole */
    bool atomic;      /* wv_ledger_journal_commit() ends its transaction */
};

/* Records that `intent->statement` is about to run. Also checks the leader's token (WV_NOT_LEADER)
 * and that no other step is open (WV_STEP_INTERRUPTED). Commits synchronously. */
bool wv_ledger_journal_intend(const struct wv_ledger *ledger, struct wv_pg *pg,
                              const struct wv_ledger_job *job,
                              const struct wv_ledger_intent *intent, const struct wv_pg_wait *wait,
                              struct wv_err *err) WV_MUST_CHECK;
/* Records how it ended: `error` NULL is success. */
bool wv_ledger_journal_outcome(const struct wv_ledger *ledger, struct wv_pg *pg,
                               const struct wv_err *error, const struct wv_pg_wait *wait,
                               struct wv_err *err) WV_MUST_CHECK;
/* The same of success in the transaction of the statement, which it commits: neither is there
 * without the other. */
bool wv_ledger_journal_commit(const struct wv_ledger *ledger, struct wv_pg *pg,
                              const struct wv_pg_wait *wait, struct wv_err *err) WV_MUST_CHECK;
/* The last statement is done: version rows, revision, history and the end of the journal, in one
 * synchronous transaction. Errors as ledger_step.h. `took_us` is the duration of the whole step. */
bool wv_ledger_journal_finish(const struct wv_ledger *ledger, struct wv_pg *pg,
                              const struct wv_ledger_job *job, const struct wv_ledger_step *step,
                              int64_t took_us, const struct wv_pg_wait *wait,
                              struct wv_err *err) WV_MUST_CHECK;
/* Repair: the statement under way is taken as done (the step goes on with the next one), is to run
 * again (the journal says from then on that the one before it is done; it forgets the step when
 * there is none before), or the step is given up (the journal forgets it). Each writes a history
 * row of kind "repair". WV_NOTHING_TO_REPAIR when no step is open. */
enum wv_ledger_repair { WV_LEDGER_TAKE_AS_DONE, WV_LEDGER_RUN_AGAIN, WV_LEDGER_ABANDON };

bool wv_ledger_journal_repair(const struct wv_ledger *ledger, struct wv_pg *pg,
                              const struct wv_ledger_job *job, enum wv_ledger_repair choice,
                              const struct wv_pg_wait *wait, struct wv_err *err) WV_MUST_CHECK;

#endif
