/* See accept.h. */
#include "accept.h"

#include <stdlib.h>

#include "compare.h"
#include "graph_query.h"
#include "ledger_accept.h"

/* What is accepted, and from what it is recorded. */
struct accept {
    struct wv_story *story;
    struct wv_compared compared;
    struct wv_nodes nodes;
    struct wv_ledger_stored_list stored; /* of the nodes, with SQL; only in a dry run */
    struct wv_revision_sql *sql;         /* of each node */
    char (*checksums)[WV_CHECKSUM_HEX];
    char **texts;
};

static void choose_all(struct accept *accept)
{
    struct wv_span order = wv_graph_order(accept->compared.known.graph);
    for (size_t i = 0; i < order.count; i++)
        if (wv_nodeset_has(&accept->compared.applied, order.items[i]) &&
            wv_compared_is_edited(&accept->compared, order.items[i]))
            wv_nodes_add(&accept->nodes, order.items[i]);
}

/* False: `err` says why this one cannot be accepted. */
static bool choose(struct accept *accept, wv_node node, struct wv_err *err)
{
    const struct wv_compared *compared = &accept->compared;
    const char *id = wv_graph_id(compared->known.graph, node);
    if (!wv_nodeset_has(&compared->applied, node)) {
        wv_err_set(err, WV_NOTHING_TO_REPAIR, "revision %s is not applied: its file may change",
                   id);
        return wv_err_hint(err, "`wovenctl migrate verify` lists what differs from its file");
    }
    if (wv_known_file(&compared->known, node) == NULL) {
        wv_err_set(err, WV_NOTHING_TO_REPAIR, "revision %s has no file that could be accepted", id);
        return wv_err_hint(err, "`wovenctl migrate show %s` prints what the ledger has of it", id);
    }
    if (wv_compared_stored(compared, node) == NULL || wv_compared_is_edited(compared, node))
        if (!wv_nodes_has(&accept->nodes, node))
            wv_nodes_add(&accept->nodes, node);
    return true;
}

static bool choose_targets(struct accept *accept, struct wv_err *err)
{
    const struct wv_strlist *targets = &accept->story->job->targets;
    for (size_t i = 0; i < targets->count; i++) {
        struct wv_nodes found WV_AUTONODES = {0};
        if (!wv_query_show(accept->compared.known.graph, &accept->compared.rows, targets->items[i],
                           &found, err))
            return false;
        for (size_t j = 0; j < found.count; j++)
            if (!choose(accept, found.items[j], err))
                return false;
    }
    return true;
}

/* The records as they are, for the diffs. */
static bool read_stored(struct accept *accept, struct wv_err *err)
{
    const struct wv_run *run = accept->story->run;
    struct wv_strlist ids WV_AUTOSTRLIST = {0};
    if (!accept->story->job->dry_run)
        return true;
    for (size_t i = 0; i < accept->nodes.count; i++)
        wv_strlist_add(&ids, wv_graph_id(accept->compared.known.graph, accept->nodes.items[i]));
    struct wv_ledger_stored_list with_sql = {0};
    if (!wv_ledger_stored(run->link->ledger, run->link->pg, &ids, true, &with_sql, run->wait, err))
        return false;
    accept->stored = with_sql;
    return true;
}

static const struct wv_ledger_stored *stored_of(const struct accept *accept, wv_node node)
{
    const char *id = wv_graph_id(accept->compared.known.graph, node);
    const struct wv_ledger_stored *stored = wv_compare_find(&accept->stored, id);
    return stored != NULL ? stored : wv_compared_stored(&accept->compared, node);
}

static bool tell(struct accept *accept, struct wv_err *err)
{
    struct wv_job_result *result = accept->story->result;
    bool dry_run = accept->story->job->dry_run;
    result->dry_run = dry_run;
    for (size_t i = 0; i < accept->nodes.count; i++) {
        wv_node node = accept->nodes.items[i];
        if (!wv_compare_edit(&result->accepted, wv_known_file(&accept->compared.known, node),
                             stored_of(accept, node), dry_run, err))
            return false;
    }
    return true;
}

static char *text_of(const struct wv_ledger_stored *stored, const char *now)
{
    enum { SHOWN = 12 };
    if (stored == NULL)
        return wv_xasprintf("recorded the file, checksum %.*s", SHOWN, now);
    return wv_xasprintf("accepted the edited file, checksum %.*s instead of %.*s", SHOWN, now,
                        SHOWN, stored->checksum);
}

static bool make_item(struct accept *accept, size_t index, struct wv_ledger_acceptance *item,
                      struct wv_err *err)
{
    wv_node node = accept->nodes.items[index];
    const struct wv_revision *file = wv_known_file(&accept->compared.known, node);
    const struct wv_ledger_stored *stored = wv_compared_stored(&accept->compared, node);
    struct wv_revision_sql *sql = &accept->sql[index];
    if (!wv_revision_read_sql(sql, file, err))
        return false;
    wv_checksum_hex(file->checksum, accept->checksums[index]);
    accept->texts[index] = text_of(stored, accept->checksums[index]);
    *item = (struct wv_ledger_acceptance){
        .record = {.id = file->id,
                   .down = &file->down,
                   .depends_on = &file->depends_on,
                   .labels = &file->labels,
                   .message = file->message,
                   .checksum = accept->checksums[index],
                   .up_sql = sql->up.text,
                   .down_sql = sql->has_down ? sql->down.text : NULL},
        .recorded = stored != NULL,
        .text = accept->texts[index],
    };
    return true;
}

static bool write_all(struct accept *accept, struct wv_err *err)
{
    const struct wv_link *link = accept->story->run->link;
    size_t count = accept->nodes.count;
    struct wv_ledger_acceptance *items WV_AUTOFREE = wv_xcalloc(count, sizeof(*items));
    accept->sql = wv_xcalloc(count, sizeof(*accept->sql));
    accept->checksums = wv_xcalloc(count, sizeof(*accept->checksums));
    accept->texts = wv_xcalloc(count, sizeof(*accept->texts));
    for (size_t i = 0; i < count; i++)
        if (!make_item(accept, i, &items[i], err))
            return false;
    return wv_ledger_accept(link->ledger, link->pg, &accept->story->ledger_job, items, count,
                            link->settings->timeouts.lock, accept->story->run->wait, err);
}

static void accept_free(struct accept *accept)
{
    for (size_t i = 0; accept->sql != NULL && i < accept->nodes.count; i++) {
        wv_revision_sql_free(&accept->sql[i]);
        free(accept->texts[i]);
    }
    free(accept->sql);
    free(accept->checksums);
    free(accept->texts);
    wv_nodes_free(&accept->nodes);
    wv_ledger_stored_free(&accept->stored);
    wv_compared_free(&accept->compared);
}

static bool carry_out(struct accept *accept, struct wv_err *err)
{
    struct wv_story *story = accept->story;
    const struct wv_run *run = story->run;
    if (!wv_compare(&accept->compared, story->job->project, run->link->ledger, run->link->pg,
                    run->wait, err))
        return false;
    if (story->job->all)
        choose_all(accept);
    else if (!choose_targets(accept, err))
        return false;
    if (accept->nodes.count == 0) {
        story->result->outcome = WV_OUTCOME_NOTHING;
        story->result->dry_run = story->job->dry_run;
        return true;
    }
    if (!read_stored(accept, err) || !tell(accept, err))
        return false;
    return story->job->dry_run || write_all(accept, err);
}

bool wv_accept_run(struct wv_story *story, struct wv_err *err)
{
    struct accept accept = {.story = story};
    bool done = carry_out(&accept, err);
    if (!done)
        wv_edits_clear(&story->result->accepted);
    accept_free(&accept);
    return done;
}
