/* Plans: what an upgrade, a downgrade or a stamp would do, computed before anything touches the
 * database. Pure and deterministic: the same graph, rows and targets give the same plan on each
 * machine (the order is that of graph.h, backwards when going down). Ids are borrowed from the
 * graph; a plan lives no longer than it. Any thread.
 *
 * Each step carries the change that it makes to the version table, so that after any number of
 * steps the rows are right: exactly the applied revisions that no other applied revision revises or
 * depends on. The change belongs in the transaction of its step. */
#ifndef WV_PLAN_H
#define WV_PLAN_H

#include "target.h"

/* Rows to delete, then rows to insert (one of each: an update). */
struct wv_row_change {
    const char *const *removed;
    size_t removed_count;
    const char *const *added;
    size_t added_count;
};

struct wv_step {
    wv_node node;
    bool up;
    const char *id;
    struct wv_row_change rows;
};

struct wv_plan {
    struct wv_step *steps;
    size_t count;
    struct wv_strlist rows_before; /* as given (offline: as the range says), in byte order */
    struct wv_strlist heads_after; /* the rows afterwards, in byte order */
    /* A stamp has no steps but one change of rows. */
    struct wv_strlist stamp_removed;
    struct wv_strlist stamp_added;
    const char **row_pool; /* what the steps' changes point into */
};

enum wv_plan_kind { WV_PLAN_UPGRADE, WV_PLAN_DOWNGRADE, WV_PLAN_STAMP };

struct wv_plan_request {
    enum wv_plan_kind kind;
    const struct wv_strlist *current; /* rows of the version table; ignored when offline */
    const struct wv_strlist *targets; /* upgrade and stamp: one or more; downgrade: one */
    bool offline;                     /* --sql: a target may be "from:to", no rows otherwise */
    bool purge;                       /* stamp: forget all rows first, known or not */
};

/* On failure there is nothing to free. */
bool wv_plan_make(const struct wv_graph *graph, const struct wv_plan_request *request,
                  struct wv_plan *plan, struct wv_err *err) WV_MUST_CHECK;

bool wv_plan_upgrade(const struct wv_graph *graph, const struct wv_strlist *current,
                     const struct wv_strlist *targets, struct wv_plan *plan,
                     struct wv_err *err) WV_MUST_CHECK;
bool wv_plan_downgrade(const struct wv_graph *graph, const struct wv_strlist *current,
                       const char *target, struct wv_plan *plan, struct wv_err *err) WV_MUST_CHECK;
bool wv_plan_stamp(const struct wv_graph *graph, const struct wv_strlist *current,
                   const struct wv_strlist *targets, bool purge, struct wv_plan *plan,
                   struct wv_err *err) WV_MUST_CHECK;
void wv_plan_free(struct wv_plan *plan);

/* True when the plan changes nothing. */
bool wv_plan_is_empty(const struct wv_plan *plan);

#define WV_AUTOPLAN __attribute__((cleanup(wv_plan_free)))

#endif
