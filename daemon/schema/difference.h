/* What two catalogs differ in, and what has to be done about each object: first by the objects
 * themselves, then by what cannot stay while others change. Pure; a difference borrows both
 * catalogs. */
#ifndef WV_DIFFERENCE_H
#define WV_DIFFERENCE_H

#include "catalog.h"
#include "kind.h"

enum wv_deed {
    WV_DEED_KEEP,
    WV_DEED_CREATE,
    WV_DEED_DROP,
    WV_DEED_ALTER,
    WV_DEED_RECREATE, /* drop and create */
    WV_DEED_REBUILD, /* create beside the old one, which is dropped when nothing uses it any more */
};

struct wv_conversion;

/* How columns that stay use a type or collation. */
enum wv_use {
    WV_USE_UNKNOWN, /* not asked yet */
    WV_USE_NONE,
    WV_USE_BARE,   /* their values are of it */
    WV_USE_INSIDE, /* and of some the values have such inside: arrays, ranges, composites */
};

/* One object before and after: one of them may be NULL. */
struct wv_twin {
    struct wv_object *old;
    struct wv_object *new;
    enum wv_deed deed;
    /* Why it is re-created although it may be equal: the twin that cannot change under it. */
    const struct wv_twin *because;
    /* A column that keeps its type by name, and goes over to the one that is rebuilt. */
    bool is_moved;
    /* Its type cannot be there twice: it is text in between. */
    bool is_parked;
    /* The name, quoted, that the old one has while both are there; NULL: it needs none. Owned. */
    char *aside;
    /* What has been found out of an old type, so that it is asked once: by rebuild.c, and by
     * writing/type_move.c (owned; NULL: not yet). */
    enum wv_use use;
    struct wv_conversion *conversion;
};

struct wv_difference {
    const struct wv_catalog *before;
    const struct wv_catalog *after;
    struct wv_twin *twins; /* in the order of the catalogs' objects */
    size_t count;
    size_t *of_old; /* by index in `before`: which twin */
    size_t *of_new;
    /* What is ignored and stands in the way: it needs `obstructed`, which cannot stay as it is; or
     * that needs it, and it is not there. NULL: nothing does. */
    const struct wv_object *obstacle;
    const struct wv_twin *obstructed;
    bool is_missing; /* the latter */
};

void wv_difference_find(struct wv_difference *difference, const struct wv_catalog *before,
                        const struct wv_catalog *after);
void wv_difference_clear(struct wv_difference *difference);
#define WV_AUTODIFFERENCE __attribute__((cleanup(wv_difference_clear)))

/* WV_SCHEMA_UNWRITTEN with the path when something that is ignored stands in the way. */
bool wv_difference_check(const struct wv_difference *difference, struct wv_err *err) WV_MUST_CHECK;

bool wv_difference_is_empty(const struct wv_difference *difference);
struct wv_twin *wv_twin_of_old(const struct wv_difference *difference, const struct wv_object *old);
struct wv_twin *wv_twin_of_new(const struct wv_difference *difference, const struct wv_object *new);

/* Is the object, or what it is part of, ignored by the user's patterns? Is it ours to change? */
bool wv_is_ignored(const struct wv_object *object);
bool wv_is_ours(const struct wv_object *object);

/* Is it there before and after, and not made anew in between? */
bool wv_twin_stays(const struct wv_twin *twin);

/* Is it a column that goes over to another type, collation, or form of its type, in place? */
bool wv_goes_over(const struct wv_twin *twin);

/* Does the attribute differ, compared or not? */
bool wv_change_of(const struct wv_change *change, const char *attribute);

#endif
