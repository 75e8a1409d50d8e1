/* A job that holds the project's lock while its client runs a command of its own: another tool's
 * migrations. The session that has the lock is asked about it each second, and each answer renews
 * what the client may trust; when none comes the lock is lost, and the client is told before
 * anything else is done. Migrator thread. */
#ifndef WV_HOLD_H
#define WV_HOLD_H

#include "story.h"

/* Leader. Returns when the client has said how the command ended or has gone, or when it has been
 * waited for long enough after a cancel or after the loss of the lock. True: the command ended
 * well. WV_COMMAND_FAILED, WV_CANCELLED; WV_CONNECTION_LOST: the lock was lost, also
 * when that is found out only after the command has ended; the connection is closed. What became of
 * it is in the history unless the lock was lost. */
bool wv_hold_run(struct wv_story *story, struct wv_err *err) WV_MUST_CHECK;

/* Writes how it ended into the history once the database is back. */
bool wv_hold_record_late(const struct wv_run *run, const struct wv_job *job,
                         const struct wv_ledger_job *ledger_job,
                         const struct wv_job_result *result) WV_MUST_CHECK;

#endif
