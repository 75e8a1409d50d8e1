/* See ledger_step.h. What is queued around a step's statements; the checks themselves are functions
 * in ledger/001_tables.sql and its followers, so that a failed check stops the transaction in the
 * server, before its COMMIT. The migrator's thread. */
#include "ledger_step.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "batch_expect.h"
#include "ledger_internal.h"
#include "query.h"

const char *wv_ledger_kind_word(enum wv_ledger_kind kind)
{
    switch (kind) {
    case WV_LEDGER_UP:
        return "up";
    case WV_LEDGER_DOWN:
        return "down";
    case WV_LEDGER_STAMP:
        return "stamp";
    case WV_LEDGER_REPAIR:
        return "repair";
    case WV_LEDGER_ADOPT:
        return "adopt";
    }
    return "";
}

static bool add(struct wv_pg_batch *batch, const char *sql, size_t count, const char *const *params)
{
    return wv_pg_batch_add_kept(batch, WV_LEDGER_TAG, sql, count, params);
}

static bool add_once(struct wv_pg_batch *batch, const char *sql, size_t count,
                     const char *const *params)
{
    return wv_pg_batch_add_expect(batch, WV_LEDGER_TAG, sql, count, params, NULL,
                                  WV_PG_FLUSH_LATER);
}

/* Within one transaction the tables of the ledger grow with each step, and the plans that were made
 * when they were small read them whole. */
static bool forget_plans(struct wv_pg_batch *batch, size_t step)
{
    enum { STEPS = 256 };
    return step % STEPS != 0 || add_once(batch, "DISCARD PLANS", 0, NULL);
}

bool wv_ledger_queue_begin(const struct wv_ledger *ledger, struct wv_pg_batch *batch,
                           const struct wv_ledger_job *job, const struct wv_ledger_step *step,
                           bool open)
{
    char *sql WV_AUTOFREE =
        wv_xasprintf("SELECT %s.begin_step($1, $2, $3, $4, $5, $6, $7, $8)", ledger->schema);
    struct wv_ledger_number token = wv_ledger_number(job->token);
    struct wv_ledger_number id = wv_ledger_number((int64_t)job->id);
    struct wv_ledger_number number = wv_ledger_number((int64_t)step->number);
    struct wv_ledger_number lock = wv_ledger_number(step->lock_timeout);
    struct wv_ledger_number statement = wv_ledger_number(step->statement_timeout);
    const char *params[] = {
        ledger->project,         token.text, id.text,        number.text,
        step->first ? "t" : "f", lock.text,  statement.text, step->last ? "f" : "t"};
    if (open && (!wv_pg_batch_add_expect(batch, WV_LEDGER_TAG, WV_PG_BEGIN, 0, NULL, "BEGIN",
                                         WV_PG_FLUSH_LATER) ||
                 !wv_pg_batch_own_session(batch)))
        return false;
    return (open || forget_plans(batch, step->number)) && add(batch, sql, 8, params);
}

/* One row of the version table becomes another, which is nearly every step. MOVED takes the
 * ledger's schema. */
#define MOVE(from, to) "UPDATE %s SET version_num = " to " WHERE version_num = " from " RETURNING 1"
#define MOVED(from)                                                                                \
    "%s.expect_rows((SELECT pg_catalog.count(*) FROM moved), 1, 'to move from ' || " from ")"

static bool is_one_row(const struct wv_strlist *remove, const struct wv_strlist *add_rows)
{
    return remove != NULL && remove->count == 1 && add_rows != NULL && add_rows->count == 1;
}

static bool move_row(const struct wv_ledger *ledger, struct wv_pg_batch *batch, const char *from,
                     const char *to)
{
    char *table WV_AUTOFREE = wv_ledger_table(ledger, NULL);
    char *sql WV_AUTOFREE = wv_xasprintf("WITH moved AS (" MOVE("$1", "$2") ") SELECT " MOVED("$1"),
                                         table, ledger->schema);
    const char *params[] = {from, to};
    return add(batch, sql, 2, params);
}

/* `what`: 'DELETE' with its words, or 'INSERT'; both count the rows that they found or made. */
static bool change_rows(const struct wv_ledger *ledger, struct wv_pg_batch *batch,
                        const struct wv_strlist *rows, bool remove)
{
    if (rows == NULL || rows->count == 0)
        return true;
    char *table WV_AUTOFREE = wv_ledger_table(ledger, NULL);
    char *change WV_AUTOFREE =
        remove ? wv_xasprintf("DELETE FROM %s WHERE version_num = ANY ($1::text[])", table)
               : wv_xasprintf("INSERT INTO %s (version_num) SELECT pg_catalog.unnest($1::text[])"
                              " ON CONFLICT DO NOTHING",
                              table);
    char *sql WV_AUTOFREE =
        wv_xasprintf("WITH changed AS (%s RETURNING 1) SELECT %s.expect_rows("
                     "(SELECT count(*) FROM changed), pg_catalog.cardinality($1::text[]), '%s ' ||"
                     " pg_catalog.array_to_string($1::text[], ', '))",
                     change, ledger->schema, remove ? "to remove:" : "to add:");
    char *list WV_AUTOFREE = wv_pg_array(rows);
    const char *params[] = {list};
    return add(batch, sql, 1, params);
}

bool wv_ledger_queue_rows(const struct wv_ledger *ledger, struct wv_pg_batch *batch,
                          const struct wv_strlist *remove, const struct wv_strlist *add_rows)
{
    if (is_one_row(remove, add_rows))
        return move_row(ledger, batch, remove->items[0], add_rows->items[0]);
    return change_rows(ledger, batch, remove, true) && change_rows(ledger, batch, add_rows, false);
}

enum { RECORD_PARAMS = 11, END_PARAMS = 14 };

/* Parameters of record_revision(). */
struct record_values {
    char *lists[3];
    const char *params[RECORD_PARAMS];
};

static void record_values(struct record_values *values, const struct wv_ledger *ledger,
                          const struct wv_ledger_job *job, const struct wv_ledger_record *record,
                          bool stamped)
{
    static const struct wv_strlist none;
    const struct wv_strlist *lists[] = {record->down, record->depends_on, record->labels};
    for (size_t i = 0; i < 3; i++)
        values->lists[i] = wv_pg_array(lists[i] != NULL ? lists[i] : &none);
    const char *params[RECORD_PARAMS] = {
        ledger->project,  record->id,          values->lists[0], values->lists[1],
        values->lists[2], record->message,     record->checksum, record->up_sql,
        record->down_sql, stamped ? "t" : "f", job->user,
    };
    memcpy(values->params, params, sizeof(params));
}

static void free_record_values(struct record_values *values)
{
    for (size_t i = 0; i < 3; i++)
        free(values->lists[i]);
}

static bool record(const struct wv_ledger *ledger, struct wv_pg_batch *batch,
                   const struct wv_ledger_job *job, const struct wv_ledger_record *record,
                   bool stamped)
{
    char *sql WV_AUTOFREE = wv_xasprintf(
        "SELECT %s.record_revision($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)", ledger->schema);
    struct record_values values;
    record_values(&values, ledger, job, record, stamped);
    bool added = add(batch, sql, RECORD_PARAMS, values.params);
    free_record_values(&values);
    return added;
}

bool wv_ledger_queue_record(const struct wv_ledger *ledger, struct wv_pg_batch *batch,
                            const struct wv_ledger_job *job,
                            const struct wv_ledger_record *revision)
{
    return record(ledger, batch, job, revision, true);
}

bool wv_ledger_queue_forget(const struct wv_ledger *ledger, struct wv_pg_batch *batch,
                            const char *revision)
{
    char *sql WV_AUTOFREE =
        wv_xasprintf("DELETE FROM %s.revision WHERE project = $1 AND id = $2", ledger->schema);
    const char *params[] = {ledger->project, revision};
    return add(batch, sql, 2, params);
}

bool wv_ledger_queue_purge(const struct wv_ledger *ledger, struct wv_pg_batch *batch)
{
    char *table WV_AUTOFREE = wv_ledger_table(ledger, NULL);
    char *rows WV_AUTOFREE = wv_xasprintf("DELETE FROM %s", table);
    char *revisions WV_AUTOFREE =
        wv_xasprintf("DELETE FROM %s.revision WHERE project = $1", ledger->schema);
    const char *params[] = {ledger->project};
    return add(batch, rows, 0, NULL) && add(batch, revisions, 1, params);
}

bool wv_ledger_queue_revision(const struct wv_ledger *ledger, struct wv_pg_batch *batch,
                              const struct wv_ledger_job *job, const struct wv_ledger_step *step)
{
    if (step->kind == WV_LEDGER_UP)
        return record(ledger, batch, job, &step->record, false);
    if (step->kind == WV_LEDGER_DOWN)
        return wv_ledger_queue_forget(ledger, batch, step->record.id);
    return true;
}

bool wv_ledger_queue_commit(struct wv_pg_batch *batch)
{
    return wv_pg_batch_add_expect(batch, WV_LEDGER_COMMIT_TAG, "COMMIT", 0, NULL, "COMMIT",
                                  WV_PG_FLUSH_LATER) &&
           wv_pg_batch_sync(batch);
}

static bool run_and_commit(struct wv_pg *pg, const char *begin, const char *sql, size_t param_count,
                           const char *const *params, const struct wv_pg_wait *wait,
                           struct wv_err *err)
{
    static const char *const own[] = {
        "SET LOCAL SESSION AUTHORIZATION DEFAULT",
        "SET LOCAL ROLE NONE",
        "SET LOCAL lock_timeout = " WV_PG_LOCK_TIMEOUT,
        "SET LOCAL statement_timeout = 0",
    };
    struct wv_pg_batch *batch = NULL;
    if (!wv_pg_batch_begin(&batch, pg, &(struct wv_pg_batch_options){0}, wait, err))
        return false;
    bool queued = begin == NULL || add_once(batch, begin, 0, NULL);
    for (size_t i = 0; i < sizeof(own) / sizeof(own[0]) && queued; i++)
        queued = add_once(batch, own[i], 0, NULL);
    /* What could not be queued is told by the end of the batch. */
    (void)!(queued && add_once(batch, sql, param_count, params) && wv_ledger_queue_commit(batch));
    return wv_pg_batch_end(batch, NULL, err);
}

bool wv_ledger_alone(struct wv_pg *pg, const char *sql, size_t param_count,
                     const char *const *params, const struct wv_pg_wait *wait, struct wv_err *err)
{
    return run_and_commit(pg, WV_PG_BEGIN, sql, param_count, params, wait, err);
}

bool wv_ledger_last(struct wv_pg *pg, const char *sql, size_t param_count,
                    const char *const *params, const struct wv_pg_wait *wait, struct wv_err *err)
{
    return run_and_commit(pg, NULL, sql, param_count, params, wait, err);
}

/* Parameters of end_step(). */
struct end_values {
    struct wv_ledger_number numbers[5];
    const char *params[END_PARAMS];
};

static void end_values(struct end_values *values, const struct wv_ledger *ledger,
                       const struct wv_ledger_job *job, const struct wv_ledger_step *step)
{
    const int64_t numbers[] = {job->token, (int64_t)job->id, (int64_t)step->number, job->uid,
                               job->pid};
    for (size_t i = 0; i < 5; i++)
        values->numbers[i] = wv_ledger_number(numbers[i]);
    const char *params[END_PARAMS] = {
        ledger->project,
        values->numbers[0].text,
        values->numbers[1].text,
        values->numbers[2].text,
        step->record.id,
        wv_ledger_kind_word(step->kind),
        job->user,
        values->numbers[3].text,
        values->numbers[4].text,
        ledger->host,
        WV_VERSION,
        job->tag,
        step->last ? "t" : "f",
        job->unit,
    };
    memcpy(values->params, params, sizeof(params));
}

#define END_STEP "%s.end_step($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"

/* The parts of nearly every step's end are one statement: the guard, one row of the version table
 * against another, the revision. Selected in this order: the guard fails first. */
static bool end_up(const struct wv_ledger *ledger, struct wv_pg_batch *batch,
                   const struct wv_ledger_job *job, const struct wv_ledger_step *step)
{
    const char *schema = ledger->schema;
    char *table WV_AUTOFREE = wv_ledger_table(ledger, NULL);
    char *sql WV_AUTOFREE = wv_xasprintf(
        "WITH moved AS (" MOVE("$24", "$25") ") SELECT " END_STEP ", " MOVED(
            "$24") ", %s.record_revision($1, $5, $15, $16, $17, $18, $19, $20, $21, $22, $23)",
        table, schema, schema, schema);
    const char *params[END_PARAMS + RECORD_PARAMS];
    struct end_values end;
    end_values(&end, ledger, job, step);
    struct record_values revision;
    record_values(&revision, ledger, job, &step->record, false);
    memcpy(params, end.params, sizeof(end.params));
    /* The project and the id are there already. */
    memcpy(params + END_PARAMS, revision.params + 2, (RECORD_PARAMS - 2) * sizeof(params[0]));
    params[END_PARAMS + RECORD_PARAMS - 2] = step->remove_rows->items[0];
    params[END_PARAMS + RECORD_PARAMS - 1] = step->add_rows->items[0];
    bool added = add(batch, sql, END_PARAMS + RECORD_PARAMS, params);
    free_record_values(&revision);
    return added;
}

static bool end_down(const struct wv_ledger *ledger, struct wv_pg_batch *batch,
                     const struct wv_ledger_job *job, const struct wv_ledger_step *step)
{
    const char *schema = ledger->schema;
    char *table WV_AUTOFREE = wv_ledger_table(ledger, NULL);
    char *sql WV_AUTOFREE = wv_xasprintf(
        "WITH moved AS (" MOVE("$15", "$16") "), forgotten AS (DELETE FROM %s.revision"
                                             " WHERE project = $1 AND id = $5) SELECT " END_STEP
                                             ", " MOVED("$15"),
        table, schema, schema, schema);
    const char *params[END_PARAMS + 2];
    struct end_values end;
    end_values(&end, ledger, job, step);
    memcpy(params, end.params, sizeof(end.params));
    params[END_PARAMS] = step->remove_rows->items[0];
    params[END_PARAMS + 1] = step->add_rows->items[0];
    return add(batch, sql, END_PARAMS + 2, params);
}

static bool end_other(const struct wv_ledger *ledger, struct wv_pg_batch *batch,
                      const struct wv_ledger_job *job, const struct wv_ledger_step *step)
{
    char *sql WV_AUTOFREE = wv_xasprintf("SELECT " END_STEP, ledger->schema);
    struct end_values end;
    end_values(&end, ledger, job, step);
    return add(batch, sql, END_PARAMS, end.params) &&
           wv_ledger_queue_rows(ledger, batch, step->remove_rows, step->add_rows) &&
           wv_ledger_queue_revision(ledger, batch, job, step);
}

/* The guard comes first: after a transaction that was broken off, the rest would only fail by
 * something less telling. */
bool wv_ledger_queue_end(const struct wv_ledger *ledger, struct wv_pg_batch *batch,
                         const struct wv_ledger_job *job, const struct wv_ledger_step *step,
                         bool close)
{
    bool one = is_one_row(step->remove_rows, step->add_rows);
    bool (*end)(const struct wv_ledger *, struct wv_pg_batch *, const struct wv_ledger_job *,
                const struct wv_ledger_step *) = one && step->kind == WV_LEDGER_UP     ? end_up
                                                 : one && step->kind == WV_LEDGER_DOWN ? end_down
                                                                                       : end_other;
    return wv_pg_batch_own_role(batch) && end(ledger, batch, job, step) &&
           (!close || wv_ledger_queue_commit(batch));
}

void wv_ledger_note_sql(const struct wv_ledger *ledger, const struct wv_ledger_job *job,
                        const struct wv_ledger_note *note, struct wv_ledger_note_sql *out)
{
    const struct wv_err *error = note->error;
    const int64_t numbers[] = {job->token, (int64_t)job->id, note->took_us, job->uid, job->pid};
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
        out->numbers[i] = wv_ledger_number(numbers[i]);
    out->sql = wv_xasprintf("SELECT %s.note($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13,"
                            " $14, $15, $16)",
                            ledger->schema);
    const char *params[WV_LEDGER_NOTE_PARAMS] = {
        ledger->project,
        out->numbers[0].text,
        out->numbers[1].text,
        note->revision,
        wv_ledger_kind_word(note->kind),
        note->outcome,
        out->numbers[2].text,
        error != NULL ? error->message : NULL,
        error != NULL && error->sqlstate[0] != '\0' ? error->sqlstate : NULL,
        job->user,
        out->numbers[3].text,
        out->numbers[4].text,
        ledger->host,
        WV_VERSION,
        job->tag,
        job->unit,
    };
    for (size_t i = 0; i < WV_LEDGER_NOTE_PARAMS; i++)
        out->params[i] = params[i];
}

bool wv_ledger_note(const struct wv_ledger *ledger, struct wv_pg *pg,
                    const struct wv_ledger_job *job, const struct wv_ledger_note *note,
                    const struct wv_pg_wait *wait, struct wv_err *err)
{
    struct wv_ledger_note_sql call;
    wv_ledger_note_sql(ledger, job, note, &call);
    char *sql WV_AUTOFREE = call.sql;
    return wv_ledger_alone(pg, sql, WV_LEDGER_NOTE_PARAMS, call.params, wait, err);
}
