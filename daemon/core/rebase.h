/* Moving a revision, with all that descends from it, onto another one: what two heads in a team
 * need when a merge point is not wanted. Pure; any thread. */
#ifndef WV_REBASE_H
#define WV_REBASE_H

#include "target.h"

struct wv_rebase {
    wv_node node; /* the revision to move */
    wv_node from; /* what it revises */
    wv_node onto; /* what it is to revise; may equal `from`; WV_NO_NODE: the base */
};

/* `revision` and `onto` are targets of one revision each; `onto` NULL is the one head that does not
 * descend from the revision. WV_BAD_TARGET when the revision has no parent or several, or the move
 * would close a cycle; else as wv_target_nodes. */
bool wv_rebase_make(const struct wv_graph *graph, const char *revision, const char *onto,
                    struct wv_rebase *rebase, struct wv_err *err) WV_MUST_CHECK;

#endif
