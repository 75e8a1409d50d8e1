/* See ledger_command.h. The migrator's thread. */
#include "ledger_command.h"

#include "ledger_internal.h"

bool wv_ledger_record_command(const struct wv_ledger *ledger, struct wv_pg *pg,
                              const struct wv_ledger_job *job,
                              const struct wv_ledger_command *command,
                              const struct wv_pg_wait *wait, struct wv_err *err)
{
    char *sql WV_AUTOFREE = wv_xasprintf("SELECT %s.record_command($1, $2, $3, $4, $5, $6, $7, $8,"
                                         " $9, $10, $11, $12, $13, $14)",
                                         ledger->schema);
    struct wv_ledger_number token = wv_ledger_number(job->token);
    struct wv_ledger_number id = wv_ledger_number((int64_t)job->id);
    struct wv_ledger_number took = wv_ledger_number(command->took_us);
    struct wv_ledger_number uid = wv_ledger_number(job->uid);
    struct wv_ledger_number pid = wv_ledger_number(job->pid);
    const char *params[] = {ledger->project,  token.text, id.text,       command->program,
                            command->outcome, took.text,  command->text, job->user,
                            uid.text,         pid.text,   ledger->host,  WV_VERSION,
                            job->tag,         job->unit};
    return wv_ledger_alone(pg, sql, 14, params, wait, err);
}
