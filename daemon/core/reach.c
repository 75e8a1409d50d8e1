/* See reach.h. Only words outside of parentheses and quotes are looked at, but for the options of
 * subscriptions. */
#include "reach.h"

#include <string.h>
#include <strings.h>

static bool next_token(struct wv_lexer *lexer, struct wv_token *token)
{
    while (wv_lexer_next(lexer, token))
        if (token->kind != WV_TOKEN_LINE_COMMENT && token->kind != WV_TOKEN_BLOCK_COMMENT)
            return true;
    return false;
}

void wv_statement_head(const struct wv_statement *statement, struct wv_token words[WV_HEAD_WORDS])
{
    struct wv_lexer lexer;
    wv_lexer_init(&lexer, statement->text, statement->length);
    memset(words, 0, WV_HEAD_WORDS * sizeof(*words));
    for (size_t count = 0; count < WV_HEAD_WORDS && next_token(&lexer, &words[count]);)
        count++;
}

static bool is_one_of(const struct wv_token *token, const char *const *words)
{
    while (*words != NULL && !wv_token_is(token, *words))
        words++;
    return *words != NULL;
}

static bool is_role(const struct wv_token *word, const struct wv_token *after)
{
    return wv_token_is(word, "ROLE") || wv_token_is(word, "GROUP") ||
           (wv_token_is(word, "USER") && !wv_token_is(after, "MAPPING"));
}

static bool is_of_server(const struct wv_token *word, const struct wv_token *after)
{
    static const char *const things[] = {"DATABASE", "TABLESPACE", "SYSTEM", NULL};
    return is_role(word, after) || is_one_of(word, things);
}

/* --- GRANT, REVOKE, COMMENT, SECURITY LABEL --- */

/* A table may have the name of a kind ("GRANT SELECT ON database TO x"): after the kind there is a
 * name, which TO and FROM cannot be. */
static bool names_after(const struct wv_token *kind, const struct wv_token *name)
{
    static const char *const things[] = {"DATABASE", "TABLESPACE", "PARAMETER", "ROLE", NULL};
    if (!is_one_of(kind, things))
        return false;
    return name->kind == WV_TOKEN_QUOTED_WORD ||
           (name->kind == WV_TOKEN_WORD && !wv_token_is(name, "TO") && !wv_token_is(name, "FROM") &&
            !wv_token_is(name, "IS"));
}

/* What stands behind the first ON, if there is one. */
static enum wv_reach reach_on(const struct wv_statement *statement, enum wv_reach without)
{
    struct wv_lexer lexer;
    struct wv_token token;
    struct wv_token name = {0};
    int depth = 0;
    wv_lexer_init(&lexer, statement->text, statement->length);
    while (next_token(&lexer, &token)) {
        depth += token.kind == WV_TOKEN_OPEN ? 1 : token.kind == WV_TOKEN_CLOSE ? -1 : 0;
        if (depth > 0 || !wv_token_is(&token, "ON"))
            continue;
        return next_token(&lexer, &token) && next_token(&lexer, &name) && names_after(&token, &name)
                   ? WV_REACH_SERVER
                   : WV_REACH_DATABASE;
    }
    return without;
}

/* --- subscriptions --- */

/* The values of a boolean option that mean no (manual, "CREATE SUBSCRIPTION"; defGetBoolean()). */
static bool is_off(const struct wv_token *value)
{
    static const char *const off[] = {"false", "off", "0", "'false'", "'off'", "'0'"};
    for (size_t i = 0; i < sizeof(off) / sizeof(off[0]); i++)
        if (value->length == strlen(off[i]) && strncasecmp(value->text, off[i], value->length) == 0)
            return true;
    return false;
}

static bool has_off(const struct wv_statement *statement, const char *name)
{
    struct wv_lexer lexer;
    struct wv_token token;
    int depth = 0;
    wv_lexer_init(&lexer, statement->text, statement->length);
    while (next_token(&lexer, &token)) {
        depth += token.kind == WV_TOKEN_OPEN ? 1 : token.kind == WV_TOKEN_CLOSE ? -1 : 0;
        if (depth > 0 && wv_token_is(&token, name) && next_token(&lexer, &token) &&
            token.kind == WV_TOKEN_OPERATOR && next_token(&lexer, &token))
            return is_off(&token);
    }
    return false;
}

static enum wv_reach reach_subscription(const struct wv_statement *statement)
{
    static const char *const local[] = {"CONNECTION", "DISABLE", "OWNER", "RENAME", "SKIP", NULL};
    struct wv_token words[WV_HEAD_WORDS];
    wv_statement_head(statement, words);
    if (wv_token_is(&words[0], "DROP"))
        return WV_REACH_UNSUBSCRIBE;
    if (wv_token_is(&words[0], "CREATE"))
        return has_off(statement, "CONNECT") ? WV_REACH_DATABASE : WV_REACH_SUBSCRIBE;
    if (is_one_of(&words[3], local) || has_off(statement, "REFRESH"))
        return WV_REACH_DATABASE;
    return wv_token_is(&words[3], "SET") && words[4].kind == WV_TOKEN_OPEN ? WV_REACH_DATABASE
                                                                           : WV_REACH_REFRESH;
}

/* --- all --- */

static enum wv_reach reach_definition(const struct wv_statement *statement,
                                      const struct wv_token *words)
{
    if (wv_token_is(&words[1], "SUBSCRIPTION"))
        return reach_subscription(statement);
    if (wv_token_is(&words[0], "DROP") && wv_token_is(&words[1], "OWNED"))
        return WV_REACH_OWNED;
    if (!is_of_server(&words[1], &words[2]))
        return WV_REACH_DATABASE;
    return wv_token_is(&words[0], "CREATE") && is_role(&words[1], &words[2]) ? WV_REACH_NEW_ROLE
                                                                             : WV_REACH_SERVER;
}

enum wv_reach wv_statement_reach(const struct wv_statement *statement)
{
    static const char *const defines[] = {"CREATE", "ALTER", "DROP", NULL};
    static const char *const grants[] = {"GRANT", "REVOKE", NULL};
    static const char *const labels[] = {"COMMENT", "SECURITY", NULL};
    struct wv_token words[WV_HEAD_WORDS];
    wv_statement_head(statement, words);
    if (is_one_of(&words[0], defines))
        return reach_definition(statement, words);
    if (is_one_of(&words[0], grants))
        return reach_on(statement, WV_REACH_MEMBERSHIP);
    if (is_one_of(&words[0], labels))
        return reach_on(statement, WV_REACH_DATABASE);
    if (wv_token_is(&words[0], "REASSIGN"))
        return WV_REACH_OWNED;
    return WV_REACH_DATABASE;
}
