/* Making, copying and freeing of message values. Pure, any thread. */
#include "message.h"

#include <pwd.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_BYTES = 16384 }; /* an entry of the user database */

const char *wv_job_kind_word(enum wv_job_kind kind)
{
    static const char *const words[] = {"upgrade",    "downgrade", "stamp",        "repair",
                                        "run-locked", "check",     "autogenerate", "drift",
                                        "test",       "diff",      "dump"};
    return words[kind];
}

bool wv_job_is_proof(enum wv_job_kind kind)
{
    return kind >= WV_JOB_CHECK;
}

const char *wv_job_event_word(enum wv_job_event_kind kind)
{
    static const char *const words[] = {
        "started", "planned", "step",       "statement", "notice", "retry", "step_done",
        "waiting", "waiting", "cancelling", "held",      "beat",   "lost"};
    return words[kind];
}

const char *wv_outcome_word(enum wv_outcome outcome)
{
    static const char *const words[] = {"done", "nothing-to-do", "failed", "cancelled"};
    return words[outcome];
}

const char *wv_role_word(enum wv_role role)
{
    static const char *const words[] = {"connecting", "leader", "standby", "unreachable",
                                        "refused"};
    return words[role];
}

struct wv_message *wv_message_new(enum wv_message_kind kind)
{
    struct wv_message *message = wv_xcalloc(1, sizeof(*message));
    message->kind = kind;
    return message;
}

void wv_message_free(struct wv_message *message)
{
    if (message == NULL)
        return;
    switch (message->kind) {
    case WV_MSG_JOB:
        wv_job_clear(&message->job);
        break;
    case WV_MSG_RELEASE:
        wv_release_clear(&message->release);
        break;
    case WV_MSG_ASK:
        wv_project_unref(message->ask.project);
        break;
    case WV_MSG_SELF:
        wv_instance_clear(&message->self);
        break;
    case WV_MSG_SETTINGS:
        wv_settings_free(message->settings);
        break;
    case WV_MSG_ROLE:
        wv_role_change_clear(&message->role);
        break;
    case WV_MSG_JOB_EVENT:
        wv_job_event_clear(&message->event);
        break;
    case WV_MSG_JOB_RESULT:
        wv_job_result_clear(&message->result);
        break;
    case WV_MSG_ANSWER:
        wv_db_state_clear(&message->answer.state);
        break;
    case WV_MSG_LOOKUP:
        wv_project_unref(message->lookup.project);
        wv_log_filter_clear(&message->lookup.filter);
        break;
    case WV_MSG_FOUND:
        wv_err_clear(&message->found.error);
        wv_verdict_clear(&message->found.verdict);
        wv_log_page_clear(&message->found.log);
        break;
    case WV_MSG_SERVER:
        wv_err_clear(&message->server.error);
        break;
    case WV_MSG_BLOCKERS:
        wv_blockers_clear(&message->blockers);
        break;
    case WV_MSG_PROGRESS:
        wv_progress_clear(&message->progress);
        break;
    case WV_MSG_CANCEL:
    case WV_MSG_STEP_DOWN:
    case WV_MSG_STEPPED_DOWN:
    case WV_MSG_NEWS:
    case WV_MSG_WATCH:
    case WV_MSG_STOP:
    case WV_MSG_EXITED:
        break;
    }
    free(message);
}

void wv_caller_copy(struct wv_caller *to, const struct wv_caller *from)
{
    *to = *from;
    to->user = wv_xstrdup(from->user);
    to->unit = wv_xstrdup(from->unit);
}

void wv_caller_name(struct wv_caller *caller)
{
    char buffer[NAME_BYTES];
    struct passwd entry;
    struct passwd *found = NULL;
    if (getpwuid_r(caller->uid, &entry, buffer, sizeof(buffer), &found) != 0 || found == NULL)
        return;
    free(caller->user);
    caller->user = wv_xstrdup(found->pw_name);
}

void wv_caller_clear(struct wv_caller *caller)
{
    free(caller->user);
    free(caller->unit);
    *caller = (struct wv_caller){0};
}

void wv_step_values_add(struct wv_step_values *steps, const char *revision, const char *message,
                        bool up)
{
    WV_GROW(steps->items, steps->count, steps->capacity);
    steps->items[steps->count++] = (struct wv_step_value){
        .revision = wv_xstrdup(revision), .message = wv_xstrdup(message), .up = up};
}

void wv_step_values_copy(struct wv_step_values *to, const struct wv_step_values *from)
{
    struct wv_step_values copy = {0};
    for (size_t i = 0; i < from->count; i++) {
        const struct wv_step_value *step = &from->items[i];
        wv_step_values_add(&copy, step->revision, step->message, step->up);
        copy.items[i].done = step->done;
        copy.items[i].took_us = step->took_us;
    }
    wv_step_values_free(to);
    *to = copy;
}

void wv_step_values_free(struct wv_step_values *steps)
{
    for (size_t i = 0; i < steps->count; i++) {
        free(steps->items[i].revision);
        free(steps->items[i].message);
    }
    free(steps->items);
    *steps = (struct wv_step_values){0};
}

void wv_wish_free(struct wv_wish *wish)
{
    if (wish == NULL)
        return;
    wv_strlist_free(&wish->heads);
    wv_strlist_free(&wish->depends_on);
    wv_strlist_free(&wish->labels);
    wv_strlist_free(&wish->renames);
    free(wish->message);
    free(wish->rev_id);
    free(wish->version_path);
    free(wish);
}

void wv_job_clear(struct wv_job *job)
{
    wv_strlist_free(&job->targets);
    wv_passed_texts_clear(&job->texts);
    wv_wish_free(job->wish);
    free(job->tag);
    free(job->program);
    wv_caller_clear(&job->caller);
    wv_project_unref(job->project);
    *job = (struct wv_job){0};
}

void wv_job_event_clear(struct wv_job_event *event)
{
    free(event->file);
    free(event->text);
    wv_step_values_free(&event->steps);
    free(event->turn.host);
    wv_doing_clear(&event->turn.doing);
    wv_holder_clear(&event->turn.holder);
    *event = (struct wv_job_event){0};
}

void wv_job_result_clear(struct wv_job_result *result)
{
    wv_strlist_free(&result->current);
    wv_strlist_free(&result->heads_after);
    wv_step_values_free(&result->steps);
    wv_edits_clear(&result->accepted);
    wv_findings_free(result->findings);
    wv_held_clear(&result->held);
    wv_err_clear(&result->error);
    *result = (struct wv_job_result){0};
}

void wv_leader_copy(struct wv_leader *to, const struct wv_leader *from)
{
    struct wv_leader copy = *from;
    copy.host = wv_xstrdup(from->host);
    copy.since = wv_xstrdup(from->since);
    wv_leader_clear(to);
    *to = copy;
}

void wv_leader_clear(struct wv_leader *leader)
{
    free(leader->host);
    free(leader->since);
    *leader = (struct wv_leader){0};
}

void wv_role_change_clear(struct wv_role_change *change)
{
    wv_leader_clear(&change->leader);
    wv_err_clear(&change->error);
    *change = (struct wv_role_change){0};
}

void wv_interrupted_clear(struct wv_interrupted *interrupted)
{
    free(interrupted->revision);
    free(interrupted->file);
    free(interrupted->text);
    free(interrupted->started_at);
    *interrupted = (struct wv_interrupted){0};
}

const struct wv_instance *wv_db_state_leader(const struct wv_db_state *state)
{
    const struct wv_leader *leader = &state->leader;
    const struct wv_instance *found = NULL;
    for (size_t i = 0; leader->host != NULL && i < state->instances.count; i++) {
        const struct wv_instance *instance = &state->instances.items[i];
        bool same = instance->pid == leader->pid && strcmp(instance->host, leader->host) == 0;
        /* Twice in one daemon: a project that is removed, and is there again. */
        if (same && (found == NULL || strcmp(instance->role, "leader") == 0))
            found = instance;
    }
    return found;
}

void wv_db_state_clear(struct wv_db_state *state)
{
    wv_err_clear(&state->error);
    wv_strlist_free(&state->rows);
    wv_leader_clear(&state->leader);
    wv_holder_clear(&state->holder);
    wv_interrupted_clear(&state->interrupted);
    wv_instances_clear(&state->instances);
    wv_ledger_revisions_clear(&state->unknown);
    wv_strlist_free(&state->edited);
    free(state->database);
    free(state->host);
    free(state->user);
    *state = (struct wv_db_state){0};
}

void wv_blockers_clear(struct wv_blockers *blockers)
{
    for (size_t i = 0; i < blockers->count; i++) {
        struct wv_blocker *blocker = &blockers->items[i];
        free(blocker->user);
        free(blocker->application);
        free(blocker->state);
        free(blocker->query);
        free(blocker->relation);
        free(blocker->mode);
    }
    free(blockers->items);
    *blockers = (struct wv_blockers){0};
}

void wv_progress_clear(struct wv_progress *progress)
{
    free(progress->phase);
    *progress = (struct wv_progress){0};
}
