/* Decisions about trying again: which error of a step, how often, after how long. Values only: the
 * clock and the randomness are the caller's. Pure; any thread. Times in milliseconds. */
#ifndef WV_POLICY_H
#define WV_POLICY_H

#include <stdbool.h>
#include <stdint.h>

/* Bounds of a series of tries. */
struct wv_policy {
    int64_t base_ms;  /* the shortest wait, at least 1 */
    int64_t cap_ms;   /* the longest wait, at least base_ms */
    int max_attempts; /* tries in all, the first included; 0: no bound */
};

/* A step that could not get a lock / a server that does not answer. */
extern const struct wv_policy wv_policy_lock;
extern const struct wv_policy wv_policy_reconnect;

/* Where a series is. Start from all zero; back to all zero after a success. */
struct wv_attempts {
    int failed;      /* tries that failed so far */
    int64_t last_ms; /* the last wait */
};

/* A number in [low, high]; `state` is the caller's. */
typedef int64_t wv_policy_random(int64_t low, int64_t high, void *state);

/* True for an error that the same step may survive when run again: lock_not_available (55P03),
 * deadlock_detected (40P01) and serialization_failure (40001), and only where `rolled_back` says
 * that nothing of the step remains. (PostgreSQL manual, appendix A, "Error Codes".) */
bool wv_policy_retryable(const char *sqlstate, bool rolled_back);

/* True for an error that says how the server is just now and not what was asked of it, so that the
 * same question may be answered soon: classes 08, 40, 53, 57, a lock that was not to be had
 * (55P03), and a transaction that may not write (25006), because servers change their role. */
bool wv_policy_transient(const char *sqlstate);

/* Counts a failed try. True: wait `*delay_ms`, then try again. False: the bound is reached; the
 * count stays. The wait is random between the base and three times the last one, at most the cap
 * ("decorrelated jitter"), so that many hosts do not come back together. */
bool wv_policy_again(const struct wv_policy *policy, struct wv_attempts *attempts,
                     wv_policy_random *random, void *state, int64_t *delay_ms);

#endif
