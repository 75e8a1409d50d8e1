/* See live.h. */
#include "live.h"

bool wv_live_open(struct wv_live *live, const struct wv_proof *proof, const char *conninfo,
                  struct wv_err *err)
{
    const struct wv_settings *settings = proof->settings;
    struct wv_pg_wait wait = *proof->wait;
    int64_t deadline = wv_clock_ms() + settings->timeouts.connect;
    if (deadline < wait.deadline)
        wait.deadline = deadline;
    live->ledger = wv_ledger_new(
        &(struct wv_ledger_options){.project = settings->project,
                                    .schema = settings->ledger_schema,
                                    .version_table = settings->version_table,
                                    .version_table_schema = settings->version_table_schema,
                                    .host = "localhost"});
    return wv_pg_connect(
        &live->pg,
        &(struct wv_pg_options){.database = conninfo != NULL ? conninfo : settings->database,
                                .application_name = "wovend (schema)"},
        &wait, err);
}

void wv_live_close(struct wv_live *live)
{
    wv_pg_close(live->pg);
    wv_ledger_free(live->ledger);
    *live = (struct wv_live){0};
}

bool wv_live_rows(struct wv_live *live, const struct wv_proof *proof, struct wv_strlist *rows,
                  struct wv_err *err)
{
    struct wv_ledger_look look = {0};
    if (!wv_ledger_look(live->ledger, live->pg, &look, proof->wait, err))
        return false;
    wv_strlist_copy(rows, &look.rows);
    wv_ledger_look_clear(&look);
    return true;
}
