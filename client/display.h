/* Text that came from elsewhere (files, the database, the daemon) made fit for a terminal, and the
 * width it takes there. Knows UTF-8 by itself: no locale is loaded. */
#ifndef WV_DISPLAY_H
#define WV_DISPLAY_H

#include <stdbool.h>
#include <stdint.h>

#include "strbuf.h"

/* Adds `text` with everything escaped that could act on a terminal or turn its text around: control
 * characters (also U+0080-U+009F), bidirectional overrides, bytes that are no UTF-8. Line ends and
 * tabs are escaped too. NULL adds nothing. */
void wv_display_add(struct wv_strbuf *out, const char *text);
/* The same on one line: each run of blanks, tabs and line ends becomes one space. */
void wv_display_add_line(struct wv_strbuf *out, const char *text);
/* `before`, which is our own, and then the text on one line; nothing when it is NULL or empty. */
void wv_display_add_part(struct wv_strbuf *out, const char *before, const char *text);
/* As wv_display_add, but line ends stay and each line begins with `indent`; ends with a line end.
 * Tabs become spaces (every 8 columns). */
void wv_display_add_block(struct wv_strbuf *out, const char *text, const char *indent);

/* Columns that escaped text takes on a terminal. */
int wv_display_width(const char *text);
/* Cuts `out`, which is escaped text from byte `from` on, to `columns`; what is cut ends in "...".
 */
void wv_display_cut(struct wv_strbuf *out, size_t from, int columns);

/* "12 ms", "1.2 s", "3 min 4 s", "2 h 5 min". */
void wv_display_duration(struct wv_strbuf *out, int64_t ms);

#endif
