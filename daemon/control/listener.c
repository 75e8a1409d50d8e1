/* accept4 until nothing is left. A client over a limit is told so and closed at once: its one line
 * fits into an empty socket buffer, so that costs no session. Loop thread. */
#include "listener.h"

#include <errno.h>
#include <event2/event.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "log.h"
#include "proto.h"

enum { ACCEPTS_PER_TURN = 64, PAUSE_MS = 200 };

static const char tag[] = "listener";

struct wv_listener {
    int fd;
    struct wv_sessions *sessions;
    struct wv_limits limits;
    struct event *readable;
    struct event *resume;
    bool complained; /* of a lack of descriptors, since the last success */
};

static void turn_away(int fd, const struct wv_peer *peer, struct wv_err *err)
{
    wv_log(WV_LOG_NOTICE, tag, "client of uid %lu, pid %ld is turned away: %s",
           (unsigned long)peer->uid, (long)peer->pid, err->message);
    char *text WV_AUTOFREE = wv_proto_error(NULL, err);
    ssize_t ignored = send(fd, text, strlen(text), MSG_NOSIGNAL | MSG_DONTWAIT);
    (void)ignored;
    close(fd);
}

static bool within_limits(const struct wv_listener *listener, const struct wv_peer *peer,
                          struct wv_err *err)
{
    const struct wv_limits *limits = &listener->limits;
    if (wv_sessions_count(listener->sessions) >= (size_t)limits->clients) {
        wv_err_set(err, WV_LIMIT_EXCEEDED, "%d clients are connected already", limits->clients);
        return wv_err_hint(err, "try again, or raise limits.clients");
    }
    if (peer->uid != 0 &&
        wv_sessions_count_uid(listener->sessions, peer->uid) >= (size_t)limits->clients_per_uid) {
        wv_err_set(err, WV_LIMIT_EXCEEDED, "%d clients of user %lu are connected already",
                   limits->clients_per_uid, (unsigned long)peer->uid);
        return wv_err_hint(err, "try again, or raise limits.clients_per_uid");
    }
    return true;
}

static void admit(struct wv_listener *listener, int fd)
{
    struct wv_peer peer = {0};
    struct wv_err err WV_AUTOERR = {0};
    if (wv_usock_peer(fd, &peer, &err) && within_limits(listener, &peer, &err))
        wv_sessions_add(listener->sessions, fd, &peer);
    else
        turn_away(fd, &peer, &err);
    wv_peer_clear(&peer);
}

static void pause_accepting(struct wv_listener *listener)
{
    struct timeval delay = {.tv_usec = PAUSE_MS * 1000};
    if (!listener->complained)
        wv_log(WV_LOG_WARNING, tag, "cannot take more connections for now: %s", strerror(errno));
    listener->complained = true;
    event_del(listener->readable);
    event_add(listener->resume, &delay);
}

static bool lacks_resources(int fault)
{
    return fault == EMFILE || fault == ENFILE || fault == ENOBUFS || fault == ENOMEM;
}

static void on_readable(evutil_socket_t fd, short what, void *arg)
{
    struct wv_listener *listener = arg;
    (void)what;
    for (int i = 0; i < ACCEPTS_PER_TURN; i++) {
        int client = accept4(fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (client >= 0) {
            listener->complained = false;
            admit(listener, client);
        } else if (lacks_resources(errno)) {
            pause_accepting(listener);
            return;
        } else if (errno != EINTR && errno != ECONNABORTED) {
            return;
        }
    }
}

static void on_resume(evutil_socket_t fd, short what, void *arg)
{
    struct wv_listener *listener = arg;
    (void)fd;
    (void)what;
    event_add(listener->readable, NULL);
}

struct wv_listener *wv_listener_new(struct event_base *base, int fd, struct wv_sessions *sessions,
                                    const struct wv_limits *limits)
{
    struct wv_listener *listener = wv_xcalloc(1, sizeof(*listener));
    listener->fd = fd;
    listener->sessions = sessions;
    listener->limits = *limits;
    listener->readable = event_new(base, fd, EV_READ | EV_PERSIST, on_readable, listener);
    listener->resume = event_new(base, -1, 0, on_resume, listener);
    if (listener->readable == NULL || listener->resume == NULL)
        abort();
    event_add(listener->readable, NULL);
    return listener;
}

void wv_listener_free(struct wv_listener *listener)
{
    if (listener == NULL)
        return;
    event_free(listener->readable);
    event_free(listener->resume);
    close(listener->fd);
    free(listener);
}

void wv_listener_set_limits(struct wv_listener *listener, const struct wv_limits *limits)
{
    listener->limits = *limits;
}
