/* From what the migrator reports to moves of the job-state table. The migrator does not report each
 * move by itself: a plan implies that there was a connection and the lock. A move without a row is
 * a bug of ours, logged and not guessed at. Loop thread. */
#include "board_move.h"

#include "log.h"

static void move(struct wv_board_job *job, enum wv_jobevent event)
{
    enum wv_jobstate from = job->state;
    if (!wv_jobstate_next(from, event, &job->state)) {
        wv_log(WV_LOG_ERROR, "board", "BUG: job %llu is %s, and %s has no meaning there",
               (unsigned long long)job->id, wv_jobstate_word(from), wv_jobevent_word(event));
        return;
    }
    wv_log(WV_LOG_DEBUG, "board", "job %llu: %s + %s -> %s", (unsigned long long)job->id,
           wv_jobstate_word(from), wv_jobevent_word(event), wv_jobstate_word(job->state));
}

static void move_if(struct wv_board_job *job, enum wv_jobstate from, enum wv_jobevent event)
{
    if (job->state == from)
        move(job, event);
}

static void take(struct wv_board_job *job)
{
    move_if(job, WV_JOBSTATE_QUEUED, WV_JOBEVENT_TAKEN);
}

static void reach_database(struct wv_board_job *job)
{
    take(job);
    move_if(job, WV_JOBSTATE_CONNECTING, WV_JOBEVENT_UP);
}

static void reach_plan(struct wv_board_job *job)
{
    reach_database(job);
    move_if(job, WV_JOBSTATE_LOCKING, WV_JOBEVENT_HELD);
}

static void reach_steps(struct wv_board_job *job)
{
    reach_plan(job);
    move_if(job, WV_JOBSTATE_PLANNING, WV_JOBEVENT_STEPS);
    move_if(job, WV_JOBSTATE_BACKING_OFF, WV_JOBEVENT_DUE);
}

void wv_board_move_event(struct wv_board_job *job, enum wv_job_event_kind kind)
{
    switch (kind) {
    case WV_EVENT_STARTED:
    case WV_EVENT_WAITING:
    case WV_EVENT_NOTICE:
        take(job);
        break;
    case WV_EVENT_TURN:
        reach_database(job);
        break;
    case WV_EVENT_PLANNED:
    case WV_EVENT_STEP:
    case WV_EVENT_STATEMENT:
        reach_steps(job);
        break;
    case WV_EVENT_STEP_DONE:
        reach_steps(job);
        move(job, WV_JOBEVENT_STEP_DONE);
        break;
    case WV_EVENT_RETRY:
        reach_steps(job);
        move(job, WV_JOBEVENT_LOCK_TIMEOUT);
        break;
    case WV_EVENT_HELD:
        reach_plan(job);
        move(job, WV_JOBEVENT_HOLD);
        break;
    case WV_EVENT_BEAT:
        break;
    case WV_EVENT_LOST:
        move(job, WV_JOBEVENT_CONNECTION_LOST);
        break;
    case WV_EVENT_CANCELLING:
        take(job);
        move(job, WV_JOBEVENT_CANCEL);
        break;
    }
}

static enum wv_jobevent event_of_failure(const struct wv_board_job *job, enum wv_err_code code)
{
    enum wv_jobstate to;
    enum wv_jobevent event = code == WV_EDITED_REVISION             ? WV_JOBEVENT_DRIFT
                             : wv_err_exit(code) == WV_EXIT_REFUSED ? WV_JOBEVENT_REFUSAL
                             : code == WV_SHUTTING_DOWN             ? WV_JOBEVENT_REFUSAL
                                                                    : WV_JOBEVENT_ERROR;
    return wv_jobstate_next(job->state, event, &to) ? event : WV_JOBEVENT_ERROR;
}

static void end_cancelled(struct wv_board_job *job)
{
    if (job->state == WV_JOBSTATE_QUEUED) {
        move(job, WV_JOBEVENT_CANCEL);
        return;
    }
    if (job->state != WV_JOBSTATE_CANCELLING)
        move(job, WV_JOBEVENT_CANCEL);
    move(job, WV_JOBEVENT_ROLLED_BACK);
}

static void end_failed(struct wv_board_job *job, enum wv_err_code code)
{
    if (code != WV_SHUTTING_DOWN)
        take(job);
    move(job, event_of_failure(job, code));
}

static void end_nothing(struct wv_board_job *job)
{
    reach_database(job);
    move(job, job->state == WV_JOBSTATE_STEPPING ? WV_JOBEVENT_LAST_DONE : WV_JOBEVENT_NOTHING);
}

void wv_board_move_result(struct wv_board_job *job, const struct wv_job_result *result)
{
    switch (result->outcome) {
    case WV_OUTCOME_DONE:
        reach_steps(job);
        move(job, WV_JOBEVENT_LAST_DONE);
        break;
    case WV_OUTCOME_NOTHING:
        end_nothing(job);
        break;
    case WV_OUTCOME_FAILED:
        end_failed(job, result->error.code);
        break;
    case WV_OUTCOME_CANCELLED:
        end_cancelled(job);
        break;
    }
}
