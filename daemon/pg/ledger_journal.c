/* See ledger_journal.h. Each call is one durable transaction. The migrator's thread. */
#include "ledger_journal.h"

#include "batch_expect.h"
#include "ledger_internal.h"
#include "query.h"

bool wv_ledger_journal_intend(const struct wv_ledger *ledger, struct wv_pg *pg,
                              const struct wv_ledger_job *job,
                              const struct wv_ledger_intent *intent, const struct wv_pg_wait *wait,
                              struct wv_err *err)
{
    char *sql WV_AUTOFREE =
        wv_xasprintf("SELECT %s.journal_intend($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
                     ledger->schema);
    struct wv_ledger_number token = wv_ledger_number(job->token);
    struct wv_ledger_number id = wv_ledger_number((int64_t)job->id);
    struct wv_ledger_number statement = wv_ledger_number(intent->statement);
    struct wv_ledger_number total = wv_ledger_number(intent->total);
    struct wv_ledger_number line = wv_ledger_number(intent->line);
    const char *params[] = {
        ledger->project,  token.text,       id.text,
        intent->revision, intent->checksum, intent->up ? "t" : "f",
        statement.text,   total.text,       intent->file != NULL ? intent->file : "",
        line.text,        intent->text,     intent->atomic ? "t" : "f",
    };
    return wv_ledger_alone(pg, sql, 12, params, wait, err);
}

/* Its parameters: the project, the state, the error. */
static char *outcome_sql(const struct wv_ledger *ledger)
{
    return wv_xasprintf("WITH written AS (UPDATE %s.journal SET state = $2, error = $3"
                        " WHERE project = $1 RETURNING 1)"
                        " SELECT %s.commit_durably(), %s.expect_rows("
                        "(SELECT count(*) FROM written), 1, 'of the journal')",
                        ledger->schema, ledger->schema, ledger->schema);
}

bool wv_ledger_journal_commit(const struct wv_ledger *ledger, struct wv_pg *pg,
                              const struct wv_pg_wait *wait, struct wv_err *err)
{
    char *sql WV_AUTOFREE = outcome_sql(ledger);
    const char *params[] = {ledger->project, "done", NULL};
    return wv_ledger_last(pg, sql, 3, params, wait, err);
}

bool wv_ledger_journal_outcome(const struct wv_ledger *ledger, struct wv_pg *pg,
                               const struct wv_err *error, const struct wv_pg_wait *wait,
                               struct wv_err *err)
{
    char *sql WV_AUTOFREE = outcome_sql(ledger);
    const char *params[] = {ledger->project, error == NULL ? "done" : "failed",
                            error == NULL ? NULL : error->message};
    return wv_ledger_alone(pg, sql, 3, params, wait, err);
}

static bool queue_finish(const struct wv_ledger *ledger, struct wv_pg_batch *batch,
                         const struct wv_ledger_job *job, const struct wv_ledger_step *step,
                         int64_t took_us)
{
    struct wv_ledger_note note = {
        .kind = step->kind, .revision = step->record.id, .outcome = "done", .took_us = took_us};
    struct wv_ledger_note_sql call;
    wv_ledger_note_sql(ledger, job, &note, &call);
    char *sql WV_AUTOFREE = call.sql;
    char *forget WV_AUTOFREE =
        wv_xasprintf("DELETE FROM %s.journal WHERE project = $1", ledger->schema);
    const char *params[] = {ledger->project};
    return wv_ledger_queue_begin(ledger, batch, job, step, true) &&
           wv_pg_batch_add_expect(batch, WV_LEDGER_TAG, forget, 1, params, "DELETE 1",
                                  WV_PG_FLUSH_LATER) &&
           wv_ledger_queue_rows(ledger, batch, step->remove_rows, step->add_rows) &&
           wv_ledger_queue_revision(ledger, batch, job, step) &&
           wv_pg_batch_add_expect(batch, WV_LEDGER_TAG, sql, WV_LEDGER_NOTE_PARAMS, call.params,
                                  NULL, WV_PG_FLUSH_LATER) &&
           wv_ledger_queue_commit(batch);
}

bool wv_ledger_journal_finish(const struct wv_ledger *ledger, struct wv_pg *pg,
                              const struct wv_ledger_job *job, const struct wv_ledger_step *step,
                              int64_t took_us, const struct wv_pg_wait *wait, struct wv_err *err)
{
    struct wv_ledger_step alone = *step;
    struct wv_pg_batch *batch = NULL;
    alone.first = true;
    alone.last = true;
    if (!wv_pg_batch_begin(&batch, pg, &(struct wv_pg_batch_options){0}, wait, err))
        return false;
    /* What could not be queued is told by the end of the batch. */
    (void)!queue_finish(ledger, batch, job, &alone, took_us);
    return wv_pg_batch_end(batch, NULL, err);
}

bool wv_ledger_journal_repair(const struct wv_ledger *ledger, struct wv_pg *pg,
                              const struct wv_ledger_job *job, enum wv_ledger_repair choice,
                              const struct wv_pg_wait *wait, struct wv_err *err)
{
    static const char *const words[] = {
        [WV_LEDGER_TAKE_AS_DONE] = "done",
        [WV_LEDGER_RUN_AGAIN] = "again",
        [WV_LEDGER_ABANDON] = "abandon",
    };
    char *sql WV_AUTOFREE = wv_xasprintf(
        "SELECT %s.journal_repair($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)", ledger->schema);
    struct wv_ledger_number token = wv_ledger_number(job->token);
    struct wv_ledger_number id = wv_ledger_number((int64_t)job->id);
    struct wv_ledger_number uid = wv_ledger_number(job->uid);
    struct wv_ledger_number pid = wv_ledger_number(job->pid);
    const char *params[] = {ledger->project, token.text, id.text,  words[choice],
                            job->user,       uid.text,   pid.text, ledger->host,
                            WV_VERSION,      job->tag,   job->unit};
    return wv_ledger_alone(pg, sql, 11, params, wait, err);
}
