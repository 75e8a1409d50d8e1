/* See plan_stamp.h. */
#include "plan_stamp.h"

#include "plan_impl.h"
#include "walk.h"

struct stamp {
    const struct wv_state *state;
    struct wv_nodes targets;    /* in the order given, each once */
    struct wv_nodeset lineage;  /* of all targets */
    struct wv_nodeset affected; /* the rows in it, as they were */
    struct wv_nodeset below;    /* what the affected rows include */
    struct wv_nodeset above;    /* what includes one of them */
    struct wv_nodeset chosen;   /* the targets */
    struct wv_nodeset rows;     /* as they become */
    bool moved;                 /* the affected rows are gone */
};

static void add_lineage(struct stamp *stamp, struct wv_span of)
{
    struct wv_nodeset lineage WV_AUTONODESET = {0};
    wv_walk_lineage(stamp->state->graph, &lineage, of, true);
    for (size_t n = 0; n < wv_graph_count(stamp->state->graph); n++) {
        if (wv_nodeset_has(&lineage, (wv_node)n))
            wv_nodeset_add(&stamp->lineage, (wv_node)n);
    }
}

static bool add_target(struct stamp *stamp, const char *text, struct wv_err *err)
{
    const struct wv_graph *graph = stamp->state->graph;
    struct wv_target target WV_AUTOTARGET = {0};
    struct wv_nodes shares WV_AUTONODES = {0};
    if (!wv_target_parse(&target, graph, text, err) ||
        !wv_target_resolve(graph, NULL, &target, &shares, err))
        return false;
    for (size_t i = 0; i < shares.count; i++) {
        if (wv_nodeset_add(&stamp->chosen, shares.items[i]))
            wv_nodes_add(&stamp->targets, shares.items[i]);
    }
    wv_node branch;
    if (target.branch != NULL) {
        if (!wv_target_branch(graph, target.branch, &branch, err))
            return false;
        wv_nodes_add(&shares, branch);
    }
    if (shares.count == 0) {
        for (size_t n = 0; n < wv_graph_count(graph); n++)
            wv_nodeset_add(&stamp->lineage, (wv_node)n);
    }
    add_lineage(stamp, (struct wv_span){shares.items, shares.count});
    return true;
}

static void find_affected(struct stamp *stamp)
{
    const struct wv_state *state = stamp->state;
    struct wv_nodes affected WV_AUTONODES = {0};
    for (size_t i = 0; i < state->rows.count; i++) {
        wv_node row = state->rows.items[i];
        wv_nodeset_add(&stamp->rows, row);
        if (!wv_nodeset_has(&stamp->lineage, row))
            continue;
        wv_nodeset_add(&stamp->affected, row);
        wv_nodes_add(&affected, row);
    }
    struct wv_span rows = {affected.items, affected.count};
    wv_walk_close(state->graph, &stamp->below, rows, WV_EDGES_PARENTS);
    wv_walk_close(state->graph, &stamp->above, rows, WV_EDGES_FOLLOWERS);
}

static void remove_affected(struct stamp *stamp)
{
    for (size_t i = 0; i < stamp->state->rows.count; i++) {
        if (wv_nodeset_has(&stamp->affected, stamp->state->rows.items[i]))
            wv_nodeset_remove(&stamp->rows, stamp->state->rows.items[i]);
    }
    stamp->moved = true;
}

static bool place_target(struct stamp *stamp, wv_node target, struct wv_err *err)
{
    if (wv_nodeset_has(&stamp->affected, target))
        return true;
    bool below = wv_nodeset_has(&stamp->below, target);
    if (below && stamp->moved) {
        wv_err_set(err, WV_OVERLAPPING,
                   "%s lies below rows that another target of this stamp has already moved",
                   wv_graph_id(stamp->state->graph, target));
        return wv_err_hint(err, "stamp one target at a time, or set all rows anew with "
                                "stamp --purge");
    }
    if (!stamp->moved && (below || wv_nodeset_has(&stamp->above, target)))
        remove_affected(stamp);
    wv_nodeset_add(&stamp->rows, target);
    return true;
}

static bool place_targets(struct stamp *stamp, struct wv_err *err)
{
    if (stamp->targets.count == 0)
        remove_affected(stamp);
    for (size_t i = 0; i < stamp->targets.count; i++) {
        if (!place_target(stamp, stamp->targets.items[i], err))
            return false;
    }
    return true;
}

/* What has changed, without rows that another one includes. */
static void finish(struct wv_plan *plan, const struct stamp *stamp)
{
    const struct wv_graph *graph = stamp->state->graph;
    const struct wv_nodes *before = &stamp->state->rows;
    struct wv_nodes all WV_AUTONODES = {0};
    wv_walk_members(graph, &stamp->rows, &all);
    struct wv_nodeset closed WV_AUTONODESET = {0};
    wv_nodeset_init(&closed, wv_graph_count(graph));
    wv_walk_close(graph, &closed, (struct wv_span){all.items, all.count}, WV_EDGES_PARENTS);
    struct wv_nodes after WV_AUTONODES = {0};
    wv_walk_tips(graph, &closed, WV_EDGES_FOLLOWERS, &after);
    struct wv_nodeset kept WV_AUTONODESET = {0};
    wv_nodeset_init(&kept, wv_graph_count(graph));
    for (size_t i = 0; i < after.count; i++)
        wv_nodeset_add(&kept, after.items[i]);
    for (size_t i = 0; i < before->count; i++) {
        if (!wv_nodeset_remove(&kept, before->items[i]))
            wv_strlist_add(&plan->stamp_removed, wv_graph_id(graph, before->items[i]));
    }
    for (size_t i = 0; i < after.count; i++) {
        wv_strlist_add(&plan->heads_after, wv_graph_id(graph, after.items[i]));
        if (wv_nodeset_has(&kept, after.items[i]))
            wv_strlist_add(&plan->stamp_added, wv_graph_id(graph, after.items[i]));
    }
}

static bool differs(const struct stamp *stamp)
{
    const struct wv_nodes *before = &stamp->state->rows;
    bool same = stamp->rows.count == before->count;
    for (size_t i = 0; same && i < before->count; i++)
        same = wv_nodeset_has(&stamp->rows, before->items[i]);
    return !same;
}

bool wv_plan_stamp_rows(struct wv_plan *plan, const struct wv_state *state,
                        const struct wv_strlist *targets, struct wv_err *err)
{
    struct stamp stamp = {.state = state};
    struct wv_nodeset *sets[] = {&stamp.lineage, &stamp.affected, &stamp.below,
                                 &stamp.above,   &stamp.chosen,   &stamp.rows};
    for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++)
        wv_nodeset_init(sets[i], wv_graph_count(state->graph));
    bool ok = true;
    for (size_t i = 0; ok && i < targets->count; i++)
        ok = add_target(&stamp, targets->items[i], err);
    find_affected(&stamp);
    ok = ok && place_targets(&stamp, err);
    if (ok && differs(&stamp))
        finish(plan, &stamp);
    else if (ok)
        wv_plan_unchanged(plan, state);
    wv_nodes_free(&stamp.targets);
    for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++)
        wv_nodeset_free(sets[i]);
    return ok;
}
