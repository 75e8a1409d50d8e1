/* See presence.h. Compares the board with what was told. */
#include "presence.h"

#include "clock.h"
#include "control_parts.h"

enum {
    SHORT_MS = 250,   /* jobs that are shorter are not told of */
    PAUSE_MS = 500,   /* between two tellings */
    FILES_MS = 10000, /* how often the files are asked for new heads */
};

/* The job that others should know of: one that runs steps or a command, for a while already. */
static const struct wv_board_job *told_job(const struct wv_desk *desk, int64_t now)
{
    const struct wv_board_job *job = wv_board_running(&desk->board);
    bool works =
        job != NULL && (job->steps.count > 0 || job->held) && now - job->started_ms >= SHORT_MS;
    return works ? job : NULL;
}

static size_t step_of(const struct wv_board_job *job)
{
    return job != NULL && job->in_step ? job->step + 1 : 0;
}

/* True when they are others than were told. */
static bool look_at_files(struct wv_desk *desk, int64_t now)
{
    struct wv_presence *presence = &desk->presence;
    if (now < presence->files_due)
        return false;
    presence->files_due = now + FILES_MS;
    const struct wv_project *project = wv_files_fresh(desk->files);
    struct wv_strlist heads WV_AUTOSTRLIST = {0};
    if (project->graph == NULL)
        return false;
    struct wv_span span = wv_graph_real_heads(project->graph);
    for (size_t i = 0; i < span.count; i++)
        wv_strlist_add(&heads, wv_graph_id(project->graph, span.items[i]));
    bool same = heads.count == presence->heads.count;
    for (size_t i = 0; same && i < heads.count; i++)
        same = wv_strlist_has(&presence->heads, heads.items[i]);
    wv_strlist_move(&presence->heads, &heads);
    return !same;
}

static void describe(const struct wv_board_job *job, int64_t now, struct wv_doing *doing)
{
    doing->job = wv_xstrdup(wv_job_kind_word(job->kind));
    doing->job_ms = now - job->started_ms;
    doing->steps = (int)job->steps.count;
    if (!job->in_step)
        return;
    const struct wv_step_value *step = &job->steps.items[job->step];
    doing->revision = wv_xstrdup(step->revision);
    doing->up = step->up;
    doing->step = (int)job->step + 1;
    doing->step_ms = now - job->step_ms;
}

static void tell(struct wv_desk *desk, const struct wv_board_job *job, int64_t now)
{
    struct wv_presence *presence = &desk->presence;
    struct wv_message *message = wv_message_new(WV_MSG_SELF);
    message->self.role = wv_xstrdup(wv_role_word(desk->board.role.role));
    wv_strlist_copy(&message->self.heads, &presence->heads);
    if (job != NULL)
        describe(job, now, &message->self.doing);
    presence->role = desk->board.role.role;
    presence->job = job != NULL ? job->id : 0;
    presence->step = step_of(job);
    presence->told = now;
    wv_mailbox_put(desk->to_watcher, message);
}

void wv_presence_turn(struct wv_desk *desk, int64_t now)
{
    struct wv_presence *presence = &desk->presence;
    const struct wv_board_job *running = wv_board_running(&desk->board);
    const struct wv_board_job *job = told_job(desk, now);
    if (desk->stop.migrator_ended)
        return;
    bool other_files = look_at_files(desk, now);
    bool other_job = presence->job != (job != NULL ? job->id : 0) || presence->step != step_of(job);
    bool changed = other_files || other_job || presence->role != desk->board.role.role;
    presence->due = presence->files_due;
    if (changed && now - presence->told >= PAUSE_MS)
        tell(desk, job, now);
    else if (changed)
        presence->due = presence->told + PAUSE_MS;
    else if (running != NULL && job == NULL && now - running->started_ms < SHORT_MS)
        presence->due = running->started_ms + SHORT_MS;
}

int64_t wv_presence_next(const struct wv_desk *desk)
{
    return desk->stop.migrator_ended ? WV_NEVER : desk->presence.due;
}

void wv_presence_clear(struct wv_presence *presence)
{
    wv_strlist_free(&presence->heads);
}
