/* Rows that are put into the tables of a scratch database before new revisions are run in it, and
 * counted after, with their values by column: that nothing is lost but what a hazard says is then
 * seen, and not believed. Proof thread. */
#ifndef WV_ROWS_H
#define WV_ROWS_H

#include "rows_insert.h"
#include "rows_read.h"
#include "told.h"

/* Puts a row into each table but those named in `spared`, and counts all. */
bool wv_rows_seed(struct wv_rows *rows, struct wv_room *room, enum wv_row_values values,
                  const struct wv_strlist *spared, struct wv_err *err) WV_MUST_CHECK;
/* Counts again, into `now`. `*why` stays NULL when rows, tables, columns and their values are
 * there, but those whose loss is told; else it says what is gone, and after what; the caller's own.
 * Of a column whose type is another now only how many values there are is compared. Tables that
 * were rewritten although nothing told so are added to `rewritten`. */
bool wv_rows_check(const struct wv_rows *was, struct wv_rows *now, struct wv_room *room,
                   const struct wv_told *told, const char *after, struct wv_strlist *rewritten,
                   char **why, struct wv_err *err) WV_MUST_CHECK;

#endif
