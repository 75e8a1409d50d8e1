/* The last part of models.h: bodies that are text are checked when all that they may name is there.
 * The server prints each function, and takes it back under check_function_bodies. */
#include <string.h>
#include <strings.h>

#include "models.h"

static const char bodies[] =
    "SELECT p.proname, pg_get_functiondef(p.oid) FROM pg_proc p JOIN pg_namespace n ON n.oid = "
    "p.pronamespace JOIN pg_language l ON l.oid = p.prolang WHERE p.prokind <> 'a' AND "
    "p.prosqlbody IS NULL AND l.lanname NOT IN ('c', 'internal') AND n.nspname !~ '^pg_' AND "
    "n.nspname <> 'information_schema' AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = "
    "'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e') ORDER BY p.oid";

/* A routine's statement: it creates one and has its name among its first words. */
static bool makes_routine(const struct wv_statement *statement, const char *name)
{
    struct wv_lexer lexer;
    struct wv_token token;
    bool routine = false;
    size_t length = strlen(name);
    wv_lexer_init(&lexer, statement->text, statement->length);
    while (wv_lexer_next(&lexer, &token) && token.kind != WV_TOKEN_OPEN) {
        size_t skip = token.kind == WV_TOKEN_QUOTED_WORD ? 1 : 0;
        if (wv_token_is(&token, "FUNCTION") || wv_token_is(&token, "PROCEDURE"))
            routine = true;
        else if (routine && token.length == length + 2 * skip &&
                 strncasecmp(token.text + skip, name, length) == 0)
            return true;
    }
    return false;
}

static void add_problem(const struct wv_model_files *files, const char *name,
                        const struct wv_err *why, struct wv_problems *problems)
{
    const char *path = NULL;
    int line = 0;
    for (size_t i = 0; i < files->count && path == NULL; i++) {
        const struct wv_statements *statements = &files->items[i].statements;
        for (size_t j = 0; j < statements->count && path == NULL; j++)
            if (makes_routine(&statements->items[j], name)) {
                path = files->items[i].path;
                line = statements->items[j].line;
            }
    }
    wv_problems_add(problems, "sql_error", path, line, "body of %s: %s", name, why->message);
}

bool wv_models_check_bodies(struct wv_room *room, const struct wv_model_files *files,
                            struct wv_problems *problems, struct wv_err *err)
{
    const struct wv_pg_wait *wait = room->proof->wait;
    struct wv_pg_result *found WV_AUTORESULT = NULL;
    if (!wv_pg_query(room->pg, bodies, 0, NULL, 2, &found, wait, err) ||
        !wv_pg_exec(room->pg, "SET check_function_bodies = on", wait, err))
        return false;
    for (size_t i = 0; i < wv_pg_rows(found); i++) {
        struct wv_err why WV_AUTOERR = {0};
        if (wv_pg_run(room->pg, wv_pg_text(found, i, 1), wait, &why))
            continue;
        if (why.code != WV_SQL_ERROR) {
            wv_err_move(err, &why);
            return false;
        }
        add_problem(files, wv_pg_text(found, i, 0), &why, problems);
    }
    return true;
}
