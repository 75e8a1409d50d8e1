/* The statements by which columns go over to another type, or to their own when it is made anew.
 * Internal to the folder. */
#ifndef WV_COLUMN_MOVES_H
#define WV_COLUMN_MOVES_H

#include "ddl.h"
#include "kind.h"

/* Columns of one table, or of several whose heirs share some of them, go over in as few statements
 * as can be: each to the type that it has after, with what that takes away. Those that a parent
 * takes along are left to it. */
void wv_move_columns(struct wv_ddl *ddl, const struct wv_change *columns, size_t count);

/* Those that have to become text for a while do so. */
void wv_park_columns(struct wv_ddl *ddl, const struct wv_change *columns, size_t count);

#endif
