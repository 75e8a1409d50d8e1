/* See judge.h. Order is no part of a schema that anybody sees, but for columns: those of a table
 * that grew stand in another order than in a new one, which is no difference either. */
#include "judge.h"

#include <ctype.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "child.h"
#include "installed.h"
#include "judge_entries.h"
#include "quote.h"
#include "splitter.h"
#include "strbuf.h"

static bool is_noise(const char *line, size_t length)
{
    static const char *const beginnings[] = {"--", "SET ", "SELECT pg_catalog.set_config",
                                             "\\restrict ", "\\unrestrict "};
    for (size_t i = 0; i < sizeof(beginnings) / sizeof(beginnings[0]); i++)
        if (length >= strlen(beginnings[i]) &&
            strncmp(line, beginnings[i], strlen(beginnings[i])) == 0)
            return true;
    return false;
}

/* Without the lines that pg_dump adds around the statements. Inside of quotes such a line would be
 * lost as well, on both sides alike. */
static char *strip(const char *dump)
{
    struct wv_strbuf out WV_AUTOSTRBUF = WV_STRBUF_INIT;
    for (const char *line = dump; *line != '\0';) {
        size_t length = strcspn(line, "\n");
        if (!is_noise(line, length)) {
            wv_strbuf_add(&out, line, length);
            wv_strbuf_addc(&out, '\n');
        }
        line += length + (line[length] != '\0');
    }
    return wv_strbuf_take(&out);
}

static bool has_columns(const char *statement)
{
    static const char *const makes[] = {"CREATE TABLE ", "CREATE UNLOGGED TABLE ",
                                        "CREATE FOREIGN TABLE "};
    for (size_t i = 0; i < sizeof(makes) / sizeof(makes[0]); i++)
        if (strncmp(statement, makes[i], strlen(makes[i])) == 0)
            return true;
    return false;
}

/* The lines of CREATE TABLE in byte order, without the commas at their ends. */
static char *sort_lines(const char *statement)
{
    struct wv_strlist lines WV_AUTOSTRLIST = {0};
    const char *head = statement + strcspn(statement, "\n");
    for (const char *line = head; *line != '\0';) {
        line++;
        size_t length = strcspn(line, "\n");
        size_t kept = length > 0 && line[length - 1] == ',' ? length - 1 : length;
        wv_strlist_addn(&lines, line, kept);
        line += length;
    }
    wv_strlist_sort(&lines);
    char *sorted WV_AUTOFREE = wv_strlist_join(&lines, "\n");
    return wv_xasprintf("%.*s\n%s", (int)(head - statement), statement, sorted);
}

static void add_statements(struct wv_strlist *out, const char *dump)
{
    char *text WV_AUTOFREE = strip(dump);
    struct wv_statements statements = {0};
    struct wv_problems problems = {0};
    struct wv_faults faults;
    struct wv_place start = WV_PLACE_START;
    wv_faults_init(&faults, &problems, NULL, text, start);
    wv_split(text, strlen(text), start, &statements, &faults);
    for (size_t i = 0; i < statements.count; i++) {
        char *statement = wv_xstrndup(statements.items[i].text, statements.items[i].length);
        if (has_columns(statement)) {
            char *sorted = sort_lines(statement);
            free(statement);
            statement = sorted;
        }
        wv_strlist_add_owned(out, statement);
    }
    wv_strlist_sort(out);
    wv_statements_free(&statements);
    wv_problems_free(&problems);
}

static bool find_program(struct wv_proof *proof, char **path, struct wv_err *err)
{
    struct wv_installed installed = {0};
    const struct wv_settings *settings = proof->settings;
    if (!wv_installed_find(&installed, settings->postgres_bin, settings->postgres_user, 0,
                           proof->wait, err))
        return false;
    *path = wv_xasprintf("%s/pg_dump", installed.bin_dir);
    wv_installed_clear(&installed);
    if (access(*path, X_OK) == 0)
        return true;
    wv_err_set(err, WV_SERVER_FAILED, "there is no %s, which judges what the engine made", *path);
    free(WV_STEAL(*path));
    return wv_err_hint(err, "install the client programs of that version (Debian: "
                            "postgresql-client-NN)");
}

bool wv_judge_text(struct wv_room *room, char **text, struct wv_err *err)
{
    struct wv_proof *proof = room->proof;
    const struct wv_settings *settings = proof->settings;
    char *path WV_AUTOFREE = NULL;
    char *password WV_AUTOFREE = NULL;
    if (!find_program(proof, &path, err))
        return false;
    char *conninfo WV_AUTOFREE = wv_pg_conninfo_without_password(room->conninfo, &password);
    char *variable WV_AUTOFREE = password != NULL ? wv_xasprintf("PGPASSWORD=%s", password) : NULL;
    char *schema WV_AUTOFREE = wv_quote_ident(settings->ledger_schema);
    char *table WV_AUTOFREE =
        wv_quote_name(settings->version_table_schema, settings->version_table);
    const char *const argv[] = {path,
                                "--schema-only",
                                "--encoding=UTF8",
                                "--no-sync",
                                "--exclude-schema",
                                schema,
                                "--exclude-table",
                                table,
                                "--dbname",
                                conninfo,
                                NULL};
    struct wv_child_spec spec = {
        .argv = argv, .directory = "/", .variable = variable, .death_signal = SIGKILL};
    wv_report_waiting(proof->report, "asking pg_dump");
    return wv_child_run(&spec, text, proof->wait, err) || wv_err_prefix(err, "pg_dump");
}

bool wv_judge_dump(struct wv_room *room, const struct wv_catalog *catalog,
                   struct wv_strlist *statements, struct wv_err *err)
{
    char *dump WV_AUTOFREE = NULL;
    if (!wv_judge_text(room, &dump, err))
        return false;
    wv_judge_leave_out(dump, catalog);
    add_statements(statements, dump);
    return true;
}

enum { SHOWN = 6, SHOWN_BYTES = 1500 };

static void add_side(struct wv_strbuf *out, const char *mark, const struct wv_strlist *list,
                     const struct wv_strlist *other)
{
    size_t count = 0;
    for (size_t i = 0; i < list->count; i++) {
        if (wv_strlist_has(other, list->items[i]))
            continue;
        if (++count <= SHOWN)
            wv_strbuf_addf(out, "%s %.*s\n", mark, SHOWN_BYTES, list->items[i]);
    }
    if (count > SHOWN)
        wv_strbuf_addf(out, "%s ... and %zu more\n", mark, count - SHOWN);
}

char *wv_judge_compare(const struct wv_strlist *is, const struct wv_strlist *wanted)
{
    struct wv_strbuf out WV_AUTOSTRBUF = WV_STRBUF_INIT;
    char *left WV_AUTOFREE = wv_strlist_join(is, ";\n");
    char *right WV_AUTOFREE = wv_strlist_join(wanted, ";\n");
    if (strcmp(left, right) == 0)
        return wv_strbuf_take(&out);
    add_side(&out, "-", is, wanted);
    add_side(&out, "+", wanted, is);
    if (out.length == 0)
        wv_strbuf_adds(&out, "a statement comes more often in one of them\n");
    return wv_strbuf_take(&out);
}
