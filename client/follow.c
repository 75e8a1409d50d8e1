/* See follow.h. Main thread. Knows events and signals, no single command. */
#include "follow.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "display.h"
#include "interrupt.h"
#include "value.h"

/* Redraw on a terminal; a sign of life in a log. */
enum { CALM_MS = 150, LIVE_MS = 500, LOG_MS = 30000 };

/* While a job has not begun, the daemon ends the wait itself and says what it waited for. */
enum { GRACE_MS = 1500 };

void wv_follow_init(struct wv_follow *follow, struct wv_call *call, bool watcher)
{
    int64_t now = wv_clock_ms();
    *follow = (struct wv_follow){.call = call};
    wv_progress_init(&follow->progress, now);
    follow->progress.watcher = watcher;
    follow->calm = now + CALM_MS;
    follow->beat = now + (call->err.live ? CALM_MS : LOG_MS);
    wv_interrupt_catch();
}

void wv_follow_free(struct wv_follow *follow)
{
    json_decref(follow->reached);
    wv_progress_free(&follow->progress);
    wv_strbuf_free(&follow->lines);
}

static bool is_silent(const struct wv_follow *follow)
{
    return follow->call->json || follow->call->quiet;
}

/* Writes the lines that stay and, when `live`, the live line below them; one write. */
static void paint(struct wv_follow *follow, bool live)
{
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    if (follow->live_shown)
        wv_strbuf_adds(&text, "\r\033[K");
    wv_strbuf_adds(&text, wv_strbuf_text(&follow->lines));
    wv_strbuf_reset(&follow->lines);
    follow->live_shown =
        live && follow->call->err.live && !is_silent(follow) && wv_clock_ms() >= follow->calm;
    if (follow->live_shown)
        wv_progress_line(&follow->progress, wv_clock_ms(), wv_look_width(STDERR_FILENO) - 1, &text);
    wv_write_err(&text);
}

static void beat(struct wv_follow *follow)
{
    int64_t now = wv_clock_ms();
    bool live = follow->call->err.live;
    if (!live && now >= follow->beat && !is_silent(follow) && !follow->progress.watcher) {
        wv_progress_line(&follow->progress, now, 0, &follow->lines);
        wv_strbuf_addc(&follow->lines, '\n');
    }
    if (now >= follow->beat)
        follow->beat = now + (live ? LIVE_MS : LOG_MS);
}

static void hint_job(struct wv_follow *follow, struct wv_err *err)
{
    if (follow->progress.job > 0)
        wv_err_hint(err,
                    "`wovenctl migrate watch` follows it, `wovenctl migrate status` shows it, "
                    "`wovenctl migrate cancel %lld` cancels it",
                    (long long)follow->progress.job);
    else
        wv_err_hint(err, "`wovenctl migrate watch` follows it, `wovenctl migrate status` shows it");
}

/* "job 7 goes on", "the job may go on". */
static char *fate(const struct wv_follow *follow)
{
    if (follow->bound)
        return wv_xstrdup("nothing was run");
    if (follow->progress.job > 0)
        return wv_xasprintf("job %lld goes on in the daemon", (long long)follow->progress.job);
    return wv_xstrdup("the job may go on in the daemon");
}

static enum wv_follow_end time_out(struct wv_follow *follow, struct wv_err *err)
{
    wv_call_timed_out(follow->call, err);
    if (follow->progress.watcher)
        return WV_FOLLOW_ERROR;
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    wv_display_duration(&text, follow->call->args->timeout_ms);
    char *job WV_AUTOFREE = fate(follow);
    const char *waiting = follow->progress.waiting;
    wv_err_set(err, WV_TIMED_OUT, "not done within %s (--timeout)%s%s; %s", wv_strbuf_text(&text),
               waiting != NULL ? ", still waiting: " : "", waiting != NULL ? waiting : "", job);
    if (!follow->bound)
        hint_job(follow, err);
    return WV_FOLLOW_ERROR;
}

/* SIGTERM: whoever stops us is in a hurry and may not mean the job. */
static void terminate(struct wv_follow *follow)
{
    if (follow->bound && !follow->call->json) {
        wv_strbuf_adds(&follow->lines, "stopped by SIGTERM; nothing was run\n");
    } else if (!follow->progress.watcher && !follow->call->json) {
        char *job WV_AUTOFREE = fate(follow);
        wv_strbuf_addf(&follow->lines,
                       "stopped by SIGTERM; %s, `wovenctl migrate status` shows it\n", job);
    }
    paint(follow, false);
    wv_interrupt_die();
}

/* Sends the cancel as soon as the job's number is known: without it another's job could be hit. */
static bool send_cancel(struct wv_follow *follow, struct wv_err *err)
{
    if (!follow->progress.cancelling || follow->cancel != 0 || follow->progress.job <= 0)
        return true;
    json_t *params = json_pack("{s:I}", "job", (json_int_t)follow->progress.job);
    return wv_link_send(&follow->call->link, "migrate.cancel", params, follow->call->deadline,
                        &follow->cancel, err);
}

static bool on_interrupt(struct wv_follow *follow, enum wv_follow_end *end, struct wv_err *err)
{
    if (wv_interrupt_terminated())
        terminate(follow);
    unsigned count = wv_interrupt_count();
    if (count == follow->interrupts)
        return true;
    follow->interrupts = count;
    if (follow->progress.watcher) {
        *end = WV_FOLLOW_LEFT;
        return false;
    }
    if (count > 1) {
        wv_err_set(err, WV_CANCELLED,
                   "left at the second Ctrl-C; the daemon may still be ending "
                   "the job");
        if (!follow->bound)
            hint_job(follow, err);
        *end = WV_FOLLOW_ERROR;
        return false;
    }
    follow->progress.cancelling = true;
    if (!is_silent(follow))
        wv_strbuf_adds(&follow->lines, "cancelling; a second Ctrl-C leaves at once\n");
    *end = WV_FOLLOW_ERROR;
    return send_cancel(follow, err);
}

/* The daemon would not cancel; the job goes on, and so does following it. */
static void on_cancel_answer(struct wv_follow *follow, const struct wv_proto_message *message)
{
    if (message->kind != WV_PROTO_ERROR || message->error.code == WV_NO_SUCH_JOB)
        return;
    follow->progress.cancelling = false;
    wv_strbuf_adds(&follow->lines, "cannot cancel: ");
    wv_display_add_line(&follow->lines, message->error.message);
    wv_strbuf_addc(&follow->lines, '\n');
}

static void show_event(struct wv_follow *follow, const json_t *event)
{
    struct wv_strbuf unseen WV_AUTOSTRBUF = WV_STRBUF_INIT;
    wv_progress_event(&follow->progress, event, wv_clock_ms(), &follow->call->err,
                      is_silent(follow) ? &unseen : &follow->lines);
}

static void on_notification(struct wv_follow *follow, const struct wv_proto_message *message)
{
    if (message->method == NULL || strcmp(message->method, "job") != 0)
        return;
    const char *event = wv_value_text(message->params, "event");
    if (follow->until != NULL && event != NULL && strcmp(event, follow->until) == 0 &&
        follow->reached == NULL)
        follow->reached = json_incref(message->params);
    if (follow->call->json && follow->progress.watcher && !follow->waiter)
        wv_call_print_line(follow->call, message->params);
    show_event(follow, message->params);
}

/* Takes all messages that are there. False: the end, as `*end` says. */
static bool take(struct wv_follow *follow, json_t **result, enum wv_follow_end *end,
                 struct wv_err *err)
{
    struct wv_proto_message message = {0};
    enum wv_link_status status;
    bool going = true;
    while (going && (status = wv_link_next(&follow->call->link, &message, err)) != WV_LINK_EMPTY) {
        *end = WV_FOLLOW_ERROR;
        if (status == WV_LINK_FAILED)
            return false;
        if (message.kind == WV_PROTO_NOTIFICATION) {
            on_notification(follow, &message);
            going = send_cancel(follow, err);
            if (going && follow->reached != NULL) {
                *end = WV_FOLLOW_REACHED;
                going = false;
            }
        } else if (follow->cancel != 0 && wv_link_answers(&message, follow->cancel)) {
            on_cancel_answer(follow, &message);
        } else if (wv_link_answers(&message, follow->request) || json_is_null(message.id)) {
            going = false;
            if (message.kind == WV_PROTO_RESULT) {
                *result = WV_STEAL(message.result);
                *end = WV_FOLLOW_RESULT;
            } else {
                wv_err_move(err, &message.error);
            }
        }
        wv_proto_message_clear(&message);
    }
    return going;
}

/* Waits for something to happen. False: the end. */
static bool pause_for_more(struct wv_follow *follow, enum wv_follow_end *end, struct wv_err *err)
{
    int64_t deadline = follow->call->deadline;
    if ((follow->progress.waiting != NULL || follow->waiter) && deadline != WV_NEVER)
        deadline += GRACE_MS;
    if (wv_clock_ms() >= deadline) {
        *end = time_out(follow, err);
        return false;
    }
    int64_t until = follow->beat < deadline ? follow->beat : deadline;
    enum wv_link_status status = wv_link_fill(&follow->call->link, until, err);
    if (status == WV_LINK_FAILED) {
        *end = WV_FOLLOW_ERROR;
        if (err->code == WV_NO_DAEMON && !follow->progress.watcher) {
            if (follow->bound)
                return wv_err_set(err, WV_NO_DAEMON,
                                  "the daemon went away before it had the lock; nothing was run");
            wv_err_set(err, WV_NO_DAEMON, "the daemon went away before the job's end was known");
            wv_err_hint(err, "when wovend is back, `wovenctl migrate status` shows where the "
                             "database is: each step was done wholly or not at all");
        }
        return false;
    }
    return true;
}

enum wv_follow_end wv_follow_run(struct wv_follow *follow, const char *method, json_t *params,
                                 json_t **result, struct wv_err *err)
{
    enum wv_follow_end end = WV_FOLLOW_ERROR;
    if (!wv_link_send(&follow->call->link, method, params, follow->call->deadline, &follow->request,
                      err))
        return end;
    for (;;) {
        if (!take(follow, result, &end, err) || !on_interrupt(follow, &end, err))
            break;
        beat(follow);
        paint(follow, true);
        if (!pause_for_more(follow, &end, err))
            break;
    }
    paint(follow, false);
    return end;
}

bool wv_follow_pause(struct wv_follow *follow, const char *text, int64_t ms,
                     enum wv_follow_end *end, struct wv_err *err)
{
    int64_t until = wv_clock_ms() + ms;
    int64_t deadline = follow->call->deadline;
    json_t *event = json_pack("{s:s,s:s}", "event", "waiting", "text", text);
    show_event(follow, event);
    json_decref(event);
    bool going = true;
    while (going && wv_clock_ms() < until) {
        going = on_interrupt(follow, end, err);
        if (going && wv_clock_ms() >= deadline) {
            *end = time_out(follow, err);
            going = false;
        }
        beat(follow);
        paint(follow, going);
        int64_t next = follow->beat < until ? follow->beat : until;
        if (going)
            (void)wv_link_fill(&follow->call->link, next < deadline ? next : deadline, err);
    }
    return going;
}

bool wv_follow_interrupted(const struct wv_follow *follow)
{
    return wv_interrupt_terminated() || wv_interrupt_count() != follow->interrupts;
}
