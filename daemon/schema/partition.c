/* See partition.h. */
#include "partition.h"

#include <string.h>

#include "kinds.h"
#include "list.h"
#include "lookup.h"
#include "same.h"
#include "walk.h"
#include "xalloc.h"

bool wv_is_partitioned(const struct wv_object *table)
{
    return table->kind == &wv_kind_table && wv_object_get(table, "partition_key") != NULL;
}

/* Is the name a word of the expression? */
static bool names(const char *expression, size_t length, const char *name)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz_0123456789\"";
    const char *end = expression + length;
    for (const char *at = strstr(expression, name); at != NULL && at < end;
         at = strstr(at + 1, name)) {
        bool is_start = at == expression || strchr(letters, at[-1]) == NULL;
        const char *next = at + strlen(name);
        if (is_start && (*next == '\0' || strchr(letters, *next) == NULL))
            return true;
    }
    return false;
}

/* By whose values the rows of a partitioned table are spread. */
static bool is_partition_key(const struct wv_object *column)
{
    const char *key = column->parent->kind == &wv_kind_table
                          ? wv_object_get(column->parent, "partition_key")
                          : NULL;
    const char *at = key == NULL ? NULL : strchr(key, '(');
    char *columns WV_AUTOFREE = at == NULL ? NULL : wv_xstrndup(at + 1, strlen(at) - 2);
    for (at = columns == NULL ? "" : columns; *at != '\0'; at = wv_list_next(at)) {
        size_t length = strlen(column->quoted);
        if (strncmp(at, column->quoted, length) == 0 && strchr(", ", at[length]) != NULL)
            return true;
        if (memchr(at, '(', wv_list_item(at)) != NULL &&
            names(at, wv_list_item(at), column->quoted))
            return true;
    }
    return false;
}

bool wv_is_partitioned_by(const struct wv_object *column)
{
    struct wv_walk walk WV_AUTOWALK = {0};
    wv_walk_to(&walk, column->parent);
    for (size_t i = 0; i < walk.count; i++) {
        const struct wv_object *part = wv_find_column(walk.tables[i], column->name);
        if (part == NULL)
            continue;
        if (is_partition_key(part))
            return true;
        wv_walk_to_heirs(&walk, walk.tables[i]);
    }
    return false;
}

const struct wv_object *wv_partition_of(const struct wv_object *table)
{
    return wv_part_of_kind(table, &wv_kind_partition);
}

const struct wv_object *wv_partition_whole(const struct wv_catalog *catalog,
                                           const struct wv_object *table)
{
    const struct wv_object *partition = wv_partition_of(table);
    return partition == NULL
               ? NULL
               : wv_catalog_find(catalog, &wv_kind_table, wv_object_text(partition, "whole"));
}

bool wv_partition_stays(const struct wv_difference *difference, const struct wv_object *old)
{
    const struct wv_object *partition = wv_partition_of(old);
    return partition != NULL && wv_twin_stays(wv_twin_of_old(difference, partition));
}

static bool is_copy_of(const struct wv_object *copy, const struct wv_object *source)
{
    for (size_t i = 0; i < copy->need_count; i++) {
        const struct wv_object *needed = copy->needs[i].object;
        if (needed == source ||
            (needed->kind == &wv_kind_partition_index && is_copy_of(needed, source)))
            return true;
    }
    return false;
}

/* What an index, or that of a key, is of; as CREATE INDEX says it, where a key says it otherwise.
 * The caller's own. */
static char *columns_of(const struct wv_object *index)
{
    const char *definition = wv_object_text(index, "definition");
    const char *type = index->kind == &wv_kind_index ? NULL : wv_object_get(index, "type");
    if (type == NULL || (strcmp(type, "UNIQUE") != 0 && strcmp(type, "PRIMARY KEY") != 0))
        return wv_xstrdup(definition);
    char *columns WV_AUTOFREE = wv_key_columns(type, definition);
    return wv_xasprintf("btree %s", columns);
}

/* A plain index may be any that has the same columns, that of a key needs a key. */
static bool is_like(const struct wv_object *own, const struct wv_object *copy)
{
    bool is_key = own->kind == &wv_kind_constraint;
    if (wv_object_get(copy, "type") != NULL && !is_key)
        return false;
    char *columns WV_AUTOFREE = columns_of(own);
    char *others WV_AUTOFREE = columns_of(copy);
    return strcmp(columns, others) == 0 && ((is_key && wv_object_is(copy, "is_unique")) ||
                                            (!is_key && wv_same(wv_object_get(own, "is_unique"),
                                                                wv_object_get(copy, "is_unique"))));
}

bool wv_is_like_copy(const struct wv_object *own, const struct wv_object *source)
{
    if (own->kind != &wv_kind_index && own->kind != &wv_kind_constraint)
        return false;
    for (size_t i = 0; i < own->parent->part_count; i++) {
        const struct wv_object *copy = own->parent->parts[i];
        if (copy->kind == &wv_kind_partition_index && strcmp(copy->name, own->name) != 0 &&
            (source == NULL || is_copy_of(copy, source)) && is_like(own, copy))
            return true;
    }
    return false;
}
