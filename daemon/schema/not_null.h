/* How a column of a table in use becomes NOT NULL without a scan that holds others up: a check that
 * is valid proves it, be it one of the table's own or one made for that. Internal to the folder. */
#ifndef WV_NOT_NULL_H
#define WV_NOT_NULL_H

#include "ddl.h"

/* The name that the constraint has; NULL: none, or the one that the server chooses by itself. */
const char *wv_unusual_not_null(const struct wv_object *object);

/* Looks at all rows, unless a valid check proves it. */
struct wv_ddl_statement *wv_set_not_null(struct wv_ddl *ddl, const struct wv_object *column);

/* `column`: the new one. */
void wv_write_not_null(struct wv_ddl *ddl, const struct wv_object *column);

/* Before a check is dropped: what it has proven is said of its column. */
void wv_write_proven_not_null(struct wv_ddl *ddl, const struct wv_object *check);

#endif
