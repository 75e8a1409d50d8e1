/* See live.h. */
#include "live.h"

#include "findings.h"
#include "graph_query.h"

enum { STARTING_MS = 10000, LOOK_MS = 50 };

static bool connect_once(struct wv_pg **pg, const struct wv_proof *proof, const char *conninfo,
                         struct wv_err *err)
{
    struct wv_pg_wait wait = *proof->wait;
    int64_t deadline = wv_clock_ms() + proof->settings->timeouts.connect;
    if (deadline < wait.deadline)
        wait.deadline = deadline;
    return wv_pg_connect(
        pg, &(struct wv_pg_options){.database = conninfo, .application_name = "wovend (schema)"},
        &wait, err);
}

/* The private server belongs to the migrator, which begins to start it when this thread begins too.
 */
bool wv_live_connect(struct wv_pg **pg, const struct wv_proof *proof, struct wv_err *err)
{
    const struct wv_settings *settings = proof->settings;
    int64_t until = wv_clock_ms() + STARTING_MS;
    bool told = false;
    while (!connect_once(pg, proof, settings->database, err)) {
        struct wv_pg_wait look = *proof->wait;
        look.deadline = wv_clock_ms() + LOOK_MS;
        if (settings->embedded == NULL || err->code != WV_DATABASE_UNREACHABLE ||
            look.deadline > until)
            return false;
        if (wv_pg_idle_fd(-1, &look) == WV_PG_IDLE_INTERRUPTED)
            return wv_err_set(err, WV_CANCELLED, "cancelled before the database was there");
        if (!told)
            wv_report_waiting(proof->report, "waiting for the private PostgreSQL to start");
        told = true;
        wv_err_clear(err);
    }
    return true;
}

bool wv_live_open(struct wv_live *live, const struct wv_proof *proof, const char *conninfo,
                  struct wv_err *err)
{
    const struct wv_settings *settings = proof->settings;
    live->ledger = wv_ledger_new(
        &(struct wv_ledger_options){.project = settings->project,
                                    .schema = settings->ledger_schema,
                                    .version_table = settings->version_table,
                                    .version_table_schema = settings->version_table_schema,
                                    .host = "localhost"});
    return conninfo != NULL ? connect_once(&live->pg, proof, conninfo, err)
                            : wv_live_connect(&live->pg, proof, err);
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

static void note_pending(const struct wv_proof *proof, const struct wv_nodes *pending)
{
    const struct wv_graph *graph = proof->job->project->graph;
    if (pending->count == 0)
        return;
    wv_findings_note(
        proof->findings,
        "the database is behind: %zu revision%s pending, from %s on; this needs none of "
        "it",
        pending->count, pending->count == 1 ? " is" : "s are",
        wv_graph_id(graph, pending->items[0]));
}

bool wv_live_note_behind(const struct wv_proof *proof, struct wv_err *err)
{
    struct wv_live live WV_AUTOLIVE = {0};
    struct wv_strlist rows WV_AUTOSTRLIST = {0};
    struct wv_nodes pending = {0};
    struct wv_err why WV_AUTOERR = {0};
    if (wv_live_open(&live, proof, NULL, &why) && wv_live_rows(&live, proof, &rows, &why) &&
        wv_query_pending(proof->job->project->graph, &rows, &pending, &why))
        note_pending(proof, &pending);
    wv_nodes_free(&pending);
    if (why.code != WV_CANCELLED)
        return true;
    wv_err_move(err, &why);
    return false;
}
