/* Tables that have columns and constraints of others, in one catalog: heirs of what they inherit
 * from, and partitions of their whole. Pure, any thread; what is found is borrowed of the catalog.
 * Internal to the folder. */
#ifndef WV_INHERITANCE_H
#define WV_INHERITANCE_H

#include "difference.h"

/* The next of the tables that inherit of this one or are its partitions, from *at on, which starts
 * as 0; NULL: there is none. */
const struct wv_object *wv_next_heir(const struct wv_object *table, size_t *at);

/* Of two lists of the parents of a table, before and after: the end of that part of the new one
 * which the old one has in the same order, without those of the old that are in the new one no
 * more, as far as none is made anew. Is a parent of this name before such an end? */
const char *wv_behind_kept_parents(const struct wv_difference *difference, const char *old,
                                   const char *new);
bool wv_is_parent_before(const char *list, const char *end, const char *name);

/* Is a foreign table among them, or among their heirs? */
bool wv_has_foreign_heirs(const struct wv_object *table);

/* Is the column its parents' alone, and not its table's own as well? */
bool wv_is_inherited_only(const struct wv_object *column);
/* The next of the parents' columns that this one comes from, from *at on, which starts as 0; NULL:
 * there is none. Of several one with a default; NULL: it is its table's own. */
const struct wv_object *wv_next_giver(const struct wv_catalog *catalog,
                                      const struct wv_object *column, size_t *at);
const struct wv_object *wv_inherited_from(const struct wv_catalog *catalog,
                                          const struct wv_object *column);

/* Does the constraint have its like on each partition or heir, under its own name (checks, and
 * foreign keys of partitioned tables)? */
bool wv_has_shared_copies(const struct wv_object *constraint);
/* Is the copy that the heir has of a check one that the rows were never held against? */
bool wv_is_unvalidated_on(const struct wv_object *check, const struct wv_object *heir);
/* The same constraint of the table; of what it is a partition of, or inherits from. NULL: none. */
const struct wv_object *wv_find_constraint(const struct wv_object *table,
                                           const struct wv_object *like);
const struct wv_object *wv_find_shared(const struct wv_catalog *catalog,
                                       const struct wv_object *table, const struct wv_object *like);

#endif
