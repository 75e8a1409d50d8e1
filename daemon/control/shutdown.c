/* The order: no new clients, stop to the migrator; when that has ended, stop to the watcher, so
 * that questions are answered as long as a job runs; when both have ended, the clients' last lines.
 * Loop thread. Refuses to know signals and threads. */
#include "shutdown.h"

#include "clock.h"
#include "control_parts.h"
#include "log.h"

enum { FLUSH_MS = 1000 };

static const char tag[] = "shutdown";

static void post_stop(struct wv_mailbox *box)
{
    wv_mailbox_put(box, wv_message_new(WV_MSG_STOP));
}

static void cancel_jobs(struct wv_control *control)
{
    for (struct wv_board_job *job = control->board.jobs; job != NULL; job = job->next) {
        struct wv_message *message = wv_message_new(WV_MSG_CANCEL);
        message->job_id = job->id;
        wv_mailbox_put(control->to_migrator, message);
    }
}

static void begin(struct wv_control *control)
{
    const struct wv_board_job *running = wv_board_running(&control->board);
    control->shutdown.strength = WV_FINISHING;
    control->shutdown.grace_by = wv_clock_ms() + control->settings->timeouts.grace;
    wv_notify_stopping(&control->notify);
    wv_listener_free(control->listener);
    control->listener = NULL;
    if (running != NULL)
        wv_log(WV_LOG_NOTICE, tag, "stopping; job %llu has %lld ms to finish",
               (unsigned long long)running->id, (long long)control->settings->timeouts.grace);
    else
        wv_log(WV_LOG_NOTICE, tag, "stopping");
    wv_waits_clear(&control->waits);
    post_stop(control->to_migrator);
}

static void cancel(struct wv_control *control, const char *why)
{
    control->shutdown.strength = WV_CANCELLING;
    if (control->board.jobs != NULL)
        wv_log(WV_LOG_NOTICE, tag, "%s: the running job is cancelled", why);
    cancel_jobs(control);
}

void wv_shutdown_signal(struct wv_control *control)
{
    if (control->shutdown.strength == WV_SERVING)
        begin(control);
    else if (control->shutdown.strength == WV_FINISHING)
        cancel(control, "asked to stop again");
}

static void migrator_ended(struct wv_control *control)
{
    control->shutdown.migrator_ended = true;
    if (control->shutdown.strength == WV_SERVING) {
        wv_log(WV_LOG_ERROR, tag, "BUG: the migrator has ended without being asked to");
        begin(control);
    }
    wv_parked_clear(&control->parked);
    post_stop(control->to_watcher);
}

void wv_shutdown_ended(struct wv_control *control, enum wv_thread thread)
{
    struct wv_shutdown *shutdown = &control->shutdown;
    if (thread == WV_THREAD_MIGRATOR)
        migrator_ended(control);
    else
        shutdown->watcher_ended = true;
    if (!shutdown->migrator_ended || !shutdown->watcher_ended)
        return;
    wv_asks_flush(control);
    wv_lookups_turn(control, WV_NEVER);
    wv_sessions_end_all(control->sessions);
    shutdown->flush_by = wv_clock_ms() + FLUSH_MS;
}

void wv_shutdown_turn(struct wv_control *control, int64_t now)
{
    if (control->shutdown.strength == WV_FINISHING && now >= control->shutdown.grace_by)
        cancel(control, "the grace time is over");
}

int64_t wv_shutdown_next(const struct wv_shutdown *shutdown)
{
    if (shutdown->flush_by != 0)
        return shutdown->flush_by;
    return shutdown->strength == WV_FINISHING ? shutdown->grace_by : WV_NEVER;
}

bool wv_shutdown_over(const struct wv_control *control, int64_t now)
{
    int64_t flush_by = control->shutdown.flush_by;
    return flush_by != 0 && (wv_sessions_count(control->sessions) == 0 || now >= flush_by);
}
