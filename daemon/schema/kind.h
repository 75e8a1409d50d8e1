/* The kinds of objects: for each one table of facts (what its attributes are and what changing them
 * takes) and the functions that write its statements. A new kind is one file in kinds/, one line in
 * kinds.c, and one query of the same name in the folder that reads databases.
 *
 * Pure, any thread: everything here is constant. */
#ifndef WV_KIND_H
#define WV_KIND_H

#include "catalog.h"

struct wv_ddl;
struct wv_difference;
struct wv_twin;

/* What a change takes, from the least to the most; the strongest of the changed attributes is
 * the way of the whole object. */
enum wv_way {
    WV_WAY_NONE,     /* nothing: the attribute is there for the writer, and not compared */
    WV_WAY_ALTER,    /* statements that change it in place */
    WV_WAY_RECREATE, /* drop and create, with all that needs it and all that is part of it */
};

struct wv_attribute {
    const char *name; /* the column of the kind's query */
    enum wv_way way;
};

/* One object in both catalogs, and different. */
struct wv_change {
    const struct wv_object *old;
    const struct wv_object *new;
};

enum wv_kind_traits {
    /* CREATE of the parent makes it too: it has no statement of its own then (columns). */
    WV_KIND_BORN_WITH_PARENT = 1 << 0,
    /* CREATE of the parent may write it when nothing that it needs comes after (defaults,
     * constraints). */
    WV_KIND_MAY_BE_INLINE = 1 << 1,
    /* It shares its names with all others that have this: tables, indexes, sequences, views. */
    WV_KIND_RELATION = 1 << 2,
    /* The same for types: tables, views and sequences are types as well. */
    WV_KIND_TYPE = 1 << 3,
    /* A table, or what holds rows as one. */
    WV_KIND_HOLDS_ROWS = 1 << 4,
    /* What users attach to any object, also to an extension's: comments, privileges. */
    WV_KIND_FACET = 1 << 5,
    /* COMMENT ON names it with its parent: name ON parent; or parent.name (columns). */
    WV_KIND_NAMED_ON_PARENT = 1 << 6,
    WV_KIND_NAMED_IN_PARENT = 1 << 7,
    /* What values are of: types that are no relation's, collations. */
    WV_KIND_OF_VALUES = 1 << 8,
    /* It shares its names with other kinds as well: functions with aggregates, the constraints of a
     * table with its constraint triggers. */
    WV_KIND_ROUTINE = 1 << 9,
    WV_KIND_CONSTRAINT = 1 << 10,
    /* What needs it does not mind that it is altered, before or after it lets go. */
    WV_KIND_IS_UNMINDED = 1 << 11,
    /* It cannot be there twice, whatever its name: a range, whose functions nobody may rename. */
    WV_KIND_IS_SINGLE = 1 << 12,
    WV_KIND_SHARES_NAMES = WV_KIND_RELATION | WV_KIND_TYPE | WV_KIND_ROUTINE | WV_KIND_CONSTRAINT,
};

/* What CREATE has to write. `inlined` are parts whose kinds allow it, in the order of parts. */
struct wv_creation {
    const struct wv_object *object;
    const struct wv_object *const *inlined;
    size_t inlined_count;
    bool is_begun; /* its stub is there */
};

struct wv_kind {
    const char *name;     /* "materialized view": in messages; the query is materialized_view.sql */
    const char *sql_name; /* "MATERIALIZED VIEW": after DROP, COMMENT ON, ALTER */
    int rank;             /* order of kinds where no edge decides; parts come after their owners */
    unsigned traits;      /* WV_KIND_... */
    const struct wv_attribute *attributes; /* ended by a NULL name; may be NULL */
    /* Those of them that hold what the server prints of expressions; ended by NULL; may be NULL. */
    const char *const *expressions;
    /* Writes what makes it, with all of its attributes; parts are written by their own kinds. */
    void (*create)(struct wv_ddl *ddl, const struct wv_creation *creation);
    /* Writes what is enough of the object for those that it needs itself: a view with its columns
     * and no rows, a shell type. `exists`: in place of what is there; else as something new. NULL:
     * it cannot be on a circle. */
    void (*stub)(struct wv_ddl *ddl, const struct wv_object *object, bool exists);
    /* Writes what leads from old to new in place. NULL when no attribute can be altered. */
    void (*alter)(struct wv_ddl *ddl, const struct wv_change *change);
    /* Writes what removes it. NULL: DROP sql_name identity. Not called when its owner is dropped.
     */
    void (*drop)(struct wv_ddl *ddl, const struct wv_object *old);
    /* Of a kind that may be inline: can the parent's CREATE say all of this one? NULL: always. */
    bool (*can_be_inline)(const struct wv_object *object);
    /* The name of the relation that it has besides itself: an identity's sequence, a constraint's
     * index. The caller's own; NULL: none. NULL function: never. */
    char *(*holds)(const struct wv_object *object);
    /* The name, quoted, of the constraint that it is besides, when that is not the one which the
     * server would choose; NULL: none. NULL function: never. */
    const char *(*other_name)(const struct wv_object *object);
    /* The way of a change when the attributes alone do not tell. NULL: they do. */
    enum wv_way (*way)(const struct wv_change *change);
    /* May `dependant`, which needs change->old, stay as it is while the change is made in place?
     * NULL: always. */
    bool (*endures)(const struct wv_change *change, const struct wv_object *dependant);
    /* Gives the old one the name `aside`, so that what takes its name can be made beside it. */
    void (*set_aside)(struct wv_ddl *ddl, const struct wv_object *old, const char *aside);
    /* Is the change, of this or of a part of it, one that nothing in place can do while columns use
     * the whole? NULL: never. */
    bool (*asks_rebuild)(const struct wv_difference *difference, const struct wv_twin *twin);
    /* Is what of the old schema is dropped there all the same, because it has become something else
     * that needs no statement? NULL: never. */
    bool (*lives_on)(const struct wv_difference *difference, const struct wv_object *old);
    /* May `dependant` stay while this column goes over to a type that is rebuilt? */
    bool (*endures_move)(const struct wv_object *dependant);
};

/* All kinds in order of rank; ended by NULL. */
extern const struct wv_kind *const wv_kinds[];
/* How many attributes it has. Does the one of this name hold an expression? */
size_t wv_kind_width(const struct wv_kind *kind);
bool wv_is_expression(const struct wv_kind *kind, const char *attribute);

/* Where an object stands among its siblings: its kind's attribute `position`; 0 without one. */
long wv_object_position(const struct wv_object *object);

#endif
