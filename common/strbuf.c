/* See strbuf.h. */
#include "strbuf.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void reserve(struct wv_strbuf *buf, size_t extra)
{
    if (extra < SIZE_MAX / 2 - buf->length && buf->length + extra + 1 <= buf->capacity)
        return;
    size_t wanted = buf->length + extra + 1;
    if (wanted < extra)
        abort();
    size_t capacity = buf->capacity == 0 ? 64 : buf->capacity;
    while (capacity < wanted)
        capacity = capacity > SIZE_MAX / 2 ? wanted : capacity * 2;
    buf->data = wv_xreallocarray(buf->data, capacity, 1);
    buf->capacity = capacity;
}

void wv_strbuf_add(struct wv_strbuf *buf, const void *bytes, size_t length)
{
    reserve(buf, length);
    if (length > 0)
        memcpy(buf->data + buf->length, bytes, length);
    buf->length += length;
    buf->data[buf->length] = '\0';
}

void wv_strbuf_adds(struct wv_strbuf *buf, const char *text)
{
    wv_strbuf_add(buf, text, strlen(text));
}

void wv_strbuf_addc(struct wv_strbuf *buf, char c)
{
    wv_strbuf_add(buf, &c, 1);
}

void wv_strbuf_addf(struct wv_strbuf *buf, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text WV_AUTOFREE = wv_xvasprintf(format, args);
    va_end(args);
    wv_strbuf_adds(buf, text);
}

void wv_strbuf_reset(struct wv_strbuf *buf)
{
    buf->length = 0;
    if (buf->data != NULL)
        buf->data[0] = '\0';
}

char *wv_strbuf_take(struct wv_strbuf *buf)
{
    char *text = buf->data != NULL ? buf->data : wv_xstrdup("");
    *buf = (struct wv_strbuf)WV_STRBUF_INIT;
    return text;
}

const char *wv_strbuf_text(const struct wv_strbuf *buf)
{
    return buf->data != NULL ? buf->data : "";
}

void wv_strbuf_free(struct wv_strbuf *buf)
{
    free(buf->data);
    *buf = (struct wv_strbuf)WV_STRBUF_INIT;
}
