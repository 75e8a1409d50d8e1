/* The thread that is the parent of a server: it does nothing but start it, wait for its end or for
 * the order to end it, and take it from the process table. */
#ifndef WV_KEEPER_H
#define WV_KEEPER_H

#include "child.h"

struct wv_keeper;

/* Starts the thread and in it the child; `stop_signal` is sent by wv_keeper_stop(), which kills
 * after `stop_ms`. `spec` and `output` are used before this returns only. NULL: it could not be
 * started. */
struct wv_keeper *wv_keeper_start(const struct wv_child_spec *spec, int output, int stop_signal,
                                  int64_t stop_ms, struct wv_err *err);
/* Ends the child, waits for it and for the thread, and frees all. */
void wv_keeper_stop(struct wv_keeper *keeper);

pid_t wv_keeper_pid(const struct wv_keeper *keeper);
/* Readable once the child has ended. */
int wv_keeper_end_fd(const struct wv_keeper *keeper);

#endif
