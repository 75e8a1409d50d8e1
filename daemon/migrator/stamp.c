/* See stamp.h. */
#include "stamp.h"

#include "source.h"

struct stamp {
    struct wv_story *story;
    struct wv_pg_batch *batch;
    struct wv_state before;
    struct wv_state after;
    bool has_before; /* false: purge, or rows that nobody knows */
};

/* Records the revision with the SQL of its file, as if it had been run. */
static bool record(struct stamp *stamp, wv_node node, bool *queued, struct wv_err *err)
{
    const struct wv_story *story = stamp->story;
    struct wv_step step = {.node = node, .up = true, .id = wv_graph_id(story->known.graph, node)};
    struct wv_source source;
    if (wv_known_file(&story->known, node) == NULL)
        return true;
    if (!wv_source_read(&source, story, &step, err)) {
        wv_source_free(&source);
        return false;
    }
    struct wv_ledger_record row = wv_source_record(&source, &step);
    *queued =
        wv_ledger_queue_record(story->run->link->ledger, stamp->batch, &story->ledger_job, &row);
    wv_source_free(&source);
    return true;
}

static bool queue_revisions(struct stamp *stamp, bool *queued, struct wv_err *err)
{
    const struct wv_graph *graph = stamp->story->known.graph;
    const struct wv_ledger *ledger = stamp->story->run->link->ledger;
    struct wv_span order = wv_graph_order(graph);
    for (size_t i = 0; i < order.count && *queued; i++) {
        wv_node node = order.items[i];
        bool was = stamp->has_before && wv_nodeset_has(&stamp->before.applied, node);
        bool is = wv_nodeset_has(&stamp->after.applied, node);
        if (is && !was && !record(stamp, node, queued, err))
            return false;
        if (was && !is)
            *queued = wv_ledger_queue_forget(ledger, stamp->batch, wv_graph_id(graph, node));
    }
    return true;
}

static bool queue_all(struct stamp *stamp, struct wv_err *err)
{
    const struct wv_story *story = stamp->story;
    const struct wv_ledger *ledger = story->run->link->ledger;
    const struct wv_plan *plan = &story->plan;
    const struct wv_strlist none = {0};
    bool purge = story->job->purge;
    char *heads WV_AUTOFREE = wv_strlist_join(&plan->heads_after, " ");
    struct wv_ledger_step step = {
        .kind = WV_LEDGER_STAMP,
        .record = {.id = plan->heads_after.count > 0 ? heads : "base"},
        .remove_rows = purge ? &none : &plan->stamp_removed,
        .add_rows = purge ? &plan->heads_after : &plan->stamp_added,
        .first = true,
        .last = true,
        .lock_timeout = story->run->link->settings->timeouts.lock,
    };
    bool queued = wv_ledger_queue_begin(ledger, stamp->batch, &story->ledger_job, &step, true) &&
                  (!purge || wv_ledger_queue_purge(ledger, stamp->batch));
    if (!queue_revisions(stamp, &queued, err))
        return false;
    if (queued)
        queued = wv_ledger_queue_end(ledger, stamp->batch, &story->ledger_job, &step, true);
    return true;
}

static bool run_batch(struct stamp *stamp, struct wv_err *err)
{
    const struct wv_run *run = stamp->story->run;
    struct wv_pg_batch_options options = {0};
    if (!wv_pg_batch_begin(&stamp->batch, run->link->pg, &options, run->wait, err))
        return false;
    struct wv_err unread WV_AUTOERR = {0};
    bool readable = queue_all(stamp, &unread);
    /* A file could not be read: the open transaction is rolled back by the end of the batch. */
    bool done = wv_pg_batch_end(stamp->batch, NULL, err);
    if (done && !readable)
        wv_err_move(err, &unread);
    return done && readable;
}

bool wv_stamp_run(struct wv_story *story, struct wv_err *err)
{
    struct stamp stamp = {.story = story};
    struct wv_err ignored WV_AUTOERR = {0};
    if (!wv_state_init(&stamp.after, story->known.graph, &story->plan.heads_after, err))
        return false;
    stamp.has_before = !story->job->purge && wv_state_init(&stamp.before, story->known.graph,
                                                           &story->view.rows, &ignored);
    bool done = run_batch(&stamp, err);
    if (stamp.has_before)
        wv_state_free(&stamp.before);
    wv_state_free(&stamp.after);
    return done;
}
