/* What the server no longer knows of the values of tables once a script has run, and does not find
 * out by itself: no row was written that its autovacuum would count. Internal to the folder. */
#ifndef WV_ANALYZE_H
#define WV_ANALYZE_H

#include "ddl.h"

/* Nothing is known any more of the values of this column, which is one of the new schema; NULL: of
 * something that is computed of the table's rows. Tables without rows, and short forms, are left
 * alone. */
void wv_lose_statistics(struct wv_ddl *ddl, const struct wv_object *table,
                        const struct wv_object *column);
/* The same of a relation that is filled anew. */
void wv_lose_all_statistics(struct wv_ddl *ddl, const struct wv_object *relation);
/* Is it one of an index that has statistics of its own: of expressions, not of columns alone? */
bool wv_has_expressions(const char *definition);

/* Takes over what `from` has lost. */
void wv_gather_lost(struct wv_ddl *out, const struct wv_ddl *from);
/* Adds ANALYZE of all that was lost, one for each table: the last statements of the script, which
 * hold no lock of those before. */
void wv_write_analyze(struct wv_ddl *ddl);

#endif
