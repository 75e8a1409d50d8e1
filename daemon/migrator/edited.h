/* Which applied revisions have other files now than when they were applied. The answer changes only
 * with the ledger or the files, so it is kept until one of them moves: asking again costs nothing.
 * Migrator thread. */
#ifndef WV_EDITED_H
#define WV_EDITED_H

#include "ledger_read.h"
#include "project.h"

struct wv_edited {
    struct wv_project *project; /* a reference to the files that were compared; NULL: none yet */
    int64_t last_history;       /* the ledger's state that they were compared with */
    struct wv_strlist revisions;
};

/* `revisions` is up to date afterwards. */
bool wv_edited_update(struct wv_edited *edited, struct wv_project *project, int64_t last_history,
                      struct wv_ledger *ledger, struct wv_pg *pg, const struct wv_pg_wait *wait,
                      struct wv_err *err) WV_MUST_CHECK;
void wv_edited_clear(struct wv_edited *edited);

#endif
