/* See retry.h. */
#include "retry.h"

void wv_retry_init(struct wv_retry *retry, const struct wv_run *run)
{
    *retry = (struct wv_retry){.run = run,
                               .until = wv_clock_ms() + run->link->settings->timeouts.lock_total};
}

static bool sleep_through(const struct wv_retry *retry, int64_t delay_ms, struct wv_err *err)
{
    struct wv_pg_wait wait = *retry->run->wait;
    wait.deadline = wv_clock_ms() + delay_ms;
    struct wv_err lost WV_AUTOERR = {0};
    switch (wv_pg_idle(retry->run->link->pg, &wait, &lost)) {
    case WV_PG_IDLE_DEADLINE:
    case WV_PG_IDLE_NOTIFIED:
        return true;
    case WV_PG_IDLE_INTERRUPTED:
        return wv_err_set(err, WV_CANCELLED, "cancelled while waiting to try again");
    case WV_PG_IDLE_LOST:
        wv_err_move(err, &lost);
        return false;
    }
    return false;
}

bool wv_retry_again(struct wv_retry *retry, size_t index, struct wv_err *err)
{
    int64_t delay_ms;
    if (!wv_policy_retryable(err->sqlstate, true) || wv_clock_ms() >= retry->until ||
        !wv_policy_again(&wv_policy_lock, &retry->attempts, wv_clock_random, NULL, &delay_ms)) {
        if (err->code == WV_LOCK_TIMEOUT && err->hint == NULL)
            wv_err_hint(err, "see who blocks with `wovenctl migrate status`; try again when it is "
                             "quiet, or raise lock_timeout or timeouts.lock_total");
        return false;
    }
    wv_report_retry(&retry->run->report, index, retry->attempts.failed + 1, delay_ms, err);
    if (!sleep_through(retry, delay_ms, err))
        return false;
    wv_err_clear(err);
    return true;
}
