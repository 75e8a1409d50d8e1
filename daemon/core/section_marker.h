/* The marker line of a section, `-- woven:up transaction=off lock_timeout=2s`. See revision_file.h
 * for its form. */
#ifndef WV_SECTION_MARKER_H
#define WV_SECTION_MARKER_H

#include <stdbool.h>
#include <stdint.h>

#include "lexer.h"
#include "text.h"

struct wv_section_options {
    bool transaction;
    int64_t lock_timeout_ms;      /* -1: not given */
    int64_t statement_timeout_ms; /* -1: not given; 0: no limit */
};

#define WV_SECTION_DEFAULTS                                                                        \
    {                                                                                              \
        true, -1, -1                                                                               \
    }

/* The text of a line comment without its dashes and the blanks around. */
struct wv_token wv_comment_text(const struct wv_token *comment);

/* Whether the line comment means to be a marker: its text begins with "woven:". */
bool wv_marker_is(const struct wv_token *comment);

/* Reads a marker of `text`. Faults (bad_marker, bad_option) go to `faults`; false when it is not
 * known which section was meant. */
bool wv_marker_parse(const struct wv_token *comment, const char *text, bool *down,
                     struct wv_section_options *options, struct wv_faults *faults) WV_MUST_CHECK;

/* The same words for the same options, however they were written. */
enum { WV_MARKER_CANONICAL = 128 };
void wv_marker_canonical(bool down, const struct wv_section_options *options,
                         char canonical[WV_MARKER_CANONICAL]);

#endif
