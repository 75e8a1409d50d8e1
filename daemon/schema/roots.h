/* Columns and checks that an heir has from several tables which inherit from no common one that has
 * them: the server gives such another type or name only in all of those tables at once. It does so
 * in what all of them inherit from; for that time there is a table that they do. Pure, any thread.
 */
#ifndef WV_ROOTS_H
#define WV_ROOTS_H

#include "difference.h"
#include "strlist.h"

/* A part of a table and those that share heirs with it, directly or through others, and come from
 * no parent themselves. */
struct wv_roots {
    const struct wv_object **parts; /* borrowed, in the order of their catalog; tables first */
    size_t count;
    size_t capacity;
};

/* Of a column or check that comes from no parent, with itself. `difference` may be NULL; else only
 * those count that are inherited before and after, and all the time in between. */
void wv_roots_find(struct wv_roots *roots, const struct wv_catalog *catalog,
                   const struct wv_object *part, const struct wv_difference *difference);
/* Are both of the same tables? */
bool wv_roots_are_same(const struct wv_roots *a, const struct wv_roots *b);
void wv_roots_clear(struct wv_roots *roots);
#define WV_AUTOROOTS __attribute__((cleanup(wv_roots_clear)))

/* The statements that make the table `name` of these columns, which all roots have, and let their
 * tables inherit from it: the last ones, one for each; and those that take that back. */
void wv_roots_gather(struct wv_strlist *statements, const struct wv_roots *roots, const char *name,
                     const struct wv_object *const *columns, size_t count);
void wv_roots_scatter(struct wv_strlist *statements, const struct wv_roots *roots,
                      const char *name);
/* What it may be called. The caller's own. */
char *wv_roots_name(const struct wv_difference *difference, const struct wv_roots *roots);

/* One text of statements that give the roots the name `to`, quoted, or, when they have it, their
 * own again; `name` is that of the table for the time. The caller's own. */
char *wv_roots_rename(const struct wv_roots *roots, const char *name, const char *to, bool is_back);

#endif
