/* A look at SQL that is enough to tell which statements of a file a revision cannot hold as they
 * are. Careful where it is not sure: wovend's own splitter has the last word when it loads the
 * file. Pure; any thread. */
#ifndef WV_IMPORT_SCAN_H
#define WV_IMPORT_SCAN_H

#include <stdbool.h>
#include <stddef.h>

enum wv_scan_kind {
    WV_SCAN_PLAIN,
    WV_SCAN_ALONE,   /* cannot run in a transaction */
    WV_SCAN_BEGIN,   /* begins a transaction, with no options */
    WV_SCAN_COMMIT,  /* ends it well */
    WV_SCAN_CONTROL, /* any other begin or end of a transaction */
    WV_SCAN_COPY,    /* COPY of a standard stream */
    WV_SCAN_META,    /* a command of psql */
    WV_SCAN_OPEN,    /* a quote, comment or parenthesis that is never closed */
};

struct wv_scan_statement {
    enum wv_scan_kind kind;
    bool terminated;   /* by a semicolon */
    size_t begin, end; /* bytes, from its first token past its semicolon */
    int line;          /* of the first token, 1-based */
};

struct wv_scan {
    struct wv_scan_statement *items;
    size_t count, capacity;
    int marker_line;   /* of a comment that would be a section marker; 0: none */
    int variable_line; /* of what psql would take for a variable; 0: none */
};

void wv_scan_sql(const char *text, struct wv_scan *scan);
void wv_scan_free(struct wv_scan *scan);

#endif
