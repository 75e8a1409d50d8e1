/* See policy.h. The delays follow the "decorrelated jitter" of Marc Brooker's "Exponential Backoff
 * And Jitter". */
#include "policy.h"

#include <stddef.h>
#include <string.h>

/* Lock waits are short themselves (lock_timeout), so many tries fit a minute. */
const struct wv_policy wv_policy_lock = {.base_ms = 200, .cap_ms = 10000, .max_attempts = 10};
const struct wv_policy wv_policy_reconnect = {.base_ms = 250, .cap_ms = 5000, .max_attempts = 0};

bool wv_policy_retryable(const char *sqlstate, bool rolled_back)
{
    static const char *const transient[] = {"55P03", "40P01", "40001"};
    if (!rolled_back || sqlstate == NULL)
        return false;
    for (size_t i = 0; i < sizeof(transient) / sizeof(transient[0]); i++) {
        if (strcmp(sqlstate, transient[i]) == 0)
            return true;
    }
    return false;
}

bool wv_policy_transient(const char *sqlstate)
{
    static const char *const transient[] = {"08", "40", "53", "57", "55P03", "25006"};
    for (size_t i = 0; i < sizeof(transient) / sizeof(transient[0]); i++) {
        if (strncmp(sqlstate, transient[i], strlen(transient[i])) == 0)
            return true;
    }
    return false;
}

bool wv_policy_again(const struct wv_policy *policy, struct wv_attempts *attempts,
                     wv_policy_random *random, void *state, int64_t *delay_ms)
{
    attempts->failed++;
    if (policy->max_attempts > 0 && attempts->failed >= policy->max_attempts)
        return false;
    /* The cap is small, so that three times the last wait cannot overflow. */
    int64_t last = attempts->last_ms > policy->base_ms ? attempts->last_ms : policy->base_ms;
    int64_t delay = random(policy->base_ms, last * 3, state);
    if (delay > policy->cap_ms)
        delay = policy->cap_ms;
    if (delay < policy->base_ms)
        delay = policy->base_ms;
    attempts->last_ms = delay;
    *delay_ms = delay;
    return true;
}
