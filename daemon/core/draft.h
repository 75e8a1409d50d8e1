/* What a new revision or a merge would be: its parents, dependencies and labels, checked against
 * the graph before a file is written. Pure; any thread. */
#ifndef WV_DRAFT_H
#define WV_DRAFT_H

#include "target.h"

struct wv_draft_request {
    const char *id;                      /* of the new revision */
    const struct wv_strlist *heads;      /* targets it revises; empty or NULL: head */
    const struct wv_strlist *depends_on; /* ids, their beginnings or labels */
    const struct wv_strlist *labels;
    bool splice; /* may revise what is no head */
    bool merge;  /* must revise at least two */
};

struct wv_draft {
    struct wv_strlist down;       /* full ids, in the order asked for */
    struct wv_strlist depends_on; /* full ids; a label stays a label */
    struct wv_strlist labels;
    struct wv_strlist heads; /* the graph's heads once it is there, in byte order */
};

/* On failure there is nothing to free. */
bool wv_draft_make(const struct wv_graph *graph, const struct wv_draft_request *request,
                   struct wv_draft *draft, struct wv_err *err) WV_MUST_CHECK;
void wv_draft_free(struct wv_draft *draft);

#endif
