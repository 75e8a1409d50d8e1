/* Stamps: rows are set, no step runs. For plan.c alone. */
#ifndef WV_PLAN_STAMP_H
#define WV_PLAN_STAMP_H

#include "plan.h"

/* The rows in the lineage (by both kinds of edges) of any target make way for the targets that are
 * not rows already; the other rows stay. Plain `base` has all rows in its lineage. This is what
 * Alembic's stamp does, for several targets and `heads` too. */
bool wv_plan_stamp_rows(struct wv_plan *plan, const struct wv_state *state,
                        const struct wv_strlist *targets, struct wv_err *err) WV_MUST_CHECK;

#endif
