/* A growing buffer with a cursor. What was taken is dropped when more is fed, so that a line stays
 * where it is until then. Any thread, one at a time. */
#include "frame.h"

#include <string.h>

void wv_frame_init(struct wv_frame *frame, size_t limit)
{
    *frame = (struct wv_frame){.limit = limit};
}

static void drop_taken(struct wv_frame *frame)
{
    struct wv_strbuf *buffer = &frame->buffer;
    if (frame->start == 0)
        return;
    memmove(buffer->data, buffer->data + frame->start, buffer->length - frame->start);
    buffer->length -= frame->start;
    frame->scanned -= frame->start;
    frame->start = 0;
}

void wv_frame_feed(struct wv_frame *frame, const void *bytes, size_t length)
{
    if (frame->failed || length == 0)
        return;
    drop_taken(frame);
    wv_strbuf_add(&frame->buffer, bytes, length);
}

static enum wv_frame_status fail(struct wv_frame *frame)
{
    frame->failed = true;
    wv_strbuf_free(&frame->buffer);
    frame->start = frame->scanned = 0;
    return WV_FRAME_TOO_LONG;
}

static char *find_end(struct wv_frame *frame)
{
    const struct wv_strbuf *buffer = &frame->buffer;
    if (frame->scanned == buffer->length)
        return NULL;
    char *end = memchr(buffer->data + frame->scanned, '\n', buffer->length - frame->scanned);
    if (end == NULL)
        frame->scanned = buffer->length;
    return end;
}

enum wv_frame_status wv_frame_next(struct wv_frame *frame, const char **line, size_t *length)
{
    while (!frame->failed) {
        char *end = find_end(frame);
        if (end == NULL)
            return wv_frame_pending(frame) > frame->limit ? fail(frame) : WV_FRAME_MORE;
        char *begin = frame->buffer.data + frame->start;
        size_t size = (size_t)(end - begin);
        if (size > frame->limit)
            return fail(frame);
        frame->start = frame->scanned = frame->start + size + 1;
        if (size > 0 && begin[size - 1] == '\r')
            size--;
        begin[size] = '\0';
        if (size > 0) {
            *line = begin;
            *length = size;
            return WV_FRAME_LINE;
        }
    }
    return WV_FRAME_TOO_LONG;
}

size_t wv_frame_pending(const struct wv_frame *frame)
{
    return frame->buffer.length - frame->start;
}

void wv_frame_free(struct wv_frame *frame)
{
    wv_strbuf_free(&frame->buffer);
    *frame = (struct wv_frame){.limit = frame->limit};
}
