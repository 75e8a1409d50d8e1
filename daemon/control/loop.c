/* libevent wakes for sockets, signals and the mailbox; one timer is set before each turn to what is
 * due next in any part, so that nothing is polled. After each turn every part may do what time or
 * the turn itself made due. Loop thread. Refuses to know methods. */
#include "loop.h"

#include <event2/event.h>
#include <signal.h>
#include <stdlib.h>

#include "clock.h"
#include "control_parts.h"
#include "log.h"
#include "pump.h"
#include "strbuf.h"

enum { SIGNALS = 3 };

struct wv_loop {
    struct wv_control *control;
    struct event_base *base;
    struct event *timer;
    struct event *signals[SIGNALS];
};

static void on_mailbox(evutil_socket_t fd, short what, void *arg)
{
    (void)fd;
    (void)what;
    struct wv_desk *desk = arg;
    wv_log_set_project(desk->settings->project);
    wv_pump(desk);
    wv_log_set_project(NULL);
}

/* Its turn does the work. */
static void on_timer(evutil_socket_t fd, short what, void *arg)
{
    (void)fd;
    (void)what;
    (void)arg;
}

static void on_reload(struct wv_control *control)
{
    struct wv_err err WV_AUTOERR = {0};
    struct wv_strlist restart WV_AUTOSTRLIST = {0};
    if (wv_control_reload(control, &restart, &err))
        return;
    wv_log(WV_LOG_ERROR, "reload", "the configuration is not taken; the old one stays");
    wv_log_err(WV_LOG_ERROR, "reload", &err);
}

static void on_signal(evutil_socket_t number, short what, void *arg)
{
    struct wv_loop *loop = arg;
    (void)what;
    if (number == SIGHUP)
        on_reload(loop->control);
    else
        wv_shutdown_signal(loop->control);
}

static struct event *must(struct event *event)
{
    if (event == NULL)
        abort();
    return event;
}

struct wv_loop *wv_loop_new(struct wv_control *control)
{
    static const int numbers[SIGNALS] = {SIGTERM, SIGINT, SIGHUP};
    struct wv_loop *loop = wv_xcalloc(1, sizeof(*loop));
    loop->control = control;
    loop->base = event_base_new();
    if (loop->base == NULL)
        abort();
    /* A client that has gone is an error of its own write, not the end of the process. */
    signal(SIGPIPE, SIG_IGN);
    loop->timer = must(evtimer_new(loop->base, on_timer, loop));
    for (int i = 0; i < SIGNALS; i++) {
        loop->signals[i] = must(evsignal_new(loop->base, numbers[i], on_signal, loop));
        event_add(loop->signals[i], NULL);
    }
    return loop;
}

void wv_loop_free(struct wv_loop *loop)
{
    if (loop == NULL)
        return;
    for (int i = 0; i < SIGNALS; i++)
        event_free(loop->signals[i]);
    event_free(loop->timer);
    event_base_free(loop->base);
    free(loop);
}

void wv_loop_attach(struct wv_loop *loop, struct wv_desk *desk)
{
    int fd = wv_mailbox_fd(desk->from_threads);
    desk->mail = must(event_new(loop->base, fd, EV_READ | EV_PERSIST, on_mailbox, desk));
    event_add(desk->mail, NULL);
}

void wv_loop_detach(struct wv_desk *desk)
{
    event_free(desk->mail);
    desk->mail = NULL;
}

struct event_base *wv_loop_base(const struct wv_loop *loop)
{
    return loop->base;
}

static int64_t next_due(const struct wv_control *control)
{
    int64_t due = wv_sessions_next(control->sessions);
    for (size_t i = 0; i < control->desk_count; i++)
        due = wv_clock_earlier(due, wv_desk_next(control->desks[i]));
    due = wv_clock_earlier(due, wv_shutdown_next(control));
    return wv_clock_earlier(due, wv_notify_next(&control->notify));
}

static void set_timer(struct wv_loop *loop)
{
    int64_t due = next_due(loop->control);
    event_del(loop->timer);
    if (due == WV_NEVER)
        return;
    int left = wv_clock_left(due);
    struct timeval delay = {.tv_sec = left / 1000, .tv_usec = (left % 1000) * 1000};
    event_add(loop->timer, &delay);
}

static void tell_status(struct wv_control *control)
{
    if (control->notify.fd < 0)
        return;
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    for (size_t i = 0; i < control->desk_count; i++) {
        char *summary WV_AUTOFREE = wv_board_summary(&control->desks[i]->board);
        if (control->desk_count > 1)
            wv_strbuf_addf(&text, "%s%s: ", i > 0 ? " | " : "",
                           control->desks[i]->settings->project);
        wv_strbuf_adds(&text, summary);
    }
    wv_notify_status(&control->notify, wv_strbuf_text(&text));
}

static void turn(struct wv_control *control, int64_t now)
{
    wv_control_turn(control, now);
    wv_shutdown_turn(control);
    wv_sessions_turn(control->sessions, now);
    wv_shutdown_unused(control, now);
    wv_notify_turn(&control->notify, now);
    tell_status(control);
}

void wv_loop_run(struct wv_loop *loop)
{
    turn(loop->control, wv_clock_ms());
    while (!wv_shutdown_over(loop->control, wv_clock_ms())) {
        set_timer(loop);
        event_base_loop(loop->base, EVLOOP_ONCE);
        turn(loop->control, wv_clock_ms());
    }
}
