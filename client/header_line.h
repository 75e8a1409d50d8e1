/* One line of a revision file's header, found and changed in its text; all other bytes stay. */
#ifndef WV_HEADER_LINE_H
#define WV_HEADER_LINE_H

#include <stdbool.h>
#include <stddef.h>

#include "strbuf.h"

/* Adds to `out` the text in which the header line `key` in line `line` (1-based, ended by LF) has
 * the value `value` instead of `was`. False, and nothing is added, when that line is not a comment
 * "-- key: was". */
bool wv_header_line_set(struct wv_strbuf *out, const char *text, size_t length, int line,
                        const char *key, const char *was, const char *value);

#endif
