/* See replay.h. */
#include "replay.h"

#include <stdlib.h>
#include <string.h>

#include "lent_role.h"
#include "run.h"
#include "stand_in.h"

static void ignore_change(void *arg, const struct wv_link *link)
{
    (void)arg;
    (void)link;
}

enum { TELL_MS = 500 };

/* What happens in a scratch database is no step of the job that is shown: only that it goes on. */
static void take_event(void *arg, struct wv_message *message)
{
    struct wv_replay *replay = arg;
    const struct wv_report *report = replay->room->proof->report;
    const struct wv_job_event *event = &message->event;
    int64_t now = wv_clock_ms();
    if (message->kind == WV_MSG_JOB_EVENT && event->kind == WV_EVENT_PLANNED) {
        replay->steps = event->steps.count;
        replay->told_at = now;
        wv_report_waiting(report, "%s %zu revision%s", replay->doing, replay->steps,
                          replay->steps == 1 ? "" : "s");
    }
    if (message->kind == WV_MSG_JOB_EVENT && event->kind == WV_EVENT_STEP &&
        now - replay->told_at >= TELL_MS) {
        replay->told_at = now;
        wv_report_waiting(report, "%s revision %zu of %zu", replay->doing, event->index + 1,
                          replay->steps);
    }
    wv_message_free(message);
}

static bool find_stand_in(void *arg, const char *file, const struct wv_statement *statement,
                          char **sql, struct wv_err *err)
{
    const struct wv_replay *replay = arg;
    return wv_stand_in(replay->room->proof, file, statement, sql, err);
}

bool wv_replay_begin(struct wv_replay *replay, struct wv_room *room, struct wv_project *project,
                     struct wv_err *err)
{
    struct wv_settings *settings = wv_settings_copy(room->proof->settings);
    free(settings->database);
    free(WV_STEAL(settings->embedded));
    settings->database = wv_xstrdup(room->conninfo);
    settings->may_lead = true;
    struct wv_instance_id instance = wv_instance_id_new();
    *replay = (struct wv_replay){.room = room, .project = project, .doing = "replaying"};
    wv_link_init(&replay->link, settings, &instance);
    replay->link.changed = ignore_change;
    replay->link.quiet = true;
    wv_link_advance(&replay->link, room->proof->wait);
    if (replay->link.role == WV_ROLE_LEADER)
        return true;
    if (replay->link.error.code != WV_OK)
        wv_err_copy(err, &replay->link.error);
    else
        wv_err_set(err, WV_CANCELLED, "cancelled before the revisions were replayed");
    wv_replay_end(replay);
    return false;
}

void wv_replay_end(struct wv_replay *replay)
{
    wv_strlist_free(&replay->heads);
    wv_link_clear(&replay->link);
}

/* On a server that others use roles are not made for a replay. */
static void hint_roles(const struct wv_proof *proof, struct wv_err *err)
{
    if (strcmp(err->sqlstate, "42704") == 0 && strstr(err->message, "role \"") != NULL &&
        !wv_scratch_is_private(proof->scratch))
        wv_err_hint(err, "roles that revisions make are not made on the server of the setting "
                         "scratch: make them there, without login, or set scratch = embedded");
}

static bool run_job(struct wv_replay *replay, enum wv_job_kind kind, enum wv_repair repair,
                    const char *target, struct wv_err *err)
{
    const struct wv_proof *proof = replay->room->proof;
    struct wv_edited edited = {0};
    struct wv_job_result result = {0};
    struct wv_job job = {.id = proof->job->id,
                         .kind = kind,
                         .repair = repair,
                         .caller = proof->job->caller,
                         .project = replay->project};
    struct wv_orders none = {0};
    struct wv_run run = {.link = &replay->link,
                         .edited = &edited,
                         .wait = proof->wait,
                         .orders = &none,
                         .report = {take_event, replay, proof->job->id},
                         .stand_in = {find_stand_in, replay}};
    wv_strlist_add(&job.targets, target);
    wv_run_job(&run, &job, &result);
    wv_strlist_free(&job.targets);
    wv_edited_clear(&edited);
    wv_strlist_free(&run.heads);
    bool done = result.error.code == WV_OK;
    if (done)
        wv_strlist_move(&replay->heads, &result.heads_after);
    else
        wv_err_move(err, &result.error);
    wv_job_result_clear(&result);
    return done;
}

/* A step outside a transaction stays open where it failed; one in a transaction has left nothing.
 */
static void run_failed_again(struct wv_replay *replay)
{
    struct wv_err nothing WV_AUTOERR = {0};
    (void)run_job(replay, WV_JOB_REPAIR, WV_REPAIR_AGAIN, "heads", &nothing);
}

bool wv_replay_to(struct wv_replay *replay, enum wv_job_kind kind, const char *target,
                  struct wv_err *err)
{
    struct wv_proof *proof = replay->room->proof;
    bool done = run_job(replay, kind, WV_REPAIR_NONE, target, err);
    while (!done && wv_lend_role(proof, err)) {
        wv_err_clear(err);
        run_failed_again(replay);
        done = run_job(replay, kind, WV_REPAIR_NONE, target, err);
    }
    if (!done) {
        hint_roles(proof, err);
        return false;
    }
    wv_link_refresh(&replay->link, proof->wait);
    if (replay->link.role != WV_ROLE_LEADER)
        wv_err_copy(err, &replay->link.error);
    return replay->link.role == WV_ROLE_LEADER;
}

bool wv_replay_room(struct wv_room *room, struct wv_proof *proof, const char *target,
                    struct wv_err *err)
{
    struct wv_replay replay;
    if (!wv_room_make(room, proof, err) ||
        !wv_replay_begin(&replay, room, proof->job->project, err))
        return false;
    bool done = wv_replay_to(&replay, WV_JOB_UPGRADE, target, err);
    wv_replay_end(&replay);
    return done;
}
