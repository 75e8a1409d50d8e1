/* Bytes to whole lines: collects input until LF, up to a limit. Knows no JSON and no socket. A line
 * over the limit is a failure that sticks: nothing comes out any more. Not shared between threads.
 */
#ifndef WV_FRAME_H
#define WV_FRAME_H

#include <stdbool.h>

#include "strbuf.h"

/* Limits of a line without its LF: what a server takes, and what a client is prepared to read. */
#define WV_FRAME_REQUEST_LIMIT  ((size_t)64 * 1024)
#define WV_FRAME_RESPONSE_LIMIT ((size_t)256 * 1024 * 1024)

struct wv_frame {
    struct wv_strbuf buffer;
    size_t start;   /* of the first line not yet taken */
    size_t scanned; /* no LF between start and here */
    size_t limit;
    bool failed;
};

enum wv_frame_status {
    WV_FRAME_MORE,     /* no whole line yet: feed more */
    WV_FRAME_LINE,     /* a line came out */
    WV_FRAME_TOO_LONG, /* the limit was passed; for good */
};

void wv_frame_init(struct wv_frame *frame, size_t limit);
/* Takes over a copy of what was read. */
void wv_frame_feed(struct wv_frame *frame, const void *bytes, size_t length);
/* The next line without LF (and without a CR before it), NUL-terminated and borrowed until the next
 * call on `frame`; `length` counts bytes, of which some may be NUL. Empty lines are skipped. */
enum wv_frame_status wv_frame_next(struct wv_frame *frame, const char **line, size_t *length);
/* Bytes held that are not yet a line that was taken. */
size_t wv_frame_pending(const struct wv_frame *frame);
void wv_frame_free(struct wv_frame *frame);

#endif
