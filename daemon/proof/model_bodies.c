/* The last part of models.h: bodies that are text are checked when all that they may name is there.
 * The server prints each function, and is given it again under check_function_bodies and the
 * settings that its file has made by then. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "findings.h"
#include "fragment.h"
#include "models.h"
#include "reach.h"

static const char query[] =
    "SELECT n.nspname, p.proname, pg_get_functiondef(p.oid) FROM pg_proc p JOIN pg_namespace n ON "
    "n.oid = "
    "p.pronamespace JOIN pg_language l ON l.oid = p.prolang WHERE p.prokind <> 'a' AND "
    "NOT @has_sql_body@ AND l.lanname NOT IN ('c', 'internal') AND n.nspname !~ '^pg_' AND "
    "n.nspname <> 'information_schema' AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = "
    "'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e') ORDER BY p.oid";

struct body {
    const char *schema;
    const char *name;
    const char *definition;
    bool is_checked; /* with what `why` says */
    bool is_optional;
    char *why; /* it does not work; NULL: it does */
    const struct wv_model_file *file;
    int line;
};

struct bodies {
    struct wv_room *room;
    struct body *items;
    size_t count;
};

/* What a statement calls a routine; the schema is of no length where it is not written. */
struct routine_name {
    struct wv_token schema;
    struct wv_token name;
};

/* False: the statement makes none. */
static bool makes_routine(const struct wv_statement *statement, struct routine_name *name)
{
    struct wv_token words[WV_HEAD_WORDS];
    struct wv_lexer lexer;
    struct wv_token token;
    bool has_dot = false;
    wv_statement_head(statement, words);
    const struct wv_token *what = wv_token_is(&words[1], "OR") ? &words[3] : &words[1];
    *name = (struct routine_name){0};
    if (!wv_token_is(&words[0], "CREATE") ||
        !(wv_token_is(what, "FUNCTION") || wv_token_is(what, "PROCEDURE")))
        return false;
    wv_lexer_init(&lexer, statement->text, statement->length);
    while (wv_lexer_next(&lexer, &token) && token.kind != WV_TOKEN_OPEN) {
        bool is_word = token.kind == WV_TOKEN_WORD || token.kind == WV_TOKEN_QUOTED_WORD;
        if (is_word && has_dot)
            name->schema = name->name;
        if (is_word)
            name->name = token;
        has_dot = token.kind == WV_TOKEN_OPERATOR && token.text[0] == '.';
    }
    return true;
}

static bool is_spelled(const struct wv_token *token, const char *name)
{
    size_t length = strlen(name);
    if (token->kind == WV_TOKEN_QUOTED_WORD)
        return token->length == length + 2 && strncmp(token->text + 1, name, length) == 0;
    return token->length == length && strncasecmp(token->text, name, length) == 0;
}

static bool is_called(const struct body *body, const struct routine_name *name)
{
    return is_spelled(&name->name, body->name) &&
           (name->schema.length == 0 || is_spelled(&name->schema, body->schema));
}

static bool makes_any(const struct bodies *bodies, const struct wv_model_file *file)
{
    struct routine_name name;
    for (size_t i = 0; i < file->statements.count; i++)
        if (makes_routine(&file->statements.items[i], &name))
            for (size_t j = 0; j < bodies->count; j++)
                if (is_called(&bodies->items[j], &name))
                    return true;
    return false;
}

/* Who owns a routine may be another one by now; that has no part in what its body means. */
static bool changes_role(const struct wv_statement *statement)
{
    struct wv_token words[WV_HEAD_WORDS];
    wv_statement_head(statement, words);
    return wv_token_is(&words[1], "ROLE") || wv_token_is(&words[2], "AUTHORIZATION");
}

/* False: not for a reason of the statement's own; `*why` is else NULL or what the server says. */
static bool run(struct wv_room *room, const char *sql, char **why, struct wv_err *err)
{
    struct wv_err failure WV_AUTOERR = {0};
    if (wv_pg_run(room->pg, sql, room->proof->wait, &failure))
        return true;
    if (failure.code != WV_SQL_ERROR) {
        wv_err_move(err, &failure);
        return false;
    }
    *why = WV_STEAL(failure.message);
    return true;
}

/* Rolled back: a function that is replaced does not depend on an extension any more. */
static bool check(struct bodies *bodies, struct body *body, struct wv_err *err)
{
    struct wv_room *room = bodies->room;
    free(WV_STEAL(body->why));
    body->is_checked = true;
    return wv_pg_exec(room->pg, "BEGIN", room->proof->wait, err) &&
           run(room, body->definition, &body->why, err) &&
           wv_pg_exec(room->pg, "ROLLBACK", room->proof->wait, err);
}

/* How a file's settings are by now: where names without a schema go, and whether bodies matter. */
static bool read_settings(struct wv_room *room, char **schema, bool *wanted, struct wv_err *err)
{
    struct wv_pg_result *result WV_AUTORESULT = NULL;
    if (!wv_pg_query(room->pg,
                     "SELECT coalesce(current_schema(), ''), "
                     "current_setting('check_function_bodies')",
                     0, NULL, 2, &result, room->proof->wait, err))
        return false;
    *schema = wv_xstrdup(wv_pg_text(result, 0, 0));
    *wanted = strcmp(wv_pg_text(result, 0, 1), "on") == 0;
    return true;
}

/* Of several of one name any may be meant: each has to work in one of the places. Where a file says
 * that bodies are not to be checked, as pg_dump's do, its other settings mean nothing to them. */
static bool check_made(struct bodies *bodies, const struct wv_model_file *file,
                       const struct wv_statement *statement, struct wv_err *err)
{
    struct routine_name name;
    char *schema WV_AUTOFREE = NULL;
    bool wanted = false;
    if (!makes_routine(statement, &name))
        return true;
    if (!read_settings(bodies->room, &schema, &wanted, err))
        return false;
    for (size_t i = 0; i < bodies->count; i++) {
        struct body *body = &bodies->items[i];
        if (!is_called(body, &name) || (body->is_checked && body->why == NULL) ||
            (name.schema.length == 0 && strcmp(body->schema, schema) != 0))
            continue;
        body->file = file;
        body->line = statement->line;
        body->is_optional = !wanted;
        if (wanted && !check(bodies, body, err))
            return false;
    }
    return true;
}

static bool begin(struct wv_room *room, struct wv_err *err)
{
    return wv_models_begin(room, err) &&
           wv_pg_exec(room->pg, "SET check_function_bodies = on", room->proof->wait, err);
}

static bool check_file(struct bodies *bodies, const struct wv_model_file *file, struct wv_err *err)
{
    if (!makes_any(bodies, file))
        return true;
    if (!begin(bodies->room, err))
        return false;
    for (size_t i = 0; i < file->statements.count; i++) {
        const struct wv_statement *statement = &file->statements.items[i];
        char *text WV_AUTOFREE = wv_xstrndup(statement->text, statement->length);
        char *why WV_AUTOFREE = NULL;
        bool sets = wv_models_sets_session(statement) && !changes_role(statement);
        if (!(sets ? run(bodies->room, text, &why, err) : check_made(bodies, file, statement, err)))
            return false;
    }
    return true;
}

static bool check_others(struct bodies *bodies, struct wv_err *err)
{
    if (!begin(bodies->room, err))
        return false;
    for (size_t i = 0; i < bodies->count; i++)
        if (!bodies->items[i].is_checked && !check(bodies, &bodies->items[i], err))
            return false;
    return true;
}

static void tell(const struct bodies *bodies, struct wv_problems *problems)
{
    for (size_t i = 0; i < bodies->count; i++) {
        const struct body *body = &bodies->items[i];
        const char *path = body->file != NULL ? body->file->path : NULL;
        if (body->why != NULL && body->is_optional)
            wv_findings_note(bodies->room->proof->findings, "%s:%d: body of %s: %s", path,
                             body->line, body->name, body->why);
        else if (body->why != NULL)
            wv_problems_add(problems, "sql_error", path, body->line, "body of %s: %s", body->name,
                            body->why);
    }
}

static bool check_all(struct bodies *bodies, const struct wv_model_files *files, struct wv_err *err)
{
    for (size_t i = 0; i < files->count; i++)
        if (!check_file(bodies, &files->items[i], err))
            return false;
    return check_others(bodies, err);
}

bool wv_models_check_bodies(struct wv_room *room, const struct wv_model_files *files,
                            struct wv_problems *problems, struct wv_err *err)
{
    const struct wv_pg_wait *wait = room->proof->wait;
    struct wv_pg_result *found WV_AUTORESULT = NULL;
    struct bodies bodies = {.room = room};
    const struct wv_fragment_facts facts = {.server_version =
                                                wv_pg_facts(room->pg)->server_version};
    char *sql WV_AUTOFREE = wv_fragment_expand(query, &facts);
    if (!wv_pg_exec(room->pg, "SET search_path = ''", wait, err) ||
        !wv_pg_query(room->pg, sql, 0, NULL, 3, &found, wait, err))
        return false;
    bodies.count = wv_pg_rows(found);
    bodies.items = wv_xcalloc(bodies.count + 1, sizeof(*bodies.items));
    for (size_t i = 0; i < bodies.count; i++)
        bodies.items[i] = (struct body){.schema = wv_pg_text(found, i, 0),
                                        .name = wv_pg_text(found, i, 1),
                                        .definition = wv_pg_text(found, i, 2)};
    bool done = check_all(&bodies, files, err);
    if (done)
        tell(&bodies, problems);
    for (size_t i = 0; i < bodies.count; i++)
        free(bodies.items[i].why);
    free(bodies.items);
    return done && wv_models_begin(room, err);
}
