/* All that is recorded as applied, held against the files. Reads the whole ledger but its SQL: cost
 * grows with the number of revisions. Any thread that has a connection. */
#ifndef WV_COMPARE_H
#define WV_COMPARE_H

#include "known.h"
#include "ledger_read.h"
#include "ledger_value.h"
#include "nodeset.h"

struct wv_compared {
    struct wv_project *project;          /* a reference */
    struct wv_ledger_stored_list stored; /* by id, without SQL */
    struct wv_known known;               /* the files', then the ledger's */
    struct wv_strlist rows;              /* of the version table, those that are known */
    struct wv_strlist unknown;           /* and those that are not */
    struct wv_nodeset applied;
};

/* Start from all zero; to be freed in any case. WV_LOAD_ERROR and the errors of queries. */
bool wv_compare(struct wv_compared *compared, struct wv_project *project, struct wv_ledger *ledger,
                struct wv_pg *pg, const struct wv_pg_wait *wait, struct wv_err *err) WV_MUST_CHECK;
void wv_compared_free(struct wv_compared *compared);

#define WV_AUTOCOMPARED __attribute__((cleanup(wv_compared_free)))

/* The revision in a list as wv_ledger_stored() gives it, borrowed; NULL: it has none. */
const struct wv_ledger_stored *wv_compare_find(const struct wv_ledger_stored_list *list,
                                               const char *id);
/* What the ledger has of a node, borrowed; NULL: no record. */
const struct wv_ledger_stored *wv_compared_stored(const struct wv_compared *compared, wv_node node);
/* Whether the node's file says something else than its record; false when either is not there. */
bool wv_compared_is_edited(const struct wv_compared *compared, wv_node node);

/* Adds to `edits` what `file` says against `stored` (NULL: no record). `with_diff` needs `stored`
 * with its SQL and reads the file; WV_FILE_CHANGED, WV_IO_ERROR. */
bool wv_compare_edit(struct wv_edits *edits, const struct wv_revision *file,
                     const struct wv_ledger_stored *stored, bool with_diff,
                     struct wv_err *err) WV_MUST_CHECK;

#endif
