/* A graph as text, newest first, in lanes as `git log --graph` draws them: `*` is a node, `|` an
 * edge that waits for its parent, `\` and `/` edges that part and meet, `_` one that passes under
 * others. Knows nothing of revisions; numbers in, text out. */
#ifndef WV_DRAW_H
#define WV_DRAW_H

#include <stddef.h>

#include "term.h"

/* A node; its number is its place, and each parent's number is higher. Edges to lower numbers or to
 * none at all are left out. */
struct wv_draw_node {
    size_t *parents; /* in order: the first one goes on in the node's own lane */
    size_t parent_count;
    enum wv_style style; /* of its star */
};

struct wv_draw_nodes {
    const struct wv_draw_node *items;
    size_t count;
    /* Adds the text of a node, lines ended by LF; `columns` are taken by the lanes before it. */
    void (*label)(void *context, size_t node, int columns, struct wv_strbuf *text);
    void *context;
};

/* In time linear in nodes times the lanes that are open at once. */
void wv_draw(struct wv_strbuf *out, const struct wv_look *look, const struct wv_draw_nodes *nodes);

#endif
