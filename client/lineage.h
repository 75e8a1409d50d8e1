/* A list of revisions as the daemon sends it, with its edges as numbers: what graphs are drawn
 * from. Parents that are not in the list are left out. */
#ifndef WV_LINEAGE_H
#define WV_LINEAGE_H

#include <jansson.h>
#include <stddef.h>

/* Numbers of revisions: those of node n are items[start[n] .. start[n + 1]). */
struct wv_edges {
    size_t *items;
    size_t *start;
};

struct wv_lineage {
    size_t count;
    const json_t **revisions; /* borrowed from the list, in its order */
    struct wv_edges down;
    struct wv_edges depends;
};

/* Of {"revisions":[R]}, which has to live longer. Edges that would lead to an earlier revision are
 * left out, so the list is an order of the graph, whatever was sent. */
void wv_lineage_init(struct wv_lineage *lineage, const json_t *result);
void wv_lineage_free(struct wv_lineage *lineage);

/* An order of all, newest first, in which every branch comes right before the revision it begins
 * at, the shorter one nearer to it. `order[0]` is the newest; the caller's own. */
size_t *wv_lineage_order(const struct wv_lineage *lineage);

#endif
