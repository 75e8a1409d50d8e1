/* What target.c and target_move.c share. */
#ifndef WV_TARGET_IMPL_H
#define WV_TARGET_IMPL_H

#include "target.h"

/* The one revision that a target without a direction names: WV_NO_NODE for base. MULTIPLE_HEADS
 * when there are several. */
bool wv_target_single(const struct wv_graph *graph, const struct wv_state *state,
                      const struct wv_target *target, wv_node *node,
                      struct wv_err *err) WV_MUST_CHECK;

struct wv_target_walk {
    const struct wv_target *target;   /* direction, steps, text */
    const struct wv_nodeset *lineage; /* going up, where to stay; NULL: anywhere */
    bool lenient;                     /* stop at the end of the graph */
};

/* From `start` (WV_NO_NODE: the base) along down revisions. `*end` is WV_NO_NODE when the base is
 * reached. */
bool wv_target_walk(const struct wv_graph *graph, const struct wv_target_walk *walk, wv_node start,
                    wv_node *end, struct wv_err *err) WV_MUST_CHECK;

/* RELATIVE_OUT_OF_RANGE. */
bool wv_target_too_far(const struct wv_target *target, struct wv_err *err);

#endif
