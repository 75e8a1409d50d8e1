/* Reads the schema of a live database into a catalog (catalog.h), in one read-only snapshot and a
 * number of queries that does not depend on its size. No privilege is needed but to connect: what
 * is secret (options of other users' mappings, connection strings) is then not read.
 *
 * Any thread, a connection per thread. */
#ifndef WV_INSPECT_H
#define WV_INSPECT_H

#include "catalog.h"
#include "pg.h"
#include "strlist.h"

struct wv_inspect_options {
    /* Patterns of what is not ours (ignore_pattern.h). A schema that is ignored is so with all that
     * is in it. May be NULL. */
    const struct wv_strlist *ignore;
    const char *ledger_schema;        /* ignored with all that is in it; NULL: none */
    const char *version_table;        /* the same; NULL: none */
    const char *version_table_schema; /* "" or NULL: the first schema of the search path */
};

/* The connection must be idle. Read again when somebody drops what is being read; WV_SQL_ERROR when
 * that does not end. Errors as query.h lists them; WV_INTERNAL when a query does not answer with
 * what its kind asks for. */
bool wv_inspect(struct wv_catalog **out, struct wv_pg *pg, const struct wv_inspect_options *options,
                const struct wv_pg_wait *wait, struct wv_err *err) WV_MUST_CHECK;

#endif
