/* See splitter.h. The machine sees one token at a time and keeps no text. What a statement is is
 * decided from its first words and a few pairs of words, never by a grammar: the server has that.
 */
#include "splitter.h"

#include <stdlib.h>
#include <string.h>

enum {
    CUT_SHORT = 1, /* an unterminated quote or comment was reported: nothing more to say */
    STANDARD_STREAM = 2,
    CONCURRENTLY = 4,
    DETACH_PARTITION = 8,
    FINALIZE = 16,
    VALIDATE_CONSTRAINT = 32,
    SET_TABLESPACE = 64,
    CHANGES_PUBLICATION = 128,
    REFRESH_PUBLICATION = 256,
    SUBSCRIPTION_OPTION = 512, /* one that decides whether a replication slot is touched */
};

void wv_splitter_init(struct wv_splitter *splitter, const char *text, size_t length,
                      struct wv_faults *faults)
{
    *splitter = (struct wv_splitter){.text = text, .length = length, .faults = faults};
}

static bool word_is(const struct wv_splitter *splitter, size_t index, const char *upper)
{
    return index < splitter->word_count && wv_token_is(&splitter->words[index], upper);
}

/* A statement that begins with no word has no keyword. */
static bool begins_with_word(const struct wv_splitter *splitter)
{
    return splitter->word_count > 0 && splitter->words[0].text == splitter->first;
}

/* The index of the word after CREATE [OR REPLACE]; 0 when the statement is no CREATE. */
static size_t created(const struct wv_splitter *splitter)
{
    if (!word_is(splitter, 0, "CREATE"))
        return 0;
    return word_is(splitter, 1, "OR") ? 3 : 1;
}

static bool makes_routine(const struct wv_splitter *splitter)
{
    size_t what = created(splitter);
    return what > 0 &&
           (word_is(splitter, what, "FUNCTION") || word_is(splitter, what, "PROCEDURE"));
}

/* The body ends at an END right after `;` or ATOMIC: only there can it stand ("CREATE FUNCTION",
 * sql_body), while the END of a CASE or a column of that name never does. */
static void track_body(struct wv_splitter *splitter, const struct wv_token *token)
{
    const struct wv_token *before = &splitter->previous;
    if (splitter->body == NULL) {
        if (wv_token_is(token, "ATOMIC") && wv_token_is(before, "BEGIN") && makes_routine(splitter))
            splitter->body = before->text;
    } else if (wv_token_is(token, "END") &&
               (before->kind == WV_TOKEN_SEMICOLON || wv_token_is(before, "ATOMIC"))) {
        splitter->body = NULL;
    }
}

/* Pairs and words that count outside of parentheses only. */
static unsigned seen_outside(const struct wv_token *before, const struct wv_token *token)
{
    switch (token->text[0] | 0x20) {
    case 's':
        if ((wv_token_is(token, "STDIN") || wv_token_is(token, "STDOUT")) &&
            (wv_token_is(before, "FROM") || wv_token_is(before, "TO")))
            return STANDARD_STREAM;
        break;
    case 'c':
        if (wv_token_is(token, "CONCURRENTLY"))
            return CONCURRENTLY;
        if (wv_token_is(token, "CONSTRAINT") && wv_token_is(before, "VALIDATE"))
            return VALIDATE_CONSTRAINT;
        break;
    case 'f':
        return wv_token_is(token, "FINALIZE") ? FINALIZE : 0;
    case 'p':
        if (wv_token_is(token, "PARTITION") && wv_token_is(before, "DETACH"))
            return DETACH_PARTITION;
        if (!wv_token_is(token, "PUBLICATION"))
            break;
        if (wv_token_is(before, "REFRESH"))
            return REFRESH_PUBLICATION;
        return wv_token_is(before, "SET") || wv_token_is(before, "ADD") ||
                       wv_token_is(before, "DROP")
                   ? CHANGES_PUBLICATION
                   : 0;
    case 't':
        if (wv_token_is(token, "TABLESPACE") && wv_token_is(before, "SET"))
            return SET_TABLESPACE;
        break;
    default:
        break;
    }
    return 0;
}

/* Options in parentheses: REINDEX (CONCURRENTLY), ... SUBSCRIPTION ... WITH (create_slot = false).
 */
static unsigned seen_inside(const struct wv_splitter *splitter, const struct wv_token *token)
{
    if (word_is(splitter, 0, "REINDEX"))
        return wv_token_is(token, "CONCURRENTLY") ? CONCURRENTLY : 0;
    if (word_is(splitter, 1, "SUBSCRIPTION") &&
        (wv_token_is(token, "CREATE_SLOT") || wv_token_is(token, "CONNECT") ||
         wv_token_is(token, "SLOT_NAME") || wv_token_is(token, "REFRESH")))
        return SUBSCRIPTION_OPTION;
    return 0;
}

static bool is_off(const struct wv_token *token)
{
    return wv_token_is(token, "FALSE") || wv_token_is(token, "OFF") ||
           (token->kind == WV_TOKEN_NUMBER && token->length == 1 && token->text[0] == '0');
}

static void take_word(struct wv_splitter *splitter, const struct wv_token *token)
{
    if (splitter->depth > 0) {
        splitter->seen |= seen_inside(splitter, token);
        return;
    }
    track_body(splitter, token);
    if (splitter->word_count < WV_SPLITTER_WORDS && splitter->body == NULL)
        splitter->words[splitter->word_count++] = *token;
    if (splitter->body == NULL && splitter->tokens > 1)
        splitter->seen |= seen_outside(&splitter->previous, token);
}

static size_t offset_of(const struct wv_splitter *splitter, const char *at)
{
    return (size_t)(at - splitter->text);
}

static void report_unterminated(struct wv_splitter *splitter, const struct wv_token *token)
{
    size_t at = offset_of(splitter, token->text);
    splitter->seen |= CUT_SHORT;
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

/* What would begin or end the transaction that the step runs in; nothing else at top level can. */
static bool controls_transaction(const struct wv_splitter *splitter)
{
    if (word_is(splitter, 0, "ROLLBACK")) {
        bool noise = word_is(splitter, 1, "WORK") || word_is(splitter, 1, "TRANSACTION");
        return !word_is(splitter, noise ? 2 : 1, "TO");
    }
    if (word_is(splitter, 0, "PREPARE"))
        return word_is(splitter, 1, "TRANSACTION") && !word_is(splitter, 2, "AS");
    static const char *const words[] = {"BEGIN", "START", "COMMIT", "END", "ABORT"};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (word_is(splitter, 0, words[i]))
            return true;
    return false;
}

static bool copies_a_stream(const struct wv_splitter *splitter)
{
    return word_is(splitter, 0, "COPY") && (splitter->seen & STANDARD_STREAM) != 0;
}

static void refuse(struct wv_splitter *splitter)
{
    size_t at = offset_of(splitter, splitter->first);
    const struct wv_token *word = &splitter->words[0];
    if (controls_transaction(splitter))
        wv_faults_add(
            splitter->faults, at, "transaction_control",
            "%.*s is not allowed in a revision: its transaction is begun and ended for it",
            (int)word->length, word->text);
    else if (copies_a_stream(splitter))
        wv_faults_add(splitter->faults, at, "copy_stdin",
                      "COPY from standard input or to standard output is not possible in a "
                      "revision: use INSERT, or a file of the server");
}

static bool is_bare_cluster(const struct wv_splitter *splitter)
{
    return splitter->tokens == 1 || (splitter->tokens == 2 && word_is(splitter, 1, "VERBOSE")) ||
           (splitter->word_count == 1 && splitter->previous.kind == WV_TOKEN_CLOSE);
}

static bool alters_alone(const struct wv_splitter *splitter)
{
    unsigned seen = splitter->seen;
    if (word_is(splitter, 1, "SYSTEM"))
        return true;
    if (word_is(splitter, 1, "DATABASE"))
        return (seen & SET_TABLESPACE) != 0;
    if (word_is(splitter, 1, "TABLE"))
        return (seen & DETACH_PARTITION) != 0 && (seen & CONCURRENTLY) != 0;
    return word_is(splitter, 1, "SUBSCRIPTION") &&
           ((seen & REFRESH_PUBLICATION) != 0 ||
            ((seen & CHANGES_PUBLICATION) != 0 && (seen & SUBSCRIPTION_OPTION) == 0));
}

/* Whether the statement is one of those for which PostgreSQL calls PreventInTransactionBlock(). */
static bool stands_alone(const struct wv_splitter *splitter)
{
    unsigned seen = splitter->seen;
    bool concurrent_index = (seen & CONCURRENTLY) != 0 &&
                            (word_is(splitter, 1, "INDEX") ||
                             (word_is(splitter, 1, "UNIQUE") && word_is(splitter, 2, "INDEX")));
    if (word_is(splitter, 0, "CREATE") || word_is(splitter, 0, "DROP")) {
        bool creates = word_is(splitter, 0, "CREATE");
        return word_is(splitter, 1, "DATABASE") || word_is(splitter, 1, "TABLESPACE") ||
               concurrent_index ||
               (creates && word_is(splitter, 1, "SUBSCRIPTION") &&
                (seen & SUBSCRIPTION_OPTION) == 0);
    }
    if (word_is(splitter, 0, "ALTER"))
        return alters_alone(splitter);
    if (word_is(splitter, 0, "REINDEX"))
        return (seen & CONCURRENTLY) != 0 || word_is(splitter, 1, "SCHEMA") ||
               word_is(splitter, 1, "DATABASE") || word_is(splitter, 1, "SYSTEM");
    if (word_is(splitter, 0, "CLUSTER"))
        return is_bare_cluster(splitter);
    return word_is(splitter, 0, "VACUUM") ||
           (word_is(splitter, 0, "DISCARD") && word_is(splitter, 1, "ALL"));
}

static unsigned classify(const struct wv_splitter *splitter)
{
    unsigned seen = splitter->seen;
    unsigned flags = stands_alone(splitter) ? WV_STATEMENT_ALONE : 0;
    bool waits_for_snapshots = (flags != 0 && (seen & CONCURRENTLY) != 0) ||
                               (word_is(splitter, 0, "ALTER") &&
                                ((seen & VALIDATE_CONSTRAINT) != 0 ||
                                 ((seen & DETACH_PARTITION) != 0 && (seen & FINALIZE) != 0)));
    return flags | (waits_for_snapshots ? WV_STATEMENT_NO_LOCK_TIMEOUT : 0);
}

static bool end_statement(struct wv_splitter *splitter, struct wv_statement *out)
{
    bool any = splitter->first != NULL;
    if (any) {
        if (!begins_with_word(splitter))
            splitter->word_count = 0;
        refuse(splitter);
        *out = (struct wv_statement){.text = splitter->first,
                                     .length = (size_t)(splitter->last - splitter->first),
                                     .flags = classify(splitter)};
    }
    splitter->first = NULL;
    splitter->last = NULL;
    splitter->word_count = 0;
    splitter->tokens = 0;
    splitter->previous = (struct wv_token){0};
    splitter->seen = 0;
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
    bool data_follows = begins_with_word(splitter) && copies_a_stream(splitter);
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
    if (token->kind == WV_TOKEN_WORD)
        take_word(splitter, token);
    else if (token->kind == WV_TOKEN_OPEN || token->kind == WV_TOKEN_CLOSE)
        take_parenthesis(splitter, token);
    if (wv_token_is(&splitter->previous, "CONCURRENTLY") && is_off(token))
        splitter->seen &= ~(unsigned)CONCURRENTLY;
    splitter->previous = *token;
    splitter->last = token->text + token->length;
    return false;
}

bool wv_splitter_finish(struct wv_splitter *splitter, struct wv_statement *out)
{
    if ((splitter->seen & CUT_SHORT) == 0) {
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
