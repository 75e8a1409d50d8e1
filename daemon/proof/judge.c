/* See judge.h. */
#include "judge.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "child.h"
#include "installed.h"
#include "judge_statements.h"
#include "quote.h"
#include "strbuf.h"

/* What libpq looks for outside of connection strings: certificates and tickets of the daemon's. */
static void add_variable(struct wv_strlist *variables, const char *name)
{
    const char *value = getenv(name);
    if (value != NULL)
        wv_strlist_add_owned(variables, wv_xasprintf("%s=%s", name, value));
}

static void add_variables(struct wv_strlist *variables, const struct wv_pg *pg)
{
    char *password WV_AUTOFREE = wv_pg_password_of(pg);
    if (password != NULL)
        wv_strlist_add_owned(variables, wv_xasprintf("PGPASSWORD=%s", password));
    add_variable(variables, "HOME");
    add_variable(variables, "KRB5CCNAME");
}

/* It connects as we are connected, wherever that was said: its own environment is another. */
static bool run_program(struct wv_proof *proof, const struct wv_pg *pg, const char *path,
                        char **text, struct wv_err *err)
{
    const struct wv_settings *settings = proof->settings;
    struct wv_strlist variables WV_AUTOSTRLIST = {0};
    const char *pointers[WV_CHILD_VARIABLES + 1] = {NULL};
    char *conninfo WV_AUTOFREE = wv_pg_conninfo_of(pg);
    char *schema WV_AUTOFREE = wv_quote_ident(settings->ledger_schema);
    char *table WV_AUTOFREE =
        wv_quote_name(settings->version_table_schema, settings->version_table);
    char *patience WV_AUTOFREE =
        wv_xasprintf("--lock-wait-timeout=%lld", (long long)settings->timeouts.lock);
    const char *const argv[] = {path,
                                patience,
                                "--schema-only",
                                "--encoding=UTF8",
                                "--no-sync",
                                "--no-password",
                                "--exclude-schema",
                                schema,
                                "--exclude-table",
                                table,
                                "--dbname",
                                conninfo,
                                NULL};
    size_t length;
    add_variables(&variables, pg);
    for (size_t i = 0; i < variables.count; i++)
        pointers[i] = variables.items[i];
    struct wv_child_spec spec = {
        .argv = argv, .directory = "/", .variables = pointers, .death_signal = SIGKILL};
    return wv_child_capture(&spec, text, &length, proof->wait, err);
}

bool wv_judge_find(const struct wv_proof *proof, const struct wv_pg *pg, char **path,
                   struct wv_err *err)
{
    return wv_installed_find_dump(path, proof->settings->postgres_bin,
                                  wv_pg_facts(pg)->server_version / 10000, proof->wait, err);
}

bool wv_judge_text(struct wv_proof *proof, const struct wv_pg *pg, char **text, struct wv_err *err)
{
    char *path WV_AUTOFREE = NULL;
    if (!wv_judge_find(proof, pg, &path, err))
        return false;
    wv_report_waiting(proof->report, "asking pg_dump");
    return run_program(proof, pg, path, text, err) || wv_err_prefix(err, "pg_dump");
}

enum { SHOWN = 6, SHOWN_BYTES = 1500 };

static int compare_texts(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

/* Both lists are sorted. */
static void add_side(struct wv_strbuf *out, const char *mark, const struct wv_strlist *list,
                     const struct wv_strlist *other)
{
    size_t count = 0;
    for (size_t i = 0; i < list->count; i++) {
        if (other->count > 0 && bsearch(&list->items[i], other->items, other->count,
                                        sizeof(*other->items), compare_texts) != NULL)
            continue;
        if (++count <= SHOWN)
            wv_strbuf_addf(out, "%s %.*s\n", mark, SHOWN_BYTES, list->items[i]);
    }
    if (count > SHOWN)
        wv_strbuf_addf(out, "%s ... and %zu more\n", mark, count - SHOWN);
}

static char *compare(const struct wv_strlist *is, const struct wv_strlist *wanted)
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

static bool read_form(const struct wv_form *form, struct wv_strlist *statements, struct wv_err *err)
{
    char *dump WV_AUTOFREE = NULL;
    return wv_room_connect(form->room, err) &&
           wv_judge_text(form->room->proof, form->room->pg, &dump, err) &&
           wv_judge_statements(statements, dump, form->catalog, err);
}

bool wv_judge_compare(const struct wv_form *is, const struct wv_form *wanted, char **difference,
                      struct wv_err *err)
{
    struct wv_strlist left WV_AUTOSTRLIST = {0};
    struct wv_strlist right WV_AUTOSTRLIST = {0};
    if (!read_form(is, &left, err) || !read_form(wanted, &right, err))
        return false;
    *difference = compare(&left, &right);
    return true;
}
