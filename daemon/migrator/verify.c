/* See verify.h. */
#include "verify.h"

#include <stdlib.h>

/* Ids of the edited ones, in byte order as the ledger answers. */
static void sort_out(struct wv_verdict *verdict, const struct wv_compared *compared,
                     struct wv_strlist *edited)
{
    const struct wv_graph *graph = compared->known.graph;
    for (wv_node node = 0; node < wv_graph_count(graph); node++) {
        if (!wv_nodeset_has(&compared->applied, node))
            continue;
        const struct wv_ledger_stored *stored = wv_compared_stored(compared, node);
        if (wv_known_file(&compared->known, node) == NULL) {
            struct wv_ledger_revision *missing = wv_ledger_revisions_add(&verdict->missing);
            missing->id = wv_xstrdup(wv_graph_id(graph, node));
            missing->message = wv_xstrdup(stored->message);
            missing->applied_at = wv_xstrdup(stored->applied_at);
            missing->applied_by = wv_xstrdup(stored->applied_by);
            continue;
        }
        verdict->applied++;
        if (stored == NULL)
            wv_strlist_add(&verdict->unrecorded, wv_graph_id(graph, node));
        else if (wv_compared_is_edited(compared, node))
            wv_strlist_add(edited, wv_graph_id(graph, node));
    }
}

static bool add_edits(struct wv_verdict *verdict, const struct wv_project *project, bool with_diff,
                      const struct wv_ledger_stored_list *stored, struct wv_err *err)
{
    for (size_t i = 0; i < stored->count; i++)
        if (!wv_compare_edit(&verdict->edited, wv_project_find(project, stored->items[i].id),
                             &stored->items[i], with_diff, err))
            return false;
    return true;
}

bool wv_verify(struct wv_verdict *verdict, struct wv_project *project, bool with_diff,
               struct wv_ledger *ledger, struct wv_pg *pg, const struct wv_pg_wait *wait,
               struct wv_err *err)
{
    struct wv_compared compared WV_AUTOCOMPARED = {0};
    struct wv_ledger_stored_list stored = {0};
    struct wv_strlist edited WV_AUTOSTRLIST = {0};
    if (!wv_compare(&compared, project, ledger, pg, wait, err))
        return false;
    sort_out(verdict, &compared, &edited);
    wv_strlist_copy(&verdict->unknown, &compared.unknown);
    if (edited.count == 0)
        return true;
    bool done = wv_ledger_stored(ledger, pg, &edited, with_diff, &stored, wait, err) &&
                add_edits(verdict, project, with_diff, &stored, err);
    wv_ledger_stored_free(&stored);
    return done;
}

/* Takes over what `from` owns. */
static void take_entry(struct wv_log_entry *to, struct wv_ledger_entry *from)
{
    *to = (struct wv_log_entry){
        .id = from->id,
        .revision = WV_STEAL(from->revision),
        .message = WV_STEAL(from->message),
        .kind = WV_STEAL(from->kind),
        .command = WV_STEAL(from->command),
        .outcome = WV_STEAL(from->outcome),
        .started_at = WV_STEAL(from->started_at),
        .took_us = from->took_us,
        .text = WV_STEAL(from->error),
        .sqlstate = WV_STEAL(from->sqlstate),
        .user = WV_STEAL(from->user),
        .uid = from->uid,
        .pid = from->pid,
        .unit = WV_STEAL(from->unit),
        .host = WV_STEAL(from->host),
        .version = WV_STEAL(from->version),
        .tag = WV_STEAL(from->tag),
        .job = from->job,
    };
}

bool wv_read_log(struct wv_log_page *page, const struct wv_log_filter *filter,
                 struct wv_ledger *ledger, struct wv_pg *pg, const struct wv_pg_wait *wait,
                 struct wv_err *err)
{
    struct wv_ledger_history history = {0};
    struct wv_ledger_filter wanted = {
        .revision = filter->revision,
        .since = filter->since,
        .before = filter->before,
        .limit = filter->limit + 1, /* the one more tells whether there are more */
        .failed = filter->failed,
    };
    if (!wv_ledger_history(ledger, pg, &wanted, &history, wait, err))
        return false;
    page->more = history.count > (size_t)filter->limit;
    for (size_t i = 0; i < history.count && i < (size_t)filter->limit; i++)
        take_entry(wv_log_page_add(page), &history.items[i]);
    wv_ledger_history_free(&history);
    return true;
}
