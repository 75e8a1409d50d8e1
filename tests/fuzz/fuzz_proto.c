/* Any bytes as what a client sends: lines of a frame, then envelopes, then an answer. The first
 * byte says how large the pieces are in which they arrive. Checked: the pieces do not matter; a
 * line is an envelope or an error with a message; what an envelope says can be written and read
 * back. */
#include <stdlib.h>
#include <string.h>

#include "frame.h"
#include "fuzz.h"
#include "proto.h"

enum { LIMIT = 256 };

static void require(bool truth)
{
    if (!truth)
        abort();
}

static void check_error(const struct wv_proto_message *message, const struct wv_err *err)
{
    require(err->code != WV_OK && err->message != NULL && *err->message != '\0');
    char *line WV_AUTOFREE = wv_proto_error(message->id, err);
    struct wv_proto_message back = {0};
    struct wv_err fault WV_AUTOERR = {0};
    require(wv_proto_read(line, strlen(line) - 1, &back, &fault));
    require(back.kind == WV_PROTO_ERROR && back.error.code == err->code);
    wv_proto_message_clear(&back);
}

static void check_request(const struct wv_proto_message *message)
{
    char *line WV_AUTOFREE = wv_proto_request(message->id, message->method, message->params);
    struct wv_proto_message back = {0};
    struct wv_err fault WV_AUTOERR = {0};
    require(strchr(line, '\n') == line + strlen(line) - 1);
    require(wv_proto_read_reply(line, strlen(line) - 1, &back, &fault));
    require(back.kind == WV_PROTO_REQUEST && strcmp(back.method, message->method) == 0);
    require(json_equal(back.id, message->id));
    require(message->params == NULL || json_equal(back.params, message->params));
    wv_proto_message_clear(&back);
}

static void check_line(const char *line, size_t length)
{
    struct wv_proto_message message = {0};
    struct wv_err err WV_AUTOERR = {0};
    if (!wv_proto_read(line, length, &message, &err))
        check_error(&message, &err);
    else if (message.kind == WV_PROTO_REQUEST)
        check_request(&message);
    wv_proto_message_clear(&message);
}

/* All lines, each ended by NUL, in pieces of `step` bytes. True: the limit was not passed. */
static bool frame_lines(const char *data, size_t size, size_t step, struct wv_strbuf *out)
{
    struct wv_frame frame;
    enum wv_frame_status status = WV_FRAME_MORE;
    const char *line;
    size_t length;
    wv_frame_init(&frame, LIMIT);
    for (size_t at = 0; at < size && status != WV_FRAME_TOO_LONG; at += step) {
        wv_frame_feed(&frame, data + at, size - at < step ? size - at : step);
        while ((status = wv_frame_next(&frame, &line, &length)) == WV_FRAME_LINE) {
            require(length > 0 && length <= LIMIT && memchr(line, '\n', length) == NULL);
            wv_strbuf_add(out, line, length + 1);
        }
    }
    wv_frame_free(&frame);
    return status != WV_FRAME_TOO_LONG;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct wv_strbuf whole WV_AUTOSTRBUF = WV_STRBUF_INIT;
    struct wv_strbuf pieces WV_AUTOSTRBUF = WV_STRBUF_INIT;
    if (size == 0)
        return 0;
    const char *text = (const char *)data + 1;
    bool first = frame_lines(text, size - 1, size, &whole);
    bool second = frame_lines(text, size - 1, (size_t)data[0] % 7 + 1, &pieces);
    require(first == second && whole.length == pieces.length);
    require(whole.length == 0 || memcmp(whole.data, pieces.data, whole.length) == 0);
    check_line((const char *)data, size);
    for (size_t at = 0; at < whole.length; at += strlen(whole.data + at) + 1)
        check_line(whole.data + at, strlen(whole.data + at));
    return 0;
}
