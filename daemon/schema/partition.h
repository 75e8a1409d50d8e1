/* Tables that are partitions, and their wholes. Pure, any thread; what is found is borrowed of the
 * catalog. Internal to the folder. */
#ifndef WV_PARTITION_H
#define WV_PARTITION_H

#include "difference.h"

bool wv_is_partitioned(const struct wv_object *table);
/* Is the column's table, or one of its partitions, partitioned by it? Nothing changes its type
 * then.
 */
bool wv_is_partitioned_by(const struct wv_object *column);

/* The object by which a table is a partition; NULL: it is none. The table that it is a part of. */
const struct wv_object *wv_partition_of(const struct wv_object *table);
const struct wv_object *wv_partition_whole(const struct wv_catalog *catalog,
                                           const struct wv_object *table);

/* Is the table of the old schema a partition before and after, and never detached in between? */
bool wv_partition_stays(const struct wv_difference *difference, const struct wv_object *old);

/* Is there a copy of the same, under another name, on the table of this index or key of its own?
 * When the table is attached, or the index of the whole made, the server may take either.
 * `source`: that of the whole; NULL: of any. */
bool wv_is_like_copy(const struct wv_object *own, const struct wv_object *source);

#endif
