/* Sets that are closed along edges of a graph. Each call costs the nodes and edges that it meets,
 * each once, and never recurses. Pure; any thread. */
#ifndef WV_WALK_H
#define WV_WALK_H

#include "graph.h"

enum wv_edges {
    WV_EDGES_DOWN,      /* what a revision revises */
    WV_EDGES_PARENTS,   /* ... and depends on */
    WV_EDGES_CHILDREN,  /* what revises a revision */
    WV_EDGES_FOLLOWERS, /* ... and depends on it */
};

struct wv_span wv_walk_edges(const struct wv_graph *graph, wv_node node, enum wv_edges edges);

/* Adds `from` and all that is reached from it to `set`, which was initialised for this graph.
 * Members of `set` are taken as visited, with all that is reached from them. */
void wv_walk_close(const struct wv_graph *graph, struct wv_nodeset *set, struct wv_span from,
                   enum wv_edges edges);
/* Initialises `set` and adds the ancestors of `from`, `from` and its descendants: what shares its
 * lineage, by down revisions alone or by both kinds of edges. */
void wv_walk_lineage(const struct wv_graph *graph, struct wv_nodeset *set, struct wv_span from,
                     bool with_dependencies);

/* The members, in topological order. */
void wv_walk_members(const struct wv_graph *graph, const struct wv_nodeset *set,
                     struct wv_nodes *members);
/* The members that no other member revises or depends on, in byte order of ids; with `edges`
 * WV_EDGES_CHILDREN, that no other member revises. */
void wv_walk_tips(const struct wv_graph *graph, const struct wv_nodeset *set, enum wv_edges edges,
                  struct wv_nodes *tips);

/* How many edges this thread has followed so far: what cost tests measure. */
size_t wv_walk_cost(void);

#endif
