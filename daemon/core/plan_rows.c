/* The rows of the version table along a plan. A row is an applied revision that nothing applied
 * follows, so each revision's count of applied followers tells when it becomes a row and when it
 * ceases to be one: a step costs no more than its own edges. Knows nothing of targets. */
#include <stdlib.h>
#include <string.h>

#include "plan_impl.h"

struct tracker {
    const struct wv_graph *graph;
    uint32_t *followers; /* applied ones, by node */
    struct wv_nodeset rows;
    struct wv_nodes pool; /* what each step removes, then what it adds */
};

struct extent {
    size_t start;
    size_t removed;
    size_t added;
};

static void begin(struct tracker *t, const struct wv_state *state)
{
    size_t count = wv_graph_count(state->graph);
    *t = (struct tracker){.graph = state->graph};
    t->followers = wv_xcalloc(count + 1, sizeof(*t->followers));
    wv_nodeset_init(&t->rows, count);
    for (size_t n = 0; n < count; n++) {
        if (!wv_nodeset_has(&state->applied, (wv_node)n))
            continue;
        struct wv_span parents = wv_graph_parents(t->graph, (wv_node)n);
        for (size_t i = 0; i < parents.count; i++)
            t->followers[parents.items[i]]++;
    }
    for (size_t i = 0; i < state->rows.count; i++)
        wv_nodeset_add(&t->rows, state->rows.items[i]);
}

static void move_up(struct tracker *t, wv_node node, struct extent *extent)
{
    struct wv_span parents = wv_graph_parents(t->graph, node);
    for (size_t i = 0; i < parents.count; i++) {
        t->followers[parents.items[i]]++;
        if (!wv_nodeset_remove(&t->rows, parents.items[i]))
            continue;
        wv_nodes_add(&t->pool, parents.items[i]);
        extent->removed++;
    }
    wv_nodeset_add(&t->rows, node);
    wv_nodes_add(&t->pool, node);
    extent->added = 1;
}

static void move_down(struct tracker *t, wv_node node, struct extent *extent)
{
    if (wv_nodeset_remove(&t->rows, node)) {
        wv_nodes_add(&t->pool, node);
        extent->removed++;
    }
    struct wv_span parents = wv_graph_parents(t->graph, node);
    for (size_t i = 0; i < parents.count; i++) {
        if (--t->followers[parents.items[i]] > 0 || !wv_nodeset_add(&t->rows, parents.items[i]))
            continue;
        wv_nodes_add(&t->pool, parents.items[i]);
        extent->added++;
    }
}

/* Rows that another row includes go with the first step. */
static void drop_redundant(struct tracker *t, const struct wv_state *state, struct extent *extent)
{
    for (size_t i = 0; i < state->rows.count; i++) {
        wv_node row = state->rows.items[i];
        if (t->followers[row] == 0)
            continue;
        wv_nodeset_remove(&t->rows, row);
        wv_nodes_add(&t->pool, row);
        extent->removed++;
    }
}

static void fill_steps(struct wv_plan *plan, const struct tracker *t, const struct extent *extents,
                       const struct wv_nodes *nodes, bool up)
{
    plan->row_pool = wv_xreallocarray(NULL, t->pool.count + 1, sizeof(*plan->row_pool));
    for (size_t i = 0; i < t->pool.count; i++)
        plan->row_pool[i] = wv_graph_id(t->graph, t->pool.items[i]);
    plan->steps = wv_xcalloc(nodes->count + 1, sizeof(*plan->steps));
    plan->count = nodes->count;
    for (size_t i = 0; i < nodes->count; i++) {
        const char **removed = plan->row_pool + extents[i].start;
        plan->steps[i] = (struct wv_step){
            .node = nodes->items[i],
            .up = up,
            .id = wv_graph_id(t->graph, nodes->items[i]),
            .rows = {removed, extents[i].removed, removed + extents[i].removed, extents[i].added},
        };
    }
}

static void add_ids(const struct wv_graph *graph, const struct wv_nodes *nodes,
                    struct wv_strlist *ids)
{
    for (size_t i = 0; i < nodes->count; i++)
        wv_strlist_add(ids, wv_graph_id(graph, nodes->items[i]));
}

void wv_plan_unchanged(struct wv_plan *plan, const struct wv_state *state)
{
    add_ids(state->graph, &state->rows, &plan->heads_after);
}

void wv_plan_rows(struct wv_plan *plan, const struct wv_state *state, const struct wv_nodes *nodes,
                  bool up)
{
    if (nodes->count == 0) {
        wv_plan_unchanged(plan, state);
        return;
    }
    struct tracker t;
    begin(&t, state);
    struct extent *extents = wv_xcalloc(nodes->count, sizeof(*extents));
    drop_redundant(&t, state, &extents[0]);
    for (size_t i = 0; i < nodes->count; i++) {
        if (i > 0)
            extents[i].start = t.pool.count;
        if (up)
            move_up(&t, nodes->items[i], &extents[i]);
        else
            move_down(&t, nodes->items[i], &extents[i]);
    }
    fill_steps(plan, &t, extents, nodes, up);
    struct wv_nodes rows WV_AUTONODES = {0};
    for (size_t n = 0; n < wv_graph_count(t.graph); n++) {
        if (wv_nodeset_has(&t.rows, (wv_node)n))
            wv_nodes_add(&rows, (wv_node)n);
    }
    wv_graph_sort_id(t.graph, &rows);
    add_ids(t.graph, &rows, &plan->heads_after);
    free(extents);
    free(t.followers);
    wv_nodeset_free(&t.rows);
    wv_nodes_free(&t.pool);
}
