/* Types and collations that columns use and nothing can alter: they are rebuilt. The old one is set
 * aside under another name, the new one made, the columns go over to it, the old one is dropped. A
 * range, whose functions nobody may rename, cannot be there twice, nor can what is made of it: the
 * columns are text in between. For tables see rebuilt_table.h.
 * Internal to the folder. */
#ifndef WV_REBUILD_H
#define WV_REBUILD_H

#include "difference.h"

/* Is there a column that has values of this type or collation, by itself or inside of others, and
 * that stays? The same of columns where the server finds no values to check: inside of an array, a
 * range, a composite. */
bool wv_is_in_use(const struct wv_difference *difference, const struct wv_object *old);
bool wv_is_contained(const struct wv_difference *difference, const struct wv_object *old);

/* Are rows of the column's table values of other columns that stay? */
bool wv_are_rows_values(const struct wv_difference *difference, const struct wv_object *column);

/* Can what would be made anew be rebuilt, and has to be: because columns use it, or because what is
 * rebuilt needs the old one? */
bool wv_is_to_be_rebuilt(const struct wv_difference *difference, const struct wv_object *old);

/* Names all that is rebuilt aside, and what is dropped after something else has its name. */
void wv_rebuild_name_aside(struct wv_difference *difference);

/* The type or collation that this is, or is part of, when that is rebuilt; NULL: it is not. */
const struct wv_twin *wv_rebuilt(const struct wv_difference *difference,
                                 const struct wv_object *old);
/* As DROP has to call it: "public.e", or aside. The caller's own. */
char *wv_name_at_drop(const struct wv_difference *difference, const struct wv_object *old);

#endif
