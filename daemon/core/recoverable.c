/* See recoverable.h. */
#include "recoverable.h"

#include <stdlib.h>
#include <string.h>

#include "splitter.h"
#include "strbuf.h"
#include "xalloc.h"

/* The tokens of a statement one after the other, without comments. */
struct reader {
    struct wv_lexer lexer;
    struct wv_token token;
};

static void next(struct reader *reader)
{
    do
        (void)wv_lexer_next(&reader->lexer, &reader->token);
    while (reader->token.kind == WV_TOKEN_LINE_COMMENT ||
           reader->token.kind == WV_TOKEN_BLOCK_COMMENT);
}

static void begin(struct reader *reader, const char *statement)
{
    wv_lexer_init(&reader->lexer, statement, strlen(statement));
    next(reader);
}

/* Goes over the word, when it is the next one. */
static bool take(struct reader *reader, const char *word)
{
    bool is_there = wv_token_is(&reader->token, word);
    if (is_there)
        next(reader);
    return is_there;
}

static bool is_dot(const struct wv_token *token)
{
    return token->kind == WV_TOKEN_OPERATOR && token->length == 1 && token->text[0] == '.';
}

/* A name with what qualifies it, as it is written but for blanks and comments; NULL: there is none
 * that the server reads by itself, as it does not read U&"...". */
static char *take_name(struct reader *reader)
{
    struct wv_strbuf name WV_AUTOSTRBUF = WV_STRBUF_INIT;
    bool wants_word = true;
    while (wants_word
               ? (reader->token.kind == WV_TOKEN_WORD ||
                  (reader->token.kind == WV_TOKEN_QUOTED_WORD && reader->token.text[0] == '"'))
               : is_dot(&reader->token)) {
        wv_strbuf_add(&name, reader->token.text, reader->token.length);
        wants_word = !wants_word;
        next(reader);
    }
    return wants_word ? NULL : wv_xstrdup(wv_strbuf_text(&name));
}

static void read_build(struct wv_recoverable *out, struct reader *reader)
{
    out->is_unique = take(reader, "UNIQUE");
    if (!take(reader, "INDEX") || !take(reader, "CONCURRENTLY") ||
        wv_token_is(&reader->token, "ON"))
        return;
    if (take(reader, "IF") && !(take(reader, "NOT") && take(reader, "EXISTS")))
        return;
    char *index WV_AUTOFREE = take_name(reader);
    bool is_on = take(reader, "ON");
    (void)take(reader, "ONLY");
    char *table WV_AUTOFREE = take_name(reader);
    if (index == NULL || !is_on || table == NULL)
        return;
    out->how = WV_RECOVERY_BUILDS;
    out->index = WV_STEAL(index);
    out->table = WV_STEAL(table);
}

static void read_drop(struct wv_recoverable *out, struct reader *reader)
{
    if (!take(reader, "INDEX") || !take(reader, "CONCURRENTLY"))
        return;
    if (take(reader, "IF") && !take(reader, "EXISTS"))
        return;
    out->index = take_name(reader);
    if (out->index != NULL)
        out->how = WV_RECOVERY_DROPS;
}

/* The word that the statement begins with, of those that change what a transaction holds. */
static bool take_change(struct reader *reader)
{
    static const char *const words[] = {"ALTER",  "ANALYZE", "COMMENT", "CREATE",
                                        "DELETE", "DROP",    "GRANT",   "INSERT",
                                        "MERGE",  "REFRESH", "REVOKE",  "UPDATE"};
    bool found = false;
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]) && !found; i++)
        found = take(reader, words[i]);
    return found;
}

/* What begins so is rolled back with its transaction; what some catalog may forbid in one, as it
 * does of subscriptions, is not among it, nor what calls functions for what they do outside. */
static bool is_atomic(const char *statement)
{
    struct wv_statements all = {0};
    struct wv_problems problems = {0};
    struct wv_faults faults;
    const struct wv_place start = WV_PLACE_START;
    struct reader reader;
    wv_faults_init(&faults, &problems, NULL, statement, start);
    wv_split(statement, strlen(statement), start, &all, &faults);
    bool may = all.count == 1 && faults.count == 0 &&
               (all.items[0].flags & WV_STATEMENT_NO_TRANSACTION) == 0;
    wv_statements_free(&all);
    wv_problems_free(&problems);
    begin(&reader, statement);
    return may && take_change(&reader) && !wv_token_is(&reader.token, "SUBSCRIPTION");
}

void wv_recoverable_read(struct wv_recoverable *out, const char *statement)
{
    struct reader reader;
    *out = (struct wv_recoverable){0};
    begin(&reader, statement);
    if (take(&reader, "CREATE"))
        read_build(out, &reader);
    else if (take(&reader, "DROP"))
        read_drop(out, &reader);
    if (out->how == WV_RECOVERY_NONE && is_atomic(statement))
        out->how = WV_RECOVERY_ATOMIC;
}

static bool creates_temporary(const char *statement)
{
    static const char *const words[] = {"TEMP", "TEMPORARY", "LOCAL", "GLOBAL"};
    struct reader reader;
    begin(&reader, statement);
    bool found = false;
    bool creates = take(&reader, "CREATE");
    if (creates && take(&reader, "OR"))
        (void)take(&reader, "REPLACE");
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]) && creates && !found; i++)
        found = take(&reader, words[i]);
    return found;
}

enum wv_session_effect wv_session_effect(const char *statement)
{
    struct reader reader;
    begin(&reader, statement);
    if (take(&reader, "SET") || take(&reader, "RESET"))
        return WV_SESSION_IS_SET;
    bool is_known = take_change(&reader) || take(&reader, "VACUUM") || take(&reader, "REINDEX");
    return is_known && !creates_temporary(statement) ? WV_SESSION_STAYS : WV_SESSION_UNKNOWN;
}

void wv_recoverable_clear(struct wv_recoverable *recoverable)
{
    free(recoverable->index);
    free(recoverable->table);
    *recoverable = (struct wv_recoverable){0};
}
