/* One look at the database for those who ask from outside: the ledger, who leads, the revisions
 * that the files do not have, and those whose files were edited. Watcher thread. */
#ifndef WV_LOOK_H
#define WV_LOOK_H

#include "advisory.h"
#include "edited.h"
#include "message.h"

/* What changes only with the ledger or the files, so that a look does not read it again. Start from
 * all zero; cleared when the connection or the settings are others. */
struct wv_look_memory {
    struct wv_edited edited;
    struct wv_project *project; /* a reference to the files that `unknown` was told from */
    int64_t last_history;
    struct wv_ledger_revisions unknown;
};

void wv_look_memory_clear(struct wv_look_memory *memory);

struct wv_look_request {
    int64_t lock_key;
    struct wv_project *project; /* NULL: nothing is compared with files */
    bool with_sql;              /* of the unknown revisions */
};

/* Fills `state` (all zero before). With a project, recorded revisions that it does not have are
 * read from the ledger. On failure `state` is left all zero. */
bool wv_look(struct wv_ledger *ledger, struct wv_pg *pg, const struct wv_look_request *request,
             struct wv_look_memory *memory, struct wv_db_state *state,
             const struct wv_pg_wait *wait, struct wv_err *err) WV_MUST_CHECK;

#endif
