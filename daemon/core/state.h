/* What a database has: the rows of its version table, seen through a graph. Pure; a state is not
 * shared between threads and lives no longer than its graph. */
#ifndef WV_STATE_H
#define WV_STATE_H

#include "graph.h"

struct wv_state {
    const struct wv_graph *graph;
    struct wv_nodes rows;      /* as given, in byte order, each once */
    struct wv_nodes heads;     /* the rows that no other row includes */
    struct wv_nodeset applied; /* the rows and all that they revise and depend on */
};

/* `rows` are full ids. A row that the graph does not have is REVISION_NOT_FOUND, its id in
 * err->revision. On failure there is nothing to free. */
bool wv_state_init(struct wv_state *state, const struct wv_graph *graph,
                   const struct wv_strlist *rows, struct wv_err *err) WV_MUST_CHECK;
void wv_state_free(struct wv_state *state);

#define WV_AUTOSTATE __attribute__((cleanup(wv_state_free)))

#endif
