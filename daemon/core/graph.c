/* What a built graph answers. Reads only, so any thread may ask at any time. */
#include "graph.h"

#include <stdlib.h>
#include <string.h>

#include "graph_impl.h"
#include "strbuf.h"

void wv_graph_free(struct wv_graph *graph)
{
    if (graph == NULL)
        return;
    for (size_t i = 0; graph->labels != NULL && i < graph->count; i++)
        wv_strlist_free(&graph->labels[i]);
    struct wv_edge_table *tables[] = {&graph->down, &graph->up};
    for (size_t i = 0; i < 2; i++) {
        free(tables[i]->items);
        free(tables[i]->start);
        free(tables[i]->split);
    }
    free(graph->labels);
    free(graph->text);
    free(graph->names);
    free(graph->owners);
    free(graph->slots);
    free(graph->sorted);
    free(graph->order);
    free(graph->rank);
    wv_nodes_free(&graph->heads);
    wv_nodes_free(&graph->real_heads);
    wv_nodes_free(&graph->bases);
    free(graph);
}

size_t wv_graph_count(const struct wv_graph *graph)
{
    return graph->count;
}

const char *wv_graph_id(const struct wv_graph *graph, wv_node node)
{
    return graph->names[node];
}

bool wv_graph_find(const struct wv_graph *graph, const char *id, wv_node *node)
{
    uint32_t name = wv_graph_name(graph, id);
    if (name >= graph->count)
        return false;
    *node = name;
    return true;
}

bool wv_graph_find_label(const struct wv_graph *graph, const char *label, wv_node *node)
{
    uint32_t name = wv_graph_name(graph, label);
    if (name == UINT32_MAX || name < graph->count)
        return false;
    *node = graph->owners[name];
    return true;
}

static struct wv_span span(const struct wv_edge_table *table, uint32_t from, uint32_t to)
{
    return (struct wv_span){table->items + from, to - from};
}

struct wv_span wv_graph_down(const struct wv_graph *graph, wv_node node)
{
    return span(&graph->down, graph->down.start[node], graph->down.split[node]);
}

struct wv_span wv_graph_depends(const struct wv_graph *graph, wv_node node)
{
    return span(&graph->down, graph->down.split[node], graph->down.start[node + 1]);
}

struct wv_span wv_graph_parents(const struct wv_graph *graph, wv_node node)
{
    return span(&graph->down, graph->down.start[node], graph->down.start[node + 1]);
}

struct wv_span wv_graph_children(const struct wv_graph *graph, wv_node node)
{
    return span(&graph->up, graph->up.start[node], graph->up.split[node]);
}

struct wv_span wv_graph_dependents(const struct wv_graph *graph, wv_node node)
{
    return span(&graph->up, graph->up.split[node], graph->up.start[node + 1]);
}

struct wv_span wv_graph_followers(const struct wv_graph *graph, wv_node node)
{
    return span(&graph->up, graph->up.start[node], graph->up.start[node + 1]);
}

const struct wv_strlist *wv_graph_labels(const struct wv_graph *graph, wv_node node)
{
    return &graph->labels[node];
}

bool wv_graph_is_head(const struct wv_graph *graph, wv_node node)
{
    return wv_graph_children(graph, node).count == 0;
}

bool wv_graph_is_real_head(const struct wv_graph *graph, wv_node node)
{
    return wv_graph_followers(graph, node).count == 0;
}

bool wv_graph_is_base(const struct wv_graph *graph, wv_node node)
{
    return wv_graph_down(graph, node).count == 0;
}

bool wv_graph_is_branch_point(const struct wv_graph *graph, wv_node node)
{
    return wv_graph_children(graph, node).count > 1;
}

bool wv_graph_is_merge_point(const struct wv_graph *graph, wv_node node)
{
    return wv_graph_down(graph, node).count > 1;
}

struct wv_span wv_graph_heads(const struct wv_graph *graph)
{
    return (struct wv_span){graph->heads.items, graph->heads.count};
}

void wv_graph_add_heads(const struct wv_graph *graph, struct wv_strlist *ids)
{
    for (size_t i = 0; i < graph->heads.count; i++)
        wv_strlist_add(ids, wv_graph_id(graph, graph->heads.items[i]));
}

struct wv_span wv_graph_real_heads(const struct wv_graph *graph)
{
    return (struct wv_span){graph->real_heads.items, graph->real_heads.count};
}

struct wv_span wv_graph_bases(const struct wv_graph *graph)
{
    return (struct wv_span){graph->bases.items, graph->bases.count};
}

struct wv_span wv_graph_order(const struct wv_graph *graph)
{
    return (struct wv_span){graph->order, graph->count};
}

static int compare_rank(const void *a, const void *b, void *context)
{
    const struct wv_graph *graph = context;
    uint32_t left = graph->rank[*(const wv_node *)a], right = graph->rank[*(const wv_node *)b];
    return (left > right) - (left < right);
}

static int compare_id(const void *a, const void *b, void *context)
{
    const struct wv_graph *graph = context;
    return strcmp(graph->names[*(const wv_node *)a], graph->names[*(const wv_node *)b]);
}

static void sort(const struct wv_graph *graph, struct wv_nodes *nodes,
                 int (*compare)(const void *, const void *, void *))
{
    if (nodes->count < 2)
        return;
    qsort_r(nodes->items, nodes->count, sizeof(wv_node), compare, (void *)(uintptr_t)graph);
    size_t kept = 1;
    for (size_t i = 1; i < nodes->count; i++) {
        if (nodes->items[i] != nodes->items[kept - 1])
            nodes->items[kept++] = nodes->items[i];
    }
    nodes->count = kept;
}

void wv_graph_sort_rank(const struct wv_graph *graph, struct wv_nodes *nodes)
{
    sort(graph, nodes, compare_rank);
}

void wv_graph_sort_id(const struct wv_graph *graph, struct wv_nodes *nodes)
{
    sort(graph, nodes, compare_id);
}

char *wv_graph_names(const struct wv_graph *graph, struct wv_span nodes)
{
    enum { SHOWN = 8 };
    struct wv_strbuf text = WV_STRBUF_INIT;
    size_t shown = nodes.count <= SHOWN ? nodes.count : SHOWN;
    for (size_t i = 0; i < shown; i++) {
        const char *before = i == 0 ? "" : i + 1 == nodes.count ? " and " : ", ";
        wv_strbuf_addf(&text, "%s%s", before, wv_graph_id(graph, nodes.items[i]));
    }
    if (nodes.count > shown)
        wv_strbuf_addf(&text, " and %zu more", nodes.count - shown);
    return wv_strbuf_take(&text);
}
