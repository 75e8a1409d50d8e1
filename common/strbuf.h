/* A growing byte string, always followed by a NUL that is not counted. Start from WV_STRBUF_INIT
 * (or all zero). Not shared between threads. */
#ifndef WV_STRBUF_H
#define WV_STRBUF_H

#include "xalloc.h"

struct wv_strbuf {
    char *data; /* NULL until the first byte */
    size_t length;
    size_t capacity;
};

#define WV_STRBUF_INIT                                                                             \
    {                                                                                              \
        NULL, 0, 0                                                                                 \
    }

void wv_strbuf_add(struct wv_strbuf *buf, const void *bytes, size_t length);
void wv_strbuf_adds(struct wv_strbuf *buf, const char *text);
void wv_strbuf_addc(struct wv_strbuf *buf, char c);
void wv_strbuf_addf(struct wv_strbuf *buf, const char *format, ...) WV_PRINTF(2, 3);
/* Empties it and keeps the memory. */
void wv_strbuf_reset(struct wv_strbuf *buf);
/* The text as the caller's own C string ("" when nothing was added); `buf` is empty afterwards. */
char *wv_strbuf_take(struct wv_strbuf *buf);
/* The text, borrowed; "" when nothing was added. */
const char *wv_strbuf_text(const struct wv_strbuf *buf);
void wv_strbuf_free(struct wv_strbuf *buf);

#define WV_AUTOSTRBUF __attribute__((cleanup(wv_strbuf_free)))

#endif
