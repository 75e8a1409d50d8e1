/* See walk.h. */
#include "walk.h"

/* Per thread, so that counting needs no lock. */
static _Thread_local size_t followed;

size_t wv_walk_cost(void)
{
    return followed;
}

struct wv_span wv_walk_edges(const struct wv_graph *graph, wv_node node, enum wv_edges edges)
{
    switch (edges) {
    case WV_EDGES_DOWN:
        return wv_graph_down(graph, node);
    case WV_EDGES_PARENTS:
        return wv_graph_parents(graph, node);
    case WV_EDGES_CHILDREN:
        return wv_graph_children(graph, node);
    case WV_EDGES_FOLLOWERS:
        break;
    }
    return wv_graph_followers(graph, node);
}

void wv_walk_close(const struct wv_graph *graph, struct wv_nodeset *set, struct wv_span from,
                   enum wv_edges edges)
{
    struct wv_nodes todo WV_AUTONODES = {0};
    for (size_t i = 0; i < from.count; i++) {
        if (wv_nodeset_add(set, from.items[i]))
            wv_nodes_add(&todo, from.items[i]);
    }
    while (todo.count > 0) {
        struct wv_span to = wv_walk_edges(graph, todo.items[--todo.count], edges);
        followed += to.count;
        for (size_t i = 0; i < to.count; i++) {
            if (wv_nodeset_add(set, to.items[i]))
                wv_nodes_add(&todo, to.items[i]);
        }
    }
}

void wv_walk_lineage(const struct wv_graph *graph, struct wv_nodeset *set, struct wv_span from,
                     bool with_dependencies)
{
    struct wv_nodeset below WV_AUTONODESET = {0};
    size_t count = wv_graph_count(graph);
    wv_nodeset_init(set, count);
    wv_nodeset_init(&below, count);
    wv_walk_close(graph, set, from, with_dependencies ? WV_EDGES_FOLLOWERS : WV_EDGES_CHILDREN);
    wv_walk_close(graph, &below, from, with_dependencies ? WV_EDGES_PARENTS : WV_EDGES_DOWN);
    for (size_t i = 0; i < count; i++) {
        if (wv_nodeset_has(&below, (wv_node)i))
            wv_nodeset_add(set, (wv_node)i);
    }
}

void wv_walk_members(const struct wv_graph *graph, const struct wv_nodeset *set,
                     struct wv_nodes *members)
{
    struct wv_span order = wv_graph_order(graph);
    for (size_t i = 0; i < order.count; i++) {
        if (wv_nodeset_has(set, order.items[i]))
            wv_nodes_add(members, order.items[i]);
    }
}

void wv_walk_tips(const struct wv_graph *graph, const struct wv_nodeset *set, enum wv_edges edges,
                  struct wv_nodes *tips)
{
    for (size_t n = 0; n < wv_graph_count(graph); n++) {
        if (!wv_nodeset_has(set, (wv_node)n))
            continue;
        struct wv_span up = wv_walk_edges(graph, (wv_node)n, edges);
        bool tip = true;
        for (size_t i = 0; tip && i < up.count; i++)
            tip = !wv_nodeset_has(set, up.items[i]);
        followed += up.count;
        if (tip)
            wv_nodes_add(tips, (wv_node)n);
    }
    wv_graph_sort_id(graph, tips);
}
