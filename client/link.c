/* See link.h. */
#include "link.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"
#include "interrupt.h"
#include "usock.h"

bool wv_link_open(struct wv_link *link, const char *path, int64_t deadline, struct wv_err *err)
{
    *link = (struct wv_link){.fd = -1};
    wv_frame_init(&link->frame, WV_FRAME_RESPONSE_LIMIT);
    return wv_usock_connect(path, deadline, &link->fd, err);
}

static bool wait_writable(struct wv_link *link, int64_t deadline, struct wv_err *err)
{
    struct pollfd wait = {.fd = link->fd, .events = POLLOUT};
    int left = wv_clock_left(deadline);
    if (left == 0)
        return wv_err_set(err, WV_TIMED_OUT, "timed out while sending the request to wovend");
    (void)poll(&wait, 1, left);
    return true;
}

/* Descriptors go with the first byte. */
static ssize_t send_some(struct wv_link *link, const char *line, size_t length)
{
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(sizeof(int) * WV_LINK_TEXTS)];
    } control = {.bytes = {0}};
    struct iovec vector = {.iov_base = (char *)line, .iov_len = length};
    struct msghdr message = {.msg_iov = &vector, .msg_iovlen = 1};
    size_t bytes = link->text_count * sizeof(int);
    if (bytes > 0) {
        message.msg_control = &control;
        message.msg_controllen = CMSG_SPACE(bytes);
        control.header = (struct cmsghdr){
            .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS, .cmsg_len = CMSG_LEN(bytes)};
        memcpy(CMSG_DATA(&control.header), link->texts, bytes);
    }
    ssize_t count = sendmsg(link->fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (count > 0)
        link->text_count = 0;
    return count;
}

static bool send_all(struct wv_link *link, const char *line, int64_t deadline, struct wv_err *err)
{
    size_t left = strlen(line);
    while (left > 0) {
        ssize_t count = send_some(link, line, left);
        if (count >= 0) {
            line += count;
            left -= (size_t)count;
        } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
            if (!wait_writable(link, deadline, err))
                return false;
        } else if (errno == EPIPE || errno == ECONNRESET) {
            return true;
        } else if (errno != EINTR) {
            return wv_err_set(err, WV_IO_ERROR, "cannot send to wovend: %s", strerror(errno));
        }
    }
    return true;
}

bool wv_link_send(struct wv_link *link, const char *method, json_t *params, int64_t deadline,
                  int64_t *id, struct wv_err *err)
{
    json_t *number = json_integer(link->last_id + 1);
    if (link->project != NULL) {
        params = params != NULL ? params : json_object();
        wv_proto_set_text(params, "project", link->project);
    }
    char *line WV_AUTOFREE = wv_proto_request(number, method, params);
    json_decref(number);
    json_decref(params);
    if (strlen(line) > WV_FRAME_REQUEST_LIMIT)
        return wv_err_set(err, WV_USAGE, "the request is longer than the %zu bytes wovend takes",
                          WV_FRAME_REQUEST_LIMIT);
    if (!send_all(link, line, deadline, err))
        return false;
    *id = ++link->last_id;
    return true;
}

enum wv_link_status wv_link_next(struct wv_link *link, struct wv_proto_message *message,
                                 struct wv_err *err)
{
    const char *line;
    size_t length;
    enum wv_frame_status status = wv_frame_next(&link->frame, &line, &length);
    if (status == WV_FRAME_MORE)
        return WV_LINK_EMPTY;
    if (status == WV_FRAME_TOO_LONG) {
        wv_err_set(err, WV_LIMIT_EXCEEDED, "the daemon's answer is longer than %zu bytes",
                   WV_FRAME_RESPONSE_LIMIT);
        return WV_LINK_FAILED;
    }
    *message = (struct wv_proto_message){0};
    if (wv_proto_read_reply(line, length, message, err))
        return WV_LINK_MESSAGE;
    wv_proto_message_clear(message);
    wv_err_prefix(err, "what answers on the socket does not speak wovend's protocol");
    wv_err_hint(err, "check --socket and WOVEN_SOCKET");
    return WV_LINK_FAILED;
}

static enum wv_link_status gone(struct wv_err *err, const char *how)
{
    wv_err_set(err, WV_NO_DAEMON, "the daemon closed the connection before it answered%s", how);
    wv_err_hint(err, "`wovenctl daemon ping` tells whether it runs, its log tells why it left");
    return WV_LINK_FAILED;
}

enum wv_link_status wv_link_fill(struct wv_link *link, int64_t until, struct wv_err *err)
{
    struct pollfd wait = {.fd = link->fd, .events = POLLIN};
    int left = wv_clock_left(until);
    struct timespec limit = {.tv_sec = left / 1000, .tv_nsec = (left % 1000) * 1000000L};
    int ready = ppoll(&wait, 1, left < 0 ? NULL : &limit, wv_interrupt_mask());
    if (ready < 0 && errno == EINTR)
        return WV_LINK_SIGNAL;
    if (ready <= 0)
        return WV_LINK_EMPTY;
    char bytes[16384];
    ssize_t count = recv(link->fd, bytes, sizeof(bytes), MSG_DONTWAIT);
    if (count > 0)
        wv_frame_feed(&link->frame, bytes, (size_t)count);
    else if (count == 0)
        return gone(err, "");
    else if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR)
        return gone(err, errno == ECONNRESET ? " (connection reset)" : "");
    return WV_LINK_EMPTY;
}

bool wv_link_answers(const struct wv_proto_message *message, int64_t id)
{
    return (message->kind == WV_PROTO_RESULT || message->kind == WV_PROTO_ERROR) &&
           json_is_integer(message->id) && json_integer_value(message->id) == id;
}

void wv_link_close(struct wv_link *link)
{
    if (link->fd >= 0)
        close(link->fd);
    link->fd = -1;
    wv_frame_free(&link->frame);
}
