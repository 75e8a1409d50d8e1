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

static bool may_read(const struct wv_session *session)
{
    return session->phase == WV_SESSION_OPEN && session->in_flight < WV_SESSION_IN_FLIGHT &&
           unsent(session) <= WV_SESSION_OUTPUT;
}

/* What is not to be read stays with the kernel, and would wake the loop again and again. */
static void listen_if_due(struct wv_session *session)
{
    bool due = !session->eof && (session->phase == WV_SESSION_CLOSING || may_read(session));
    if (due && !session->listening)
        event_add(session->readable, NULL);
    else if (!due && session->listening)
        event_del(session->readable);
    session->listening = due;
}

static void die(struct wv_session *session)
{
    session->phase = WV_SESSION_DEAD;
    bufferevent_disable(session->stream, EV_WRITE);
    listen_if_due(session);
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
    listen_if_due(session);
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
    if (unsent(session) == 0)
        session->active = wv_clock_ms(); /* until now there was nothing to read */
    bufferevent_write(session->stream, text, strlen(text));
}

bool wv_session_behind(const struct wv_session *session)
{
    return unsent(session) > WV_SESSION_OUTPUT / 4;
}

static void too_long(struct wv_session *session)
{
    struct wv_err err WV_AUTOERR = {0};
    wv_err_set(&err, WV_LIMIT_EXCEEDED, "a request line is longer than %zu bytes",
               WV_FRAME_REQUEST_LIMIT);
    wv_session_close(session, &err);
}

static void crowded(struct wv_session *session)
{
    struct wv_err err WV_AUTOERR = {0};
    wv_err_set(&err, WV_LIMIT_EXCEEDED,
               "more descriptors came than the %d that a request may have, or than are free",
               WV_PASSED_TEXTS);
    wv_session_close(session, &err);
}

/* False: no whole line is there. */
static bool read_line(struct wv_session *session)
{
    struct wv_passed_texts texts = {0};
    const char *line;
    size_t length;
    enum wv_frame_status status = wv_intake_next(&session->intake, &line, &length, &texts);
    if (status == WV_FRAME_TOO_LONG)
        too_long(session);
    if (status == WV_FRAME_MORE)
        return false;
    if (status == WV_FRAME_LINE) {
        session->active = wv_clock_ms();
        session->in_flight++;
        session->owner->line(session->owner->context, session->number, line, length, &texts);
        wv_passed_texts_clear(&texts);
    }
    return true;
}

/* Whether the client has closed altogether, or only says no more. */
static bool hung_up(const struct wv_session *session)
{
    struct pollfd fd = {.fd = bufferevent_getfd(session->stream)};
    return poll(&fd, 1, 0) == 1 && (fd.revents & (POLLHUP | POLLERR)) != 0;
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
    listen_if_due(session);
    end_if_done(session);
}

static void on_end(struct wv_session *session)
{
    session->eof = true;
    listen_if_due(session);
    if (session->told_end || hung_up(session))
        die(session);
    else
        wv_session_read(session);
}

/* One read at a time, so that all clients get their turn. */
static void on_readable(evutil_socket_t fd, short what, void *arg)
{
    struct wv_session *session = arg;
    const struct wv_sessions_owner *owner = session->owner;
    (void)what;
    enum wv_intake_status status =
        session->phase == WV_SESSION_OPEN
            ? wv_intake_read(&session->intake, fd, owner->trusts(owner->context, &session->peer))
            : wv_intake_skip(fd);
    switch (status) {
    case WV_INTAKE_FED:
        wv_session_read(session);
        break;
    case WV_INTAKE_EMPTY:
        break;
    case WV_INTAKE_END:
        on_end(session);
        break;
    case WV_INTAKE_BROKEN:
        die(session);
        break;
    case WV_INTAKE_CROWDED:
        crowded(session);
        break;
    }
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

/* Only of what is sent. */
static void on_event(struct bufferevent *stream, short what, void *arg)
{
    (void)stream;
    (void)what;
    die(arg);
}

void wv_session_sweep(struct wv_session *session, int64_t now, int64_t idle_ms)
{
    struct wv_err err WV_AUTOERR = {0};
    if (session->phase == WV_SESSION_CLOSING && now >= session->close_by)
        die(session);
    if (session->phase != WV_SESSION_OPEN)
        return;
    bool waits = session->in_flight > 0;
    if (!session->listening && hung_up(session)) {
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
    wv_intake_init(&session->intake);
    session->stream = bufferevent_socket_new(base, fd, BEV_OPT_CLOSE_ON_FREE);
    session->readable = event_new(base, fd, EV_READ | EV_PERSIST, on_readable, session);
    if (session->stream == NULL || session->readable == NULL)
        abort();
    bufferevent_setcb(session->stream, NULL, on_written, on_event, session);
    bufferevent_enable(session->stream, EV_WRITE);
    listen_if_due(session);
    return session;
}

void wv_session_free(struct wv_session *session)
{
    event_free(session->readable);
    bufferevent_free(session->stream);
    wv_intake_free(&session->intake);
    wv_peer_clear(&session->peer);
    free(session);
}
