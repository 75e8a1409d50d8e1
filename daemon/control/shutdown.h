/* Stopping, in strengths: the first signal lets the running job finish for the grace time, then it
 * is cancelled; a second signal cancels at once. New jobs are refused from the first one on,
 * questions are answered to the end. Loop thread. */
#ifndef WV_SHUTDOWN_H
#define WV_SHUTDOWN_H

#include "message.h"

struct wv_control;

enum wv_strength { WV_SERVING, WV_FINISHING, WV_CANCELLING };

struct wv_shutdown {
    enum wv_strength strength;
    int64_t grace_by; /* FINISHING: when patience ends */
    bool migrator_ended;
    bool watcher_ended;
    int64_t flush_by; /* both ended: when clients must have read their last line */
};

/* SIGTERM or SIGINT. */
void wv_shutdown_signal(struct wv_control *control);
/* WV_MSG_EXITED. */
void wv_shutdown_ended(struct wv_control *control, enum wv_thread thread);
void wv_shutdown_turn(struct wv_control *control, int64_t now);
int64_t wv_shutdown_next(const struct wv_shutdown *shutdown);
/* Nothing is left to do. */
bool wv_shutdown_over(const struct wv_control *control, int64_t now);

#endif
