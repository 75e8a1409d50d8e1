/* What a table has of the tables that it inherits from. Partitions are no matter of this. Internal
 * to the folder. */
#ifndef WV_PARENTS_H
#define WV_PARENTS_H

#include "ddl.h"

/* The parents of a table before and after; those that it has all the time are the first of the new
 * ones, up to `added`. */
struct wv_parents {
    const struct wv_object *old_table; /* NULL: there is none */
    const struct wv_object *new_table;
    const char *old;
    const char *new;
    const char *added; /* the end of `new`: who is inherited from now, or again */
};

struct wv_parents wv_parents_of(const struct wv_ddl *ddl, const struct wv_object *table);
bool wv_keeps_parent(const struct wv_parents *parents, const char *name);
/* Does a parent have the column before that the table has all the time? */
bool wv_is_given_all_the_time(const struct wv_ddl *ddl, const struct wv_object *column);

/* Checks that tables hand on; of one name the first. They are borrowed. */
struct wv_checks {
    const struct wv_object **items;
    size_t count;
    size_t capacity;
};

/* Adds those of the tables in the list, and of whom they inherit from. `parents`, which may be
 * NULL: of those only whom the table has all the time. */
void wv_checks_collect(struct wv_checks *checks, const struct wv_catalog *catalog, const char *list,
                       const struct wv_parents *parents);
void wv_checks_clear(struct wv_checks *checks);
#define WV_AUTOCHECKS __attribute__((cleanup(wv_checks_clear)))
bool wv_checks_has(const struct wv_checks *checks, const struct wv_object *like);

/* What a table has by inheritance alone becomes its own when the last parent that has it is left,
 * and nothing turns it back: while its parents change, another one that is made for this holds it.
 * Leaves the old parents that go, or come back in another place; has the new ones then. */
void wv_leave_parents(struct wv_ddl *ddl, const struct wv_object *table);
void wv_join_parents(struct wv_ddl *ddl, const struct wv_object *table);
/* Makes an inherited column the table's own as well. */
void wv_make_column_own(struct wv_ddl *ddl, const struct wv_object *column);

#endif
