/* One function for each kind of message. Board first, then the listeners, so that whoever asks back
 * finds the new picture. Loop thread. Refuses to know sockets. */
#include "pump.h"

#include "control_parts.h"
#include "log.h"
#include "view.h"

enum { MESSAGES_PER_TURN = 256 };

static const char tag[] = "pump";

static void tell(struct wv_desk *desk, uint64_t job, json_t *params, bool but_callers)
{
    wv_parked_tell(&desk->parked, job, params, but_callers);
    json_decref(params);
}

/* What the watcher is to look at: the running job's connection, or nothing. */
static void post_watch(struct wv_desk *desk, uint64_t job, int backend_pid)
{
    struct wv_message *message = wv_message_new(WV_MSG_WATCH);
    message->watch.job_id = job;
    message->watch.backend_pid = backend_pid;
    wv_mailbox_put(desk->to_watcher, message);
}

static void no_such_job(uint64_t job, const char *what)
{
    wv_log(WV_LOG_DEBUG, tag, "%s of job %llu, which has ended", what, (unsigned long long)job);
}

static void take_role(struct wv_desk *desk, struct wv_role_change *role)
{
    bool backend_moved = role->backend_pid != desk->board.role.backend_pid;
    wv_board_take_role(&desk->board, role);
    const struct wv_board_job *running = wv_board_running(&desk->board);
    if (running != NULL && backend_moved)
        post_watch(desk, running->id, desk->board.role.backend_pid);
}

static void take_event(struct wv_desk *desk, struct wv_job_event *event)
{
    bool idle = wv_board_running(&desk->board) == NULL;
    if (!wv_board_take_event(&desk->board, event)) {
        no_such_job(event->job_id, wv_job_event_word(event->kind));
        return;
    }
    const struct wv_board_job *running = wv_board_running(&desk->board);
    if (idle && running != NULL)
        post_watch(desk, running->id, desk->board.role.backend_pid);
    const struct wv_board_job *job = wv_board_find(&desk->board, event->job_id);
    json_t *params = wv_view_event(job, event);
    if (event->kind == WV_EVENT_BEAT)
        wv_parked_tell_caller(&desk->parked, event->job_id, params);
    else
        wv_parked_tell(&desk->parked, event->job_id, params, false);
    json_decref(params);
}

static void take_blockers(struct wv_desk *desk, struct wv_blockers *blockers)
{
    json_t *params = wv_view_blocked(blockers);
    uint64_t job = blockers->job_id;
    if (wv_board_take_blockers(&desk->board, blockers))
        wv_parked_tell(&desk->parked, job, params, false);
    json_decref(params);
}

static void take_progress(struct wv_desk *desk, struct wv_progress *progress)
{
    json_t *params = wv_view_progress(progress);
    uint64_t job = progress->job_id;
    if (wv_board_take_progress(&desk->board, progress))
        wv_parked_tell(&desk->parked, job, params, false);
    json_decref(params);
}

static void log_result(const struct wv_job_result *result)
{
    wv_log(WV_LOG_INFO, "jobs", "job %llu: %s", (unsigned long long)result->job_id,
           wv_outcome_word(result->outcome));
    if (result->outcome == WV_OUTCOME_FAILED)
        wv_log_err(WV_LOG_WARNING, "jobs", &result->error);
}

/* The server says that a lock was not to be had, the watcher has seen who held it. */
static void name_blockers(const struct wv_desk *desk, struct wv_job_result *result)
{
    const struct wv_board_job *job = wv_board_find(&desk->board, result->job_id);
    if (job != NULL && job->blocked_by != NULL && result->error.code == WV_LOCK_TIMEOUT &&
        result->error.detail == NULL)
        result->error.detail = wv_xstrdup(job->blocked_by);
}

static void take_result(struct wv_desk *desk, struct wv_job_result *result)
{
    bool was_running = wv_board_running(&desk->board) != NULL;
    name_blockers(desk, result);
    if (!wv_board_take_result(&desk->board, result)) {
        no_such_job(result->job_id, "a second result");
        return;
    }
    log_result(result);
    if (was_running && wv_board_running(&desk->board) == NULL)
        post_watch(desk, 0, 0);
    tell(desk, result->job_id, wv_view_finished(result), true);
    json_t *view = wv_view_result(result);
    wv_parked_finish(&desk->parked, result->job_id, result->outcome, view);
    json_decref(view);
    wv_waits_stir(desk);
}

static void take_stepped_down(struct wv_desk *desk, const struct wv_message *message)
{
    bool led = message->stepped_down.led;
    json_t *view = json_pack("{s:b,s:I}", "stepped_down", (int)led, "rest_ms",
                             (json_int_t)message->stepped_down.rest_ms);
    wv_log(WV_LOG_NOTICE, tag, led ? "stepped down" : "asked to step down, but does not lead");
    wv_parked_stepped(&desk->parked, view);
    json_decref(view);
}

static void take_answer(struct wv_desk *desk, uint64_t question, struct wv_db_state *state)
{
    wv_asks_answer(desk, question, state);
    if (state->reachable)
        wv_board_take_look(&desk->board, state);
}

static void take(struct wv_desk *desk, struct wv_message *message)
{
    switch (message->kind) {
    case WV_MSG_ROLE:
        take_role(desk, &message->role);
        break;
    case WV_MSG_JOB_EVENT:
        take_event(desk, &message->event);
        break;
    case WV_MSG_JOB_RESULT:
        take_result(desk, &message->result);
        break;
    case WV_MSG_NEWS:
        wv_waits_stir(desk);
        break;
    case WV_MSG_STEPPED_DOWN:
        take_stepped_down(desk, message);
        break;
    case WV_MSG_ANSWER:
        take_answer(desk, message->answer.question, &message->answer.state);
        break;
    case WV_MSG_FOUND:
        wv_lookups_found(desk, message);
        break;
    case WV_MSG_BLOCKERS:
        take_blockers(desk, &message->blockers);
        break;
    case WV_MSG_PROGRESS:
        take_progress(desk, &message->progress);
        break;
    case WV_MSG_EXITED:
        wv_stop_ended(desk, message->thread);
        break;
    default:
        wv_log(WV_LOG_ERROR, tag, "BUG: a message of kind %d", (int)message->kind);
        break;
    }
}

void wv_pump(struct wv_desk *desk)
{
    for (int i = 0; i < MESSAGES_PER_TURN; i++) {
        struct wv_message *message = wv_mailbox_take(desk->from_threads);
        if (message == NULL)
            return;
        take(desk, message);
        wv_message_free(message);
    }
}
