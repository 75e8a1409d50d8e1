/* Finds the cycles of a graph, each named with exactly the revisions that lie on it. A cycle of
 * down revisions is one fault; one that needs a dependency to close is another. Knows nothing of
 * how a report is shown. */
#include <stdlib.h>

#include "graph_impl.h"
#include "walk.h"

/* Kahn's algorithm: what cannot be taken off, parents first, lies on a cycle or above one. */
static bool has_cycle(const struct wv_graph *graph)
{
    uint32_t *waiting = wv_xcalloc(graph->count + 1, sizeof(*waiting));
    struct wv_nodes ready WV_AUTONODES = {0};
    for (size_t n = 0; n < graph->count; n++) {
        waiting[n] = graph->down.start[n + 1] - graph->down.start[n];
        if (waiting[n] == 0)
            wv_nodes_add(&ready, (wv_node)n);
    }
    for (size_t i = 0; i < ready.count; i++) {
        struct wv_span up = wv_graph_followers(graph, ready.items[i]);
        for (size_t k = 0; k < up.count; k++) {
            if (--waiting[up.items[k]] == 0)
                wv_nodes_add(&ready, up.items[k]);
        }
    }
    free(waiting);
    return ready.count < graph->count;
}

/* Tarjan's strongly connected components, with the call stack as an array. */
struct tarjan {
    const struct wv_graph *graph;
    enum wv_edges edges;
    uint32_t *index; /* 0 = not met yet */
    uint32_t *low;
    uint32_t *next;
    uint32_t *component; /* by its first member + 1; 0 = open */
    uint32_t met;
    struct wv_nodes calls;
    struct wv_nodes open;
};

static void enter(struct tarjan *t, wv_node node)
{
    t->index[node] = t->low[node] = ++t->met;
    wv_nodes_add(&t->calls, node);
    wv_nodes_add(&t->open, node);
}

static void leave(struct tarjan *t, wv_node node)
{
    t->calls.count--;
    if (t->calls.count > 0) {
        wv_node caller = t->calls.items[t->calls.count - 1];
        if (t->low[node] < t->low[caller])
            t->low[caller] = t->low[node];
    }
    if (t->low[node] != t->index[node])
        return;
    wv_node member;
    do {
        member = t->open.items[--t->open.count];
        t->component[member] = node + 1;
    } while (member != node);
}

static void visit(struct tarjan *t, wv_node start)
{
    enter(t, start);
    while (t->calls.count > 0) {
        wv_node node = t->calls.items[t->calls.count - 1];
        struct wv_span to = wv_walk_edges(t->graph, node, t->edges);
        if (t->next[node] == to.count) {
            leave(t, node);
            continue;
        }
        wv_node other = to.items[t->next[node]++];
        if (t->index[other] == 0)
            enter(t, other);
        else if (t->component[other] == 0 && t->index[other] < t->low[node])
            t->low[node] = t->index[other];
    }
}

/* The component of each node, to free. */
static uint32_t *components(const struct wv_graph *graph, enum wv_edges edges)
{
    size_t n = graph->count + 1;
    struct tarjan t = {.graph = graph, .edges = edges};
    t.index = wv_xcalloc(n, sizeof(uint32_t));
    t.low = wv_xcalloc(n, sizeof(uint32_t));
    t.next = wv_xcalloc(n, sizeof(uint32_t));
    t.component = wv_xcalloc(n, sizeof(uint32_t));
    for (size_t i = 0; i < graph->count; i++) {
        if (t.index[i] == 0)
            visit(&t, (wv_node)i);
    }
    free(t.index);
    free(t.low);
    free(t.next);
    wv_nodes_free(&t.calls);
    wv_nodes_free(&t.open);
    return t.component;
}

static void report(const struct wv_graph *graph, const struct wv_graph_decl *decls,
                   const struct wv_nodes *members, bool dependency, struct wv_problems *problems)
{
    const struct wv_graph_decl *first = &decls[members->items[0]];
    char *names WV_AUTOFREE =
        wv_graph_names(graph, (struct wv_span){members->items, members->count});
    if (dependency)
        wv_problems_add(problems, "dependency_cycle", first->file, first->line_depends,
                        "the revisions %s depend on each other in a circle", names);
    else
        wv_problems_add(problems, "cycle", first->file, first->line_down,
                        "the revisions %s revise each other in a circle", names);
}

/* Reports each component of several members, unless `known` has all of it in one component. */
static void report_all(const struct wv_graph *graph, const struct wv_graph_decl *decls,
                       const wv_node *by_id, const uint32_t *of, const uint32_t *known,
                       struct wv_problems *problems)
{
    struct wv_nodes *groups = wv_xcalloc(graph->count + 1, sizeof(*groups));
    for (size_t i = 0; i < graph->count; i++)
        wv_nodes_add(&groups[of[by_id[i]]], by_id[i]);
    for (size_t i = 0; i < graph->count; i++) {
        const struct wv_nodes *group = &groups[of[by_id[i]]];
        if (group->count < 2 || group->items[0] != by_id[i])
            continue;
        bool all_known = known != NULL;
        for (size_t k = 1; all_known && k < group->count; k++)
            all_known = known[group->items[k]] == known[group->items[0]];
        if (!all_known)
            report(graph, decls, group, known != NULL, problems);
    }
    for (size_t i = 0; i <= graph->count; i++)
        wv_nodes_free(&groups[i]);
    free(groups);
}

bool wv_graph_check_cycles(const struct wv_graph *graph, const struct wv_graph_decl *decls,
                           const wv_node *by_id, struct wv_problems *problems)
{
    if (!has_cycle(graph))
        return true;
    uint32_t *by_down = components(graph, WV_EDGES_DOWN);
    uint32_t *by_both = components(graph, WV_EDGES_PARENTS);
    report_all(graph, decls, by_id, by_down, NULL, problems);
    report_all(graph, decls, by_id, by_both, by_down, problems);
    free(by_down);
    free(by_both);
    return false;
}
