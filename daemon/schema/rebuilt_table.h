/* Tables that nothing can alter: they are rebuilt, and their rows are copied into the new one. A
 * tree of partitions goes as a whole from the table on that asks for it, and what inherits goes
 * with its parent. Internal to the folder. */
#ifndef WV_REBUILT_TABLE_H
#define WV_REBUILT_TABLE_H

#include "difference.h"

/* The table that is rebuilt when this one has to be: itself, and of those that it is a partition of
 * before and after the topmost that foreign keys refer to, whose rows cannot be away for a while;
 * the topmost of all when one of its columns asks for that, which is theirs as well. */
struct wv_twin *wv_rebuilt_tree(const struct wv_difference *difference, struct wv_twin *table,
                                bool is_for_column);
/* Is a table (of the old schema) that is a partition or an heir of one that is rebuilt so after it,
 * too? */
bool wv_is_rebuilt_along(const struct wv_difference *difference, const struct wv_object *heir);
/* The rebuilt table that this is, or is part of, or goes with for good; NULL: there is none. */
const struct wv_twin *wv_rebuilt_table(const struct wv_difference *difference,
                                       const struct wv_object *old);
/* The rebuilt table with which the rows of this one (of the old schema) are copied, and which it is
 * dropped with, because it is a partition of that one, and either no table any more or a partition
 * of the new one as well; NULL: there is none. */
const struct wv_object *wv_copied_with(const struct wv_difference *difference,
                                       const struct wv_object *old);
/* Is it a rebuilt table that is to be a partition, and is attached when it has its rows? */
bool wv_is_attached_filled(const struct wv_difference *difference, const struct wv_twin *table);
/* Is it a table, or what one has from its CREATE on, before its rows: a check that those need not
 * obey comes after them, unless some partition or heir has held its own against it. Is it such, or
 * any check, of a rebuilt table: there in the new one whatever is in the old one. */
bool wv_comes_with_table(const struct wv_object *object);
bool wv_is_beside(const struct wv_difference *difference, const struct wv_object *old);

#endif
