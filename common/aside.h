/* A call that may block for good, made by a thread of its own, so that the caller can give up
 * waiting for it. Safe from any thread. */
#ifndef WV_ASIDE_H
#define WV_ASIDE_H

#include <stdbool.h>
#include <stdint.h>

/* Runs `work(arg)` and then `release(arg)` in a thread that has the caller's signal mask. True:
 * `work` has ended by `deadline` (wv_clock_ms). False: it has not, and goes on by itself, or no
 * thread could be made, and only `release` was called. `arg` is not the caller's any more in either
 * case. */
bool wv_aside(void (*work)(void *arg), void (*release)(void *arg), void *arg, int64_t deadline);

#endif
