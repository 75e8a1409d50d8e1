/* One look at the database: version rows, ledger version, leader, interrupted step. The query is
 * made of the parts whose tables existed at the last look; when that has changed meanwhile, the
 * look is taken again. Any thread, as its ledger. */
#include <stdlib.h>
#include <string.h>

#include "ledger_internal.h"
#include "query.h"
#include "quote.h"
#include "strbuf.h"

enum { COLUMNS = 13, TRIES = 4 };

/* The first column names the kind of a row; the others depend on it. A column of the journal that
 * an older ledger does not have is NULL. */
static void add_facts(const struct wv_ledger *ledger, struct wv_strbuf *sql)
{
    char *table WV_AUTOFREE = wv_ledger_table(ledger, NULL);
    char *table_text WV_AUTOFREE = wv_quote_literal(table);
    char *meta WV_AUTOFREE = wv_xasprintf("%s.meta", ledger->schema);
    char *meta_text WV_AUTOFREE = wv_quote_literal(meta);
    wv_strbuf_addf(sql,
                   "SELECT 'facts', pg_catalog.pg_is_in_recovery()::text,"
                   " pg_catalog.current_setting('transaction_read_only'),"
                   " (SELECT n.nspname::text FROM pg_catalog.pg_class c"
                   "   JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
                   "   WHERE c.oid = pg_catalog.to_regclass(%s)),"
                   " (pg_catalog.to_regclass(%s) IS NOT NULL)::text,"
                   " NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL",
                   table_text, meta_text);
}

static void add_ledger(const struct wv_ledger *ledger, struct wv_strbuf *sql)
{
    char *project WV_AUTOFREE = wv_quote_literal(ledger->project);
    const char *schema = ledger->schema;
    wv_strbuf_addf(sql,
                   " UNION ALL (SELECT 'history', h.id::text, NULL, NULL, NULL, NULL, NULL, NULL,"
                   " NULL, NULL, NULL, NULL, NULL FROM %s.history h WHERE h.project = %s"
                   " ORDER BY h.id DESC LIMIT 1)",
                   schema, project);
    wv_strbuf_addf(sql,
                   " UNION ALL SELECT 'leader', l.host, l.pid::text, l.token::text, " WV_ISO(
                       "l.since") ", l.backend_pid::text, NULL, NULL, NULL, NULL, NULL, NULL, NULL"
                                  " FROM %s.leader l"
                                  " WHERE l.project = %s",
                   schema, project);
    wv_strbuf_addf(sql,
                   " UNION ALL SELECT 'journal', j.revision, j.is_up::text, j.statement::text,"
                   " j.total::text, j.state, j.file, j.line::text, j.text, " WV_ISO(
                       "j.started_at") ", j.error, j.checksum,"
                                       " pg_catalog.to_jsonb(j) ->> 'atomic' FROM %s.journal j"
                                       " WHERE j.project = %s",
                   schema, project);
}

static char *look_sql(const struct wv_ledger *ledger)
{
    struct wv_strbuf sql WV_AUTOSTRBUF = WV_STRBUF_INIT;
    add_facts(ledger, &sql);
    if (ledger->has_table)
        wv_strbuf_addf(&sql,
                       " UNION ALL SELECT 'row', v.version_num::text, NULL, NULL, NULL, NULL, NULL,"
                       " NULL, NULL, NULL, NULL, NULL, NULL FROM %s v",
                       ledger->table);
    if (ledger->depth >= WV_LEDGER_META)
        wv_strbuf_addf(&sql,
                       " UNION ALL SELECT 'meta', m.version::text, NULL, NULL, NULL, NULL, NULL,"
                       " NULL, NULL, NULL, NULL, NULL, NULL FROM %s.meta m",
                       ledger->schema);
    if (ledger->depth == WV_LEDGER_ALL_OURS)
        add_ledger(ledger, &sql);
    return wv_strbuf_take(&sql);
}

static void read_leader(const struct wv_pg_result *result, size_t row,
                        struct wv_ledger_leader *leader)
{
    leader->host = wv_xstrdup(wv_pg_text(result, row, 1));
    leader->pid = (pid_t)wv_pg_int(result, row, 2);
    leader->token = wv_pg_int(result, row, 3);
    leader->since = wv_xstrdup(wv_pg_text(result, row, 4));
    leader->backend_pid = (int)wv_pg_int(result, row, 5);
}

static void read_journal(const struct wv_pg_result *result, size_t row,
                         struct wv_ledger_interrupted *out)
{
    out->revision = wv_xstrdup(wv_pg_text(result, row, 1));
    out->up = wv_pg_bool(result, row, 2);
    out->statement = (int)wv_pg_int(result, row, 3);
    out->total = (int)wv_pg_int(result, row, 4);
    out->done = strcmp(wv_pg_text(result, row, 5), "done") == 0;
    out->file = wv_xstrdup(wv_pg_text(result, row, 6));
    out->line = (int)wv_pg_int(result, row, 7);
    out->text = wv_xstrdup(wv_pg_text(result, row, 8));
    out->started_at = wv_xstrdup(wv_pg_text(result, row, 9));
    out->error = wv_xstrdup(wv_pg_value(result, row, 10));
    out->checksum = wv_xstrdup(wv_pg_value(result, row, 11));
    out->atomic = wv_pg_bool(result, row, 12);
}

static void read_row(const struct wv_pg_result *result, size_t row, struct wv_ledger_look *look)
{
    const char *kind = wv_pg_text(result, row, 0);
    if (strcmp(kind, "row") == 0)
        wv_strlist_add(&look->rows, wv_pg_text(result, row, 1));
    else if (strcmp(kind, "meta") == 0)
        look->ledger_version = (int)wv_pg_int(result, row, 1);
    else if (strcmp(kind, "history") == 0)
        look->last_history = wv_pg_int(result, row, 1);
    else if (strcmp(kind, "leader") == 0)
        read_leader(result, row, &look->leader);
    else if (strcmp(kind, "journal") == 0)
        read_journal(result, row, &look->interrupted);
}

/* Remembers what exists. False: the query was made for something else, so look again. */
static bool remember(struct wv_ledger *ledger, const struct wv_pg_result *result)
{
    const char *schema = wv_pg_value(result, 0, 3);
    bool has_ledger = wv_pg_bool(result, 0, 4);
    bool same =
        ledger->has_table == (schema != NULL) && (ledger->depth > WV_LEDGER_NONE) == has_ledger;
    if (schema != NULL && !ledger->has_table) {
        free(ledger->table);
        ledger->table = wv_quote_name(schema, ledger->version_table);
    }
    ledger->has_table = schema != NULL;
    if (!has_ledger)
        ledger->depth = WV_LEDGER_NONE;
    else if (ledger->depth == WV_LEDGER_NONE)
        ledger->depth = WV_LEDGER_ALL_OURS;
    return same;
}

/* After an error: is it that a table or column is not there? Then less is asked for. */
static bool ask_less(struct wv_ledger *ledger, const struct wv_err *err)
{
    bool missing = strcmp(err->sqlstate, "42P01") == 0 || strcmp(err->sqlstate, "3F000") == 0 ||
                   strcmp(err->sqlstate, "42703") == 0;
    if (!missing || (ledger->depth == WV_LEDGER_NONE && !ledger->has_table))
        return false;
    if (ledger->depth == WV_LEDGER_ALL_OURS) {
        ledger->depth = WV_LEDGER_META;
    } else {
        ledger->depth = WV_LEDGER_NONE;
        ledger->has_table = false;
    }
    return true;
}

static void read_look(const struct wv_ledger *ledger, const struct wv_pg_result *result,
                      struct wv_ledger_look *look)
{
    wv_ledger_look_clear(look);
    look->has_version_table = ledger->has_table;
    look->in_recovery = wv_pg_bool(result, 0, 1);
    look->read_only = strcmp(wv_pg_text(result, 0, 2), "on") == 0;
    for (size_t row = 1; row < wv_pg_rows(result); row++)
        read_row(result, row, look);
    wv_strlist_sort(&look->rows);
}

bool wv_ledger_look(struct wv_ledger *ledger, struct wv_pg *pg, struct wv_ledger_look *look,
                    const struct wv_pg_wait *wait, struct wv_err *err)
{
    for (int tries = 1;; tries++) {
        struct wv_pg_result *result WV_AUTORESULT = NULL;
        char *sql WV_AUTOFREE = look_sql(ledger);
        if (!wv_pg_query_kept(pg, sql, 0, NULL, COLUMNS, &result, wait, err)) {
            if (tries == TRIES || !ask_less(ledger, err))
                return false;
            wv_err_clear(err);
            continue;
        }
        if (!remember(ledger, result) && tries < TRIES)
            continue;
        read_look(ledger, result, look);
        return true;
    }
}

void wv_ledger_look_clear(struct wv_ledger_look *look)
{
    struct wv_ledger_interrupted *interrupted = &look->interrupted;
    wv_strlist_free(&look->rows);
    free(look->leader.host);
    free(look->leader.since);
    free(interrupted->revision);
    free(interrupted->file);
    free(interrupted->text);
    free(interrupted->started_at);
    free(interrupted->error);
    free(interrupted->checksum);
    *look = (struct wv_ledger_look){0};
}
