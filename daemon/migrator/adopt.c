/* See adopt.h. */
#include "adopt.h"

#include "source.h"

bool wv_adopt_find(const struct wv_story *story, bool *waits, struct wv_err *err)
{
    const struct wv_link *link = story->run->link;
    const struct wv_squash_view *view = &story->view;
    struct wv_ledger_stored_list old = {0};
    *waits = view->moved;
    if (*waits || view->replaced.count == 0)
        return true;
    if (!wv_ledger_stored(link->ledger, link->pg, &view->replaced, false, &old, story->run->wait,
                          err))
        return false;
    *waits = old.count > 0;
    wv_ledger_stored_free(&old);
    return true;
}

/* The items of `all` that are not in `others`. */
static void subtract(struct wv_strlist *rest, const struct wv_strlist *all,
                     const struct wv_strlist *others)
{
    for (size_t i = 0; i < all->count; i++)
        if (!wv_strlist_has(others, all->items[i]))
            wv_strlist_add(rest, all->items[i]);
}

static bool queue_record(const struct wv_story *story, struct wv_pg_batch *batch, const char *id,
                         bool *queued, struct wv_err *err)
{
    struct wv_step step = {.up = true, .id = id};
    struct wv_source source;
    if (!wv_graph_find(story->known.graph, id, &step.node))
        return true;
    bool read = wv_source_read(&source, story, &step, err);
    if (read) {
        struct wv_ledger_record row = wv_source_record(&source, &step);
        *queued = wv_ledger_queue_record(story->run->link->ledger, batch, &story->ledger_job, &row);
    }
    wv_source_free(&source);
    return read;
}

static bool queue_all(const struct wv_story *story, struct wv_pg_batch *batch, struct wv_err *err)
{
    const struct wv_ledger *ledger = story->run->link->ledger;
    const struct wv_squash_view *view = &story->view;
    struct wv_strlist removed WV_AUTOSTRLIST = {0};
    struct wv_strlist added WV_AUTOSTRLIST = {0};
    subtract(&removed, &story->result->current, &view->rows);
    subtract(&added, &view->rows, &story->result->current);
    char *ids WV_AUTOFREE = wv_strlist_join(&view->applied, " ");
    struct wv_ledger_step step = {
        .kind = WV_LEDGER_ADOPT,
        .record = {.id = ids},
        .remove_rows = &removed,
        .add_rows = &added,
        .first = true,
        .last = true,
        .lock_timeout = story->run->link->settings->timeouts.lock,
    };
    bool queued = wv_ledger_queue_begin(ledger, batch, &story->ledger_job, &step, true);
    for (size_t i = 0; queued && i < view->applied.count; i++)
        if (!queue_record(story, batch, view->applied.items[i], &queued, err))
            return false;
    for (size_t i = 0; queued && i < view->replaced.count; i++)
        queued = wv_ledger_queue_forget(ledger, batch, view->replaced.items[i]);
    if (queued)
        (void)!wv_ledger_queue_end(ledger, batch, &story->ledger_job, &step, true);
    return true;
}

bool wv_adopt_run(const struct wv_story *story, struct wv_err *err)
{
    const struct wv_run *run = story->run;
    struct wv_pg_batch *batch;
    struct wv_pg_batch_options options = {0};
    struct wv_err unread WV_AUTOERR = {0};
    if (!wv_pg_batch_begin(&batch, run->link->pg, &options, run->wait, err))
        return false;
    bool readable = queue_all(story, batch, &unread);
    /* A file could not be read: the open transaction is rolled back by the end of the batch. */
    bool done = wv_pg_batch_end(batch, NULL, err);
    if (done && !readable)
        wv_err_move(err, &unread);
    return done && readable;
}
