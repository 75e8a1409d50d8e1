/* Jobs, their events and their ends as JSON. */
#include <string.h>

#include "clock.h"
#include "proto.h"
#include "view.h"

static void set_number(json_t *object, const char *key, int64_t value)
{
    json_object_set_new(object, key, json_integer(value));
}

static json_t *seconds(int64_t us)
{
    return json_real((double)us / 1e6);
}

json_t *wv_view_caller(const struct wv_caller *caller)
{
    json_t *object = json_object();
    set_number(object, "uid", caller->uid);
    set_number(object, "pid", caller->pid);
    json_object_set_new(object, "user", wv_proto_text(caller->user));
    json_object_set_new(object, "unit", wv_proto_text(caller->unit));
    return object;
}

static const char *direction(bool up)
{
    return up ? "up" : "down";
}

json_t *wv_view_steps(const struct wv_step_values *steps)
{
    json_t *array = json_array();
    for (size_t i = 0; i < steps->count; i++) {
        const struct wv_step_value *step = &steps->items[i];
        json_t *object = json_object();
        wv_proto_set_text(object, "revision", step->revision);
        wv_proto_set_text(object, "direction", direction(step->up));
        wv_proto_set_text(object, "message", step->message != NULL ? step->message : "");
        json_object_set_new(object, "seconds", step->done ? seconds(step->took_us) : json_null());
        json_object_set_new(object, "done", json_boolean(step->done));
        json_array_append_new(array, object);
    }
    return array;
}

json_t *wv_view_blockers(const struct wv_blockers *blockers)
{
    json_t *array = json_array();
    for (size_t i = 0; i < blockers->count; i++) {
        const struct wv_blocker *blocker = &blockers->items[i];
        json_t *object = json_object();
        set_number(object, "pid", blocker->pid);
        json_object_set_new(object, "user", wv_proto_text(blocker->user));
        json_object_set_new(object, "application", wv_proto_text(blocker->application));
        json_object_set_new(object, "state", wv_proto_text(blocker->state));
        json_object_set_new(object, "query", wv_proto_text(blocker->query));
        json_object_set_new(object, "relation", wv_proto_text(blocker->relation));
        json_object_set_new(object, "mode", wv_proto_text(blocker->mode));
        set_number(object, "age_ms", blocker->age_ms);
        json_array_append_new(array, object);
    }
    return array;
}

static void add_progress(json_t *object, const struct wv_progress *progress)
{
    json_object_set_new(object, "phase", wv_proto_text(progress->phase));
    set_number(object, "done", progress->done);
    set_number(object, "total", progress->total);
}

static json_t *view_step(const struct wv_board_job *job)
{
    const struct wv_step_value *step = &job->steps.items[job->step];
    json_t *object = json_object();
    set_number(object, "index", (int64_t)job->step);
    set_number(object, "of", (int64_t)job->steps.count);
    wv_proto_set_text(object, "revision", step->revision);
    wv_proto_set_text(object, "direction", direction(step->up));
    return object;
}

static json_t *view_statement(const struct wv_board_job *job)
{
    json_t *object = json_object();
    set_number(object, "number", (int64_t)job->statement);
    set_number(object, "of", (int64_t)job->statements);
    json_object_set_new(object, "file", wv_proto_text(job->file));
    set_number(object, "line", job->line);
    json_object_set_new(object, "text", wv_proto_text(job->text));
    set_number(object, "elapsed_ms", wv_clock_ms() - job->statement_ms);
    return object;
}

/* A job in scratch databases neither connects nor takes the lock: as long as it runs, it runs. */
static const char *state_word(const struct wv_board_job *job)
{
    if (wv_job_is_proof(job->kind) && job->state == WV_JOBSTATE_CONNECTING)
        return "running";
    return wv_jobstate_word(job->state);
}

json_t *wv_view_job(const struct wv_board_job *job)
{
    char *started WV_AUTOFREE = wv_clock_iso(job->started_at);
    json_t *object = json_object();
    set_number(object, "job", (int64_t)job->id);
    wv_proto_set_text(object, "kind", wv_job_kind_word(job->kind));
    wv_proto_set_text(object, "state", state_word(job));
    json_object_set_new(object, "caller", wv_view_caller(&job->caller));
    if (job->program != NULL)
        json_object_set_new(object, "command", wv_proto_text(job->program));
    wv_proto_set_text(object, "started_at", started);
    set_number(object, "elapsed_ms", wv_clock_ms() - job->started_ms);
    if (job->in_step)
        json_object_set_new(object, "step", view_step(job));
    if (job->in_statement)
        json_object_set_new(object, "statement", view_statement(job));
    wv_proto_set_text(object, "waiting", job->waiting);
    json_object_set_new(object, "blockers", wv_view_blockers(&job->blockers));
    if (job->progress.phase != NULL) {
        json_t *progress = json_object();
        add_progress(progress, &job->progress);
        json_object_set_new(object, "progress", progress);
    }
    return object;
}

static json_t *view_held(const struct wv_held *held)
{
    const struct wv_release *release = &held->release;
    bool ran = held->released && !release->gone && release->fault == NULL;
    json_t *object = json_object();
    json_object_set_new(object, "held_seconds", seconds(held->took_us));
    json_object_set_new(object, "exit_status",
                        ran && release->signal == 0 ? json_integer(release->exit_status)
                                                    : json_null());
    json_object_set_new(object, "signal",
                        ran && release->signal != 0 ? json_integer(release->signal) : json_null());
    return object;
}

json_t *wv_view_result(const struct wv_job_result *result)
{
    if (result->findings != NULL)
        return wv_view_findings(result);
    json_t *object = json_object();
    set_number(object, "job", (int64_t)result->job_id);
    wv_proto_set_text(object, "outcome", wv_outcome_word(result->outcome));
    json_object_set_new(object, "current", wv_proto_texts(&result->current));
    json_object_set_new(object, "steps", wv_view_steps(&result->steps));
    json_object_set_new(object, "heads_after", wv_proto_texts(&result->heads_after));
    if (result->accepted.count > 0)
        json_object_set_new(object, "accepted", wv_view_edits(&result->accepted));
    if (result->held.held)
        json_object_set_new(object, "command", view_held(&result->held));
    if (result->dry_run)
        json_object_set_new(object, "dry_run", json_true());
    if (result->error.code != WV_OK)
        json_object_set_new(object, "error", wv_proto_err_json(&result->error));
    return object;
}

static json_t *notification(uint64_t job, const char *event)
{
    json_t *object = json_object();
    set_number(object, "job", (int64_t)job);
    wv_proto_set_text(object, "event", event);
    return object;
}

json_t *wv_view_queued(const struct wv_board_job *job, size_t position)
{
    json_t *object = notification(job->id, "queued");
    wv_proto_set_text(object, "kind", wv_job_kind_word(job->kind));
    set_number(object, "position", (int64_t)position);
    return object;
}

static void add_step(json_t *object, const struct wv_board_job *job, size_t index)
{
    set_number(object, "index", (int64_t)index);
    if (index >= job->steps.count)
        return;
    const struct wv_step_value *step = &job->steps.items[index];
    set_number(object, "of", (int64_t)job->steps.count);
    wv_proto_set_text(object, "revision", step->revision);
    wv_proto_set_text(object, "direction", direction(step->up));
    wv_proto_set_text(object, "message", step->message != NULL ? step->message : "");
}

static void add_statement(json_t *object, const struct wv_job_event *event)
{
    set_number(object, "index", (int64_t)event->index);
    set_number(object, "number", (int64_t)event->number);
    set_number(object, "of", (int64_t)event->total);
    json_object_set_new(object, "file", wv_proto_text(event->file));
    set_number(object, "line", event->line);
    json_object_set_new(object, "text", wv_proto_text(event->text));
}

static void add_step_done(json_t *object, const struct wv_board_job *job,
                          const struct wv_job_event *event)
{
    set_number(object, "index", (int64_t)event->index);
    if (event->index < job->steps.count)
        wv_proto_set_text(object, "revision", job->steps.items[event->index].revision);
    json_object_set_new(object, "seconds", seconds(event->took_us));
}

json_t *wv_view_doing(const struct wv_doing *doing)
{
    if (doing->job == NULL)
        return json_null();
    json_t *object = json_object();
    json_object_set_new(object, "kind", wv_proto_text(doing->job));
    set_number(object, "elapsed_ms", doing->job_ms);
    if (doing->revision == NULL)
        return object;
    json_t *step = json_object();
    set_number(step, "index", doing->step - 1);
    set_number(step, "of", doing->steps);
    json_object_set_new(step, "revision", wv_proto_text(doing->revision));
    wv_proto_set_text(step, "direction", direction(doing->up));
    set_number(step, "elapsed_ms", doing->step_ms);
    json_object_set_new(object, "step", step);
    return object;
}

static void add_turn(json_t *object, const struct wv_turn_value *turn)
{
    set_number(object, "before", turn->before);
    json_t *leader = json_null();
    if (turn->host != NULL) {
        leader = json_object();
        json_object_set_new(leader, "host", wv_proto_text(turn->host));
        set_number(leader, "pid", turn->pid);
    }
    json_object_set_new(object, "leader", leader);
    json_object_set_new(object, "lock_holder", wv_view_holder(&turn->holder));
    json_object_set_new(object, "running", wv_view_doing(&turn->doing));
}

json_t *wv_view_event(const struct wv_board_job *job, const struct wv_job_event *event)
{
    json_t *object = notification(event->job_id, wv_job_event_word(event->kind));
    switch (event->kind) {
    case WV_EVENT_STARTED:
        wv_proto_set_text(object, "kind", wv_job_kind_word(job->kind));
        json_object_set_new(object, "caller", wv_view_caller(&job->caller));
        break;
    case WV_EVENT_PLANNED:
        json_object_set_new(object, "steps", wv_view_steps(&job->steps));
        break;
    case WV_EVENT_STEP:
        add_step(object, job, event->index);
        break;
    case WV_EVENT_STATEMENT:
        add_statement(object, event);
        break;
    case WV_EVENT_HELD:
        json_object_set_new(object, "command", wv_proto_text(job->program));
        set_number(object, "lease_ms", event->lease_ms);
        break;
    case WV_EVENT_LOST:
    case WV_EVENT_NOTICE:
    case WV_EVENT_WAITING:
        json_object_set_new(object, "text", wv_proto_text(event->text));
        break;
    case WV_EVENT_TURN:
        json_object_set_new(object, "text", wv_proto_text(event->text));
        add_turn(object, &event->turn);
        break;
    case WV_EVENT_RETRY:
        set_number(object, "index", (int64_t)event->index);
        set_number(object, "attempt", (int64_t)event->number);
        set_number(object, "delay_ms", event->delay_ms);
        json_object_set_new(object, "text", wv_proto_text(event->text));
        break;
    case WV_EVENT_STEP_DONE:
        add_step_done(object, job, event);
        break;
    case WV_EVENT_BEAT:
    case WV_EVENT_CANCELLING:
        break;
    }
    return object;
}

json_t *wv_view_blocked(const struct wv_blockers *blockers)
{
    json_t *object = notification(blockers->job_id, "blocked");
    json_object_set_new(object, "blockers", wv_view_blockers(blockers));
    set_number(object, "blocking", blockers->blocked_by_us);
    return object;
}

json_t *wv_view_progress(const struct wv_progress *progress)
{
    json_t *object = notification(progress->job_id, "progress");
    add_progress(object, progress);
    return object;
}

json_t *wv_view_finished(const struct wv_job_result *result)
{
    json_t *object = notification(result->job_id, "finished");
    wv_proto_set_text(object, "outcome", wv_outcome_word(result->outcome));
    if (result->error.code != WV_OK)
        json_object_set_new(object, "error", wv_proto_err_json(&result->error));
    return object;
}
