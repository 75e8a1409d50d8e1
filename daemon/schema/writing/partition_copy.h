/* What a table has because it is a partition: copies of the indexes and constraints of its whole. A
 * table is detached before and attached after all else that is done to it and to what it is a part
 * of; in between it stands alone, with copies that have become its own. Internal to the folder. */
#ifndef WV_PARTITION_COPY_H
#define WV_PARTITION_COPY_H

#include "ddl.h"
#include "difference.h"
#include "kind.h"

/* Is the table a partition before and after, and never detached in between? */
bool wv_stays_partition(const struct wv_ddl *ddl, const struct wv_object *table);
/* Does it become one? */
bool wv_is_attached(const struct wv_ddl *ddl, const struct wv_object *table);
/* Does the column come with that of the table that this one is a part of, or inherits from? */
bool wv_is_given(const struct wv_ddl *ddl, const struct wv_object *column);

/* The copy that an index or constraint has been, when its table is detached and keeps it; that it
 * becomes, when its table is attached, or the whole gets an index like it. NULL: none. For checks
 * and foreign keys, whose copies are no objects, that of the whole. */
const struct wv_object *wv_left_copy(const struct wv_ddl *ddl, const struct wv_object *own);
const struct wv_object *wv_coming_copy(const struct wv_ddl *ddl, const struct wv_object *own);
/* What of this table alone an index or key has been that is a copy now; NULL: nothing. */
const struct wv_object *wv_own_before(const struct wv_ddl *ddl, const struct wv_object *copy);

/* Is an index, key or copy of the old schema there in the new one, be it as what it was or as one
 * of the others, without having been made anew? */
bool wv_lives_on(const struct wv_difference *difference, const struct wv_object *old);

/* Copies that a detached table keeps and nobody wants; those that it needs to be attached. */
void wv_drop_left_copies(struct wv_ddl *ddl, const struct wv_object *table);
void wv_prepare_attach(struct wv_ddl *ddl, const struct wv_object *table);

/* Is the copy there when the table has been made or attached, or the index of the whole? Else it is
 * built and attached by itself. */
bool wv_comes_by_itself(const struct wv_ddl *ddl, const struct wv_object *copy);
/* Has its table, which is attached, such an index under its name before that is done? */
bool wv_is_there_before_attach(const struct wv_ddl *ddl, const struct wv_object *copy);
/* The copy as it was, when it stays although what it is a copy of becomes a copy itself, or is none
 * any more. NULL: it does not. */
const struct wv_object *wv_same_copy(const struct wv_ddl *ddl, const struct wv_object *copy);
void wv_build_copy(struct wv_ddl *ddl, const struct wv_object *copy);
/* What the copy has otherwise than what it is a copy of. */
void wv_write_copy_settings(struct wv_ddl *ddl, const struct wv_object *copy);
/* From what the copy had to what the index or key has that it has become. */
void wv_take_over_copy(struct wv_ddl *ddl, const struct wv_object *copy,
                       const struct wv_object *own);

/* Does the statement for the index or key of a partitioned table make it of that one alone, and its
 * copies one by one? */
bool wv_is_made_alone(const struct wv_ddl *ddl, const struct wv_object *index);
/* Is there a partition that is to be without a copy of the index or key, and had one or was none?
 */
bool wv_misses_more(const struct wv_change *index);

/* "WITH (...)" inside an index' definition, where CREATE INDEX wants it. The caller's own. */
char *wv_definition_with(const char *definition, const char *options);
/* Has the index, or one of its copies, adopted the index of a key of a partition's own? */
bool wv_has_adopted(const struct wv_object *index);
/* A partitioned table that is in use: its indexes are built partition by partition. */
bool wv_builds_by_partition(const struct wv_ddl *ddl, const struct wv_object *table);

#endif
