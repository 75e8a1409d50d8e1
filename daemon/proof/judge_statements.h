/* What pg_dump prints, as statements that can be compared one by one. Pure. */
#ifndef WV_JUDGE_STATEMENTS_H
#define WV_JUDGE_STATEMENTS_H

#include "catalog.h"
#include "err.h"
#include "strlist.h"

/* Adds the statements of a dump in an order that does not depend on the database's past, without
 * those of what `catalog` says is ignored (NULL: none). A statement that is meant under settings
 * of the session (tablespace, access method, who grants) has them before it. WV_INTERNAL with the
 * faults when the dump cannot be read. */
bool wv_judge_statements(struct wv_strlist *out, const char *dump, const struct wv_catalog *catalog,
                         struct wv_err *err) WV_MUST_CHECK;

#endif
