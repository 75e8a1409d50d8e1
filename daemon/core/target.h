/* The grammar of targets and what they mean against a graph and a state.
 *
 *     target  = [ branch "@" ] [ symbol ] [ ("+" | "-") number ]
 *     symbol  = revision id or its unique beginning | branch label | head | heads | base | current
 *     branch  = branch label | revision id or its unique beginning
 *     range   = [ target ] ":" [ target ]
 *
 * A beginning matches ids and labels of more than 3 bytes. `head` is the one revision that nothing
 * revises, `heads` are all that nothing revises or depends on; after a branch both mean the heads
 * of that branch. A number without a symbol counts from where the database is (upgrade, downgrade)
 * or from the heads (show and the lower end of a history). `current` (the rows of the database) is
 * a word of show and history alone. These are the rules of Alembic (its revision.py and manual,
 * "Working with Branches"), except that its accidents are errors here. Pure; any thread. */
#ifndef WV_TARGET_H
#define WV_TARGET_H

#include "state.h"

struct wv_target {
    char *text;   /* as typed */
    char *branch; /* NULL when there is none */
    char *symbol; /* NULL when there is none */
    bool relative;
    bool up;      /* the sign, when relative */
    size_t steps; /* when relative */
};

/* BAD_TARGET when `text` is not of the grammar. `graph` decides whether "a-1" is a label. */
bool wv_target_parse(struct wv_target *target, const struct wv_graph *graph, const char *text,
                     struct wv_err *err) WV_MUST_CHECK;
void wv_target_free(struct wv_target *target);

#define WV_AUTOTARGET __attribute__((cleanup(wv_target_free)))

/* True when `text` has a ":". `*from` and `*to` are then the caller's own; NULL for an end that was
 * left out. */
bool wv_target_is_range(const char *text);
bool wv_target_split(const char *text, char **from, char **to, struct wv_err *err) WV_MUST_CHECK;

/* The revision that a branch name stands for. */
bool wv_target_branch(const struct wv_graph *graph, const char *branch, wv_node *node,
                      struct wv_err *err) WV_MUST_CHECK;

/* The revisions that `target` names without a direction, for show, history, stamp and new
 * revisions; none for base. `state` is NULL where `current` has no meaning. Adds to `nodes`,
 * without repeats of its own. */
bool wv_target_resolve(const struct wv_graph *graph, const struct wv_state *state,
                       const struct wv_target *target, struct wv_nodes *nodes,
                       struct wv_err *err) WV_MUST_CHECK;
/* The same from the text. */
bool wv_target_nodes(const struct wv_graph *graph, const struct wv_state *state, const char *text,
                     struct wv_nodes *nodes, struct wv_err *err) WV_MUST_CHECK;
/* Rows to start from, as `--from` and the left side of a range name them: each text one revision or
 * base. Adds ids to `rows`. */
bool wv_target_start(const struct wv_graph *graph, const char *text, struct wv_strlist *rows,
                     struct wv_err *err) WV_MUST_CHECK;

/* The revisions to upgrade to; none for base. With `lenient` a walk that leaves the graph stops at
 * its last revision (history) instead of failing. */
bool wv_target_upgrade(const struct wv_state *state, const char *text, bool lenient,
                       struct wv_nodes *nodes, struct wv_err *err) WV_MUST_CHECK;

struct wv_down_target {
    wv_node node;   /* WV_NO_NODE: the base */
    wv_node branch; /* whose lineage alone goes down; WV_NO_NODE: all */
};

bool wv_target_downgrade(const struct wv_state *state, const char *text,
                         struct wv_down_target *target, struct wv_err *err) WV_MUST_CHECK;

#endif
