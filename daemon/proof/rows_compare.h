/* What has gone of the rows and values of tables between two moments. Pure. */
#ifndef WV_ROWS_COMPARE_H
#define WV_ROWS_COMPARE_H

#include "rows_read.h"
#include "told.h"

/* Of a table that may have been altered, but is the same: columns are paired by their numbers.
 * `is` is NULL when it is there no more. NULL: nothing has; else a sentence, the caller's own. */
char *wv_rows_loss(const struct wv_counted_table *was, const struct wv_counted_table *is);
/* Is the loss told of the table, under its name before or after (`is` may be NULL), or of what it
 * is a partition or an heir of? */
bool wv_rows_is_told(const struct wv_strlist *told, const struct wv_counted_table *was,
                     const struct wv_counted_table *is);

/* Of all tables that are made anew, each with its partitions; as those are others then, columns are
 * paired by their names. Of several the first that has lost any. */
char *wv_rows_loss_of_copied(const struct wv_rows *was, const struct wv_rows *now,
                             const struct wv_told *told);
/* Was the table, which is there no more, made anew, or a partition of such? */
bool wv_rows_is_copied(const struct wv_told *told, const struct wv_counted_table *was);

#endif
