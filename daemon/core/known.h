/* All revisions that are known: those of the files and, for a database that is ahead of them, those
 * that only its ledger has. One graph over both, so that targets, plans and states read the same
 * either way. Pure; a value of one thread that lives no longer than what it borrows. */
#ifndef WV_KNOWN_H
#define WV_KNOWN_H

#include "graph.h"
#include "project.h"

struct wv_known {
    const struct wv_project *project; /* borrowed */
    const struct wv_graph *graph;     /* the project's, or `own` */
    struct wv_graph *own;             /* NULL unless ledger revisions had to be added */
    size_t *extra_of;                 /* of each node behind the files': its index in `extra` */
};

/* True when a row is in no file, so that the ledger has to be asked about it. */
bool wv_known_needs_ledger(const struct wv_project *project, const struct wv_strlist *rows);

/* `extra` are revisions from the ledger, borrowed for the call; those that are in the files as well
 * are left out, and so are edges to revisions that nobody knows. WV_LOAD_ERROR when the files have
 * problems, or files and ledger together make no graph. */
bool wv_known_init(struct wv_known *known, const struct wv_project *project,
                   const struct wv_graph_decl *extra, size_t extra_count,
                   struct wv_err *err) WV_MUST_CHECK;
void wv_known_free(struct wv_known *known);

/* The file of a node; NULL: only the ledger has it, at wv_known_extra(). */
const struct wv_revision *wv_known_file(const struct wv_known *known, wv_node node);
size_t wv_known_extra(const struct wv_known *known, wv_node node);

#endif
