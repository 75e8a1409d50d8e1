/* A set of revisions of one graph, as bits by node index. Start from all zero, then
 * wv_nodeset_init. Not shared between threads. */
#ifndef WV_NODESET_H
#define WV_NODESET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "xalloc.h"

/* The index of a revision in its graph. */
typedef uint32_t wv_node;
/* "No revision": what a walk that ends at the base arrives at. */
#define WV_NO_NODE UINT32_MAX

/* A borrowed, ordered list of nodes. */
struct wv_span {
    const wv_node *items;
    size_t count;
};

/* An owned, ordered list of nodes. Start from all zero. */
struct wv_nodes {
    wv_node *items;
    size_t count;
    size_t capacity;
};

struct wv_nodeset {
    uint64_t *words;
    size_t size;  /* nodes of the graph */
    size_t count; /* members */
};

void wv_nodes_add(struct wv_nodes *list, wv_node node);
bool wv_nodes_has(const struct wv_nodes *list, wv_node node);
void wv_nodes_free(struct wv_nodes *list);

void wv_nodeset_init(struct wv_nodeset *set, size_t size);
/* True when `node` was not a member before. */
bool wv_nodeset_add(struct wv_nodeset *set, wv_node node);
/* True when `node` was a member. */
bool wv_nodeset_remove(struct wv_nodeset *set, wv_node node);
bool wv_nodeset_has(const struct wv_nodeset *set, wv_node node);
void wv_nodeset_free(struct wv_nodeset *set);

#define WV_AUTONODES   __attribute__((cleanup(wv_nodes_free)))
#define WV_AUTONODESET __attribute__((cleanup(wv_nodeset_free)))

#endif
