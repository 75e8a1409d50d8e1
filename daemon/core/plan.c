/* Upgrades and downgrades: which revisions, in which order; the entry to all plans. Knows targets
 * and sets, neither files nor SQL. */
#include "plan.h"

#include <stdlib.h>
#include <string.h>

#include "plan_impl.h"
#include "plan_stamp.h"
#include "walk.h"

static struct wv_span span_of(const struct wv_nodes *nodes)
{
    return (struct wv_span){nodes->items, nodes->count};
}

/* An upgrade from such rows is refused, as Alembic does: somebody has written them by hand, or a
 * dependency was added to a revision that is applied. */
static bool check_rows(const struct wv_state *state, struct wv_err *err)
{
    if (state->heads.count == state->rows.count)
        return true;
    char *heads WV_AUTOFREE = wv_graph_names(state->graph, span_of(&state->heads));
    struct wv_nodes redundant WV_AUTONODES = {0};
    for (size_t i = 0; i < state->rows.count; i++) {
        if (!wv_nodes_has(&state->heads, state->rows.items[i]))
            wv_nodes_add(&redundant, state->rows.items[i]);
    }
    char *names WV_AUTOFREE = wv_graph_names(state->graph, span_of(&redundant));
    wv_err_set(err, WV_OVERLAPPING, "the database's rows overlap: %s is already included in %s",
               names, heads);
    struct wv_strlist rows WV_AUTOSTRLIST = {0};
    for (size_t i = 0; i < state->heads.count; i++)
        wv_strlist_add(&rows, wv_graph_id(state->graph, state->heads.items[i]));
    char *list WV_AUTOFREE = wv_strlist_join(&rows, " ");
    return wv_err_hint(err, "if the rows are right otherwise: stamp --purge %s", list);
}

/* BRANCH@heads may name heads of which one depends on another: Alembic refuses that as well. */
static bool check_wanted(const struct wv_state *state, const char *text,
                         const struct wv_nodes *wanted, struct wv_err *err)
{
    if (wanted->count < 2)
        return true;
    struct wv_nodeset below WV_AUTONODESET = {0};
    wv_nodeset_init(&below, wv_graph_count(state->graph));
    for (size_t i = 0; i < wanted->count; i++)
        wv_walk_close(state->graph, &below, wv_graph_parents(state->graph, wanted->items[i]),
                      WV_EDGES_PARENTS);
    for (size_t i = 0; i < wanted->count; i++) {
        if (!wv_nodeset_has(&below, wanted->items[i]))
            continue;
        char *names WV_AUTOFREE = wv_graph_names(state->graph, span_of(wanted));
        const char *id = wv_graph_id(state->graph, wanted->items[i]);
        wv_err_set(err, WV_OVERLAPPING,
                   "\"%s\" stands for %s, and %s is included in another of them", text, names, id);
        return wv_err_hint(err, "name the others without %s, or heads", id);
    }
    return true;
}

static bool make_upgrade(struct wv_plan *plan, const struct wv_state *state,
                         const struct wv_strlist *targets, struct wv_err *err)
{
    struct wv_nodes wanted WV_AUTONODES = {0};
    for (size_t i = 0; i < targets->count; i++) {
        struct wv_nodes one WV_AUTONODES = {0};
        if (!wv_target_upgrade(state, targets->items[i], false, &one, err) ||
            !check_wanted(state, targets->items[i], &one, err))
            return false;
        for (size_t k = 0; k < one.count; k++)
            wv_nodes_add(&wanted, one.items[k]);
    }
    if (!check_rows(state, err))
        return false;
    struct wv_nodeset required WV_AUTONODESET = {0};
    wv_nodeset_init(&required, wv_graph_count(state->graph));
    wv_walk_close(state->graph, &required, span_of(&wanted), WV_EDGES_PARENTS);
    struct wv_nodes members WV_AUTONODES = {0};
    wv_walk_members(state->graph, &required, &members);
    size_t kept = 0;
    for (size_t i = 0; i < members.count; i++) {
        if (!wv_nodeset_has(&state->applied, members.items[i]))
            members.items[kept++] = members.items[i];
    }
    members.count = kept;
    wv_plan_rows(plan, state, &members, true);
    return true;
}

static bool not_applied(const struct wv_state *state, wv_node node, struct wv_err *err)
{
    char *rows WV_AUTOFREE = wv_graph_names(state->graph, span_of(&state->heads));
    wv_err_set(err, WV_NOT_AN_ANCESTOR, "%s is not applied, so there is no way down to it",
               wv_graph_id(state->graph, node));
    if (*rows == '\0')
        return wv_err_hint(err, "nothing is applied; upgrade goes the other way");
    return wv_err_hint(err, "the database is at %s; upgrade goes the other way", rows);
}

/* What goes first on the way down: the children of the target, or the bases; of several only those
 * of the branch. */
static bool find_roots(const struct wv_state *state, const struct wv_down_target *target,
                       struct wv_nodes *roots, struct wv_err *err)
{
    struct wv_span all = target->node == WV_NO_NODE ? wv_graph_bases(state->graph)
                                                    : wv_graph_children(state->graph, target->node);
    struct wv_nodeset branch WV_AUTONODESET = {0};
    bool choose = target->branch != WV_NO_NODE && all.count > 1;
    if (choose) {
        wv_nodeset_init(&branch, wv_graph_count(state->graph));
        wv_walk_close(state->graph, &branch, (struct wv_span){&target->branch, 1}, WV_EDGES_DOWN);
    }
    for (size_t i = 0; i < all.count; i++) {
        if (!choose || wv_nodeset_has(&branch, all.items[i]))
            wv_nodes_add(roots, all.items[i]);
    }
    if (roots->count > 0 || !choose)
        return true;
    wv_err_set(err, WV_NOT_AN_ANCESTOR, "no way down to %s leads through the branch of %s",
               wv_graph_id(state->graph, target->node), wv_graph_id(state->graph, target->branch));
    char *names WV_AUTOFREE = wv_graph_names(state->graph, all);
    return wv_err_hint(err, "the revisions above it are %s", names);
}

/* A branch that is named is asked to go down; if nothing of it can, that is worth an error, though
 * the target itself may be applied for the sake of another branch. */
static bool branch_idle(const struct wv_state *state, const struct wv_down_target *target,
                        struct wv_err *err)
{
    wv_err_set(err, WV_NOT_AN_ANCESTOR, "nothing above %s in the branch of %s is applied",
               wv_graph_id(state->graph, target->node), wv_graph_id(state->graph, target->branch));
    return wv_err_hint(err, "%s itself is applied, because other revisions need it",
                       wv_graph_id(state->graph, target->node));
}

static bool make_downgrade(struct wv_plan *plan, const struct wv_state *state, const char *text,
                           struct wv_err *err)
{
    struct wv_down_target target;
    struct wv_nodes roots WV_AUTONODES = {0};
    if (!wv_target_downgrade(state, text, &target, err) || !find_roots(state, &target, &roots, err))
        return false;
    if (target.node != WV_NO_NODE && !wv_nodeset_has(&state->applied, target.node))
        return not_applied(state, target.node, err);
    struct wv_nodeset above WV_AUTONODESET = {0};
    wv_nodeset_init(&above, wv_graph_count(state->graph));
    wv_walk_close(state->graph, &above, span_of(&roots), WV_EDGES_FOLLOWERS);
    struct wv_span order = wv_graph_order(state->graph);
    struct wv_nodes steps WV_AUTONODES = {0};
    for (size_t i = order.count; i-- > 0;) {
        wv_node node = order.items[i];
        if (wv_nodeset_has(&above, node) && wv_nodeset_has(&state->applied, node))
            wv_nodes_add(&steps, node);
    }
    if (steps.count == 0 && target.branch != WV_NO_NODE && target.node != WV_NO_NODE &&
        !wv_nodes_has(&state->rows, target.node))
        return branch_idle(state, &target, err);
    wv_plan_rows(plan, state, &steps, false);
    return true;
}

/* The request with ranges taken apart and the rows it starts from. */
struct prepared {
    struct wv_strlist rows;
    struct wv_strlist targets;
};

static bool take_range(struct prepared *ready, const char *text, char **start, struct wv_err *err)
{
    char *from, *to;
    if (!wv_target_split(text, &from, &to, err))
        return false;
    char *from_owned WV_AUTOFREE = from, *to_owned WV_AUTOFREE = to;
    if (to == NULL) {
        wv_err_set(err, WV_BAD_TARGET, "the range \"%s\" has no end", text);
        return wv_err_hint(err, "write FROM:TO");
    }
    wv_strlist_add(&ready->targets, to_owned);
    const char *begin = from_owned != NULL ? from_owned : "base";
    if (*start == NULL) {
        *start = wv_xstrdup(begin);
        return true;
    }
    if (strcmp(*start, begin) == 0)
        return true;
    wv_err_set(err, WV_BAD_TARGET, "the ranges start at different revisions: %s and %s", *start,
               begin);
    return wv_err_hint(err, "all must start where the database is");
}

static bool prepare_offline(struct prepared *ready, const struct wv_graph *graph,
                            const struct wv_plan_request *request, struct wv_err *err)
{
    if (request->purge) {
        wv_err_set(err, WV_BAD_TARGET, "purge needs the database, so it cannot be written as SQL");
        return wv_err_hint(err, "leave out --purge or --sql");
    }
    char *start WV_AUTOFREE = NULL;
    for (size_t i = 0; i < request->targets->count; i++) {
        const char *text = request->targets->items[i];
        if (!wv_target_is_range(text))
            wv_strlist_add(&ready->targets, text);
        else if (!take_range(ready, text, &start, err))
            return false;
    }
    if (start == NULL && request->kind == WV_PLAN_DOWNGRADE) {
        wv_err_set(err, WV_BAD_TARGET, "a downgrade as SQL needs to know where it starts");
        return wv_err_hint(err, "write FROM:TO");
    }
    return start == NULL || wv_target_start(graph, start, &ready->rows, err);
}

static bool prepare(struct prepared *ready, const struct wv_graph *graph,
                    const struct wv_plan_request *request, struct wv_err *err)
{
    if (request->targets == NULL || request->targets->count == 0 ||
        (request->kind == WV_PLAN_DOWNGRADE && request->targets->count > 1)) {
        wv_err_set(err, WV_BAD_TARGET,
                   "a downgrade has exactly one target, other plans have at "
                   "least one");
        return wv_err_hint(err, "name a revision, base or -1");
    }
    if (request->offline)
        return prepare_offline(ready, graph, request, err);
    wv_strlist_copy(&ready->targets, request->targets);
    if (request->current != NULL && !request->purge)
        wv_strlist_copy(&ready->rows, request->current);
    return true;
}

static bool make(struct wv_plan *plan, const struct wv_graph *graph,
                 const struct wv_plan_request *request, const struct prepared *ready,
                 struct wv_err *err)
{
    struct wv_state state WV_AUTOSTATE = {0};
    if (!wv_state_init(&state, graph, &ready->rows, err))
        return false;
    if (request->kind == WV_PLAN_UPGRADE)
        return make_upgrade(plan, &state, &ready->targets, err);
    if (request->kind == WV_PLAN_DOWNGRADE)
        return make_downgrade(plan, &state, ready->targets.items[0], err);
    return wv_plan_stamp_rows(plan, &state, &ready->targets, err);
}

/* What was purged is part of the change, but for a row that comes back. */
static void note_purged(struct wv_plan *plan)
{
    for (size_t i = 0; i < plan->rows_before.count; i++) {
        const char *row = plan->rows_before.items[i];
        if (!wv_strlist_remove(&plan->stamp_added, row))
            wv_strlist_add(&plan->stamp_removed, row);
    }
}

/* Sorted, each once. */
static void note_rows(struct wv_plan *plan, const struct wv_strlist *rows)
{
    struct wv_strlist sorted WV_AUTOSTRLIST = {0};
    wv_strlist_copy(&sorted, rows);
    wv_strlist_sort(&sorted);
    for (size_t i = 0; i < sorted.count; i++) {
        if (i == 0 || strcmp(sorted.items[i], sorted.items[i - 1]) != 0)
            wv_strlist_add(&plan->rows_before, sorted.items[i]);
    }
}

bool wv_plan_make(const struct wv_graph *graph, const struct wv_plan_request *request,
                  struct wv_plan *plan, struct wv_err *err)
{
    struct prepared ready = {0};
    struct wv_plan made = {0};
    bool ok = prepare(&ready, graph, request, err) && make(&made, graph, request, &ready, err);
    if (ok) {
        const struct wv_strlist *before = request->purge ? request->current : &ready.rows;
        if (before != NULL)
            note_rows(&made, before);
        if (request->purge)
            note_purged(&made);
        *plan = made;
    } else {
        wv_plan_free(&made);
    }
    wv_strlist_free(&ready.rows);
    wv_strlist_free(&ready.targets);
    return ok;
}

bool wv_plan_upgrade(const struct wv_graph *graph, const struct wv_strlist *current,
                     const struct wv_strlist *targets, struct wv_plan *plan, struct wv_err *err)
{
    const struct wv_plan_request request = {
        .kind = WV_PLAN_UPGRADE, .current = current, .targets = targets};
    return wv_plan_make(graph, &request, plan, err);
}

bool wv_plan_downgrade(const struct wv_graph *graph, const struct wv_strlist *current,
                       const char *target, struct wv_plan *plan, struct wv_err *err)
{
    struct wv_strlist targets WV_AUTOSTRLIST = {0};
    wv_strlist_add(&targets, target);
    const struct wv_plan_request request = {
        .kind = WV_PLAN_DOWNGRADE, .current = current, .targets = &targets};
    return wv_plan_make(graph, &request, plan, err);
}

bool wv_plan_stamp(const struct wv_graph *graph, const struct wv_strlist *current,
                   const struct wv_strlist *targets, bool purge, struct wv_plan *plan,
                   struct wv_err *err)
{
    const struct wv_plan_request request = {
        .kind = WV_PLAN_STAMP, .current = current, .targets = targets, .purge = purge};
    return wv_plan_make(graph, &request, plan, err);
}

void wv_plan_free(struct wv_plan *plan)
{
    free(plan->steps);
    free(plan->row_pool);
    wv_strlist_free(&plan->rows_before);
    wv_strlist_free(&plan->heads_after);
    wv_strlist_free(&plan->stamp_removed);
    wv_strlist_free(&plan->stamp_added);
    *plan = (struct wv_plan){0};
}

bool wv_plan_is_empty(const struct wv_plan *plan)
{
    return plan->count == 0 && plan->stamp_removed.count == 0 && plan->stamp_added.count == 0;
}
