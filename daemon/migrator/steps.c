/* See steps.h. A batch holds many transactions, one a step (or one for all, --single-transaction).
 * Results arrive in order from within the batch calls; `on_result` follows them to tell which step
 * and statement is under way. */
#include "steps.h"

#include <stdlib.h>
#include <string.h>

#include "policy.h"
#include "retry.h"
#include "source.h"

/* Statements under way at once: some twenty small steps, so that the server does not wait for us
 * even when other processes keep us from the processor for a while. After a kill -9 the server ends
 * a statement within client_connection_check_interval; what may still run on is quicker than that.
 */
enum { WINDOW = 128 };

/* Which statement a batch tag stands for; tags count from 1. */
struct sent {
    size_t step;
    size_t statement; /* from 0 */
};

struct group {
    struct wv_story *story;
    size_t first; /* of this attempt, an index of the plan */
    size_t end;
    bool single;
    struct wv_source *sources; /* of [first, end); read when queued, freed when committed */
    struct sent *sent;
    size_t sent_count;
    size_t sent_capacity;
    size_t running;   /* the step that the server works on */
    bool began;       /* `running` has been reported */
    bool unread;      /* but not its first statement: its file was not read yet */
    size_t committed; /* steps before this one are committed */
    int64_t began_us; /* when the server came to `running` */
};

static const struct wv_report *report_of(const struct group *group)
{
    return &group->story->run->report;
}

static void report_statement(const struct group *group, size_t step, size_t statement)
{
    const struct wv_script *script = group->sources[step - group->first].script;
    if (script == NULL || statement >= script->statements.count)
        return;
    const struct wv_statement *item = &script->statements.items[statement];
    wv_report_statement(report_of(group), step, statement + 1, script->statements.count,
                        script->path, item->line, item->text, item->length);
}

/* The server comes to `step`: told once it is known that all before it is through. */
static void begin_step(struct group *group, size_t step)
{
    group->running = step;
    group->began = true;
    group->began_us = wv_clock_us();
    wv_report_step(report_of(group), step);
    group->unread = group->sources[step - group->first].script == NULL;
    if (!group->unread)
        report_statement(group, step, 0);
}

static void finish_step(struct group *group)
{
    size_t step = group->running;
    struct wv_step_value *value = &group->story->result->steps.items[step];
    value->took_us = wv_clock_us() - group->began_us;
    wv_report_step_done(report_of(group), step, value->took_us);
    wv_source_free(&group->sources[step - group->first]);
    group->began = false;
    group->running = step + 1;
}

/* In one transaction for all, a result of a later step tells that the ones before it are through.
 */
static void advance_to(struct group *group, size_t step)
{
    while (group->running < step) {
        if (!group->began)
            begin_step(group, group->running);
        finish_step(group);
    }
    if (!group->began && step < group->end)
        begin_step(group, step);
}

static void note_commit(struct group *group, size_t transaction)
{
    size_t through = group->single ? group->end : group->first + transaction + 1;
    advance_to(group, through);
    for (size_t i = group->committed; i < through; i++)
        group->story->result->steps.items[i].done = true;
    group->committed = through;
}

static void on_result(void *arg, const struct wv_pg_batch_event *event)
{
    struct group *group = arg;
    if (event->tag == WV_LEDGER_COMMIT_TAG) {
        note_commit(group, event->transaction);
        return;
    }
    if (event->tag <= 0)
        return;
    const struct sent *sent = &group->sent[event->tag - 1];
    advance_to(group, sent->step);
    report_statement(group, sent->step, sent->statement + 1);
}

static struct wv_ledger_step ledger_step(const struct group *group, size_t index,
                                         const struct wv_strlist *removed,
                                         const struct wv_strlist *added)
{
    const struct wv_step *step = &group->story->plan.steps[index];
    const struct wv_source *source = &group->sources[index - group->first];
    const struct wv_timeouts *timeouts = &group->story->run->link->settings->timeouts;
    int64_t lock = source->script->lock_timeout_ms;
    int64_t statement = source->script->statement_timeout_ms;
    return (struct wv_ledger_step){
        .kind = step->up ? WV_LEDGER_UP : WV_LEDGER_DOWN,
        .record = wv_source_record(source, step),
        .remove_rows = removed,
        .add_rows = added,
        .number = index,
        .first = index == group->first,
        .last = index + 1 == group->story->plan.count,
        .lock_timeout = lock >= 0 ? lock : timeouts->lock,
        .statement_timeout = statement >= 0 ? statement : timeouts->statement,
    };
}

/* `*queued` as of queue_step(). */
static bool queue_statements(struct group *group, struct wv_pg_batch *batch, size_t index,
                             bool *queued, struct wv_err *err)
{
    const struct wv_script *script = group->sources[index - group->first].script;
    size_t count = script->statements.count;
    for (size_t i = 0; i < count && *queued; i++) {
        char *sql WV_AUTOFREE = NULL;
        if (!wv_story_sql(group->story, script, i, &sql, err))
            return false;
        WV_GROW(group->sent, group->sent_count, group->sent_capacity);
        group->sent[group->sent_count++] = (struct sent){.step = index, .statement = i};
        /* The last one's result comes with the commit's, at once. */
        enum wv_pg_flush flush = i + 1 < count ? WV_PG_FLUSH_NOW : WV_PG_FLUSH_LATER;
        *queued = wv_pg_batch_add(batch, (int)group->sent_count, sql, 0, NULL, flush);
    }
    return true;
}

/* Queues one step. `*queued` false without an error: the batch has failed and knows why. */
static bool queue_step(struct group *group, struct wv_pg_batch *batch, size_t index, bool *queued,
                       struct wv_err *err)
{
    const struct wv_story *story = group->story;
    const struct wv_ledger *ledger = story->run->link->ledger;
    if (!wv_source_read(&group->sources[index - group->first], story, &story->plan.steps[index],
                        err))
        return false;
    if (index == group->first)
        begin_step(group, index);
    if (group->unread && group->began && group->running == index) {
        group->unread = false;
        report_statement(group, index, 0);
    }
    struct wv_strlist removed WV_AUTOSTRLIST = {0};
    struct wv_strlist added WV_AUTOSTRLIST = {0};
    wv_story_rows(&story->plan.steps[index].rows, &removed, &added);
    struct wv_ledger_step step = ledger_step(group, index, &removed, &added);
    bool open = !group->single || index == group->first;
    bool close = !group->single || index + 1 == group->end;
    *queued = wv_ledger_queue_begin(ledger, batch, &story->ledger_job, &step, open);
    if (!queue_statements(group, batch, index, queued, err))
        return false;
    *queued = *queued && wv_ledger_queue_end(ledger, batch, &story->ledger_job, &step, close);
    return true;
}

static void place_failure(const struct group *group, const struct wv_pg_batch_failure *failure,
                          size_t *failed, struct wv_err *err)
{
    const struct wv_story *story = group->story;
    const struct sent *sent = failure->tag > 0 ? &group->sent[failure->tag - 1] : NULL;
    *failed = group->single ? group->running : group->first + failure->transaction;
    if (sent != NULL)
        *failed = sent->step;
    /* A cancel may stop us between two statements: nothing of the batch failed then. */
    if (*failed < group->committed)
        *failed = group->committed;
    if (*failed >= group->end)
        *failed = group->end - 1;
    const struct wv_step *step = &story->plan.steps[*failed];
    if (sent != NULL)
        wv_source_place_error(&group->sources[*failed - group->first], step, sent->statement,
                              &failure->position, err);
    else if (err->revision == NULL)
        err->revision = wv_xstrdup(step->id);
    if (failure->tag == WV_LEDGER_COMMIT_TAG)
        wv_err_prefix(err, "at the commit");
    if (err->code != WV_CANCELLED)
        wv_err_prefix(err, "revision %s %s", step->id, step->up ? "up" : "down");
}

/* One attempt at [first, end). What was committed stays so; group->committed tells how far. */
static bool attempt(struct group *group, size_t *failed, struct wv_err *err)
{
    struct wv_pg_batch *batch;
    struct wv_pg_batch_options options = {.window = WINDOW, .on_result = on_result, .arg = group};
    *failed = group->first;
    if (!wv_pg_batch_begin(&batch, group->story->run->link->pg, &options, group->story->run->wait,
                           err))
        return false;
    struct wv_err unread WV_AUTOERR = {0};
    bool queued = true;
    for (size_t i = group->first; i < group->end && queued; i++) {
        if (!queue_step(group, batch, i, &queued, &unread)) {
            *failed = i;
            break;
        }
    }
    struct wv_pg_batch_failure failure = {0};
    bool done = wv_pg_batch_end(batch, &failure, err);
    if (!done && err->code == WV_CANCELLED && group->committed == group->end) {
        wv_err_clear(err); /* the cancel came too late */
        done = true;
    }
    if (!done)
        place_failure(group, &failure, failed, err);
    else if (unread.code != WV_OK)
        wv_err_move(err, &unread);
    wv_pg_batch_failure_clear(&failure);
    return done && err->code == WV_OK;
}

static void forget_attempt(struct group *group)
{
    for (size_t i = 0; i < group->end - group->first; i++)
        wv_source_free(&group->sources[i]);
    free(group->sources);
    free(group->sent);
}

bool wv_steps_run(struct wv_story *story, size_t first, size_t end, struct wv_err *err)
{
    struct wv_retry retry;
    wv_retry_init(&retry, story->run);
    size_t next = first;
    while (next < end) {
        struct group group = {.story = story,
                              .first = next,
                              .end = end,
                              .single = story->job->single_transaction,
                              .sources = wv_xcalloc(end - next, sizeof(struct wv_source)),
                              .running = next,
                              .committed = next,
                              .began_us = wv_clock_us()};
        size_t failed;
        bool done = attempt(&group, &failed, err);
        int64_t took_us = wv_clock_us() - group.began_us;
        if (group.committed > next)
            wv_retry_init(&retry, story->run);
        next = group.committed;
        forget_attempt(&group);
        if (!done && !wv_retry_again(&retry, failed, err)) {
            wv_story_note(story, failed, took_us, err);
            return false;
        }
        if (done)
            return true;
    }
    return true;
}
