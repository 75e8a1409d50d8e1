/* See import_scan.h. One pass over the bytes: quotes and comments are skipped whole, of each
 * statement its first words and a few later ones are kept. Knows no file and no tool. */
#include "import_scan.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "xalloc.h"

enum { WORDS = 6, WORD_MAX = 24 };

enum {
    SEEN_CONCURRENTLY = 1,
    SEEN_DETACH = 2,
    SEEN_STREAM = 4,     /* STDIN or STDOUT after FROM or TO */
    SEEN_TABLESPACE = 8, /* after SET */
};

struct scanner {
    const char *text;
    size_t at;
    int line;
    struct wv_scan *scan;
    /* the statement under way */
    bool open;
    struct wv_scan_statement statement;
    char words[WORDS][WORD_MAX]; /* outside of parentheses */
    size_t word_count, tokens;
    char previous[WORD_MAX]; /* the last word, also inside; "" when something else came since */
    unsigned seen;
    size_t depth;
    bool body; /* inside BEGIN ATOMIC ... END */
    bool after_semicolon;
    int escapes_line; /* where an E'' string has ended just now: one in a later line goes on it */
};

static bool is_word_start(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (unsigned char)c >= 0x80;
}

static bool is_word(char c)
{
    return is_word_start(c) || (c >= '0' && c <= '9') || c == '$';
}

static void advance(struct scanner *scanner, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (scanner->text[scanner->at++] == '\n')
            scanner->line++;
}

static void begin(struct scanner *scanner)
{
    if (scanner->open)
        return;
    scanner->open = true;
    scanner->statement = (struct wv_scan_statement){.begin = scanner->at, .line = scanner->line};
}

static void add(struct wv_scan *scan, const struct wv_scan_statement *statement)
{
    WV_GROW(scan->items, scan->count, scan->capacity);
    scan->items[scan->count++] = *statement;
}

static bool word_is(const struct scanner *scanner, size_t index, const char *word)
{
    return index < scanner->word_count && strcmp(scanner->words[index], word) == 0;
}

static bool any_word_is(const struct scanner *scanner, size_t index, const char *const *words,
                        size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (word_is(scanner, index, words[i]))
            return true;
    return false;
}

/* Only a plain BEGIN or COMMIT may be taken off a file: options would be lost with it. */
static enum wv_scan_kind transaction_kind(const struct scanner *scanner)
{
    static const char *const controls[] = {"BEGIN", "START", "COMMIT", "END", "ABORT", "ROLLBACK"};
    if (word_is(scanner, 0, "PREPARE"))
        return word_is(scanner, 1, "TRANSACTION") ? WV_SCAN_CONTROL : WV_SCAN_PLAIN;
    if (!any_word_is(scanner, 0, controls, sizeof(controls) / sizeof(controls[0])))
        return WV_SCAN_PLAIN;
    bool noise = word_is(scanner, 1, "WORK") || word_is(scanner, 1, "TRANSACTION");
    if (word_is(scanner, 0, "ROLLBACK") && word_is(scanner, noise ? 2 : 1, "TO"))
        return WV_SCAN_PLAIN;
    bool plain = scanner->tokens == (noise ? 2 : 1);
    if (plain && (word_is(scanner, 0, "BEGIN") || (noise && word_is(scanner, 0, "START"))))
        return WV_SCAN_BEGIN;
    if (plain && (word_is(scanner, 0, "COMMIT") || word_is(scanner, 0, "END")))
        return WV_SCAN_COMMIT;
    return WV_SCAN_CONTROL;
}

static bool makes_alone(const struct scanner *scanner)
{
    static const char *const objects[] = {"DATABASE", "TABLESPACE"};
    if (any_word_is(scanner, 1, objects, 2) ||
        (word_is(scanner, 0, "CREATE") && word_is(scanner, 1, "SUBSCRIPTION")))
        return true;
    bool index = word_is(scanner, 1, "INDEX") ||
                 (word_is(scanner, 1, "UNIQUE") && word_is(scanner, 2, "INDEX"));
    return index && (scanner->seen & SEEN_CONCURRENTLY) != 0;
}

/* The statements that PostgreSQL's manual says cannot run inside a transaction block. */
static bool stands_alone(const struct scanner *scanner)
{
    static const char *const wide[] = {"SCHEMA", "DATABASE", "SYSTEM"};
    if (word_is(scanner, 0, "CREATE") || word_is(scanner, 0, "DROP"))
        return makes_alone(scanner);
    if (word_is(scanner, 0, "ALTER"))
        return word_is(scanner, 1, "SYSTEM") ||
               (word_is(scanner, 1, "DATABASE") && (scanner->seen & SEEN_TABLESPACE) != 0) ||
               (word_is(scanner, 1, "TABLE") && (scanner->seen & SEEN_DETACH) != 0 &&
                (scanner->seen & SEEN_CONCURRENTLY) != 0);
    if (word_is(scanner, 0, "REINDEX"))
        return (scanner->seen & SEEN_CONCURRENTLY) != 0 || any_word_is(scanner, 1, wide, 3);
    if (word_is(scanner, 0, "CLUSTER"))
        return scanner->tokens == 1 || (scanner->tokens == 2 && word_is(scanner, 1, "VERBOSE"));
    return word_is(scanner, 0, "VACUUM") ||
           (word_is(scanner, 0, "DISCARD") && word_is(scanner, 1, "ALL"));
}

static void classify(struct scanner *scanner)
{
    struct wv_scan_statement *statement = &scanner->statement;
    if (scanner->depth > 0 || scanner->body)
        statement->kind = WV_SCAN_OPEN;
    else if (word_is(scanner, 0, "COPY") && (scanner->seen & SEEN_STREAM) != 0)
        statement->kind = WV_SCAN_COPY;
    else
        statement->kind = transaction_kind(scanner);
    if (statement->kind == WV_SCAN_PLAIN && stands_alone(scanner))
        statement->kind = WV_SCAN_ALONE;
}

static void finish(struct scanner *scanner, bool terminated)
{
    if (scanner->open) {
        classify(scanner);
        scanner->statement.terminated = terminated;
        if (terminated)
            scanner->statement.end = scanner->at;
        add(scanner->scan, &scanner->statement);
    }
    scanner->open = scanner->body = scanner->after_semicolon = false;
    scanner->word_count = scanner->tokens = scanner->depth = 0;
    scanner->previous[0] = '\0';
    scanner->seen = 0;
}

static void report(struct scanner *scanner, enum wv_scan_kind kind, int line)
{
    struct wv_scan_statement found = {
        .kind = kind, .begin = scanner->at, .end = scanner->at, .line = line};
    add(scanner->scan, &found);
}

/* The length of what begins at `at` and ends with `quote`; doubled quotes, and with `escapes` what
 * a backslash protects, belong to it. 0: it has no end. */
static size_t quoted_length(const char *at, char quote, bool escapes)
{
    for (const char *p = at + 1; *p != '\0'; p++) {
        bool escaped = escapes && *p == '\\' && p[1] != '\0';
        if (escaped || (*p == quote && p[1] == quote))
            p++;
        else if (*p == quote)
            return (size_t)(p - at) + 1;
    }
    return 0;
}

/* Of E'...'. */
static size_t escape_length(const char *at)
{
    size_t length = quoted_length(at + 1, '\'', true);
    return length > 0 ? length + 1 : 0;
}

/* With the letters that may follow in some version of PostgreSQL (0xFF, 1_000). */
static size_t number_length(const char *at)
{
    size_t length = strspn(at, "0123456789.");
    size_t exponent = length + 1;
    if ((at[length] | 0x20) == 'e' && (at[exponent] == '+' || at[exponent] == '-'))
        length = exponent + 1;
    while (is_word(at[length]) && at[length] != '$')
        length++;
    return length;
}

static size_t comment_length(const char *at)
{
    size_t depth = 0;
    for (const char *p = at; *p != '\0'; p++) {
        if (p[0] == '/' && p[1] == '*') {
            depth++;
            p++;
        } else if (p[0] == '*' && p[1] == '/') {
            p++;
            if (--depth == 0)
                return (size_t)(p - at) + 1;
        }
    }
    return 0;
}

/* The length of a tag `$name$` at `at`; 0 when there is none. */
static size_t tag_length(const char *at)
{
    size_t length = 1;
    if (is_word_start(at[length]))
        while (is_word(at[length]) && at[length] != '$')
            length++;
    return at[length] == '$' ? length + 1 : 0;
}

static size_t dollar_length(const char *at, size_t tag)
{
    for (const char *p = strchr(at + tag, '$'); p != NULL; p = strchr(p + 1, '$'))
        if (strncmp(p, at, tag) == 0)
            return (size_t)(p - at) + tag;
    return 0;
}

/* Passes something that is a token of its own; `length` 0: its end is missing. */
static void pass(struct scanner *scanner, size_t length)
{
    if (length == 0) {
        report(scanner, WV_SCAN_OPEN, scanner->line);
        length = strlen(scanner->text + scanner->at);
    }
    scanner->tokens++;
    scanner->previous[0] = '\0';
    scanner->after_semicolon = false;
    scanner->escapes_line = 0;
    advance(scanner, length);
    scanner->statement.end = scanner->at;
}

static void line_comment(struct scanner *scanner)
{
    const char *text = scanner->text + scanner->at + 2;
    size_t length = strcspn(text, "\r\n");
    text += strspn(text, " \t");
    if (strncmp(text, "woven:", 6) == 0 && scanner->scan->marker_line == 0)
        scanner->scan->marker_line = scanner->line;
    advance(scanner, length + 2);
}

static void note_seen(struct scanner *scanner, const char *word)
{
    const char *before = scanner->previous;
    if (strcmp(word, "CONCURRENTLY") == 0)
        scanner->seen |= SEEN_CONCURRENTLY;
    else if (strcmp(word, "PARTITION") == 0 && strcmp(before, "DETACH") == 0)
        scanner->seen |= SEEN_DETACH;
    else if (strcmp(word, "TABLESPACE") == 0 && strcmp(before, "SET") == 0)
        scanner->seen |= SEEN_TABLESPACE;
    else if ((strcmp(word, "STDIN") == 0 || strcmp(word, "STDOUT") == 0) &&
             (strcmp(before, "FROM") == 0 || strcmp(before, "TO") == 0))
        scanner->seen |= SEEN_STREAM;
}

/* The END of a body stands right after `;` or ATOMIC, that of a CASE never does. */
static void track_body(struct scanner *scanner, const char *word)
{
    size_t what = word_is(scanner, 1, "OR") ? 3 : 1;
    if (!scanner->body)
        scanner->body = strcmp(word, "ATOMIC") == 0 && strcmp(scanner->previous, "BEGIN") == 0 &&
                        word_is(scanner, 0, "CREATE") &&
                        (word_is(scanner, what, "FUNCTION") || word_is(scanner, what, "PROCEDURE"));
    else if (strcmp(word, "END") == 0 &&
             (scanner->after_semicolon || strcmp(scanner->previous, "ATOMIC") == 0))
        scanner->body = false;
}

static void take_word(struct scanner *scanner)
{
    const char *text = scanner->text + scanner->at;
    size_t length = 1;
    while (is_word(text[length]))
        length++;
    char word[WORD_MAX] = "";
    for (size_t i = 0; length < WORD_MAX && i < length; i++)
        word[i] = text[i] >= 'a' && text[i] <= 'z' ? (char)(text[i] - 'a' + 'A') : text[i];
    if (scanner->depth == 0) {
        track_body(scanner, word);
        if (scanner->tokens > 0)
            note_seen(scanner, word);
        bool first = scanner->tokens == 0 || scanner->word_count > 0;
        if (first && scanner->word_count < WORDS)
            memcpy(scanner->words[scanner->word_count++], word, sizeof(word));
    } else if (word_is(scanner, 0, "REINDEX")) {
        note_seen(scanner, word);
    }
    pass(scanner, length);
    memcpy(scanner->previous, word, sizeof(word));
}

static void note_variable(struct scanner *scanner, const char *at)
{
    bool cast = at[1] == ':' || (at > scanner->text && at[-1] == ':');
    if (!cast && (at[1] == '\'' || at[1] == '"' || at[1] == '{' || is_word_start(at[1])) &&
        scanner->scan->variable_line == 0)
        scanner->scan->variable_line = scanner->line;
}

static void take_sign(struct scanner *scanner)
{
    const char *at = scanner->text + scanner->at;
    if (*at == '(')
        scanner->depth++;
    else if (*at == ')' && scanner->depth > 0)
        scanner->depth--;
    else if (*at == ':')
        note_variable(scanner, at);
    bool semicolon = *at == ';';
    pass(scanner, 1);
    scanner->after_semicolon = semicolon;
}

/* What follows a COPY that was found is its data, up to a line of its own, `\.`. */
static void skip_copy_data(struct scanner *scanner)
{
    const struct wv_scan *scan = scanner->scan;
    if (scan->count == 0 || scan->items[scan->count - 1].kind != WV_SCAN_COPY)
        return;
    const char *end = strstr(scanner->text + scanner->at, "\n\\.");
    if (end != NULL)
        advance(scanner, (size_t)(end - scanner->text) + 3 - scanner->at);
}

/* What is no blank and no comment. */
static void take_token(struct scanner *scanner)
{
    const char *at = scanner->text + scanner->at;
    size_t tag = *at == '$' ? tag_length(at) : 0;
    if (*at == ';' && scanner->depth == 0 && !scanner->body) {
        advance(scanner, 1);
        finish(scanner, true);
        skip_copy_data(scanner);
        return;
    }
    if (*at == '\\') {
        finish(scanner, false);
        report(scanner, WV_SCAN_META, scanner->line);
        advance(scanner, strcspn(at, "\n"));
        return;
    }
    begin(scanner);
    bool goes_on = scanner->escapes_line > 0 && scanner->escapes_line < scanner->line;
    bool escapes = *at == '\'' ? goes_on : (*at == 'e' || *at == 'E') && at[1] == '\'';
    if (*at == '\'' || *at == '"')
        pass(scanner, quoted_length(at, *at, escapes));
    else if (escapes)
        pass(scanner, escape_length(at));
    else if (tag > 0)
        pass(scanner, dollar_length(at, tag));
    else if (is_word_start(*at))
        take_word(scanner);
    else if (*at >= '0' && *at <= '9')
        pass(scanner, number_length(at));
    else if (*at == '$' && at[1] >= '0' && at[1] <= '9')
        pass(scanner, 1 + strspn(at + 1, "0123456789"));
    else
        take_sign(scanner);
    if (escapes)
        scanner->escapes_line = scanner->line;
}

void wv_scan_sql(const char *text, struct wv_scan *scan)
{
    struct scanner scanner = {.text = text, .line = 1, .scan = scan};
    while (text[scanner.at] != '\0') {
        const char *at = text + scanner.at;
        if (strchr(" \t\n\r\f\v", *at) != NULL)
            advance(&scanner, 1);
        else if (at[0] == '-' && at[1] == '-')
            line_comment(&scanner);
        else if (at[0] == '/' && at[1] == '*' && comment_length(at) > 0)
            advance(&scanner, comment_length(at));
        else if (at[0] == '/' && at[1] == '*')
            pass(&scanner, 0);
        else
            take_token(&scanner);
    }
    finish(&scanner, false);
}

void wv_scan_free(struct wv_scan *scan)
{
    free(scan->items);
    *scan = (struct wv_scan){0};
}
