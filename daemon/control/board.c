/* The picture and what messages do to it. Loop thread. Refuses to know who looks at it. */
#include "board.h"

#include <stdlib.h>

#include "board_move.h"
#include "clock.h"
#include "log.h"
#include "strbuf.h"

void wv_board_init(struct wv_board *board)
{
    *board = (struct wv_board){.role_since = time(NULL), .role_ms = wv_clock_ms()};
    board->last = &board->jobs;
}

static void forget_statement(struct wv_board_job *job)
{
    free(job->file);
    free(job->text);
    job->file = job->text = NULL;
    job->in_statement = false;
    wv_blockers_clear(&job->blockers);
    wv_progress_clear(&job->progress);
}

static void forget_waiting(struct wv_board_job *job)
{
    free(job->waiting);
    job->waiting = NULL;
}

static void job_free(struct wv_board_job *job)
{
    forget_statement(job);
    forget_waiting(job);
    free(job->blocked_by);
    free(job->program);
    wv_step_values_free(&job->steps);
    wv_caller_clear(&job->caller);
    free(job);
}

void wv_board_clear(struct wv_board *board)
{
    while (board->jobs != NULL) {
        struct wv_board_job *job = board->jobs;
        board->jobs = job->next;
        job_free(job);
    }
    wv_role_change_clear(&board->role);
    wv_db_state_clear(&board->look);
    wv_board_init(board);
}

void wv_board_add(struct wv_board *board, const struct wv_job *job)
{
    struct wv_board_job *entry = wv_xcalloc(1, sizeof(*entry));
    entry->id = job->id;
    entry->kind = job->kind;
    entry->state = WV_JOBSTATE_QUEUED;
    entry->started_at = time(NULL);
    entry->started_ms = wv_clock_ms();
    wv_caller_copy(&entry->caller, &job->caller);
    entry->program = wv_xstrdup(job->program);
    *board->last = entry;
    board->last = &entry->next;
}

struct wv_board_job *wv_board_find(const struct wv_board *board, uint64_t id)
{
    struct wv_board_job *job = board->jobs;
    while (job != NULL && job->id != id)
        job = job->next;
    return job;
}

static const struct wv_board_job *under_way(const struct wv_board *board, bool proof)
{
    for (const struct wv_board_job *job = board->jobs; job != NULL; job = job->next)
        if (job->state != WV_JOBSTATE_QUEUED && wv_job_is_proof(job->kind) == proof)
            return job;
    return NULL;
}

const struct wv_board_job *wv_board_running(const struct wv_board *board)
{
    return under_way(board, false);
}

const struct wv_board_job *wv_board_proving(const struct wv_board *board)
{
    return under_way(board, true);
}

size_t wv_board_waiting(const struct wv_board *board)
{
    size_t count = 0;
    for (const struct wv_board_job *job = board->jobs; job != NULL; job = job->next)
        count += job->state == WV_JOBSTATE_QUEUED;
    return count;
}

struct wv_queue wv_board_queue(const struct wv_board *board)
{
    const struct wv_board_job *running = wv_board_running(board);
    struct wv_queue queue = {.before = -1, .jobs = wv_board_waiting(board)};
    if (running != NULL && running->in_turn)
        queue.before = running->before;
    return queue;
}

void wv_board_take_role(struct wv_board *board, struct wv_role_change *role)
{
    if (board->role.role != role->role) {
        board->role_since = time(NULL);
        wv_log(WV_LOG_DEBUG, "board", "role: %s", wv_role_word(role->role));
    }
    wv_role_change_clear(&board->role);
    board->role = *role;
    board->role_ms = wv_clock_ms();
    *role = (struct wv_role_change){0};
}

void wv_board_take_look(struct wv_board *board, struct wv_db_state *state)
{
    board->looked = true;
    board->look_ms = wv_clock_ms();
    wv_db_state_clear(&board->look);
    board->look = *state;
    *state = (struct wv_db_state){0};
}

static void take_statement(struct wv_board_job *job, struct wv_job_event *event)
{
    forget_statement(job);
    job->in_statement = true;
    job->statement = event->number;
    job->statements = event->total;
    job->statement_ms = wv_clock_ms();
    job->file = wv_xstrdup(event->file);
    job->line = event->line;
    job->text = wv_xstrdup(event->text);
}

static void take_step(struct wv_board_job *job, size_t index)
{
    forget_statement(job);
    if (job->step != index) {
        free(job->blocked_by);
        job->blocked_by = NULL;
    }
    if (!job->in_step || job->step != index)
        job->step_ms = wv_clock_ms();
    job->in_step = index < job->steps.count;
    job->step = index;
}

static void take_started(struct wv_board_job *job, const struct wv_job_event *event)
{
    if (event->kind == WV_EVENT_STARTED && event->text != NULL) {
        free(job->caller.user);
        job->caller.user = wv_xstrdup(event->text);
    }
    job->started_at = time(NULL);
    job->started_ms = wv_clock_ms();
}

static void take_step_done(struct wv_board_job *job, const struct wv_job_event *event)
{
    forget_statement(job);
    if (event->index >= job->steps.count)
        return;
    job->steps.items[event->index].done = true;
    job->steps.items[event->index].took_us = event->took_us;
}

bool wv_board_take_event(struct wv_board *board, struct wv_job_event *event)
{
    struct wv_board_job *job = wv_board_find(board, event->job_id);
    if (job == NULL)
        return false;
    if (job->state == WV_JOBSTATE_QUEUED || event->kind == WV_EVENT_STARTED)
        take_started(job, event);
    wv_board_move_event(job, event->kind);
    if (event->kind != WV_EVENT_NOTICE)
        forget_waiting(job);
    if (event->kind == WV_EVENT_WAITING || event->kind == WV_EVENT_TURN ||
        event->kind == WV_EVENT_RETRY || event->kind == WV_EVENT_LOST)
        job->waiting = wv_xstrdup(event->text);
    if (event->kind != WV_EVENT_NOTICE) {
        job->in_turn = event->kind == WV_EVENT_TURN;
        job->before = event->turn.before;
    }
    job->held = job->held || event->kind == WV_EVENT_HELD;
    if (event->kind == WV_EVENT_PLANNED)
        wv_step_values_copy(&job->steps, &event->steps);
    if (event->kind == WV_EVENT_STEP || event->kind == WV_EVENT_RETRY)
        take_step(job, event->index);
    if (event->kind == WV_EVENT_STATEMENT)
        take_statement(job, event);
    if (event->kind == WV_EVENT_STEP_DONE)
        take_step_done(job, event);
    return true;
}

enum { NAMED_BLOCKERS = 4 };

static char *name_blockers(const struct wv_blockers *blockers)
{
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    for (size_t i = 0; i < blockers->count && i < NAMED_BLOCKERS; i++) {
        const struct wv_blocker *blocker = &blockers->items[i];
        wv_strbuf_addf(&text, "%s pid %d (user %s, application \"%s\", %s): %s",
                       i == 0 ? "blocked by" : "; and by", blocker->pid, blocker->user,
                       blocker->application, blocker->state, blocker->query);
    }
    if (blockers->count > NAMED_BLOCKERS)
        wv_strbuf_addf(&text, "; and by %zu more", blockers->count - NAMED_BLOCKERS);
    return wv_strbuf_take(&text);
}

bool wv_board_take_blockers(struct wv_board *board, struct wv_blockers *blockers)
{
    struct wv_board_job *job = wv_board_find(board, blockers->job_id);
    if (job == NULL)
        return false;
    if (blockers->count > 0) {
        free(job->blocked_by);
        job->blocked_by = name_blockers(blockers);
    }
    wv_blockers_clear(&job->blockers);
    job->blockers = *blockers;
    *blockers = (struct wv_blockers){0};
    return true;
}

bool wv_board_take_progress(struct wv_board *board, struct wv_progress *progress)
{
    struct wv_board_job *job = wv_board_find(board, progress->job_id);
    if (job == NULL)
        return false;
    wv_progress_clear(&job->progress);
    job->progress = *progress;
    *progress = (struct wv_progress){0};
    return true;
}

bool wv_board_take_result(struct wv_board *board, const struct wv_job_result *result)
{
    struct wv_board_job **link = &board->jobs;
    while (*link != NULL && (*link)->id != result->job_id)
        link = &(*link)->next;
    struct wv_board_job *job = *link;
    if (job == NULL)
        return false;
    wv_board_move_result(job, result);
    *link = job->next;
    if (board->last == &job->next)
        board->last = link;
    job_free(job);
    return true;
}

char *wv_board_summary(const struct wv_board *board)
{
    const struct wv_board_job *job = wv_board_running(board);
    const char *role = wv_role_word(board->role.role);
    if (job == NULL && board->role.role == WV_ROLE_UNREACHABLE)
        return wv_xasprintf("%s: %s", role,
                            board->role.error.message != NULL ? board->role.error.message : "?");
    if (job == NULL)
        return wv_xstrdup(role);
    if (!job->in_step)
        return wv_xasprintf("%s; %s (job %llu): %s", role, wv_job_kind_word(job->kind),
                            (unsigned long long)job->id, wv_jobstate_word(job->state));
    return wv_xasprintf("%s; %s (job %llu): step %zu of %zu, %s", role, wv_job_kind_word(job->kind),
                        (unsigned long long)job->id, job->step + 1, job->steps.count,
                        job->steps.items[job->step].revision);
}
