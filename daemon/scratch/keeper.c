/* See keeper.h. The two sides meet in two eventfds and in what is written before the first is
 * signalled. */
#include "keeper.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { STARTED, ENDED, STOP, EVENTS };

struct wv_keeper {
    pthread_t thread;
    int event[EVENTS];
    const struct wv_child_spec *spec; /* until STARTED */
    int output;                       /* likewise */
    int stop_signal;
    int64_t stop_ms;
    bool started;        /* from here on written by the thread before STARTED */
    struct wv_err error; /* why not */
    pid_t pid;
};

static void tell(int fd)
{
    if (eventfd_write(fd, 1) != 0)
        abort();
}

static bool always(void *arg)
{
    (void)arg;
    return true;
}

static void *keep(void *arg)
{
    struct wv_keeper *keeper = arg;
    struct wv_child child;
    int status;
    keeper->started = wv_child_start(&child, keeper->spec, keeper->output, &keeper->error);
    keeper->pid = keeper->started ? child.pid : 0;
    bool started = keeper->started;
    tell(keeper->event[STARTED]);
    if (!started)
        return NULL;
    struct wv_pg_wait until_told = {
        .wake_fd = keeper->event[STOP], .interrupted = always, .deadline = WV_NEVER};
    if (!wv_child_wait(&child, &until_told, &status)) {
        struct wv_pg_wait patience = wv_pg_wait_ms(keeper->stop_ms);
        wv_child_signal(&child, keeper->stop_signal);
        if (!wv_child_wait(&child, &patience, &status))
            wv_child_kill(&child);
    }
    tell(keeper->event[ENDED]);
    return NULL;
}

static void close_events(struct wv_keeper *keeper)
{
    for (size_t i = 0; i < EVENTS; i++) {
        if (keeper->event[i] >= 0)
            close(keeper->event[i]);
    }
}

static bool make_events(struct wv_keeper *keeper)
{
    bool done = true;
    for (size_t i = 0; i < EVENTS; i++) {
        keeper->event[i] = eventfd(0, EFD_CLOEXEC);
        done = done && keeper->event[i] >= 0;
    }
    return done;
}

/* Signals are the loop's: no other thread takes any. */
static bool start_thread(struct wv_keeper *keeper)
{
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int fault = pthread_create(&keeper->thread, NULL, keep, keeper);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    errno = fault;
    return fault == 0;
}

struct wv_keeper *wv_keeper_start(const struct wv_child_spec *spec, int output, int stop_signal,
                                  int64_t stop_ms, struct wv_err *err)
{
    struct wv_keeper *keeper = wv_xcalloc(1, sizeof(*keeper));
    *keeper = (struct wv_keeper){
        .spec = spec, .output = output, .stop_signal = stop_signal, .stop_ms = stop_ms};
    if (!make_events(keeper) || !start_thread(keeper)) {
        wv_err_set(err, WV_SERVER_FAILED, "cannot make a thread for %s: %s", spec->argv[0],
                   strerror(errno));
        close_events(keeper);
        free(keeper);
        return NULL;
    }
    eventfd_t ignored;
    while (eventfd_read(keeper->event[STARTED], &ignored) != 0 && errno == EINTR)
        continue;
    if (keeper->started)
        return keeper;
    wv_err_move(err, &keeper->error);
    wv_keeper_stop(keeper);
    return NULL;
}

void wv_keeper_stop(struct wv_keeper *keeper)
{
    tell(keeper->event[STOP]);
    pthread_join(keeper->thread, NULL);
    close_events(keeper);
    wv_err_clear(&keeper->error);
    free(keeper);
}

pid_t wv_keeper_pid(const struct wv_keeper *keeper)
{
    return keeper->pid;
}

int wv_keeper_end_fd(const struct wv_keeper *keeper)
{
    return keeper->event[ENDED];
}
