/* See partition.h. */
#include "partition.h"

#include <string.h>

#include "kinds.h"
#include "lookup.h"
#include "same.h"

bool wv_is_partitioned(const struct wv_object *table)
{
    return table->kind == &wv_kind_table && wv_object_get(table, "partition_key") != NULL;
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

bool wv_is_like_copy(const struct wv_object *own)
{
    bool is_index = own->kind == &wv_kind_index;
    if (!is_index && own->kind != &wv_kind_constraint)
        return false;
    for (size_t i = 0; i < own->parent->part_count; i++) {
        const struct wv_object *copy = own->parent->parts[i];
        if (copy->kind == &wv_kind_partition_index && strcmp(copy->name, own->name) != 0 &&
            wv_same(wv_object_get(copy, "type"), is_index ? NULL : wv_object_get(own, "type")) &&
            wv_same(wv_object_get(copy, "definition"), wv_object_get(own, "definition")) &&
            (!is_index ||
             wv_same(wv_object_get(copy, "is_unique"), wv_object_get(own, "is_unique"))))
            return true;
    }
    return false;
}
