/* See splitter.h. The machine sees one token at a time and keeps no text. What a statement is is
 * decided from its first words and a few pairs of words, never by a grammar: the server has that.
 */
#include "splitter.h"

#include <stdlib.h>
#include <string.h>

#include "statement_class.h"

void wv_splitter_init(struct wv_splitter *splitter, const char *text, size_t length,
                      struct wv_faults *faults)
{
    *splitter = (struct wv_splitter){.text = text, .length = length, .faults = faults};
}

/* The body ends at an END right after `;` or ATOMIC: only there can it stand ("CREATE FUNCTION",
 * sql_body), while the END of a CASE or a column of that name never does. */
static void track_body(struct wv_splitter *splitter, const struct wv_token *token)
{
    const struct wv_token *before = &splitter->previous;
    if (splitter->body == NULL) {
        if (wv_token_is(token, "ATOMIC") && wv_token_is(before, "BEGIN") &&
            wv_class_makes_routine(splitter))
            splitter->body = before->text;
    } else if (wv_token_is(token, "END") &&
               (before->kind == WV_TOKEN_SEMICOLON || wv_token_is(before, "ATOMIC"))) {
        splitter->body = NULL;
    }
}

static void take_word(struct wv_splitter *splitter, const struct wv_token *token)
{
    if (splitter->depth > 0)
        return;
    track_body(splitter, token);
    if (splitter->word_count < WV_SPLITTER_WORDS && splitter->body == NULL)
        splitter->words[splitter->word_count++] = *token;
}

static size_t offset_of(const struct wv_splitter *splitter, const char *at)
{
    return (size_t)(at - splitter->text);
}

static void report_unterminated(struct wv_splitter *splitter, const struct wv_token *token)
{
    size_t at = offset_of(splitter, token->text);
    splitter->cut_short = true;
    switch (token->kind) {
    case WV_TOKEN_BLOCK_COMMENT:
        wv_faults_add(splitter->faults, at, "unterminated_comment", "this comment has no end (*/)");
        break;
    case WV_TOKEN_QUOTED_WORD:
        wv_faults_add(splitter->faults, at, "unterminated_quote",
                      "this quoted identifier has no end (\")");
        break;
    case WV_TOKEN_DOLLAR_STRING: {
        const char *tag_end = memchr(token->text + 1, '$', token->length - 1);
        int size = tag_end != NULL ? (int)(tag_end - token->text) + 1 : 1;
        wv_faults_add(splitter->faults, at, "unterminated_quote",
                      "this dollar-quoted string has no end (%.*s)", size > 64 ? 1 : size,
                      token->text);
        break;
    }
    default:
        wv_faults_add(splitter->faults, at, "unterminated_quote", "this string has no end (')");
    }
}

static void refuse(struct wv_splitter *splitter)
{
    size_t at = offset_of(splitter, splitter->first);
    const struct wv_token *word = &splitter->words[0];
    if (wv_class_controls_transaction(splitter))
        wv_faults_add(splitter->faults, at, "transaction_control",
                      "%.*s is not allowed: transactions are begun and ended by wovend",
                      (int)word->length, word->text);
    else if (wv_class_copies_stream(splitter))
        wv_faults_add(splitter->faults, at, "copy_stdin",
                      "COPY from standard input or to standard output is not possible: use INSERT, "
                      "or a file of the server");
}

static bool end_statement(struct wv_splitter *splitter, struct wv_statement *out)
{
    bool any = splitter->first != NULL;
    if (any) {
        if (!wv_class_has_keyword(splitter))
            splitter->word_count = 0;
        refuse(splitter);
        *out = (struct wv_statement){.text = splitter->first,
                                     .length = (size_t)(splitter->last - splitter->first),
                                     .flags = wv_class_flags(splitter)};
    }
    splitter->first = NULL;
    splitter->last = NULL;
    splitter->word_count = 0;
    splitter->tokens = 0;
    splitter->previous = (struct wv_token){0};
    splitter->seen = 0;
    splitter->cut_short = false;
    splitter->depth = 0;
    splitter->opened = NULL;
    splitter->body = NULL;
    return any;
}

static void skip_line(const struct wv_splitter *splitter, struct wv_lexer *lexer)
{
    const char *at = splitter->text + lexer->at;
    const char *end = memchr(at, '\n', splitter->length - lexer->at);
    wv_lexer_jump(lexer, end != NULL ? offset_of(splitter, end) : splitter->length);
}

/* Inline data of a refused COPY is no SQL: goes on after its last line, `\.`, if there is one. */
static void skip_copy_data(struct wv_splitter *splitter, struct wv_lexer *lexer)
{
    size_t at = lexer->at;
    const char *found;
    while (!splitter->no_copy_end && at < splitter->length &&
           (found = memmem(splitter->text + at, splitter->length - at, "\n\\.", 3)) != NULL) {
        at = offset_of(splitter, found) + 3;
        if (at == splitter->length || splitter->text[at] == '\n' || splitter->text[at] == '\r') {
            wv_lexer_jump(lexer, at);
            return;
        }
    }
    splitter->no_copy_end = true;
}

static bool meta_command(struct wv_splitter *splitter, struct wv_lexer *lexer,
                         const struct wv_token *token, struct wv_statement *out)
{
    wv_faults_add(splitter->faults, offset_of(splitter, token->text), "meta_command",
                  "a backslash outside of quotes: commands of psql cannot be sent to a server");
    skip_line(splitter, lexer);
    return end_statement(splitter, out);
}

static void take_parenthesis(struct wv_splitter *splitter, const struct wv_token *token)
{
    if (token->kind == WV_TOKEN_OPEN) {
        if (splitter->depth++ == 0)
            splitter->opened = token->text;
    } else if (splitter->depth > 0) {
        splitter->depth--;
    } else {
        wv_faults_add(splitter->faults, offset_of(splitter, token->text), "unmatched_parenthesis",
                      "a closing parenthesis without an opening one");
    }
}

static bool semicolon(struct wv_splitter *splitter, struct wv_lexer *lexer,
                      struct wv_statement *out)
{
    bool data_follows = wv_class_has_keyword(splitter) && wv_class_copies_stream(splitter);
    bool any = end_statement(splitter, out);
    if (data_follows)
        skip_copy_data(splitter, lexer);
    return any;
}

bool wv_splitter_push(struct wv_splitter *splitter, struct wv_lexer *lexer,
                      const struct wv_token *token, struct wv_statement *out)
{
    if (token->unterminated)
        report_unterminated(splitter, token);
    if (token->kind == WV_TOKEN_LINE_COMMENT || token->kind == WV_TOKEN_BLOCK_COMMENT)
        return false;
    if (token->kind == WV_TOKEN_BACKSLASH)
        return meta_command(splitter, lexer, token, out);
    if (token->kind == WV_TOKEN_SEMICOLON && splitter->depth == 0 && splitter->body == NULL)
        return semicolon(splitter, lexer, out);
    if (splitter->first == NULL)
        splitter->first = token->text;
    splitter->tokens++;
    wv_class_note(splitter, token);
    if (token->kind == WV_TOKEN_WORD)
        take_word(splitter, token);
    else if (token->kind == WV_TOKEN_OPEN || token->kind == WV_TOKEN_CLOSE)
        take_parenthesis(splitter, token);
    splitter->previous = *token;
    splitter->last = token->text + token->length;
    return false;
}

bool wv_splitter_finish(struct wv_splitter *splitter, struct wv_statement *out)
{
    if (!splitter->cut_short) {
        if (splitter->depth > 0)
            wv_faults_add(splitter->faults, offset_of(splitter, splitter->opened),
                          "unterminated_parenthesis", "this parenthesis is never closed");
        else if (splitter->body != NULL)
            wv_faults_add(splitter->faults, offset_of(splitter, splitter->body),
                          "unterminated_body",
                          "this BEGIN ATOMIC has no END (which comes after a `;`)");
    }
    return end_statement(splitter, out);
}

static void append(struct wv_statements *list, struct wv_statement statement, const char *text,
                   struct wv_place *place)
{
    wv_place_advance(place, text, (size_t)(statement.text - text));
    statement.line = place->line;
    statement.column = place->column;
    WV_GROW(list->items, list->count, list->capacity);
    list->items[list->count++] = statement;
}

void wv_split(const char *text, size_t length, struct wv_place start, struct wv_statements *out,
              struct wv_faults *faults)
{
    struct wv_lexer lexer;
    struct wv_splitter splitter;
    struct wv_token token;
    struct wv_statement statement;
    struct wv_place place = {0, start.line, start.column};
    wv_lexer_init(&lexer, text, length);
    wv_splitter_init(&splitter, text, length, faults);
    while (wv_lexer_next(&lexer, &token))
        if (wv_splitter_push(&splitter, &lexer, &token, &statement))
            append(out, statement, text, &place);
    if (wv_splitter_finish(&splitter, &statement))
        append(out, statement, text, &place);
}

void wv_statements_free(struct wv_statements *statements)
{
    free(statements->items);
    *statements = (struct wv_statements){0};
}
