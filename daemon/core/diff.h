/* The difference of two texts, line by line, in the unified form that patch(1) reads. Pure; any
 * thread. Time and memory are linear in the texts: where they differ in more than WV_DIFF_EDITS
 * lines the rest between their common beginning and end is shown as replaced, which is right if not
 * the shortest. */
#ifndef WV_DIFF_H
#define WV_DIFF_H

#include "strbuf.h"

enum { WV_DIFF_CONTEXT = 3, WV_DIFF_EDITS = 1000 };

/* Adds the hunks that lead from `from` to `to` to `out`, nothing when they have the same lines.
 * Both texts stand at line `first` (1-based) of their file; NULL is no text at all. The last line's
 * end may be missing. */
void wv_diff(struct wv_strbuf *out, const char *from, const char *to, int first);

#endif
