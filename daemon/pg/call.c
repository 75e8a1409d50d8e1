/* The interruptible wait: one poll over libpq's socket, the caller's wake_fd and a deadline. A call
 * that is stopped asks the server to cancel and goes on reading until the server is
 * done, so that the connection stays usable. Any thread, a connection per thread; knows no SQL.
 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "aside.h"
#include "connection.h"

enum {
    RECHECK_MS = 50,   /* between two questions while wake_fd stays readable */
    RECANCEL_MS = 100, /* a cancel that found no statement running is repeated */
    GIVE_UP_MS = 5000, /* for the server to stop a cancelled statement */
};

struct wv_pg_wait wv_pg_wait_ms(int64_t milliseconds)
{
    return (struct wv_pg_wait){.wake_fd = -1, .deadline = wv_clock_ms() + milliseconds};
}

struct wv_pg_call wv_pg_call_begin(struct wv_pg *pg, const struct wv_pg_wait *wait)
{
    return (struct wv_pg_call){.pg = pg, .wait = *wait};
}

/* Asks the caller whether to stop; a "no" is believed for a short while. */
static bool ask(struct wv_pg_call *call)
{
    if (call->wait.interrupted(call->wait.arg))
        return true;
    call->quiet_until = wv_clock_ms() + RECHECK_MS;
    return false;
}

enum wv_pg_woken wv_pg_call_poll(struct wv_pg_call *call, int fd, short events)
{
    for (;;) {
        int64_t now = wv_clock_ms();
        if (now >= call->wait.deadline)
            return WV_PG_WOKEN_DEADLINE;
        bool listening = call->wait.wake_fd >= 0 && now >= call->quiet_until;
        int64_t until = call->wait.deadline;
        if (call->wait.wake_fd >= 0 && !listening)
            until = wv_clock_earlier(until, call->quiet_until);
        struct pollfd fds[2] = {{.fd = fd, .events = events},
                                {.fd = listening ? call->wait.wake_fd : -1, .events = POLLIN}};
        int count = poll(fds, 2, wv_clock_left(until));
        if (count < 0 && errno != EINTR)
            abort();
        if (count <= 0)
            continue;
        if (fds[1].revents != 0 && ask(call))
            return WV_PG_WOKEN_INTERRUPTED;
        if (fds[0].revents != 0)
            return WV_PG_WOKEN_SOCKET;
    }
}

static void ask_for_cancel(void *request)
{
    char ignored[256];
    (void)PQcancel(request, ignored, (int)sizeof(ignored));
}

static void free_cancel(void *request)
{
    PQfreeCancel(request);
}

/* libpq 15 asks on a connection of its own and waits without a limit for the server to close that:
 * one that hangs would keep this thread for good. */
static void send_cancel(struct wv_pg *pg, int64_t deadline)
{
    PGcancel *request = PQgetCancel(pg->conn);
    if (request != NULL)
        (void)wv_aside(ask_for_cancel, free_cancel, request, deadline);
}

/* From here on nothing interrupts any more: what is left is bounded by itself. */
static void stop(struct wv_pg_call *call, enum wv_err_code why)
{
    int64_t now = wv_clock_ms();
    call->stopped = why;
    call->cancelling = true;
    call->cancel_at = now;
    call->give_up_at = now + GIVE_UP_MS;
    call->wait.wake_fd = -1;
}

/* Cancels when that is due. False: the server was given all the time it may have. */
static bool carry_on_stopping(struct wv_pg_call *call)
{
    int64_t now = wv_clock_ms();
    if (now >= call->give_up_at) {
        wv_pg_lost(call->pg, "the server did not stop a cancelled statement in time");
        return false;
    }
    if (call->cancelling && now >= call->cancel_at) {
        send_cancel(call->pg, call->give_up_at);
        call->cancel_at = wv_clock_ms() + RECANCEL_MS;
    }
    call->wait.deadline = call->give_up_at;
    if (call->cancelling)
        call->wait.deadline = wv_clock_earlier(call->cancel_at, call->give_up_at);
    return true;
}

bool wv_pg_call_read(struct wv_pg_call *call)
{
    struct wv_pg *pg = call->pg;
    for (;;) {
        if (call->stopped != WV_OK && !carry_on_stopping(call))
            return false;
        int unsent = PQflush(pg->conn);
        /* A failed flush is followed by reading: the server's reason may be on its way. */
        short events = unsent == 1 ? POLLIN | POLLOUT : POLLIN;
        switch (wv_pg_call_poll(call, PQsocket(pg->conn), events)) {
        case WV_PG_WOKEN_SOCKET:
            return PQconsumeInput(pg->conn) == 1;
        case WV_PG_WOKEN_INTERRUPTED:
            stop(call, WV_CANCELLED);
            break;
        case WV_PG_WOKEN_DEADLINE:
            if (call->stopped == WV_OK)
                stop(call, WV_TIMED_OUT);
            break;
        }
    }
}

enum wv_pg_idle wv_pg_idle(struct wv_pg *pg, const struct wv_pg_wait *wait, struct wv_err *err)
{
    struct wv_pg_call call = wv_pg_call_begin(pg, wait);
    for (;;) {
        if (pg != NULL && !wv_pg_is_idle_alive(pg, err))
            return WV_PG_IDLE_LOST;
        if (pg != NULL && wv_pg_has_notification(pg))
            return WV_PG_IDLE_NOTIFIED;
        switch (wv_pg_call_poll(&call, pg != NULL ? PQsocket(pg->conn) : -1, POLLIN)) {
        case WV_PG_WOKEN_DEADLINE:
            return WV_PG_IDLE_DEADLINE;
        case WV_PG_WOKEN_INTERRUPTED:
            return WV_PG_IDLE_INTERRUPTED;
        case WV_PG_WOKEN_SOCKET:
            break;
        }
    }
}

enum wv_pg_idle wv_pg_idle_fd(int fd, const struct wv_pg_wait *wait)
{
    struct wv_pg_call call = wv_pg_call_begin(NULL, wait);
    switch (wv_pg_call_poll(&call, fd, POLLIN)) {
    case WV_PG_WOKEN_DEADLINE:
        return WV_PG_IDLE_DEADLINE;
    case WV_PG_WOKEN_INTERRUPTED:
        return WV_PG_IDLE_INTERRUPTED;
    case WV_PG_WOKEN_SOCKET:
        break;
    }
    return WV_PG_IDLE_NOTIFIED;
}
