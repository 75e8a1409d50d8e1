/* The history row of a command that ran while this daemon held the lock for it. */
#ifndef WV_LEDGER_COMMAND_H
#define WV_LEDGER_COMMAND_H

#include "ledger_step.h"

/* Borrowed. */
struct wv_ledger_command {
    const char *program;
    const char *outcome; /* "done", "failed", "cancelled" */
    const char *text;    /* how it ended */
    int64_t took_us;     /* for how long the lock was held */
};

/* In a synchronous transaction of its own. Needs no lead: it tells of the past. */
bool wv_ledger_record_command(const struct wv_ledger *ledger, struct wv_pg *pg,
                              const struct wv_ledger_job *job,
                              const struct wv_ledger_command *command,
                              const struct wv_pg_wait *wait, struct wv_err *err) WV_MUST_CHECK;

#endif
