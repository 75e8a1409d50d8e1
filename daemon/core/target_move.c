/* Targets that have a direction: where an upgrade or a downgrade leads from a state. Knows nothing
 * of the steps on the way. */
#include <stdlib.h>

#include "target_impl.h"
#include "walk.h"

bool wv_target_too_far(const struct wv_target *target, struct wv_err *err)
{
    wv_err_set(err, WV_RELATIVE_OUT_OF_RANGE, "\"%s\" leads out of the revisions", target->text);
    return wv_err_hint(err, "take fewer steps, or %s", target->up ? "heads" : "base");
}

/* The nodes one step from `from`; none at the end of the graph. */
static struct wv_span next_nodes(const struct wv_graph *graph, wv_node from, bool up)
{
    if (from == WV_NO_NODE)
        return up ? wv_graph_bases(graph) : (struct wv_span){NULL, 0};
    return up ? wv_graph_children(graph, from) : wv_graph_down(graph, from);
}

static bool ambiguous(const struct wv_graph *graph, const struct wv_target *target, wv_node from,
                      const struct wv_nodes *choice, struct wv_err *err)
{
    char *names WV_AUTOFREE = wv_graph_names(graph, (struct wv_span){choice->items, choice->count});
    wv_err_set(err, WV_AMBIGUOUS_WALK, "\"%s\" is ambiguous: %s of %s come %s", target->text, names,
               from == WV_NO_NODE ? "the base" : wv_graph_id(graph, from),
               target->up ? "next" : "before");
    return wv_err_hint(err, "name the revision%s", target->up ? ", or its branch: BRANCH@+1" : "");
}

bool wv_target_walk(const struct wv_graph *graph, const struct wv_target_walk *walk, wv_node start,
                    wv_node *end, struct wv_err *err)
{
    const struct wv_target *target = walk->target;
    struct wv_nodes choice WV_AUTONODES = {0};
    wv_node at = start;
    for (size_t step = 0; step < target->steps; step++) {
        struct wv_span next = next_nodes(graph, at, target->up);
        choice.count = 0;
        for (size_t i = 0; i < next.count; i++) {
            if (!target->up || walk->lineage == NULL ||
                wv_nodeset_has(walk->lineage, next.items[i]))
                wv_nodes_add(&choice, next.items[i]);
        }
        if (choice.count > 1)
            return ambiguous(graph, target, at, &choice, err);
        bool to_base = !target->up && at != WV_NO_NODE && choice.count == 0;
        if (choice.count == 0 && !to_base) {
            if (!walk->lenient)
                return wv_target_too_far(target, err);
            break;
        }
        at = to_base ? WV_NO_NODE : choice.items[0];
    }
    *end = at;
    return true;
}

static bool several_current(const struct wv_graph *graph, const struct wv_target *target,
                            const struct wv_nodes *from, struct wv_err *err)
{
    char *names WV_AUTOFREE = wv_graph_names(graph, (struct wv_span){from->items, from->count});
    wv_err_set(err, WV_MULTIPLE_HEADS,
               "\"%s\" is ambiguous: the database is at several revisions: %s", target->text,
               names);
    return wv_err_hint(err, "say which to count from, for example %s@%c%zu",
                       wv_graph_id(graph, from->items[0]), target->up ? '+' : '-', target->steps);
}

/* A branch and its lineage by down revisions; all zero for no branch. */
struct branch {
    wv_node node;
    struct wv_nodeset lineage;
};

static bool find_branch(const struct wv_graph *graph, const struct wv_target *target,
                        struct branch *branch, struct wv_err *err)
{
    *branch = (struct branch){.node = WV_NO_NODE};
    if (target->branch == NULL)
        return true;
    if (!wv_target_branch(graph, target->branch, &branch->node, err))
        return false;
    wv_walk_lineage(graph, &branch->lineage, (struct wv_span){&branch->node, 1}, false);
    return true;
}

static void keep_members(struct wv_nodes *nodes, const struct wv_nodeset *set)
{
    size_t kept = 0;
    for (size_t i = 0; i < nodes->count; i++) {
        if (wv_nodeset_has(set, nodes->items[i]))
            nodes->items[kept++] = nodes->items[i];
    }
    nodes->count = kept;
}

/* Where a step without a symbol starts: the rows (of the branch), or where the branch is applied
 * below a row of another branch. None: the base. `edges` decide what is a tip of the branch. */
static void find_start(const struct wv_state *state, const struct branch *branch,
                       enum wv_edges edges, struct wv_nodes *from)
{
    for (size_t i = 0; i < state->heads.count; i++)
        wv_nodes_add(from, state->heads.items[i]);
    if (branch->node == WV_NO_NODE)
        return;
    keep_members(from, &branch->lineage);
    if (from->count > 0)
        return;
    if (edges == WV_EDGES_CHILDREN) {
        wv_walk_tips(state->graph, &state->applied, edges, from);
        keep_members(from, &branch->lineage);
        return;
    }
    struct wv_nodeset active WV_AUTONODESET = {0};
    size_t count = wv_graph_count(state->graph);
    wv_nodeset_init(&active, count);
    for (size_t n = 0; n < count; n++) {
        if (wv_nodeset_has(&state->applied, (wv_node)n) &&
            wv_nodeset_has(&branch->lineage, (wv_node)n))
            wv_nodeset_add(&active, (wv_node)n);
    }
    wv_walk_tips(state->graph, &active, edges, from);
}

static bool upgrade_start(const struct wv_state *state, const struct wv_target *target,
                          const struct branch *branch, wv_node *start, struct wv_err *err)
{
    if (target->symbol != NULL) {
        struct wv_target symbol = *target;
        bool free_symbol = target->up && branch->node != WV_NO_NODE;
        if (free_symbol)
            symbol.branch = NULL;
        return wv_target_single(state->graph, NULL, &symbol, start, err);
    }
    if (!target->up || target->steps == 0)
        return wv_target_too_far(target, err);
    struct wv_nodes from WV_AUTONODES = {0};
    find_start(state, branch, WV_EDGES_FOLLOWERS, &from);
    if (from.count > 1)
        return several_current(state->graph, target, &from, err);
    *start = from.count == 0 ? WV_NO_NODE : from.items[0];
    return true;
}

static bool upgrade_relative(const struct wv_state *state, const struct wv_target *target,
                             bool lenient, const struct branch *branch, struct wv_nodes *nodes,
                             struct wv_err *err)
{
    wv_node start = WV_NO_NODE, end = WV_NO_NODE;
    if (!upgrade_start(state, target, branch, &start, err))
        return false;
    const struct wv_target_walk walk = {
        .target = target,
        .lineage = branch->node == WV_NO_NODE ? NULL : &branch->lineage,
        .lenient = lenient,
    };
    if (!wv_target_walk(state->graph, &walk, start, &end, err))
        return false;
    if (end == WV_NO_NODE)
        return wv_target_too_far(target, err);
    wv_nodes_add(nodes, end);
    return true;
}

bool wv_target_upgrade(const struct wv_state *state, const char *text, bool lenient,
                       struct wv_nodes *nodes, struct wv_err *err)
{
    struct wv_target target WV_AUTOTARGET = {0};
    if (!wv_target_parse(&target, state->graph, text, err))
        return false;
    if (!target.relative)
        return wv_target_resolve(state->graph, NULL, &target, nodes, err);
    struct branch branch;
    if (!find_branch(state->graph, &target, &branch, err))
        return false;
    bool ok = upgrade_relative(state, &target, lenient, &branch, nodes, err);
    wv_nodeset_free(&branch.lineage);
    return ok;
}

/* "-N" counts from the one row, "BRANCH@-N" from where that branch is applied. */
static bool downgrade_start(const struct wv_state *state, const struct wv_target *target,
                            const struct branch *branch, wv_node *start, struct wv_err *err)
{
    if (target->up || target->steps == 0)
        return wv_target_too_far(target, err);
    struct wv_nodes from WV_AUTONODES = {0};
    find_start(state, branch, WV_EDGES_CHILDREN, &from);
    if (from.count > 1)
        return several_current(state->graph, target, &from, err);
    if (from.count == 0) {
        wv_err_set(err, WV_RELATIVE_OUT_OF_RANGE,
                   "\"%s\" has nothing to take back: no revision%s%s "
                   "is applied",
                   target->text, target->branch == NULL ? "" : " of the branch ",
                   target->branch == NULL ? "" : target->branch);
        return wv_err_hint(err, "current shows what is applied");
    }
    *start = from.items[0];
    return true;
}

static bool downgrade_relative(const struct wv_state *state, const struct wv_target *target,
                               const struct branch *branch, struct wv_down_target *down,
                               struct wv_err *err)
{
    wv_node start = WV_NO_NODE, end = WV_NO_NODE;
    struct wv_target symbol = *target;
    if (target->up)
        symbol.branch = NULL;
    if (target->symbol == NULL ? !downgrade_start(state, target, branch, &start, err)
                               : !wv_target_single(state->graph, NULL, &symbol, &start, err))
        return false;
    const struct wv_target_walk walk = {
        .target = target,
        .lineage = branch->node == WV_NO_NODE ? NULL : &branch->lineage,
    };
    if (!wv_target_walk(state->graph, &walk, start, &end, err))
        return false;
    down->node = end;
    /* From a row the way back is along that row, though other branches may meet it below. */
    down->branch = branch->node == WV_NO_NODE && target->symbol == NULL ? start : branch->node;
    return true;
}

bool wv_target_downgrade(const struct wv_state *state, const char *text,
                         struct wv_down_target *down, struct wv_err *err)
{
    struct wv_target target WV_AUTOTARGET = {0};
    struct branch branch;
    if (!wv_target_parse(&target, state->graph, text, err) ||
        !find_branch(state->graph, &target, &branch, err))
        return false;
    bool ok;
    if (target.relative) {
        ok = downgrade_relative(state, &target, &branch, down, err);
    } else {
        /* The branch chooses what goes down, not what is meant: it need not hold the target. */
        struct wv_target symbol = target;
        symbol.branch = NULL;
        wv_node node;
        ok = wv_target_single(state->graph, NULL, &symbol, &node, err);
        if (ok)
            *down = (struct wv_down_target){.node = node, .branch = branch.node};
    }
    wv_nodeset_free(&branch.lineage);
    return ok;
}
