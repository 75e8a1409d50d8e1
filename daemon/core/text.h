/* The bytes of a file before any lexing: line ends, encoding, places, and the collector of faults.
 * Plain functions on the caller's memory; safe from any thread. */
#ifndef WV_TEXT_H
#define WV_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "err.h"

/* A place in a text: a byte offset with its 1-based line and its 1-based column in characters
 * (UTF-8 code points). Lines end with LF. */
struct wv_place {
    size_t offset;
    int line;
    int column;
};

#define WV_PLACE_START                                                                             \
    {                                                                                              \
        0, 1, 1                                                                                    \
    }

/* Moves `place` forward to `offset`; costs only the bytes between. */
void wv_place_advance(struct wv_place *place, const char *text, size_t offset);

/* Drops UTF-8 byte order marks at the start and the CR of each CRLF, in place, so that LF and CRLF
 * are the same file in every later stage. Returns the new length. Line numbers do not change. */
size_t wv_text_normalise(char *text, size_t length);

/* Collects the faults of one text. At most `WV_FAULTS_MAX` are kept per text; one more says that
 * there are others. Borrows everything. */
struct wv_faults {
    struct wv_problems *problems;
    const char *file; /* NULL: no file */
    const char *text;
    struct wv_place place; /* start from WV_PLACE_START, or the text's place in its file */
    struct wv_place start;
    size_t count;
};

enum { WV_FAULTS_MAX = 100 };

void wv_faults_init(struct wv_faults *faults, struct wv_problems *problems, const char *file,
                    const char *text, struct wv_place start);
/* Adds a problem of `kind` whose line and column are those of byte `offset`. The message is cut at
 * some length, and what is no UTF-8 or no printable character in it becomes `?`. */
void wv_faults_add(struct wv_faults *faults, size_t offset, const char *kind, const char *format,
                   ...) WV_PRINTF(4, 5);

/* Reports NUL bytes ("nul_byte") and bytes that are not UTF-8 ("invalid_utf8": also overlong forms,
 * surrogates, above U+10FFFF, as PostgreSQL refuses them), the first of each line. */
void wv_text_check(const char *text, size_t length, struct wv_faults *faults);

#endif
