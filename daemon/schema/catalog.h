/* A database's schema as values: one object for each thing that one statement can change, at the
 * grain at which pg_depend can point (PostgreSQL manual, 53.18). Names, never oids, are what is
 * compared; oids serve to join the rows while a catalog is built, and are forgotten then.
 *
 * Pure: knows no database. A catalog belongs to one thread; its objects and strings belong to it
 * and live as long as it does. Build with wv_catalog_add() and its like in any order, then
 * wv_catalog_finish() once; only after that may objects be asked for. */
#ifndef WV_CATALOG_H
#define WV_CATALOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"

struct wv_kind;
struct wv_catalog;

/* Where the server keeps a thing: a row of the catalog `class_id`, or a part of it (a column). */
struct wv_place_key {
    uint32_t class_id;
    uint32_t object_id;
    int32_t sub_id;
};

enum wv_object_flags {
    WV_OBJECT_MEMBER = 1 << 0,  /* of an extension: never touched; only what users attached to it is
                                   ours (comments, privileges) */
    WV_OBJECT_IGNORED = 1 << 1, /* by the user's patterns, or one of our own tables */
};

/* How one object needs another (pg_depend.deptype). */
enum wv_need_kind {
    WV_NEED_NORMAL,
    WV_NEED_AUTO,     /* it vanishes with what it needs */
    WV_NEED_INTERNAL, /* it is a part of what it needs */
};

struct wv_need {
    struct wv_object *object;
    enum wv_need_kind kind;
};

struct wv_object {
    const struct wv_kind *kind;
    const char *schema;        /* as it is; NULL: in none */
    const char *name;          /* as it is */
    const char *quoted;        /* the name alone, as SQL wants it written */
    const char *identity;      /* unique within the kind: as SQL names it, for example
                                  public."My table" or public.f(integer); parts of something
                                  (columns, triggers, comments) have their owner's before it */
    const char *const *values; /* in the order of kind->attributes; NULL is SQL NULL */
    struct wv_object *parent;  /* what it is part of and vanishes with; NULL: of nothing */
    struct wv_object **parts;  /* what has this as its parent, in order of kind and place */
    size_t part_count;
    struct wv_need *needs; /* without the parent; sorted as the objects are */
    size_t need_count;
    struct wv_need *needed_by; /* the reverse */
    size_t needed_by_count;
    uint64_t hash;  /* of kind, identity, and the compared attributes */
    uint32_t flags; /* WV_OBJECT_... */
    uint32_t index; /* its place among the catalog's objects */
};

/* What wv_catalog_add() copies. */
struct wv_object_row {
    struct wv_place_key key;
    struct wv_place_key parent; /* class_id 0: none */
    const char *schema;
    const char *name;
    const char *quoted;
    const char *identity;      /* NULL: made of the parent's and `quoted` */
    const char *const *values; /* one for each of the kind's attributes */
};

struct wv_catalog *wv_catalog_new(void);
void wv_catalog_free(struct wv_catalog *catalog);
void wv_catalog_cleanup(struct wv_catalog **catalog);
#define WV_AUTOCATALOG __attribute__((cleanup(wv_catalog_cleanup)))

/* Several objects may have the same key (a comment has its object's): edges lead to the one that
 * was added with `is_keyed`. */
void wv_catalog_add(struct wv_catalog *catalog, const struct wv_kind *kind, bool is_keyed,
                    const struct wv_object_row *row);
/* What is a mere form of something else (a view's rule, an array type, a constraint's index): edges
 * to or from `key` become those of `target`. Chains are followed. */
void wv_catalog_alias(struct wv_catalog *catalog, struct wv_place_key key,
                      struct wv_place_key target);
/* `from` needs `to`. Ends that are not modelled are left out; a part that is not falls back to the
 * whole (sub_id 0). */
void wv_catalog_depend(struct wv_catalog *catalog, struct wv_place_key from, struct wv_place_key to,
                       enum wv_need_kind kind);
/* `key` is a member of the extension `extension`: flagged, and needed through the extension. */
void wv_catalog_member(struct wv_catalog *catalog, struct wv_place_key key,
                       struct wv_place_key extension);
/* Things of a kind that is not modelled: counted and named, never silently skipped. */
void wv_catalog_unmodelled(struct wv_catalog *catalog, const char *what, size_t count);

/* Resolves parents and edges, hashes, sorts by kind and identity. WV_INTERNAL when a parent is
 * missing or two objects of a kind have the same identity: then the reader is wrong. */
bool wv_catalog_finish(struct wv_catalog *catalog, struct wv_err *err) WV_MUST_CHECK;

size_t wv_catalog_count(const struct wv_catalog *catalog);
struct wv_object *wv_catalog_at(const struct wv_catalog *catalog, size_t index);
/* NULL: there is none. */
struct wv_object *wv_catalog_find(const struct wv_catalog *catalog, const struct wv_kind *kind,
                                  const char *identity);
/* Has anything in the schema this name, of whatever kind it is? */
bool wv_catalog_has_name(const struct wv_catalog *catalog, const char *schema, const char *name);

struct wv_unmodelled {
    const char *what; /* "access method" */
    size_t count;
};

size_t wv_catalog_unmodelled_count(const struct wv_catalog *catalog);
const struct wv_unmodelled *wv_catalog_unmodelled_at(const struct wv_catalog *catalog,
                                                     size_t index);

/* The value of a named attribute: NULL is SQL NULL. The kind must have it. */
const char *wv_object_get(const struct wv_object *object, const char *attribute);
/* The same with "" for SQL NULL; is it "t"? */
const char *wv_object_text(const struct wv_object *object, const char *attribute);
bool wv_object_is(const struct wv_object *object, const char *attribute);
/* As people call it, without the kinds of its owners: "public.t.column". The caller's own. */
char *wv_shown_name(const struct wv_object *object);
/* The outermost thing that it is part of; itself when of nothing. */
const struct wv_object *wv_object_root(const struct wv_object *object);

#endif
