/* A section's text to statements. Splits where psql would: at `;` outside of quotes, comments,
 * parentheses and the BEGIN ATOMIC body of CREATE FUNCTION or PROCEDURE. Never drops text: between
 * two statements there are only blanks, comments and `;`. What cannot be sent to a server, or would
 * end the step's transaction, is a fault, and all faults are found in one pass. Knows no file and
 * no database; safe from any thread. Time and memory are linear in the text. */
#ifndef WV_SPLITTER_H
#define WV_SPLITTER_H

#include <stdbool.h>
#include <stddef.h>

#include "lexer.h"
#include "text.h"

enum wv_statement_flag {
    /* The server refuses it inside a transaction block (CREATE INDEX CONCURRENTLY, VACUUM, ...):
     * it must be sent alone, from a section with transaction=off. Only set where this is sure from
     * the text; what depends on the catalog (REINDEX of a partitioned table) is left to the server.
     */
    WV_STATEMENT_NO_TRANSACTION = 1,
    /* lock_timeout must not be set: it waits for the snapshots of unrelated tables, and being cut
     * short leaves an invalid index or a half detached partition behind. */
    WV_STATEMENT_NO_LOCK_TIMEOUT = 2,
};

struct wv_statement {
    const char *text; /* from its first to its last token, without the `;`; not NUL-terminated */
    size_t length;
    int line;   /* of the first token, 1-based in the file */
    int column; /* 1-based, in characters */
    unsigned flags;
};

struct wv_statements {
    struct wv_statement *items;
    size_t count;
    size_t capacity;
};

/* Splits `text`, which begins at `start` of its file, and appends to `out` (its statements point
 * into `text`) and to `faults`. Kinds of faults: transaction_control, copy_stdin, meta_command,
 * unterminated_quote, unterminated_comment, unterminated_parenthesis, unmatched_parenthesis,
 * unterminated_body. Encoding is wv_text_check()'s task. */
void wv_split(const char *text, size_t length, struct wv_place start, struct wv_statements *out,
              struct wv_faults *faults);
void wv_statements_free(struct wv_statements *statements);

/* The same as a machine that is fed token by token, for a caller that needs the tokens itself.
 * Start from wv_splitter_init(); its memory is the struct. */
enum { WV_SPLITTER_WORDS = 8 };

struct wv_splitter {
    const char *text; /* all tokens point into it */
    size_t length;
    struct wv_faults *faults;
    bool no_copy_end; /* the text has no further end of COPY data */
    /* the statement under way */
    const char *first;                        /* NULL: none */
    const char *last;                         /* the end of its last token */
    struct wv_token words[WV_SPLITTER_WORDS]; /* its first words outside of parentheses */
    size_t word_count;
    size_t tokens;
    struct wv_token previous;
    unsigned seen;      /* what it is classified by (statement_class.c) */
    bool cut_short;     /* an unterminated quote or comment was reported: nothing more to say */
    size_t depth;       /* of parentheses */
    const char *opened; /* the outermost open parenthesis */
    const char *body;   /* the BEGIN of an open BEGIN ATOMIC; NULL: none */
};

void wv_splitter_init(struct wv_splitter *splitter, const char *text, size_t length,
                      struct wv_faults *faults);
/* Takes the lexer's newest token; comments are ignored. True: a statement has ended; it is in
 * `out`, with line and column still 0. May move the lexer over text that is no SQL (after a fault).
 */
bool wv_splitter_push(struct wv_splitter *splitter, struct wv_lexer *lexer,
                      const struct wv_token *token, struct wv_statement *out);
/* The section ends here: as push, for what has no `;`. */
bool wv_splitter_finish(struct wv_splitter *splitter, struct wv_statement *out);

#endif
