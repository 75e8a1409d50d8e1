/* See key_index.h. */
#include "key_index.h"

#include <string.h>

#include "key.h"
#include "kinds.h"
#include "lookup.h"
#include "partition.h"
#include "partition_copy.h"
#include "same.h"
#include "writing.h"
#include "xalloc.h"

/* A key, or the copy of one that is built by itself. */
static bool is_made_key(const struct wv_ddl *ddl, const struct wv_object *object)
{
    bool is_copy = object->kind == &wv_kind_partition_index;
    const char *type =
        object->kind == &wv_kind_constraint || is_copy ? wv_object_text(object, "type") : "";
    return (strcmp(type, "UNIQUE") == 0 || strcmp(type, "PRIMARY KEY") == 0) &&
           wv_is_key_made(ddl->difference, object) &&
           (!is_copy || !wv_comes_by_itself(ddl, object));
}

/* All that the two have besides their names; an index with a comment keeps to itself. */
static bool suits(const struct wv_object *index, const struct wv_object *key)
{
    static const char *const attributes[][2] = {{"options", "index_options"},
                                                {"tablespace", "index_tablespace"},
                                                {"is_clustered", "is_clustered"},
                                                {"is_replica_identity", "is_replica_identity"}};
    bool is_own = key->kind == &wv_kind_constraint;
    if (!is_own && (wv_object_get(key, "parent_options") != NULL ||
                    wv_object_get(key, "parent_tablespace") != NULL))
        return false;
    for (size_t i = 0; i < sizeof(attributes) / sizeof(attributes[0]); i++)
        if (!wv_same(wv_object_get(index, attributes[i][0]),
                     wv_object_get(key, attributes[i][is_own])))
            return false;
    char *columns WV_AUTOFREE =
        wv_key_columns(wv_object_text(key, "type"), wv_object_text(key, "definition"));
    char *definition WV_AUTOFREE = wv_xasprintf("btree %s", columns);
    return strcmp(wv_object_text(index, "definition"), definition) == 0 &&
           wv_part_of_kind(index, &wv_kind_comment) == NULL &&
           wv_object_get(key, is_own ? "index_comment" : "comment") == NULL;
}

/* An index that becomes a key's gives its name up only then, too late for another that takes it. */
static bool may_be_renamed(const struct wv_ddl *ddl, const struct wv_object *index,
                           const struct wv_object *key)
{
    return wv_same(index->name, key->name) ||
           !wv_catalog_has_name(ddl->after, index->schema, index->name);
}

/* One that the index of a whole takes over stays. */
static bool is_going(const struct wv_ddl *ddl, const struct wv_object *object)
{
    return object->kind == &wv_kind_index && wv_object_is(object, "is_unique") &&
           wv_object_is(object, "is_valid") && !wv_is_partitioned(object->parent) &&
           wv_twin_of_old(ddl->difference, object)->deed == WV_DEED_DROP &&
           wv_coming_copy(ddl, object) == NULL;
}

/* The first key that an index suits. */
static const struct wv_object *first_key(const struct wv_ddl *ddl, const struct wv_object *index)
{
    const struct wv_object *table =
        wv_catalog_find(ddl->after, index->parent->kind, index->parent->identity);
    for (size_t i = 0; table != NULL && i < table->part_count; i++)
        if (is_made_key(ddl, table->parts[i]) && suits(index, table->parts[i]) &&
            may_be_renamed(ddl, index, table->parts[i]))
            return table->parts[i];
    return NULL;
}

const struct wv_object *wv_index_for_key(const struct wv_ddl *ddl, const struct wv_object *key)
{
    const struct wv_object *table = wv_table_before(ddl, key->parent);
    for (size_t i = 0; table != NULL && i < table->part_count; i++)
        if (is_going(ddl, table->parts[i]) && first_key(ddl, table->parts[i]) == key)
            return table->parts[i];
    return NULL;
}

const struct wv_object *wv_key_for_index(const struct wv_ddl *ddl, const struct wv_object *index)
{
    const struct wv_object *key = is_going(ddl, index) ? first_key(ddl, index) : NULL;
    return key != NULL && wv_index_for_key(ddl, key) == index ? key : NULL;
}
