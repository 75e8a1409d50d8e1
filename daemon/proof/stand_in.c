/* See stand_in.h. */
#include "stand_in.h"

#include <stdlib.h>

#include "findings.h"
#include "quote.h"
#include "report.h"

/* The first words of a statement, but no secret of those that hold one. */
static char *words_of(const struct wv_statement *statement)
{
    struct wv_lexer lexer;
    struct wv_token token;
    size_t length = statement->length;
    wv_lexer_init(&lexer, statement->text, statement->length);
    while (length == statement->length && wv_lexer_next(&lexer, &token))
        if (wv_token_is(&token, "PASSWORD") || wv_token_is(&token, "CONNECTION"))
            length = (size_t)(token.text - statement->text) + token.length;
    return wv_statement_summary(statement->text, length);
}

void wv_stand_in_note(struct wv_proof *proof, const char *file,
                      const struct wv_statement *statement, const char *why)
{
    char *words WV_AUTOFREE = words_of(statement);
    wv_findings_note(proof->findings, "%s:%d: left out, %s: %s", file, statement->line, why, words);
}

static bool leave_out(struct wv_proof *proof, const char *file,
                      const struct wv_statement *statement, const char *why, char **sql)
{
    wv_stand_in_note(proof, file, statement, why);
    *sql = wv_xstrdup("SELECT");
    return true;
}

static bool of_server(struct wv_proof *proof, const char *file,
                      const struct wv_statement *statement, char **sql)
{
    return leave_out(proof, file, statement, "it is of the whole server", sql);
}

/* In a private server a role may be there because the database has it, or from a run before. */
static char *unless_there(const struct wv_statement *statement)
{
    char *text WV_AUTOFREE = wv_xstrndup(statement->text, statement->length);
    char *literal WV_AUTOFREE = wv_quote_literal(text);
    char *body WV_AUTOFREE =
        wv_xasprintf("BEGIN EXECUTE %s; EXCEPTION WHEN duplicate_object THEN NULL; END", literal);
    char *quoted WV_AUTOFREE = wv_quote_literal(body);
    return wv_xasprintf("DO %s", quoted);
}

static bool refuse(const char *file, const struct wv_statement *statement, struct wv_err *err)
{
    char *words WV_AUTOFREE = words_of(statement);
    wv_err_set(
        err, WV_SQL_ERROR,
        "a scratch database does not connect to another server, whose slot is not its own: %s"
        " (without connect = false)",
        words);
    wv_err_at(err, file, statement->line, statement->column);
    return wv_err_hint(err, "CREATE SUBSCRIPTION ... WITH (connect = false), then ALTER"
                            " SUBSCRIPTION ... ENABLE once its slot is there");
}

/* --- subscriptions --- */

/* The slot stays where it is: it is that of the project's own database. */
static char *drop_without_slot(const struct wv_statement *statement)
{
    struct wv_token words[WV_HEAD_WORDS];
    wv_statement_head(statement, words);
    const struct wv_token *word = &words[wv_token_is(&words[2], "IF") ? 4 : 2];
    char *name WV_AUTOFREE = wv_xstrndup(word->text, word->length);
    char *name_literal WV_AUTOFREE = wv_quote_literal(name);
    char *text WV_AUTOFREE = wv_xstrndup(statement->text, statement->length);
    char *literal WV_AUTOFREE = wv_quote_literal(text);
    char *body WV_AUTOFREE = wv_xasprintf(
        "DECLARE n name := (pg_catalog.parse_ident(%s))[1]; BEGIN"
        " IF EXISTS (SELECT FROM pg_catalog.pg_subscription s JOIN pg_catalog.pg_database d"
        " ON d.oid = s.subdbid WHERE datname = pg_catalog.current_database() AND subname = n) THEN"
        " EXECUTE pg_catalog.format('ALTER SUBSCRIPTION %%I DISABLE', n);"
        " EXECUTE pg_catalog.format('ALTER SUBSCRIPTION %%I SET (slot_name = NONE)', n);"
        " END IF; EXECUTE %s; END",
        name_literal, literal);
    char *quoted WV_AUTOFREE = wv_quote_literal(body);
    return wv_xasprintf("DO %s", quoted);
}

/* The same with refresh = false for what options there are. */
static char *without_refresh(const struct wv_statement *statement)
{
    struct wv_lexer lexer;
    struct wv_token token;
    size_t length = statement->length;
    wv_lexer_init(&lexer, statement->text, statement->length);
    while (wv_lexer_next(&lexer, &token))
        if (wv_token_is(&token, "WITH"))
            length = (size_t)(token.text - statement->text);
    return wv_xasprintf("%.*s\nWITH (refresh = false)", (int)length, statement->text);
}

/* A private server has no process that would connect, so that a subscription may be enabled. */
static bool alter_subscription(struct wv_proof *proof, const char *file,
                               const struct wv_statement *statement, char **sql)
{
    struct wv_token words[WV_HEAD_WORDS];
    wv_statement_head(statement, words);
    bool enables = wv_token_is(&words[3], "ENABLE");
    if (enables && wv_scratch_is_private(proof->scratch))
        return true;
    if (enables || wv_token_is(&words[3], "REFRESH"))
        return leave_out(proof, file, statement, "it speaks to another server", sql);
    *sql = without_refresh(statement);
    return true;
}

/* --- all --- */

bool wv_stand_in(struct wv_proof *proof, const char *file, const struct wv_statement *statement,
                 char **sql, struct wv_err *err)
{
    bool is_private = wv_scratch_is_private(proof->scratch);
    switch (wv_statement_reach(statement)) {
    case WV_REACH_NEW_ROLE:
        if (!is_private)
            return of_server(proof, file, statement, sql);
        *sql = unless_there(statement);
        return true;
    case WV_REACH_MEMBERSHIP:
    case WV_REACH_OWNED:
        return is_private || of_server(proof, file, statement, sql);
    case WV_REACH_SERVER:
        return of_server(proof, file, statement, sql);
    case WV_REACH_SUBSCRIBE:
        return refuse(file, statement, err);
    case WV_REACH_REFRESH:
        return alter_subscription(proof, file, statement, sql);
    case WV_REACH_UNSUBSCRIBE:
        *sql = drop_without_slot(statement);
        return true;
    case WV_REACH_DATABASE:
        break;
    }
    return true;
}
