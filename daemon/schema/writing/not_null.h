/* How a column of a table in use becomes NOT NULL without a scan that holds others up: a check that
 * is valid proves it, be it one of the table's own or one made for that. Internal to the folder. */
#ifndef WV_NOT_NULL_H
#define WV_NOT_NULL_H

#include "ddl.h"
#include "difference.h"

/* The name that the constraint has; NULL: none, or the one that the server chooses by itself. */
const char *wv_unusual_not_null(const struct wv_object *object);

/* Looks at all rows, unless a valid check proves it. */
struct wv_ddl_statement *wv_set_not_null(struct wv_ddl *ddl, const struct wv_object *column);

/* A column becomes NOT NULL, or stops to be it. */
void wv_change_not_null(struct wv_ddl *ddl, const struct wv_change *change);
/* The constraint that it is from PostgreSQL 18 on gets its new name. */
void wv_rename_not_null(struct wv_ddl *ddl, const struct wv_change *change);

/* Before a check is dropped: what it has proven is said of its column. */
void wv_write_proven_not_null(struct wv_ddl *ddl, const struct wv_object *check);

#endif
