/* See model_names.h. */
#include "model_names.h"

#include <string.h>
#include <strings.h>

#include "lexer.h"

static struct wv_model_name unquoted(const struct wv_token *token)
{
    if (token->kind == WV_TOKEN_QUOTED_WORD && token->length >= 2)
        return (struct wv_model_name){token->text + 1, token->length - 2};
    return (struct wv_model_name){token->text, token->length};
}

/* Words that may stand between CREATE and a name. */
static bool is_keyword(const struct wv_token *token)
{
    static const char *const words[] = {
        "OR",           "REPLACE",   "TABLE",     "VIEW",      "MATERIALIZED",
        "UNLOGGED",     "TEMP",      "LOCAL",     "TEMPORARY", "RECURSIVE",
        "FOREIGN",      "INDEX",     "UNIQUE",    "TYPE",      "DOMAIN",
        "CONCURRENTLY", "SEQUENCE",  "SCHEMA",    "FUNCTION",  "IF",
        "PROCEDURE",    "AGGREGATE", "COLLATION", "NOT",       "EXISTS"};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (wv_token_is(token, words[i]))
            return true;
    return false;
}

struct wv_model_name wv_model_makes(const struct wv_statement *statement)
{
    struct wv_model_name name = {0};
    struct wv_lexer lexer;
    struct wv_token token;
    wv_lexer_init(&lexer, statement->text, statement->length);
    if (!wv_lexer_next(&lexer, &token) || !wv_token_is(&token, "CREATE"))
        return name;
    bool more = wv_lexer_next(&lexer, &token);
    while (more && is_keyword(&token))
        more = wv_lexer_next(&lexer, &token);
    bool part = true;
    while (more && part && (token.kind == WV_TOKEN_WORD || token.kind == WV_TOKEN_QUOTED_WORD)) {
        name = unquoted(&token);
        part = wv_lexer_next(&lexer, &token) && token.kind == WV_TOKEN_OPERATOR &&
               token.text[0] == '.' && wv_lexer_next(&lexer, &token);
    }
    return name;
}

/* `relation "s.a" does not exist`, `function f(integer) does not exist`. */
struct wv_model_name wv_model_wants(const char *message)
{
    const char *start = strchr(message, '"');
    const char *end = start != NULL ? strchr(start + 1, '"') : NULL;
    if (end == NULL && strncmp(message, "function ", 9) == 0) {
        start = message + 8;
        end = strchr(start, '(');
    }
    if (end == NULL)
        return (struct wv_model_name){0};
    for (const char *at = ++start; at < end; at++)
        if (*at == '.')
            start = at + 1;
    return (struct wv_model_name){start, (size_t)(end - start)};
}

bool wv_model_name_same(struct wv_model_name left, struct wv_model_name right)
{
    return left.text != NULL && right.text != NULL && left.length == right.length &&
           strncasecmp(left.text, right.text, left.length) == 0;
}

bool wv_model_misses(const struct wv_err *err)
{
    static const char *const states[] = {"42P01", "42704", "42883", "3F000"};
    for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++)
        if (strcmp(err->sqlstate, states[i]) == 0)
            return true;
    return false;
}
