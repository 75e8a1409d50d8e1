/* See catalog.h. Objects are asked for here; catalog_join.c makes them out of rows. */
#include "catalog.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "catalog_parts.h"
#include "kind.h"
#include "xalloc.h"

#define obstack_chunk_alloc wv_xmalloc
#define obstack_chunk_free  free

struct wv_catalog *wv_catalog_new(void)
{
    struct wv_catalog *catalog = wv_xcalloc(1, sizeof(*catalog));
    obstack_init(&catalog->memory);
    obstack_chunk_size(&catalog->memory) = 64 * 1024;
    return catalog;
}

static void forget_rows(struct wv_catalog *catalog)
{
    free(catalog->keyed);
    free(catalog->parents);
    free(catalog->aliases.items);
    free(catalog->edges.items);
    free(catalog->members.items);
    catalog->keyed = NULL;
    catalog->parents = NULL;
    catalog->aliases.items = catalog->edges.items = catalog->members.items = NULL;
}

void wv_catalog_free(struct wv_catalog *catalog)
{
    if (catalog == NULL)
        return;
    forget_rows(catalog);
    free(catalog->objects);
    free(catalog->unmodelled);
    obstack_free(&catalog->memory, NULL);
    free(catalog);
}

void wv_catalog_cleanup(struct wv_catalog **catalog)
{
    wv_catalog_free(*catalog);
}

void *wv_catalog_take(struct wv_catalog *catalog, size_t count, size_t size)
{
    size_t bytes = 0;
    if (__builtin_mul_overflow(count, size, &bytes) || bytes > INT_MAX)
        abort(); /* no server sends a text of that size */
    return obstack_alloc(&catalog->memory, (int)bytes);
}

const char *wv_catalog_copy(struct wv_catalog *catalog, const char *text)
{
    if (text == NULL)
        return NULL;
    size_t size = strlen(text) + 1;
    return memcpy(wv_catalog_take(catalog, size, 1), text, size);
}

static const char *const *copy_values(struct wv_catalog *catalog, const struct wv_kind *kind,
                                      const char *const *values)
{
    size_t width = wv_kind_width(kind);
    if (width == 0)
        return NULL;
    const char **copy = wv_catalog_take(catalog, width, sizeof(*copy));
    for (size_t i = 0; i < width; i++)
        copy[i] = wv_catalog_copy(catalog, values[i]);
    return copy;
}

void wv_catalog_add(struct wv_catalog *catalog, const struct wv_kind *kind, bool is_keyed,
                    const struct wv_object_row *row)
{
    struct wv_object *object = wv_catalog_take(catalog, 1, sizeof(*object));
    *object = (struct wv_object){.kind = kind,
                                 .schema = wv_catalog_copy(catalog, row->schema),
                                 .name = wv_catalog_copy(catalog, row->name),
                                 .quoted = wv_catalog_copy(catalog, row->quoted),
                                 .identity = wv_catalog_copy(catalog, row->identity),
                                 .values = copy_values(catalog, kind, row->values),
                                 .index = (uint32_t)catalog->count};
    WV_GROW(catalog->objects, catalog->count, catalog->capacity);
    WV_GROW(catalog->parents, catalog->count, catalog->parents_capacity);
    catalog->parents[catalog->count] = row->parent;
    catalog->objects[catalog->count++] = object;
    if (!is_keyed)
        return;
    WV_GROW(catalog->keyed, catalog->keyed_count, catalog->keyed_capacity);
    catalog->keyed[catalog->keyed_count++] = (struct wv_keyed){row->key, object};
}

static void add_pair(struct wv_key_pairs *pairs, struct wv_key_pair pair)
{
    WV_GROW(pairs->items, pairs->count, pairs->capacity);
    pairs->items[pairs->count++] = pair;
}

void wv_catalog_alias(struct wv_catalog *catalog, struct wv_place_key key,
                      struct wv_place_key target)
{
    add_pair(&catalog->aliases, (struct wv_key_pair){key, target, WV_NEED_INTERNAL});
}

void wv_catalog_depend(struct wv_catalog *catalog, struct wv_place_key from, struct wv_place_key to,
                       enum wv_need_kind kind)
{
    add_pair(&catalog->edges, (struct wv_key_pair){from, to, kind});
}

void wv_catalog_member(struct wv_catalog *catalog, struct wv_place_key key,
                       struct wv_place_key extension)
{
    add_pair(&catalog->members, (struct wv_key_pair){key, extension, WV_NEED_INTERNAL});
}

void wv_catalog_unmodelled(struct wv_catalog *catalog, const char *what, size_t count)
{
    for (size_t i = 0; i < catalog->unmodelled_count; i++) {
        if (strcmp(catalog->unmodelled[i].what, what) == 0) {
            catalog->unmodelled[i].count += count;
            return;
        }
    }
    WV_GROW(catalog->unmodelled, catalog->unmodelled_count, catalog->unmodelled_capacity);
    catalog->unmodelled[catalog->unmodelled_count++] =
        (struct wv_unmodelled){wv_catalog_copy(catalog, what), count};
}

bool wv_catalog_finish(struct wv_catalog *catalog, struct wv_err *err)
{
    bool is_good = wv_catalog_join_parents(catalog, err) && wv_catalog_sort(catalog, err);
    if (is_good) {
        wv_catalog_join_needs(catalog);
        wv_catalog_index_names(catalog);
    }
    forget_rows(catalog);
    return is_good;
}

size_t wv_catalog_count(const struct wv_catalog *catalog)
{
    return catalog->count;
}

struct wv_object *wv_catalog_at(const struct wv_catalog *catalog, size_t index)
{
    return catalog->objects[index];
}

struct wv_object *wv_catalog_find(const struct wv_catalog *catalog, const struct wv_kind *kind,
                                  const char *identity)
{
    size_t low = 0;
    size_t high = catalog->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        struct wv_object *object = catalog->objects[middle];
        int order = wv_object_name_order(object->kind, object->identity, kind, identity);
        if (order == 0)
            return object;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

size_t wv_catalog_unmodelled_count(const struct wv_catalog *catalog)
{
    return catalog->unmodelled_count;
}

const struct wv_unmodelled *wv_catalog_unmodelled_at(const struct wv_catalog *catalog, size_t index)
{
    return &catalog->unmodelled[index];
}

const char *wv_object_get(const struct wv_object *object, const char *attribute)
{
    const struct wv_attribute *attributes = object->kind->attributes;
    for (size_t i = 0; attributes != NULL && attributes[i].name != NULL; i++)
        if (strcmp(attributes[i].name, attribute) == 0)
            return object->values[i];
    abort(); /* a writer asks for what its own kind does not have */
}

const char *wv_object_text(const struct wv_object *object, const char *attribute)
{
    const char *value = wv_object_get(object, attribute);
    return value == NULL ? "" : value;
}

bool wv_object_is(const struct wv_object *object, const char *attribute)
{
    return strcmp(wv_object_text(object, attribute), "t") == 0;
}

const struct wv_object *wv_object_root(const struct wv_object *object)
{
    while (object->parent != NULL)
        object = object->parent;
    return object;
}

char *wv_shown_name(const struct wv_object *object)
{
    if (object->parent == NULL)
        return wv_xstrdup(object->identity);
    char *owner WV_AUTOFREE = wv_shown_name(object->parent);
    return object->quoted != NULL ? wv_xasprintf("%s.%s", owner, object->quoted) : WV_STEAL(owner);
}
