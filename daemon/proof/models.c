/* See models.h. Rounds: a statement that needs what comes later fails, leaves nothing behind, and
 * is tried again in the next one. A file's session statements (SET ...) hold for what follows them
 * in it, in each round anew. */
#include "models.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "findings.h"
#include "lent_role.h"
#include "model_faults.h"
#include "model_names.h"
#include "stand_in.h"

struct item {
    const struct wv_model_file *file;
    const struct wv_statement *statement;
    bool done;
    bool session; /* sets something for what follows in its file */
    bool late;    /* changes what objects get that are made after it */
    struct wv_err err;
    size_t waits_for; /* in load->makers: what was missing when it failed; load->maker_count:
                         nothing that is known */
};

/* A statement that makes something. */
struct maker {
    struct wv_model_name name;
    const struct item *item;
};

struct load {
    struct wv_room *room;
    enum wv_models_source source;
    struct item *items; /* of all files, in order */
    size_t count;
    size_t left;
    bool takes_late;
    struct maker *makers; /* sorted by name */
    size_t maker_count;
    bool waits; /* what another one has to make before is not tried */
};

bool wv_models_sets_session(const struct wv_statement *statement)
{
    struct wv_token words[WV_HEAD_WORDS];
    wv_statement_head(statement, words);
    if (wv_token_is(&words[0], "SET") || wv_token_is(&words[0], "RESET"))
        return true;
    if (!wv_token_is(&words[0], "SELECT"))
        return false;
    for (size_t i = 1; i < WV_HEAD_WORDS; i++)
        if (wv_token_is(&words[i], "SET_CONFIG"))
            return true;
    return false;
}

static bool is_late(const struct wv_token *words)
{
    return wv_token_is(&words[0], "ALTER") && wv_token_is(&words[1], "DEFAULT") &&
           wv_token_is(&words[2], "PRIVILEGES");
}

/* What would outlive the scratch database: roles, databases and the like belong to the server. */
static bool is_of_server(const struct wv_statement *statement)
{
    switch (wv_statement_reach(statement)) {
    case WV_REACH_NEW_ROLE:
    case WV_REACH_MEMBERSHIP:
    case WV_REACH_OWNED:
    case WV_REACH_SERVER:
        return true;
    default:
        return false;
    }
}

static void leave_out(struct load *load, struct item *item)
{
    wv_stand_in_note(load->room->proof, item->file->path, item->statement,
                     "it is of the whole server");
    item->done = true;
    load->left--;
}

static void collect(struct load *load, const struct wv_model_files *files)
{
    struct wv_token words[WV_HEAD_WORDS];
    for (size_t i = 0; i < files->count; i++)
        load->count += files->items[i].statements.count;
    load->items = wv_xcalloc(load->count + 1, sizeof(*load->items));
    load->left = load->count;
    struct item *item = load->items;
    for (size_t i = 0; i < files->count; i++) {
        const struct wv_statements *statements = &files->items[i].statements;
        for (size_t j = 0; j < statements->count; j++, item++) {
            item->file = &files->items[i];
            item->statement = &statements->items[j];
            wv_statement_head(item->statement, words);
            item->session = wv_models_sets_session(item->statement);
            item->late = is_late(words);
            if (is_of_server(item->statement))
                leave_out(load, item);
        }
    }
}

static int order_names(struct wv_model_name a, struct wv_model_name b)
{
    size_t length = a.length < b.length ? a.length : b.length;
    int order = strncasecmp(a.text, b.text, length);
    return order != 0 ? order : (a.length > b.length) - (a.length < b.length);
}

static int order_makers(const void *a, const void *b)
{
    return order_names(((const struct maker *)a)->name, ((const struct maker *)b)->name);
}

static void collect_makers(struct load *load)
{
    load->makers = wv_xcalloc(load->count + 1, sizeof(*load->makers));
    for (size_t i = 0; i < load->count; i++) {
        struct wv_model_name name = wv_model_makes(load->items[i].statement);
        if (name.text != NULL)
            load->makers[load->maker_count++] = (struct maker){name, &load->items[i]};
    }
    qsort(load->makers, load->maker_count, sizeof(*load->makers), order_makers);
    for (size_t i = 0; i < load->count; i++)
        load->items[i].waits_for = load->maker_count;
}

/* The first that makes what is missing. */
static size_t find_maker(const struct load *load, const struct wv_err *err)
{
    struct wv_model_name name =
        wv_model_misses(err) ? wv_model_wants(err->message) : (struct wv_model_name){0};
    size_t low = 0;
    size_t high = name.text != NULL ? load->maker_count : 0;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (order_names(load->makers[middle].name, name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    bool found = name.text != NULL && low < load->maker_count &&
                 wv_model_name_same(load->makers[low].name, name);
    return found ? low : load->maker_count;
}

/* Is there none yet of what it needs, by the name of that? */
static bool is_early(const struct load *load, const struct item *item)
{
    size_t at = item->waits_for;
    if (!load->waits || at == load->maker_count)
        return false;
    const struct wv_model_name name = load->makers[at].name;
    for (; at < load->maker_count && wv_model_name_same(load->makers[at].name, name); at++)
        if (load->makers[at].item->done)
            return false;
    return true;
}

bool wv_models_begin(struct wv_room *room, struct wv_err *err)
{
    const struct wv_pg_wait *wait = room->proof->wait;
    return wv_pg_reset_session(room->pg, wait, err) &&
           wv_pg_exec(room->pg, "SET synchronous_commit = off; SET check_function_bodies = off",
                      wait, err);
}

static void place(struct item *item, const struct wv_pg_position *position)
{
    int line = item->statement->line;
    int column = item->statement->column;
    char *text WV_AUTOFREE = wv_xstrndup(item->statement->text, item->statement->length);
    wv_pg_error_place(text, line, column, position, &line, &column);
    wv_err_at(&item->err, item->file->path, line, column);
}

/* A full disk and the like (class 53 of SQLSTATE) is not the statement's fault. */
static bool is_of_statement(const struct wv_err *err)
{
    return (err->code == WV_SQL_ERROR && strncmp(err->sqlstate, "53", 2) != 0) ||
           err->code == WV_LOCK_TIMEOUT;
}

/* A newer pg_dump sets limits that an older server does not have, and they are none of the schema.
 */
static bool is_unknown_limit(const struct item *item)
{
    static const char suffix[] = "_timeout";
    struct wv_token words[WV_HEAD_WORDS];
    wv_statement_head(item->statement, words);
    size_t length = words[1].length;
    return strcmp(item->err.sqlstate, "42704") == 0 && wv_token_is(&words[0], "SET") &&
           length > strlen(suffix) &&
           strncasecmp(words[1].text + length - strlen(suffix), suffix, strlen(suffix)) == 0;
}

/* False: no more is to be tried, for a reason that is not the statement's. */
static bool run_item(struct load *load, struct item *item, struct wv_err *err)
{
    struct wv_room *room = load->room;
    char *text WV_AUTOFREE = NULL;
    wv_err_clear(&item->err);
    if (!wv_stand_in(room->proof, item->file->path, item->statement, &text, &item->err))
        return true;
    if (text == NULL)
        text = wv_xstrndup(item->statement->text, item->statement->length);
    bool ran = wv_pg_run(room->pg, text, room->proof->wait, &item->err);
    while (!ran && wv_lend_role(room->proof, &item->err)) {
        wv_err_clear(&item->err);
        ran = wv_pg_run(room->pg, text, room->proof->wait, &item->err);
    }
    ran = ran || is_unknown_limit(item);
    if (!ran)
        place(item, wv_pg_last_position(room->pg));
    if (!ran && !is_of_statement(&item->err)) {
        wv_err_move(err, &item->err);
        return false;
    }
    item->waits_for = ran ? load->maker_count : find_maker(load, &item->err);
    if (ran && !item->done) {
        item->done = true;
        load->left--;
    }
    return true;
}

static bool is_due(const struct load *load, const struct item *item)
{
    return !item->done && (load->takes_late || !item->late) && !is_early(load, item);
}

/* What is left of one file, with the session statements before it. `*next` is the item after it. */
static bool run_file(struct load *load, size_t first, size_t *next, struct wv_err *err)
{
    size_t end = first;
    size_t last = first; /* after the last one that is left */
    while (end < load->count && load->items[end].file == load->items[first].file) {
        if (is_due(load, &load->items[end]))
            last = end + 1;
        end++;
    }
    *next = end;
    if (last == first)
        return true;
    if (!wv_models_begin(load->room, err))
        return false;
    for (size_t i = first; i < last; i++) {
        struct item *item = &load->items[i];
        if ((is_due(load, item) || item->session) && !run_item(load, item, err))
            return false;
    }
    return true;
}

/* Until all that is due is there or nothing moves any more. A table that is made, and fails by a
 * key to one that comes later, costs as much as one that stays: it waits for that. Names may
 * mislead, so that what waits is tried as well when nothing else moves. */
static bool run_rounds(struct load *load, struct wv_err *err)
{
    size_t before = load->left + 1;
    load->waits = true;
    while (load->left > 0 && (load->left < before || load->waits)) {
        load->waits = load->left < before;
        before = load->left;
        for (size_t next = 0; next < load->count;)
            if (!run_file(load, next, &next, err))
                return false;
    }
    return true;
}

/* Default privileges come when all is there that they would change, so that the order of the models
 * means nothing. */
static bool run_all(struct load *load, struct wv_err *err)
{
    if (!run_rounds(load, err))
        return false;
    load->takes_late = true;
    return run_rounds(load, err);
}

static void add_left(const struct load *load, struct wv_problems *problems, const char **hint)
{
    struct wv_model_deed *deeds WV_AUTOFREE = wv_xcalloc(load->count + 1, sizeof(*deeds));
    for (size_t i = 0; i < load->count; i++) {
        const struct item *item = &load->items[i];
        deeds[i] = (struct wv_model_deed){.path = item->file->path,
                                          .statement = item->statement,
                                          .err = item->done ? NULL : &item->err};
    }
    wv_model_faults_add(problems, deeds, load->count, hint);
}

/* Tables that are not empty; their number is small, or the models are no models. */
static bool note_rows(struct wv_room *room, struct wv_err *err)
{
    struct wv_pg_result *rows WV_AUTORESULT = NULL;
    if (!wv_pg_query(room->pg,
                     "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = "
                     "c.relnamespace WHERE c.relkind = 'r' AND n.nspname !~ '^pg_' AND n.nspname "
                     "<> 'information_schema' AND pg_relation_size(c.oid) > 0 ORDER BY 1",
                     0, NULL, 1, &rows, room->proof->wait, err))
        return false;
    for (size_t i = 0; i < wv_pg_rows(rows); i++)
        wv_findings_note(room->proof->findings,
                         "the models put rows into %s: rows are not part of a schema and are not "
                         "compared",
                         wv_pg_text(rows, i, 0));
    return true;
}

static const char *const names[] = {[WV_MODELS_WRITTEN] = "the models",
                                    [WV_MODELS_DUMPED] = "the dump",
                                    [WV_MODELS_PRINTED] = "what pg_dump prints"};

static bool load_all(struct load *load, const struct wv_model_files *files, struct wv_err *err)
{
    struct wv_problems problems = {0};
    const char *hint = NULL;
    bool done = run_all(load, err) && wv_models_begin(load->room, err);
    if (done && load->left > 0)
        add_left(load, &problems, &hint);
    if (done && problems.count == 0)
        done = (load->source == WV_MODELS_PRINTED ||
                wv_models_check_bodies(load->room, files, &problems, err)) &&
               note_rows(load->room, err);
    if (!done || problems.count == 0) {
        wv_problems_free(&problems);
        return done;
    }
    wv_problems_sort(&problems);
    wv_err_set(err, WV_LOAD_ERROR, "%s cannot be loaded", names[load->source]);
    wv_err_at(err, problems.items[0].file, problems.items[0].line, 0);
    err->problems = problems;
    return hint != NULL ? wv_err_hint(err, "%s", hint) : false;
}

bool wv_models_load(struct wv_room *room, const struct wv_model_files *files,
                    enum wv_models_source source, struct wv_err *err)
{
    struct load load = {.room = room, .source = source};
    wv_report_waiting(room->proof->report, "loading %s (%zu file%s)", names[source], files->count,
                      files->count == 1 ? "" : "s");
    if (!wv_room_connect(room, err))
        return false;
    collect(&load, files);
    collect_makers(&load);
    bool done = load_all(&load, files, err);
    for (size_t i = 0; i < load.count; i++)
        wv_err_clear(&load.items[i].err);
    free(load.items);
    free(load.makers);
    return done;
}
