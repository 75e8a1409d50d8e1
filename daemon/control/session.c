/* One client: bytes in, lines out to the owner, lines back. Loop thread. Nothing is freed inside a
 * callback: a session that has ended is marked dead and freed by sessions.c after the turn. Refuses
 * to know methods. */
#include "session.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "clock.h"
#include "log.h"
#include "proto.h"

static const char tag[] = "session";

static size_t unsent(const struct wv_session *session)
{
    return evbuffer_get_length(bufferevent_get_output(session->stream));
}

static void die(struct wv_session *session)
{
    session->phase = WV_SESSION_DEAD;
    bufferevent_disable(session->stream, EV_READ | EV_WRITE);
}

/* All said: the client sees the end of the stream now, and may still be writing, which is read and
 * thrown away, so that it gets to read our reason before its writes fail. */
static void finish_sending(struct wv_session *session)
{
    if (session->eof) {
        die(session);
        return;
    }
    if (!session->told_end)
        shutdown(bufferevent_getfd(session->stream), SHUT_WR);
    session->told_end = true;
}

void wv_session_close(struct wv_session *session, const struct wv_err *err)
{
    if (session->phase != WV_SESSION_OPEN)
        return;
    if (err != NULL) {
        wv_log(WV_LOG_NOTICE, tag, "client %llu (uid %lu, pid %ld) is closed: %s",
               (unsigned long long)session->number, (unsigned long)session->peer.uid,
               (long)session->peer.pid, err->message);
        char *text WV_AUTOFREE = wv_proto_error(NULL, err);
        bufferevent_write(session->stream, text, strlen(text));
    }
    session->phase = WV_SESSION_CLOSING;
    struct evbuffer *input = bufferevent_get_input(session->stream);
    evbuffer_drain(input, evbuffer_get_length(input)); /* a full buffer would not be read on */
    session->close_by = wv_clock_ms() + WV_SESSION_CLOSE_MS;
    if (unsent(session) == 0)
        finish_sending(session);
}

void wv_session_send(struct wv_session *session, const char *text)
{
    struct wv_err err WV_AUTOERR = {0};
    if (session->phase != WV_SESSION_OPEN)
        return;
    if (unsent(session) > WV_SESSION_OUTPUT) {
        wv_err_set(&err, WV_LAGGING, "more than %d bytes wait for this client to read them",
                   WV_SESSION_OUTPUT);
        wv_session_close(session, &err);
        return;
    }
    bufferevent_write(session->stream, text, strlen(text));
}

bool wv_session_behind(const struct wv_session *session)
{
    return unsent(session) > WV_SESSION_OUTPUT / 4;
}

static bool may_read(const struct wv_session *session)
{
    return session->phase == WV_SESSION_OPEN && session->in_flight < WV_SESSION_IN_FLIGHT &&
           unsent(session) <= WV_SESSION_OUTPUT;
}

/* False: there is nothing more for now. */
static bool feed(struct wv_session *session)
{
    char bytes[16 * 1024];
    int count = evbuffer_remove(bufferevent_get_input(session->stream), bytes, sizeof(bytes));
    if (count <= 0)
        return false;
    wv_frame_feed(&session->frame, bytes, (size_t)count);
    return true;
}

static void too_long(struct wv_session *session)
{
    struct wv_err err WV_AUTOERR = {0};
    wv_err_set(&err, WV_LIMIT_EXCEEDED, "a request line is longer than %zu bytes",
               session->frame.limit);
    wv_session_close(session, &err);
}

/* False: no whole line is there. */
static bool read_line(struct wv_session *session)
{
    const char *line;
    size_t length;
    enum wv_frame_status status = wv_frame_next(&session->frame, &line, &length);
    if (status == WV_FRAME_TOO_LONG)
        too_long(session);
    if (status == WV_FRAME_MORE)
        return feed(session);
    if (status == WV_FRAME_LINE) {
        session->active = wv_clock_ms();
        session->in_flight++;
        session->owner->line(session->owner->context, session->number, line, length);
    }
    return true;
}

/* After the client's last line has been answered there is nothing left to do for it. */
static void end_if_done(struct wv_session *session)
{
    if (session->eof && !session->held && session->in_flight == 0 &&
        session->phase == WV_SESSION_OPEN && unsent(session) == 0)
        die(session);
}

void wv_session_read(struct wv_session *session)
{
    if (session->reading)
        return;
    session->reading = true;
    bool more = true;
    while (more && may_read(session))
        more = read_line(session);
    session->held = more && session->phase == WV_SESSION_OPEN;
    session->reading = false;
    end_if_done(session);
}

static void on_read(struct bufferevent *stream, void *arg)
{
    struct wv_session *session = arg;
    if (session->phase == WV_SESSION_OPEN)
        wv_session_read(session);
    else
        evbuffer_drain(bufferevent_get_input(stream),
                       evbuffer_get_length(bufferevent_get_input(stream)));
}

static void on_written(struct bufferevent *stream, void *arg)
{
    struct wv_session *session = arg;
    (void)stream;
    session->active = wv_clock_ms();
    if (session->phase == WV_SESSION_CLOSING)
        finish_sending(session);
    else if (session->phase == WV_SESSION_OPEN)
        wv_session_read(session);
}

/* Whether the client has closed altogether, or only says no more. */
static bool hung_up(const struct wv_session *session)
{
    struct pollfd fd = {.fd = bufferevent_getfd(session->stream)};
    return poll(&fd, 1, 0) == 1 && (fd.revents & (POLLHUP | POLLERR)) != 0;
}

static void on_event(struct bufferevent *stream, short what, void *arg)
{
    struct wv_session *session = arg;
    (void)stream;
    if ((what & BEV_EVENT_EOF) == 0) {
        die(session);
        return;
    }
    session->eof = true;
    if (session->told_end || hung_up(session))
        die(session);
    else
        wv_session_read(session);
}

void wv_session_sweep(struct wv_session *session, int64_t now, int64_t idle_ms)
{
    struct wv_err err WV_AUTOERR = {0};
    if (session->phase == WV_SESSION_CLOSING && now >= session->close_by)
        die(session);
    if (session->phase != WV_SESSION_OPEN)
        return;
    bool waits = session->in_flight > 0;
    if (session->eof && hung_up(session)) {
        die(session);
    } else if (idle_ms > 0 && now - session->active >= idle_ms && unsent(session) > 0) {
        wv_log(WV_LOG_NOTICE, tag, "client %llu (uid %lu, pid %ld) reads nothing: closed",
               (unsigned long long)session->number, (unsigned long)session->peer.uid,
               (long)session->peer.pid);
        die(session);
    } else if (idle_ms > 0 && now - session->active >= idle_ms && !waits) {
        wv_err_set(&err, WV_LIMIT_EXCEEDED, "nothing was said for %lld ms",
                   (long long)(now - session->active));
        wv_session_close(session, &err);
    }
}

struct wv_session *wv_session_new(struct event_base *base, uint64_t number, int fd,
                                  struct wv_peer *peer, const struct wv_sessions_owner *owner)
{
    struct wv_session *session = wv_xcalloc(1, sizeof(*session));
    session->number = number;
    session->owner = owner;
    session->peer = *peer;
    *peer = (struct wv_peer){0};
    session->active = wv_clock_ms();
    wv_frame_init(&session->frame, WV_FRAME_REQUEST_LIMIT);
    session->stream = bufferevent_socket_new(base, fd, BEV_OPT_CLOSE_ON_FREE);
    if (session->stream == NULL)
        abort();
    bufferevent_setcb(session->stream, on_read, on_written, on_event, session);
    bufferevent_setwatermark(session->stream, EV_READ, 0, WV_FRAME_REQUEST_LIMIT);
    bufferevent_enable(session->stream, EV_READ | EV_WRITE);
    return session;
}

void wv_session_free(struct wv_session *session)
{
    bufferevent_free(session->stream);
    wv_frame_free(&session->frame);
    wv_peer_clear(&session->peer);
    free(session);
}
