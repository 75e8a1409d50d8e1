/* See ledger_accept.h. The migrator's thread. */
#include "ledger_accept.h"

#include "batch_expect.h"
#include "ledger_internal.h"
#include "query.h"

static bool queue_update(const struct wv_ledger *ledger, struct wv_pg_batch *batch,
                         const struct wv_ledger_record *record)
{
    static const struct wv_strlist none;
    char *sql WV_AUTOFREE = wv_xasprintf(
        "UPDATE %s.revision SET parents = $3, depends_on = $4, labels = $5, message = $6,"
        " checksum = $7, up_sql = $8, down_sql = $9 WHERE project = $1 AND id = $2",
        ledger->schema);
    char *down WV_AUTOFREE = wv_pg_array(record->down != NULL ? record->down : &none);
    char *depends WV_AUTOFREE =
        wv_pg_array(record->depends_on != NULL ? record->depends_on : &none);
    char *labels WV_AUTOFREE = wv_pg_array(record->labels != NULL ? record->labels : &none);
    const char *params[] = {ledger->project,  record->id,     down,
                            depends,          labels,         record->message,
                            record->checksum, record->up_sql, record->down_sql};
    return wv_pg_batch_add_expect(batch, WV_LEDGER_TAG, sql, 9, params, "UPDATE 1",
                                  WV_PG_FLUSH_LATER);
}

static bool queue_note(const struct wv_ledger *ledger, struct wv_pg_batch *batch,
                       const struct wv_ledger_job *job, const struct wv_ledger_acceptance *item)
{
    struct wv_err text WV_AUTOERR = {.message = wv_xstrdup(item->text)};
    struct wv_ledger_note note = {
        .kind = WV_LEDGER_REPAIR, .revision = item->record.id, .outcome = "done", .error = &text};
    struct wv_ledger_note_sql call;
    wv_ledger_note_sql(ledger, job, &note, &call);
    char *sql WV_AUTOFREE = call.sql;
    return wv_pg_batch_add_expect(batch, WV_LEDGER_TAG, sql, WV_LEDGER_NOTE_PARAMS, call.params,
                                  NULL, WV_PG_FLUSH_LATER);
}

static bool queue_items(const struct wv_ledger *ledger, struct wv_pg_batch *batch,
                        const struct wv_ledger_job *job, const struct wv_ledger_acceptance *items,
                        size_t count)
{
    for (size_t i = 0; i < count; i++) {
        bool queued = items[i].recorded
                          ? queue_update(ledger, batch, &items[i].record)
                          : wv_ledger_queue_record(ledger, batch, job, &items[i].record);
        if (!queued || !queue_note(ledger, batch, job, &items[i]))
            return false;
    }
    return true;
}

bool wv_ledger_accept(const struct wv_ledger *ledger, struct wv_pg *pg,
                      const struct wv_ledger_job *job, const struct wv_ledger_acceptance *items,
                      size_t count, int64_t lock_timeout, const struct wv_pg_wait *wait,
                      struct wv_err *err)
{
    struct wv_ledger_step step = {
        .kind = WV_LEDGER_REPAIR, .first = true, .last = true, .lock_timeout = lock_timeout};
    struct wv_pg_batch *batch = NULL;
    if (!wv_pg_batch_begin(&batch, pg, &(struct wv_pg_batch_options){0}, wait, err))
        return false;
    /* What could not be queued is told by the end of the batch. */
    (void)!(wv_ledger_queue_begin(ledger, batch, job, &step, true) &&
            queue_items(ledger, batch, job, items, count) && wv_ledger_queue_commit(batch));
    return wv_pg_batch_end(batch, NULL, err);
}
