/* See lexer.h. One function per kind of token, chosen by the class of its first byte. It refuses
 * nothing: each byte that is not blank belongs to exactly one token. */
#include "lexer.h"

#include <string.h>
#include <strings.h>

enum {
    BLANK = 1,
    LINE_END = 2,
    WORD_START = 4,
    WORD = 8, /* may follow in a word */
    DIGIT = 16,
    OPERATOR = 32,
};

/* Classes of bytes as in PostgreSQL's scan.l; bytes of multibyte characters are letters there. */
static const unsigned char class_of[256] = {
    ['\t'] = BLANK,
    ['\n'] = BLANK | LINE_END,
    ['\v'] = BLANK,
    ['\f'] = BLANK,
    ['\r'] = BLANK | LINE_END,
    [' '] = BLANK,
    ['$'] = WORD,
    ['0' ... '9'] = DIGIT | WORD,
    ['A' ... 'Z'] = WORD_START | WORD,
    ['a' ... 'z'] = WORD_START | WORD,
    ['_'] = WORD_START | WORD,
    [0x80 ... 0xFF] = WORD_START | WORD,
    ['~'] = OPERATOR,
    ['!'] = OPERATOR,
    ['@'] = OPERATOR,
    ['#'] = OPERATOR,
    ['^'] = OPERATOR,
    ['&'] = OPERATOR,
    ['|'] = OPERATOR,
    ['`'] = OPERATOR,
    ['?'] = OPERATOR,
    ['+'] = OPERATOR,
    ['-'] = OPERATOR,
    ['*'] = OPERATOR,
    ['/'] = OPERATOR,
    ['%'] = OPERATOR,
    ['<'] = OPERATOR,
    ['>'] = OPERATOR,
    ['='] = OPERATOR,
};

static unsigned class_at(const struct wv_lexer *lexer, size_t at)
{
    return at < lexer->length ? class_of[(unsigned char)lexer->text[at]] : 0;
}

static char byte_at(const struct wv_lexer *lexer, size_t at)
{
    return at < lexer->length ? lexer->text[at] : '\0';
}

static size_t run_of(const struct wv_lexer *lexer, size_t at, unsigned class)
{
    while ((class_at(lexer, at) & class) != 0)
        at++;
    return at;
}

void wv_lexer_init(struct wv_lexer *lexer, const char *text, size_t length)
{
    *lexer = (struct wv_lexer){.text = text, .length = length};
}

void wv_lexer_jump(struct wv_lexer *lexer, size_t offset)
{
    lexer->at = offset;
    lexer->after_string = false;
    lexer->run_end = 0;
}

/* The end of a quoted token whose content begins at `at`. A doubled quote and, with `escapes`, what
 * follows a backslash do not end it. */
static size_t quoted_end(const struct wv_lexer *lexer, size_t at, char quote, bool escapes,
                         bool *unterminated)
{
    while (at < lexer->length) {
        const char *text = lexer->text;
        if (escapes) {
            while (at < lexer->length && text[at] != quote && text[at] != '\\')
                at++;
        } else {
            const char *found = memchr(text + at, quote, lexer->length - at);
            at = found != NULL ? (size_t)(found - text) : lexer->length;
        }
        if (byte_at(lexer, at) == quote && byte_at(lexer, at + 1) != quote)
            return at + 1;
        at += 2;
    }
    *unterminated = true;
    return lexer->length;
}

static size_t string(struct wv_lexer *lexer, size_t content, bool escapes, struct wv_token *token)
{
    token->kind = WV_TOKEN_STRING;
    lexer->after_string = true;
    lexer->escapes = escapes;
    lexer->line_end_seen = false;
    return quoted_end(lexer, content, '\'', escapes, &token->unterminated);
}

static size_t plain_string(struct wv_lexer *lexer, size_t at, struct wv_token *token)
{
    token->continues = lexer->after_string && lexer->line_end_seen;
    return string(lexer, at + 1, token->continues && lexer->escapes, token);
}

static size_t quoted_word(struct wv_lexer *lexer, size_t content, struct wv_token *token)
{
    token->kind = WV_TOKEN_QUOTED_WORD;
    return quoted_end(lexer, content, '"', false, &token->unterminated);
}

/* A word, or a string or quoted word with a prefix. */
static size_t word(struct wv_lexer *lexer, size_t at, struct wv_token *token)
{
    char first = lexer->text[at];
    char second = byte_at(lexer, at + 1);
    if (second == '\'' && strchr("EeBbXxNn", first) != NULL)
        return string(lexer, at + 2, first == 'E' || first == 'e', token);
    if (second == '&' && (first == 'U' || first == 'u')) {
        char third = byte_at(lexer, at + 2);
        if (third == '\'')
            return string(lexer, at + 3, false, token);
        if (third == '"')
            return quoted_word(lexer, at + 3, token);
    }
    token->kind = WV_TOKEN_WORD;
    return run_of(lexer, at, WORD);
}

/* Digits, with what may be part of a number in any version of PostgreSQL (0xFF, 1_000, 1e-3). */
static size_t number(const struct wv_lexer *lexer, size_t at)
{
    size_t end = run_of(lexer, at, DIGIT);
    if (byte_at(lexer, end) == '_')
        end = run_of(lexer, end, WORD_START | DIGIT);
    if (byte_at(lexer, end) == '.' && byte_at(lexer, end + 1) != '.')
        end = run_of(lexer, end + 1, DIGIT);
    size_t exponent = end + 1;
    if (byte_at(lexer, exponent) == '+' || byte_at(lexer, exponent) == '-')
        exponent++;
    if ((byte_at(lexer, end) | 0x20) == 'e' && (class_at(lexer, exponent) & DIGIT) != 0)
        end = exponent;
    return run_of(lexer, end, WORD_START | DIGIT);
}

/* $1, $$...$$ or $tag$...$tag$; a lone $ is one byte of its own. */
static size_t dollar(const struct wv_lexer *lexer, size_t at, struct wv_token *token)
{
    if ((class_at(lexer, at + 1) & DIGIT) != 0) {
        token->kind = WV_TOKEN_NUMBER;
        return run_of(lexer, at + 1, DIGIT);
    }
    size_t tag = run_of(lexer, at + 1, WORD_START | DIGIT);
    if (byte_at(lexer, tag) != '$') {
        token->kind = WV_TOKEN_OPERATOR;
        return at + 1;
    }
    size_t size = tag + 1 - at;
    const char *body = lexer->text + tag + 1;
    size_t left = lexer->length - (tag + 1);
    const char *end = left > 0 ? memmem(body, left, lexer->text + at, size) : NULL;
    token->kind = WV_TOKEN_DOLLAR_STRING;
    token->unterminated = end == NULL;
    return end == NULL ? lexer->length : (size_t)(end - lexer->text) + size;
}

static size_t line_comment(const struct wv_lexer *lexer, size_t at, struct wv_token *token)
{
    token->kind = WV_TOKEN_LINE_COMMENT;
    while (at < lexer->length && (class_at(lexer, at) & LINE_END) == 0)
        at++;
    return at;
}

static size_t block_comment(struct wv_lexer *lexer, size_t at, struct wv_token *token)
{
    token->kind = WV_TOKEN_BLOCK_COMMENT;
    lexer->after_string = false;
    size_t depth = 1;
    const char *text = lexer->text;
    for (at += 2; at + 1 < lexer->length;) {
        if (text[at] == '*' && text[at + 1] == '/') {
            at += 2;
            if (--depth == 0)
                return at;
        } else if (text[at] == '/' && text[at + 1] == '*') {
            at += 2;
            depth++;
        } else {
            at++;
        }
    }
    token->unterminated = true;
    return lexer->length;
}

static bool lets_a_sign_end(char c)
{
    return memchr("~!@#%^&|`?", c, 10) != NULL;
}

/* Finds the run of operator bytes at `at`, up to a comment, and where its operator ends: without
 * a final + or - unless the run holds a byte that lets them stay ("Operators" in PostgreSQL's
 * manual). What remains of the run is single signs, so it is not looked at again. */
static void find_run(struct wv_lexer *lexer, size_t at)
{
    size_t end = at + 1;
    bool sign_may_end = lets_a_sign_end(lexer->text[at]);
    for (; (class_at(lexer, end) & OPERATOR) != 0; end++) {
        char next = byte_at(lexer, end + 1);
        if ((lexer->text[end] == '-' && next == '-') || (lexer->text[end] == '/' && next == '*'))
            break;
        sign_may_end = sign_may_end || lets_a_sign_end(lexer->text[end]);
    }
    lexer->run_end = end;
    while (!sign_may_end && end > at + 1 &&
           (lexer->text[end - 1] == '-' || lexer->text[end - 1] == '+'))
        end--;
    lexer->run_signs = end;
}

static size_t operator_end(struct wv_lexer *lexer, size_t at)
{
    if (at >= lexer->run_end)
        find_run(lexer, at);
    return at < lexer->run_signs ? lexer->run_signs : at + 1;
}

static size_t other(const struct wv_lexer *lexer, size_t at, struct wv_token *token)
{
    char c = lexer->text[at];
    char next = byte_at(lexer, at + 1);
    token->kind = c == ';'    ? WV_TOKEN_SEMICOLON
                  : c == '('  ? WV_TOKEN_OPEN
                  : c == ')'  ? WV_TOKEN_CLOSE
                  : c == '\\' ? WV_TOKEN_BACKSLASH
                              : WV_TOKEN_OPERATOR;
    if ((c == ':' && (next == ':' || next == '=')) || (c == '.' && next == '.'))
        return at + 2;
    return at + 1;
}

static size_t scan(struct wv_lexer *lexer, size_t at, struct wv_token *token)
{
    char c = lexer->text[at];
    char next = byte_at(lexer, at + 1);
    unsigned class = class_of[(unsigned char)c];
    if (c == '-' && next == '-')
        return line_comment(lexer, at, token);
    if (c == '/' && next == '*')
        return block_comment(lexer, at, token);
    if (c == '\'')
        return plain_string(lexer, at, token);
    lexer->after_string = false;
    if ((class & WORD_START) != 0)
        return word(lexer, at, token);
    if ((class & DIGIT) != 0 || (c == '.' && (class_at(lexer, at + 1) & DIGIT) != 0)) {
        token->kind = WV_TOKEN_NUMBER;
        return number(lexer, at);
    }
    if (c == '"')
        return quoted_word(lexer, at + 1, token);
    if (c == '$')
        return dollar(lexer, at, token);
    if ((class & OPERATOR) != 0) {
        token->kind = WV_TOKEN_OPERATOR;
        return operator_end(lexer, at);
    }
    return other(lexer, at, token);
}

bool wv_lexer_next(struct wv_lexer *lexer, struct wv_token *token)
{
    size_t at = lexer->at;
    unsigned class;
    while (((class = class_at(lexer, at)) & BLANK) != 0) {
        lexer->line_end_seen = lexer->line_end_seen || (class & LINE_END) != 0;
        at++;
    }
    *token = (struct wv_token){.kind = WV_TOKEN_END, .text = lexer->text + at};
    lexer->at = at;
    if (at >= lexer->length)
        return false;
    size_t end = scan(lexer, at, token);
    lexer->at = end < lexer->length ? end : lexer->length;
    token->length = lexer->at - at;
    return true;
}

bool wv_token_is_rest(const struct wv_token *token, const char *upper)
{
    return token->kind == WV_TOKEN_WORD && strncasecmp(token->text, upper, token->length) == 0 &&
           upper[token->length] == '\0';
}
