/* Trying a step again that could not get a lock: bounded in number and time, with jitter. */
#ifndef WV_RETRY_H
#define WV_RETRY_H

#include "policy.h"
#include "run.h"

struct wv_retry {
    const struct wv_run *run;
    struct wv_attempts attempts;
    int64_t until; /* wv_clock_ms(): no attempt begins later */
};

void wv_retry_init(struct wv_retry *retry, const struct wv_run *run);

/* After `err` of step `index`, all of which is rolled back: waits and returns true (`err` cleared)
 * when the step is to be run again; false keeps `err`, or makes it WV_CANCELLED or
 * WV_CONNECTION_LOST when that happened during the wait. */
bool wv_retry_again(struct wv_retry *retry, size_t index, struct wv_err *err) WV_MUST_CHECK;

#endif
