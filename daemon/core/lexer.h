/* SQL text to tokens, by the rules of PostgreSQL's own scanner ("Lexical Structure" in its manual,
 * standard_conforming_strings on). Knows no statement and no keyword. Allocates nothing; the tokens
 * point into the text. A value on the caller's stack; not shared between threads. */
#ifndef WV_LEXER_H
#define WV_LEXER_H

#include <stdbool.h>
#include <stddef.h>

enum wv_token_kind {
    WV_TOKEN_END,
    WV_TOKEN_WORD,          /* keyword or plain identifier */
    WV_TOKEN_QUOTED_WORD,   /* "..." and U&"..." */
    WV_TOKEN_STRING,        /* '...' and its forms E, B, X, N, U& */
    WV_TOKEN_DOLLAR_STRING, /* $tag$...$tag$ */
    WV_TOKEN_NUMBER,        /* and $1 */
    WV_TOKEN_OPERATOR,      /* operators, and any byte that is nothing else */
    WV_TOKEN_SEMICOLON,
    WV_TOKEN_OPEN,          /* ( */
    WV_TOKEN_CLOSE,         /* ) */
    WV_TOKEN_BACKSLASH,     /* outside of quotes: only psql's meta commands have it */
    WV_TOKEN_LINE_COMMENT,  /* with its --, without its line end */
    WV_TOKEN_BLOCK_COMMENT, /* nested ones included */
};

struct wv_token {
    enum wv_token_kind kind;
    bool unterminated; /* a quote or comment that the text's end cut short */
    bool continues;    /* '...' that goes on the string before it, over a line end */
    const char *text;
    size_t length;
};

struct wv_lexer {
    const char *text;
    size_t length;
    size_t at; /* the next byte to look at */
    /* Whether a quote now would go on the last string (a line end and no block comment since), and
     * whether backslash escapes hold in that string. */
    bool after_string;
    bool escapes;
    bool line_end_seen;
    /* A run of operator bytes that was looked at: its end, and where its last signs begin. */
    size_t run_end;
    size_t run_signs;
};

void wv_lexer_init(struct wv_lexer *lexer, const char *text, size_t length);
/* The next token, comments included; false (kind WV_TOKEN_END) at the end of the text. */
bool wv_lexer_next(struct wv_lexer *lexer, struct wv_token *token);
/* Goes on at byte `offset`. */
void wv_lexer_jump(struct wv_lexer *lexer, size_t offset);

bool wv_token_is_rest(const struct wv_token *token, const char *upper);

/* True when the token is the word `upper` (given in upper case), in any case. Most answers are no,
 * and known from the first byte. */
static inline bool wv_token_is(const struct wv_token *token, const char *upper)
{
    return token->length > 0 && (token->text[0] & ~0x20) == upper[0] &&
           wv_token_is_rest(token, upper);
}

#endif
