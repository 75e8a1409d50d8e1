/* What the files of plan share. */
#ifndef WV_PLAN_IMPL_H
#define WV_PLAN_IMPL_H

#include "plan.h"

/* Turns an ordered list of revisions into the steps of `plan`, each with its change of rows, and
 * fills heads_after. Going up, each must come after its parents; going down, before them. */
void wv_plan_rows(struct wv_plan *plan, const struct wv_state *state, const struct wv_nodes *nodes,
                  bool up);
/* No step: the rows stay as they are. */
void wv_plan_unchanged(struct wv_plan *plan, const struct wv_state *state);

#endif
