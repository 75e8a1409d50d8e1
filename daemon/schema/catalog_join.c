/* Makes objects out of rows: parents by key, identities, order, edges. See catalog.h. */
#include <stdlib.h>
#include <string.h>

#include "catalog_parts.h"
#include "kind.h"
#include "xalloc.h"

static int order_keys(const struct wv_place_key *a, const struct wv_place_key *b)
{
    if (a->class_id != b->class_id)
        return a->class_id < b->class_id ? -1 : 1;
    if (a->object_id != b->object_id)
        return a->object_id < b->object_id ? -1 : 1;
    return (a->sub_id > b->sub_id) - (a->sub_id < b->sub_id);
}

static int order_keyed(const void *a, const void *b)
{
    return order_keys(&((const struct wv_keyed *)a)->key, &((const struct wv_keyed *)b)->key);
}

static int order_pairs(const void *a, const void *b)
{
    return order_keys(&((const struct wv_key_pair *)a)->from,
                      &((const struct wv_key_pair *)b)->from);
}

static struct wv_object *find_exact(const struct wv_catalog *catalog, struct wv_place_key key)
{
    struct wv_keyed wanted = {key, NULL};
    if (catalog->keyed_count == 0)
        return NULL;
    const struct wv_keyed *found = bsearch(&wanted, catalog->keyed, catalog->keyed_count,
                                           sizeof(*catalog->keyed), order_keyed);
    return found == NULL ? NULL : found->object;
}

static const struct wv_key_pair *find_pair(const struct wv_key_pairs *pairs,
                                           struct wv_place_key key)
{
    struct wv_key_pair wanted = {.from = key};
    if (pairs->count == 0)
        return NULL;
    return bsearch(&wanted, pairs->items, pairs->count, sizeof(*pairs->items), order_pairs);
}

/* The object that stands for a key: its own, that of what it is a form of, or that of the whole
 * which it is a part of. */
static struct wv_object *find_object(const struct wv_catalog *catalog, struct wv_place_key key)
{
    enum { LONGEST_CHAIN = 8 }; /* a rule of a view, an array of a row type ...: three is real */
    for (int i = 0; i < LONGEST_CHAIN; i++) {
        struct wv_object *object = find_exact(catalog, key);
        if (object != NULL)
            return object;
        const struct wv_key_pair *alias = find_pair(&catalog->aliases, key);
        if (alias != NULL)
            key = alias->to;
        else if (key.sub_id != 0)
            key.sub_id = 0;
        else
            return NULL;
    }
    return NULL;
}

static void give_identity(struct wv_catalog *catalog, struct wv_object *object)
{
    if (object->identity != NULL)
        return;
    const struct wv_object *parent = object->parent;
    if (parent->identity == NULL)
        give_identity(catalog, object->parent);
    char *identity WV_AUTOFREE = wv_xasprintf("%s %s%s%s", parent->kind->name, parent->identity,
                                              object->quoted == NULL ? "" : ".",
                                              object->quoted == NULL ? "" : object->quoted);
    object->identity = wv_catalog_copy(catalog, identity);
}

/* What was attached to something that is no object of its own (a row type, a partition's copy of an
 * index) has nothing to be written to: it is counted and left out. */
static void drop_strays(struct wv_catalog *catalog)
{
    size_t kept = 0;
    for (size_t i = 0; i < catalog->count; i++) {
        struct wv_object *object = catalog->objects[i];
        if ((object->kind->traits & WV_KIND_FACET) != 0 &&
            find_exact(catalog, catalog->parents[i]) == NULL) {
            char *what WV_AUTOFREE =
                wv_xasprintf("%s on a part that has no name of its own", object->kind->name);
            wv_catalog_unmodelled(catalog, what, 1);
            continue;
        }
        catalog->parents[kept] = catalog->parents[i];
        catalog->objects[kept++] = object;
    }
    catalog->count = kept;
}

bool wv_catalog_join_parents(struct wv_catalog *catalog, struct wv_err *err)
{
    if (catalog->keyed_count > 0)
        qsort(catalog->keyed, catalog->keyed_count, sizeof(*catalog->keyed), order_keyed);
    if (catalog->aliases.count > 0)
        qsort(catalog->aliases.items, catalog->aliases.count, sizeof(*catalog->aliases.items),
              order_pairs);
    drop_strays(catalog);
    for (size_t i = 0; i < catalog->count; i++) {
        struct wv_object *object = catalog->objects[i];
        struct wv_place_key key = catalog->parents[i];
        if (key.class_id == 0)
            continue;
        object->parent = find_object(catalog, key);
        if (object->parent == NULL)
            return wv_err_set(err, WV_INTERNAL, "the %s %s is part of something that was not read",
                              object->kind->name, object->quoted == NULL ? "" : object->quoted);
        object->parent->part_count++;
    }
    for (size_t i = 0; i < catalog->count; i++)
        give_identity(catalog, catalog->objects[i]);
    return true;
}

int wv_object_name_order(const struct wv_kind *a_kind, const char *a, const struct wv_kind *b_kind,
                         const char *b)
{
    if (a_kind->rank != b_kind->rank)
        return a_kind->rank < b_kind->rank ? -1 : 1;
    int kinds = strcmp(a_kind->name, b_kind->name);
    return kinds != 0 ? kinds : strcmp(a, b);
}

static int order_objects(const void *a, const void *b)
{
    const struct wv_object *left = *(struct wv_object *const *)a;
    const struct wv_object *right = *(struct wv_object *const *)b;
    return wv_object_name_order(left->kind, left->identity, right->kind, right->identity);
}

/* FNV-1a (64 bits), also over the NUL that ends each text, so that texts cannot run together. */
static uint64_t hash_text(uint64_t hash, const char *text)
{
    if (text == NULL)
        return (hash ^ 0xff) * 0x100000001b3u;
    do {
        hash = (hash ^ (unsigned char)*text) * 0x100000001b3u;
    } while (*text++ != '\0');
    return hash;
}

uint64_t wv_object_hash(const struct wv_object *object)
{
    const struct wv_attribute *attributes = object->kind->attributes;
    uint64_t hash = hash_text(0xcbf29ce484222325u, object->kind->name);
    hash = hash_text(hash, object->identity);
    for (size_t i = 0; attributes != NULL && attributes[i].name != NULL; i++)
        if (attributes[i].way != WV_WAY_NONE)
            hash = hash_text(hash, object->values[i]);
    return hash;
}

static void collect_parts(struct wv_catalog *catalog)
{
    for (size_t i = 0; i < catalog->count; i++) {
        struct wv_object *object = catalog->objects[i];
        if (object->part_count > 0)
            object->parts = wv_catalog_take(catalog, object->part_count, sizeof(*object->parts));
        object->part_count = 0;
    }
    for (size_t i = 0; i < catalog->count; i++) {
        struct wv_object *object = catalog->objects[i];
        if (object->parent != NULL)
            object->parent->parts[object->parent->part_count++] = object;
    }
}

bool wv_catalog_sort(struct wv_catalog *catalog, struct wv_err *err)
{
    if (catalog->count > 0)
        qsort(catalog->objects, catalog->count, sizeof(struct wv_object *), order_objects);
    for (size_t i = 0; i < catalog->count; i++) {
        struct wv_object *object = catalog->objects[i];
        if (i > 0 && order_objects(&catalog->objects[i - 1], &catalog->objects[i]) == 0)
            return wv_err_set(err, WV_INTERNAL, "the %s %s was read twice", object->kind->name,
                              object->identity);
        object->index = (uint32_t)i;
        object->hash = wv_object_hash(object);
    }
    collect_parts(catalog);
    return true;
}

struct edge {
    struct wv_object *from;
    struct wv_object *to;
    enum wv_need_kind kind;
};

static int order_edges(const void *a, const void *b)
{
    const struct edge *left = a;
    const struct edge *right = b;
    if (left->from->index != right->from->index)
        return left->from->index < right->from->index ? -1 : 1;
    if (left->to->index != right->to->index)
        return left->to->index < right->to->index ? -1 : 1;
    return (left->kind < right->kind) - (left->kind > right->kind); /* the closest first */
}

/* Members of an extension stand for it: what needs one of them needs the extension. */
static void mark_members(struct wv_catalog *catalog)
{
    for (size_t i = 0; i < catalog->members.count; i++) {
        struct wv_object *member = find_exact(catalog, catalog->members.items[i].from);
        if (member != NULL)
            member->flags |= WV_OBJECT_MEMBER;
    }
    for (size_t i = 0; i < catalog->count; i++)
        for (struct wv_object *up = catalog->objects[i]->parent; up != NULL; up = up->parent)
            if ((up->flags & WV_OBJECT_MEMBER) != 0 &&
                (catalog->objects[i]->kind->traits & WV_KIND_FACET) == 0)
                catalog->objects[i]->flags |= WV_OBJECT_MEMBER;
}

static struct wv_object *end_of_edge(const struct wv_catalog *catalog, struct wv_place_key key)
{
    struct wv_object *object = find_object(catalog, key);
    const struct wv_key_pair *member = find_pair(&catalog->members, key);
    if (member == NULL && key.sub_id != 0)
        member =
            find_pair(&catalog->members, (struct wv_place_key){key.class_id, key.object_id, 0});
    return member != NULL ? find_object(catalog, member->to) : object;
}

static bool is_within(const struct wv_object *part, const struct wv_object *whole)
{
    for (; part != NULL; part = part->parent)
        if (part == whole)
            return true;
    return false;
}

static size_t add_attached(const struct wv_object *member, struct wv_object *extension,
                           struct edge *edges, size_t count)
{
    for (size_t i = 0; i < member->part_count; i++) {
        struct wv_object *part = member->parts[i];
        if ((part->kind->traits & WV_KIND_FACET) != 0)
            edges[count++] = (struct edge){part, extension, WV_NEED_AUTO};
        else
            count = add_attached(part, extension, edges, count);
    }
    return count;
}

/* What users attach to a member goes with the extension, and comes after it. */
static size_t attach_to_extensions(const struct wv_catalog *catalog, struct edge *edges)
{
    size_t count = 0;
    for (size_t i = 0; i < catalog->members.count; i++) {
        const struct wv_object *member = find_exact(catalog, catalog->members.items[i].from);
        struct wv_object *extension = find_object(catalog, catalog->members.items[i].to);
        if (member != NULL && extension != NULL)
            count = add_attached(member, extension, edges, count);
    }
    return count;
}

static size_t resolve(struct wv_catalog *catalog, struct edge *edges)
{
    size_t count = attach_to_extensions(catalog, edges);
    for (size_t i = 0; i < catalog->edges.count; i++) {
        const struct wv_key_pair *pair = &catalog->edges.items[i];
        struct edge edge = {end_of_edge(catalog, pair->from), end_of_edge(catalog, pair->to),
                            pair->kind};
        if (edge.from == NULL || edge.to == NULL || is_within(edge.from, edge.to) ||
            is_within(edge.to, edge.from))
            continue; /* a part needs its whole anyway, and no whole waits for its parts */
        edges[count++] = edge;
    }
    if (count > 0)
        qsort(edges, count, sizeof(*edges), order_edges);
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || edges[kept - 1].from != edges[i].from || edges[kept - 1].to != edges[i].to)
            edges[kept++] = edges[i];
    return kept;
}

static void attach(struct wv_catalog *catalog, const struct edge *edges, size_t count)
{
    struct wv_need *needs = wv_catalog_take(catalog, count, sizeof(*needs));
    struct wv_need *needed = wv_catalog_take(catalog, count, sizeof(*needed));
    for (size_t i = 0; i < count; i++) {
        edges[i].from->need_count++;
        edges[i].to->needed_by_count++;
    }
    for (size_t i = 0; i < catalog->count; i++) {
        struct wv_object *object = catalog->objects[i];
        object->needs = needs;
        object->needed_by = needed;
        needs += object->need_count;
        needed += object->needed_by_count;
        object->need_count = object->needed_by_count = 0;
    }
    for (size_t i = 0; i < count; i++) {
        struct wv_object *from = edges[i].from;
        struct wv_object *to = edges[i].to;
        from->needs[from->need_count++] = (struct wv_need){to, edges[i].kind};
        to->needed_by[to->needed_by_count++] = (struct wv_need){from, edges[i].kind};
    }
}

void wv_catalog_join_needs(struct wv_catalog *catalog)
{
    if (catalog->members.count > 0)
        qsort(catalog->members.items, catalog->members.count, sizeof(*catalog->members.items),
              order_pairs);
    mark_members(catalog);
    struct edge *edges WV_AUTOFREE =
        wv_xreallocarray(NULL, catalog->edges.count + catalog->count + 1, sizeof(*edges));
    attach(catalog, edges, resolve(catalog, edges));
}
