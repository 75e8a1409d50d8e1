/* Stopping the daemon: all its projects stop (stop.h), then the clients read their last lines. A
 * second signal cancels what still runs. Also ends a daemon that nobody uses, where the settings
 * want that (timeouts.idle_exit). Loop thread. */
#ifndef WV_SHUTDOWN_H
#define WV_SHUTDOWN_H

#include <stdbool.h>
#include <stdint.h>

struct wv_control;

struct wv_shutdown {
    bool begun;
    int64_t flush_by; /* all threads have ended: when clients must have read their last line */
    int64_t unused;   /* since when there is no client and no job; 0: there is one */
};

/* SIGTERM or SIGINT. */
void wv_shutdown_signal(struct wv_control *control);
/* The same without a signal; nothing when it has begun. */
void wv_shutdown_begin(struct wv_control *control);
void wv_shutdown_turn(struct wv_control *control);
/* Begins when nobody has used the daemon for long enough. Once a turn, after the sessions'. */
void wv_shutdown_unused(struct wv_control *control, int64_t now);
int64_t wv_shutdown_next(const struct wv_control *control);
/* Nothing is left to do. */
bool wv_shutdown_over(const struct wv_control *control, int64_t now);

#endif
