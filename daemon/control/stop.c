/* The order: stop to the migrator and the proof thread; when both have ended, stop to the watcher,
 * so that questions are answered as long as a job runs. Loop thread. Refuses to know signals and
 * threads. */
#include "stop.h"

#include "clock.h"
#include "control_parts.h"
#include "log.h"

static const char tag[] = "shutdown";

static void post_stop(struct wv_mailbox *box)
{
    wv_mailbox_put(box, wv_message_new(WV_MSG_STOP));
}

static void cancel_jobs(struct wv_desk *desk)
{
    for (struct wv_board_job *job = desk->board.jobs; job != NULL; job = job->next) {
        struct wv_message *message = wv_message_new(WV_MSG_CANCEL);
        message->job_id = job->id;
        wv_mailbox_put(wv_desk_box_of(desk, job->kind), message);
    }
}

bool wv_stop_refuse(const struct wv_desk *desk, struct wv_err *err)
{
    if (desk->removed)
        return wv_err_set(err, WV_SHUTTING_DOWN, "project \"%s\" is no longer in the settings",
                          desk->settings->project);
    return wv_err_set(err, WV_SHUTTING_DOWN, "the daemon stops");
}

void wv_stop_begin(struct wv_desk *desk)
{
    if (desk->stop.strength != WV_SERVING)
        return;
    const struct wv_board_job *running = wv_board_running(&desk->board);
    desk->stop.strength = WV_FINISHING;
    desk->stop.grace_by = wv_clock_ms() + desk->settings->timeouts.grace;
    if (running != NULL)
        wv_log(WV_LOG_NOTICE, tag, "stopping; job %llu has %lld ms to finish",
               (unsigned long long)running->id, (long long)desk->settings->timeouts.grace);
    else
        wv_log(WV_LOG_NOTICE, tag, "stopping");
    struct wv_err why WV_AUTOERR = {0};
    wv_stop_refuse(desk, &why);
    wv_waits_clear(&desk->waits, &why);
    post_stop(desk->to_migrator);
    post_stop(desk->to_proof);
}

void wv_stop_cancel(struct wv_desk *desk, const char *why)
{
    if (desk->stop.strength != WV_FINISHING)
        return;
    desk->stop.strength = WV_CANCELLING;
    if (desk->board.jobs != NULL)
        wv_log(WV_LOG_NOTICE, tag, "%s: the running job is cancelled", why);
    cancel_jobs(desk);
}

/* Of those that run jobs. */
static void worker_ended(struct wv_desk *desk)
{
    if (desk->stop.strength == WV_SERVING) {
        wv_log(WV_LOG_ERROR, tag, "BUG: a thread has ended without being asked to");
        wv_shutdown_begin(desk->control);
    }
    if (!desk->stop.migrator_ended || !desk->stop.proof_ended)
        return;
    struct wv_err why WV_AUTOERR = {0};
    wv_stop_refuse(desk, &why);
    wv_parked_clear(&desk->parked, &why);
    post_stop(desk->to_watcher);
}

void wv_stop_ended(struct wv_desk *desk, enum wv_thread thread)
{
    desk->stop.migrator_ended |= thread == WV_THREAD_MIGRATOR;
    desk->stop.proof_ended |= thread == WV_THREAD_PROOF;
    desk->stop.watcher_ended |= thread == WV_THREAD_WATCHER;
    if (thread != WV_THREAD_WATCHER)
        worker_ended(desk);
    if (!wv_stop_over(&desk->stop))
        return;
    struct wv_err why WV_AUTOERR = {0};
    wv_stop_refuse(desk, &why);
    wv_asks_clear(&desk->asks, &why);
    wv_lookups_clear(&desk->lookups, &why);
}

void wv_stop_turn(struct wv_desk *desk, int64_t now)
{
    if (desk->stop.strength == WV_FINISHING && now >= desk->stop.grace_by)
        wv_stop_cancel(desk, "the grace time is over");
}

/* Once patience has ended, or both threads have, nothing is due. */
int64_t wv_stop_next(const struct wv_stop *stop)
{
    bool waits = stop->strength == WV_FINISHING && !wv_stop_over(stop);
    return waits ? stop->grace_by : WV_NEVER;
}

bool wv_stop_refuse_questions(const struct wv_desk *desk, struct wv_request *request)
{
    struct wv_err why WV_AUTOERR = {0};
    if (!desk->stop.watcher_ended)
        return false;
    wv_stop_refuse(desk, &why);
    wv_request_fail(request, &why);
    return true;
}

bool wv_stop_over(const struct wv_stop *stop)
{
    return stop->migrator_ended && stop->proof_ended && stop->watcher_ended;
}
