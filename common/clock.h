/* Time: a monotonic clock in milliseconds for deadlines, UTC for what people read. Safe from any
 * thread. */
#ifndef WV_CLOCK_H
#define WV_CLOCK_H

#include <stdint.h>
#include <time.h>

#include "xalloc.h"

/* Milliseconds since some fixed point; never goes back. */
int64_t wv_clock_ms(void);
/* Microseconds of the same clock, for durations that are shown. */
int64_t wv_clock_us(void);

/* Deadlines are values of wv_clock_ms(); this one never comes. */
#define WV_NEVER INT64_MAX

/* Milliseconds until `deadline` for poll(2): -1 never, 0 when it has passed. */
int wv_clock_left(int64_t deadline);
/* Of two deadlines the one that comes first. */
int64_t wv_clock_earlier(int64_t left, int64_t right);

/* "2026-01-14T09:12:00Z", the caller's own. */
char *wv_clock_iso(time_t when);

/* A value in [low, high], for jitter; no secret depends on it. */
int64_t wv_clock_jitter(int64_t low, int64_t high);
/* The same where a function with a state is wanted (wv_policy_random); the state is not used. */
int64_t wv_clock_random(int64_t low, int64_t high, void *state);

#endif
