/* The inside of a catalog, for the files that build it. */
#ifndef WV_CATALOG_PARTS_H
#define WV_CATALOG_PARTS_H

#include <obstack.h>

#include "catalog.h"

struct wv_keyed {
    struct wv_place_key key;
    struct wv_object *object;
};

struct wv_key_pair {
    struct wv_place_key from;
    struct wv_place_key to;
    enum wv_need_kind kind;
};

struct wv_key_pairs {
    struct wv_key_pair *items;
    size_t count;
    size_t capacity;
};

struct wv_catalog {
    struct obstack memory; /* objects, strings, arrays: freed as one */
    struct wv_object **objects;
    size_t count;
    size_t capacity;
    uint32_t *names; /* places of a hash table, a power of two of them */
    size_t name_places;
    struct wv_unmodelled *unmodelled;
    size_t unmodelled_count;
    size_t unmodelled_capacity;
    /* Only while it is built. */
    struct wv_keyed *keyed;
    size_t keyed_count;
    size_t keyed_capacity;
    struct wv_place_key *parents; /* one for each object, in the order of adding */
    size_t parents_capacity;
    struct wv_key_pairs aliases;
    struct wv_key_pairs edges;
    struct wv_key_pairs members;
};

/* The order of objects: by kind, then by identity. */
int wv_object_name_order(const struct wv_kind *a_kind, const char *a, const struct wv_kind *b_kind,
                         const char *b);

uint64_t wv_object_hash(const struct wv_object *object);

/* Memory that lives as long as the catalog. */
void *wv_catalog_take(struct wv_catalog *catalog, size_t count, size_t size);
/* A copy that lives as long as the catalog. NULL stays NULL. */
const char *wv_catalog_copy(struct wv_catalog *catalog, const char *text);

/* The steps of wv_catalog_finish(), in this order. */
bool wv_catalog_join_parents(struct wv_catalog *catalog, struct wv_err *err) WV_MUST_CHECK;
bool wv_catalog_sort(struct wv_catalog *catalog, struct wv_err *err) WV_MUST_CHECK;
void wv_catalog_join_needs(struct wv_catalog *catalog);
void wv_catalog_index_names(struct wv_catalog *catalog);

#endif
