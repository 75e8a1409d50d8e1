/* Questions about an object and what is around it in its catalog. Pure, any thread; what is found
 * is borrowed of the catalog. Internal to the folder. */
#ifndef WV_LOOKUP_H
#define WV_LOOKUP_H

#include "catalog.h"
#include "kind.h"

/* Its first part of this kind, what it needs first of this kind; NULL: there is none, or no object.
 */
const struct wv_object *wv_part_of_kind(const struct wv_object *object, const struct wv_kind *kind);
const struct wv_object *wv_need_of_kind(const struct wv_object *object, const struct wv_kind *kind);

/* The column of a table by its name, as it is; NULL: there is none, or no table. */
const struct wv_object *wv_find_column(const struct wv_object *table, const char *name);
/* A table or foreign table by its name; NULL: there is none. */
const struct wv_object *wv_find_table(const struct wv_catalog *catalog, const char *name);
/* The table that a foreign key references; NULL: it is none, or that is not in the catalog. */
const struct wv_object *wv_referenced_table(const struct wv_catalog *catalog,
                                            const struct wv_object *object);

/* Does a foreign key refer to the table? */
bool wv_is_referenced(const struct wv_object *table);
/* Does it need each column of the table by itself? */
bool wv_needs_all_columns(const struct wv_object *object, const struct wv_object *table);
/* Is it a CHECK constraint of a table, its primary key? */
bool wv_is_check(const struct wv_object *object);
bool wv_is_primary_key(const struct wv_object *object);

/* The expression of the column's default; NULL: none. */
const char *wv_default_of(const struct wv_object *column);

/* The schema of an object, as the server quotes it. The caller's own. */
char *wv_quoted_schema(const struct wv_object *object);

/* The columns and all behind them, as CREATE INDEX wants it, of a definition that begins with the
 * type. The caller's own. */
char *wv_key_columns(const char *type, const char *definition);

#endif
