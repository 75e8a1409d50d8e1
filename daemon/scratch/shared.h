/* What belongs to a whole server, as values that can be held against each other: roles, who is a
 * member of what, settings of roles and databases, privileges on databases, tablespaces and
 * parameters. Scratch databases and what belongs to them are left out. For the files of this
 * folder. */
#ifndef WV_SHARED_H
#define WV_SHARED_H

#include "query.h"

struct wv_shared {
    struct wv_strlist objects; /* "role alice", ... in order, each once */
    struct wv_strlist states;  /* of each; no secret */
};

/* One query. `shared` is all zero before, or cleared. */
bool wv_shared_read(struct wv_shared *shared, struct wv_pg *pg, const struct wv_pg_wait *wait,
                    struct wv_err *err) WV_MUST_CHECK;
/* The objects that are not the same in both. */
void wv_shared_compare(const struct wv_shared *before, const struct wv_shared *after,
                       struct wv_strlist *changed);
void wv_shared_clear(struct wv_shared *shared);

/* What tells a cluster from every other; NULL where that may not be known. The caller's own. */
char *wv_shared_system(struct wv_pg *pg, const struct wv_pg_wait *wait);

#endif
