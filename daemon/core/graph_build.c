/* Builds a graph: names, then edges, then the order. Every step is linear but the sorting of names,
 * and none recurses, so a hundred thousand revisions in a line are no danger to the stack. Knows no
 * files, only declarations. */
#include <stdlib.h>
#include <string.h>

#include "graph_impl.h"

static const struct wv_strlist none;

static const struct wv_strlist *or_none(const struct wv_strlist *list)
{
    return list != NULL ? list : &none;
}

struct edge_builder {
    struct wv_graph *graph;
    struct wv_problems *problems;
    struct wv_nodes items;
    uint32_t *seen; /* the node + 1 that last named this one */
};

static void add_edge(struct edge_builder *build, wv_node from, wv_node to)
{
    if (build->seen[to] == from + 1)
        return;
    build->seen[to] = from + 1;
    wv_nodes_add(&build->items, to);
}

static void add_down(struct edge_builder *build, const struct wv_graph_decl *decl, wv_node node)
{
    const struct wv_strlist *list = or_none(decl->down);
    for (size_t i = 0; i < list->count; i++) {
        wv_node to;
        if (strcmp(list->items[i], decl->id) == 0)
            wv_problems_add(build->problems, "self_loop", decl->file, decl->line_down,
                            "revision %s is its own down revision", decl->id);
        else if (wv_graph_find(build->graph, list->items[i], &to))
            add_edge(build, node, to);
        else
            wv_problems_add(build->problems, "missing_down_revision", decl->file, decl->line_down,
                            "the down revision %s of revision %s does not exist", list->items[i],
                            decl->id);
    }
}

static void add_depends(struct edge_builder *build, const struct wv_graph_decl *decl, wv_node node)
{
    const struct wv_strlist *list = or_none(decl->depends_on);
    for (size_t i = 0; i < list->count; i++) {
        uint32_t name = wv_graph_name(build->graph, list->items[i]);
        if (name == UINT32_MAX)
            wv_problems_add(build->problems, "missing_dependency", decl->file, decl->line_depends,
                            "revision %s depends on %s, which is neither a revision nor a label",
                            decl->id, list->items[i]);
        else if (build->graph->owners[name] == node || strcmp(list->items[i], decl->id) == 0)
            wv_problems_add(build->problems, "dependency_self_loop", decl->file, decl->line_depends,
                            "revision %s depends on itself", decl->id);
        else
            add_edge(build, node, build->graph->owners[name]);
    }
}

static void make_table(struct wv_edge_table *table, size_t count, size_t edges)
{
    table->items = wv_xreallocarray(NULL, edges + 1, sizeof(*table->items));
    table->start = wv_xcalloc(count + 1, sizeof(*table->start));
    table->split = wv_xcalloc(count + 1, sizeof(*table->split));
}

/* The same edges the other way round: children in byte order of their ids, then dependents. */
static void turn_edges(struct wv_graph *graph, const wv_node *by_id)
{
    struct wv_edge_table *down = &graph->down, *up = &graph->up;
    make_table(up, graph->count, down->start[graph->count]);
    uint32_t *fill = wv_xcalloc(graph->count + 1, sizeof(*fill));
    for (size_t n = 0; n < graph->count; n++) {
        for (uint32_t e = down->start[n]; e < down->start[n + 1]; e++) {
            up->start[down->items[e] + 1]++;
            up->split[down->items[e]] += e < down->split[n];
        }
    }
    for (size_t n = 0; n < graph->count; n++) {
        up->start[n + 1] += up->start[n];
        up->split[n] += up->start[n];
        fill[n] = up->start[n];
    }
    for (size_t i = 0; i < graph->count; i++) {
        wv_node n = by_id[i];
        for (uint32_t e = down->start[n]; e < down->split[n]; e++)
            up->items[fill[down->items[e]]++] = n;
    }
    for (size_t i = 0; i < graph->count; i++) {
        wv_node n = by_id[i];
        for (uint32_t e = down->split[n]; e < down->start[n + 1]; e++)
            up->items[fill[down->items[e]]++] = n;
    }
    free(fill);
}

void wv_graph_build_edges(struct wv_graph *graph, const struct wv_graph_decl *decls,
                          const wv_node *by_id, struct wv_problems *problems)
{
    struct edge_builder build = {.graph = graph, .problems = problems};
    build.seen = wv_xcalloc(graph->count + 1, sizeof(*build.seen));
    make_table(&graph->down, graph->count, 0);
    for (size_t n = 0; n < graph->count; n++) {
        graph->down.start[n] = (uint32_t)build.items.count;
        add_down(&build, &decls[n], (wv_node)n);
        graph->down.split[n] = (uint32_t)build.items.count;
        add_depends(&build, &decls[n], (wv_node)n);
    }
    graph->down.start[graph->count] = (uint32_t)build.items.count;
    free(graph->down.items);
    graph->down.items = wv_xreallocarray(build.items.items, build.items.count + 1, sizeof(wv_node));
    free(build.seen);
    turn_edges(graph, by_id);
}

static void collect_ends(struct wv_graph *graph, const wv_node *by_id)
{
    for (size_t i = 0; i < graph->count; i++) {
        wv_node node = by_id[i];
        if (wv_graph_is_head(graph, node))
            wv_nodes_add(&graph->heads, node);
        if (wv_graph_is_real_head(graph, node))
            wv_nodes_add(&graph->real_heads, node);
        if (wv_graph_is_base(graph, node))
            wv_nodes_add(&graph->bases, node);
    }
}

/* Parents before the node itself, depth first from each real head; `next` remembers for each node
 * on the stack which parent is due. */
static void make_order(struct wv_graph *graph)
{
    graph->order = wv_xreallocarray(NULL, graph->count + 1, sizeof(*graph->order));
    graph->rank = wv_xcalloc(graph->count + 1, sizeof(*graph->rank));
    uint32_t *next = wv_xcalloc(graph->count + 1, sizeof(*next));
    struct wv_nodeset met WV_AUTONODESET = {0};
    wv_nodeset_init(&met, graph->count);
    struct wv_nodes stack WV_AUTONODES = {0};
    uint32_t done = 0;
    for (size_t i = 0; i < graph->real_heads.count; i++) {
        wv_nodes_add(&stack, graph->real_heads.items[i]);
        wv_nodeset_add(&met, graph->real_heads.items[i]);
        while (stack.count > 0) {
            wv_node node = stack.items[stack.count - 1];
            struct wv_span parents = wv_graph_parents(graph, node);
            if (next[node] < parents.count) {
                wv_node parent = parents.items[next[node]++];
                if (wv_nodeset_add(&met, parent))
                    wv_nodes_add(&stack, parent);
                continue;
            }
            stack.count--;
            graph->rank[node] = done;
            graph->order[done++] = node;
        }
    }
    free(next);
}

bool wv_graph_build(const struct wv_graph_decl *decls, size_t count, struct wv_graph **graph,
                    struct wv_problems *problems)
{
    size_t before = problems->count;
    struct wv_graph *made = wv_xcalloc(1, sizeof(*made));
    made->count = count;
    wv_node *by_id = wv_xreallocarray(NULL, count + 1, sizeof(*by_id));
    wv_graph_build_names(made, decls, problems, by_id);
    wv_graph_build_edges(made, decls, by_id, problems);
    bool ok = wv_graph_check_cycles(made, decls, by_id, problems) && problems->count == before;
    if (ok) {
        collect_ends(made, by_id);
        make_order(made);
        *graph = made;
    } else {
        wv_graph_free(made);
    }
    free(by_id);
    return ok;
}
