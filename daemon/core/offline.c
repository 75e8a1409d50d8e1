/* See offline.h. Blocks on the disk; any thread. */
#include "offline.h"

#include <stdlib.h>
#include <string.h>

#include "quote.h"
#include "revision_file.h"

/* Whatever the default is: what has waited for its lock sees what was committed until then. */
static const char begin[] = "BEGIN ISOLATION LEVEL READ COMMITTED;\n";

struct writer {
    const struct wv_project *project;
    const struct wv_settings *settings;
    struct wv_strbuf *out;
    char *table;  /* the version table, quoted */
    char *ledger; /* the ledger's schema, quoted */
};

static void write_head(const struct writer *writer, const struct wv_plan *plan,
                       enum wv_plan_kind kind)
{
    char *from WV_AUTOFREE = wv_strlist_join(&plan->rows_before, ", ");
    char *to WV_AUTOFREE = wv_strlist_join(&plan->heads_after, ", ");
    wv_strbuf_addf(writer->out,
                   "-- project %s: %s\n-- run with: psql -v ON_ERROR_STOP=1 -f FILE\n\n",
                   writer->settings->project,
                   kind == WV_PLAN_UPGRADE     ? "upgrade"
                   : kind == WV_PLAN_DOWNGRADE ? "downgrade"
                                               : "stamp");
    wv_strbuf_addf(writer->out, "-- from %s to %s\n\n", *from != '\0' ? from : "base",
                   *to != '\0' ? to : "base");
}

/* As Alembic defines it, so that its own commands go on working. */
static void write_version_table(const struct writer *writer)
{
    char *constraint WV_AUTOFREE = wv_xasprintf("%s_pkc", writer->settings->version_table);
    char *quoted WV_AUTOFREE = wv_quote_ident(constraint);
    wv_strbuf_addf(writer->out,
                   "CREATE TABLE IF NOT EXISTS %s (\n    version_num varchar(32) NOT NULL,\n"
                   "    CONSTRAINT %s PRIMARY KEY (version_num)\n);\n\n",
                   writer->table, quoted);
}

/* A step must not run twice, or on another state than the plan's. */
static void write_guard(const struct writer *writer, const struct wv_row_change *rows)
{
    if (rows->removed_count == 0)
        return;
    struct wv_strlist removed WV_AUTOSTRLIST = {0};
    for (size_t i = 0; i < rows->removed_count; i++)
        wv_strlist_add(&removed, rows->removed[i]);
    char *array WV_AUTOFREE = wv_quote_array(&removed);
    wv_strbuf_addf(writer->out,
                   "DO $woven$ BEGIN\n"
                   "    IF (SELECT count(*) FROM %s WHERE version_num = ANY (%s)) <> %zu THEN\n"
                   "        RAISE EXCEPTION 'the version table is not as this script expects it';\n"
                   "    END IF;\nEND $woven$;\n",
                   writer->table, array, rows->removed_count);
}

static void write_rows(const struct writer *writer, const struct wv_row_change *rows)
{
    size_t updates =
        rows->removed_count < rows->added_count ? rows->removed_count : rows->added_count;
    for (size_t i = 0; i < rows->removed_count; i++) {
        char *old WV_AUTOFREE = wv_quote_literal(rows->removed[i]);
        if (i < updates) {
            char *new WV_AUTOFREE = wv_quote_literal(rows->added[i]);
            wv_strbuf_addf(writer->out, "UPDATE %s SET version_num = %s WHERE version_num = %s;\n",
                           writer->table, new, old);
        } else {
            wv_strbuf_addf(writer->out, "DELETE FROM %s WHERE version_num = %s;\n", writer->table,
                           old);
        }
    }
    for (size_t i = updates; i < rows->added_count; i++) {
        char *new WV_AUTOFREE = wv_quote_literal(rows->added[i]);
        wv_strbuf_addf(writer->out, "INSERT INTO %s (version_num) VALUES (%s);\n", writer->table,
                       new);
    }
}

static char *literal_or_null(const char *text)
{
    return text != NULL ? wv_quote_literal(text) : wv_xstrdup("NULL");
}

static char *record_call(const struct writer *writer, const struct wv_revision *revision,
                         const struct wv_revision_sql *sql, bool stamped)
{
    char hex[WV_CHECKSUM_HEX];
    wv_checksum_hex(revision->checksum, hex);
    char *project WV_AUTOFREE = wv_quote_literal(writer->settings->project);
    char *id WV_AUTOFREE = wv_quote_literal(revision->id);
    char *down WV_AUTOFREE = wv_quote_array(&revision->down);
    char *depends WV_AUTOFREE = wv_quote_array(&revision->depends_on);
    char *labels WV_AUTOFREE = wv_quote_array(&revision->labels);
    char *message WV_AUTOFREE = wv_quote_literal(revision->message);
    char *up_sql WV_AUTOFREE = wv_quote_literal(sql->up.text);
    char *down_sql WV_AUTOFREE = literal_or_null(sql->has_down ? sql->down.text : NULL);
    return wv_xasprintf("%s.record_revision(%s, %s, %s, %s, %s, %s, '%s', %s, %s, %s, "
                        "current_user::text)",
                        writer->ledger, project, id, down, depends, labels, message, hex, up_sql,
                        down_sql, stamped ? "true" : "false");
}

/* The ledger is there once wovend has led; a database that it has not seen yet is adopted by its
 * version table alone. The SQL goes through a literal, since its own dollar quotes could end ours.
 */
static void write_ledger(const struct writer *writer, const struct wv_revision *revision,
                         const struct wv_revision_sql *sql, bool up, bool stamped)
{
    char *table WV_AUTOFREE = wv_xasprintf("%s.revision", writer->ledger);
    char *there WV_AUTOFREE = wv_quote_literal(table);
    char *change = NULL;
    if (up) {
        char *call WV_AUTOFREE = record_call(writer, revision, sql, stamped);
        change = wv_xasprintf("SELECT %s", call);
    } else {
        char *project WV_AUTOFREE = wv_quote_literal(writer->settings->project);
        char *id WV_AUTOFREE = wv_quote_literal(revision->id);
        change = wv_xasprintf("DELETE FROM %s WHERE project = %s AND id = %s", table, project, id);
    }
    char *text WV_AUTOFREE = wv_quote_literal(change);
    char *body WV_AUTOFREE = wv_xasprintf(
        "BEGIN IF to_regclass(%s) IS NOT NULL THEN EXECUTE %s; END IF; END", there, text);
    char *literal WV_AUTOFREE = wv_quote_literal(body);
    wv_strbuf_addf(writer->out, "DO %s;\n", literal);
    free(change);
}

static void write_section(const struct writer *writer, const struct wv_script *script)
{
    const struct wv_timeouts *timeouts = &writer->settings->timeouts;
    int64_t lock = script->lock_timeout_ms >= 0 ? script->lock_timeout_ms : timeouts->lock;
    int64_t limit =
        script->statement_timeout_ms >= 0 ? script->statement_timeout_ms : timeouts->statement;
    const char *word = script->transaction ? "SET LOCAL" : "SET";
    wv_strbuf_addf(writer->out, "%s lock_timeout = %lld;\n%s statement_timeout = %lld;\n", word,
                   (long long)lock, word, (long long)limit);
    for (size_t i = 0; i < script->statements.count; i++) {
        const struct wv_statement *statement = &script->statements.items[i];
        bool alone = (statement->flags & WV_STATEMENT_NO_LOCK_TIMEOUT) != 0 && lock != 0;
        if (alone && !script->transaction)
            wv_strbuf_adds(writer->out, "SET lock_timeout = 0;\n");
        wv_strbuf_add(writer->out, statement->text, statement->length);
        wv_strbuf_adds(writer->out, ";\n");
        if (alone && !script->transaction)
            wv_strbuf_addf(writer->out, "SET lock_timeout = %lld;\n", (long long)lock);
    }
}

static bool write_step(const struct writer *writer, const struct wv_step *step, struct wv_err *err)
{
    const struct wv_revision *revision = &writer->project->revisions[step->node];
    struct wv_revision_sql sql = {0};
    if (!step->up && !revision->has_down)
        return wv_err_set(err, WV_IRREVERSIBLE,
                          "revision %s cannot be taken back: it has no down section", step->id);
    if (!wv_revision_read_sql(&sql, revision, err))
        return false;
    const struct wv_script *script = step->up ? &sql.up : &sql.down;
    wv_strbuf_addf(writer->out, "-- %s %s %s\n", step->up ? "up" : "down", step->id,
                   revision->message);
    if (script->transaction)
        wv_strbuf_adds(writer->out, begin);
    write_guard(writer, &step->rows);
    write_section(writer, script);
    if (!script->transaction)
        wv_strbuf_adds(writer->out, begin);
    write_rows(writer, &step->rows);
    write_ledger(writer, revision, &sql, step->up, false);
    wv_strbuf_adds(writer->out, "COMMIT;\n\n");
    wv_revision_sql_free(&sql);
    return true;
}

/* Rows in one transaction. (A purge needs the database and is refused by the plan.) */
static void write_stamp(const struct writer *writer, const struct wv_plan *plan)
{
    struct wv_row_change rows = {
        .removed = (const char *const *)plan->stamp_removed.items,
        .removed_count = plan->stamp_removed.count,
        .added = (const char *const *)plan->stamp_added.items,
        .added_count = plan->stamp_added.count,
    };
    wv_strbuf_adds(writer->out, begin);
    write_guard(writer, &rows);
    write_rows(writer, &rows);
    wv_strbuf_adds(writer->out, "COMMIT;\n");
}

bool wv_offline_creates_table(const struct wv_plan *plan, const struct wv_plan_request *request)
{
    if (plan->rows_before.count > 0)
        return false;
    return request->kind == WV_PLAN_STAMP ? plan->heads_after.count > 0 : plan->count > 0;
}

bool wv_offline_write(const struct wv_plan *plan, const struct wv_plan_request *request,
                      const struct wv_project *project, const struct wv_settings *settings,
                      struct wv_strbuf *out, struct wv_err *err)
{
    struct writer writer = {.project = project, .settings = settings, .out = out};
    writer.table = wv_quote_name(settings->version_table_schema, settings->version_table);
    writer.ledger = wv_quote_ident(settings->ledger_schema);
    write_head(&writer, plan, request->kind);
    if (wv_offline_creates_table(plan, request))
        write_version_table(&writer);
    bool written = true;
    for (size_t i = 0; i < plan->count && written; i++)
        written = write_step(&writer, &plan->steps[i], err);
    if (request->kind == WV_PLAN_STAMP)
        write_stamp(&writer, plan);
    free(writer.table);
    free(writer.ledger);
    return written;
}
