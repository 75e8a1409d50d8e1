/* The inside of a graph, for graph*.c alone. */
#ifndef WV_GRAPH_IMPL_H
#define WV_GRAPH_IMPL_H

#include "graph.h"

/* Edges of all nodes in one array: those of node n are items[start[n] .. start[n + 1]), and from
 * split[n] on they are dependencies. */
struct wv_edge_table {
    wv_node *items;
    uint32_t *start;
    uint32_t *split;
};

/* Names are ids and labels. Name n < count is the id of node n; the others are labels. */
struct wv_graph {
    size_t count;
    size_t name_count;
    char *text;         /* all names */
    const char **names; /* into text */
    wv_node *owners;    /* the node of a name */
    uint32_t *slots;    /* open addressing; name + 1, 0 is free */
    size_t slot_mask;
    uint32_t *sorted; /* names of more than 3 bytes, in byte order */
    size_t sorted_count;
    struct wv_strlist *labels; /* per node */
    struct wv_edge_table down;
    struct wv_edge_table up;
    wv_node *order;
    uint32_t *rank;
    struct wv_nodes heads;
    struct wv_nodes real_heads;
    struct wv_nodes bases;
};

/* Copies the names of `decls`, checks them, makes them findable; the nodes in byte order of their
 * ids go to `by_id`. */
void wv_graph_build_names(struct wv_graph *graph, const struct wv_graph_decl *decls,
                          struct wv_problems *problems, wv_node *by_id);
/* Fills both edge tables from `decls`; edges that lead nowhere or to their own node are left
 * out. */
void wv_graph_build_edges(struct wv_graph *graph, const struct wv_graph_decl *decls,
                          const wv_node *by_id, struct wv_problems *problems);
/* Adds a problem for each cycle. True when there is none. */
bool wv_graph_check_cycles(const struct wv_graph *graph, const struct wv_graph_decl *decls,
                           const wv_node *by_id, struct wv_problems *problems);

/* The name, or UINT32_MAX. */
uint32_t wv_graph_name(const struct wv_graph *graph, const char *text);

#endif
