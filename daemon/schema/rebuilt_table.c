/* See rebuilt_table.h. */
#include "rebuilt_table.h"

#include "kinds.h"
#include "lookup.h"
#include "partition.h"
#include "walk.h"

/* Is `table` a partition of `whole`, or of one of its partitions? */
static bool is_below(const struct wv_catalog *catalog, const struct wv_object *table,
                     const struct wv_object *whole)
{
    while (table != NULL && table != whole)
        table = wv_partition_whole(catalog, table);
    return table != NULL;
}

/* What is attached by itself may not have one, from PostgreSQL 17 on. */
static bool has_identity(const struct wv_object *table)
{
    for (size_t i = 0; i < table->part_count; i++)
        if (table->parts[i]->kind == &wv_kind_column &&
            wv_object_get(table->parts[i], "identity") != NULL)
            return true;
    return false;
}

struct wv_twin *wv_rebuilt_tree(const struct wv_difference *difference, struct wv_twin *table,
                                bool is_for_column)
{
    const struct wv_object *whole = table->old;
    struct wv_twin *top = table;
    bool is_whole =
        is_for_column || table->new == NULL || has_identity(table->old) || has_identity(table->new);
    while ((whole = wv_partition_whole(difference->before, whole)) != NULL) {
        struct wv_twin *above = wv_twin_of_old(difference, whole);
        if (table->new == NULL || above->new == NULL ||
            !is_below(difference->after, table->new, above->new))
            break;
        if (is_whole || wv_is_referenced(above->old) || wv_is_referenced(above->new))
            top = above;
    }
    return top;
}

static bool is_under_rebuilt(const struct wv_difference *difference, const struct wv_object *new)
{
    struct wv_walk walk WV_AUTOWALK = {0};
    wv_walk_to_parents(&walk, difference->after, new);
    for (size_t i = 0; i < walk.count; i++) {
        if (wv_twin_of_new(difference, walk.tables[i])->deed == WV_DEED_REBUILD)
            return true;
        wv_walk_to_parents(&walk, difference->after, walk.tables[i]);
    }
    return false;
}

bool wv_is_rebuilt_along(const struct wv_difference *difference, const struct wv_object *heir)
{
    const struct wv_twin *twin = wv_twin_of_old(difference, heir);
    return heir->kind == &wv_kind_table &&
           twin->new != NULL &&is_under_rebuilt(difference, twin->new);
}

const struct wv_object *wv_copied_with(const struct wv_difference *difference,
                                       const struct wv_object *old)
{
    const struct wv_object *new = wv_twin_of_old(difference, old)->new;
    const struct wv_object *whole = old;
    while ((whole = wv_partition_whole(difference->before, whole)) != NULL) {
        const struct wv_twin *above = wv_twin_of_old(difference, whole);
        bool is_rebuilt = above->deed == WV_DEED_REBUILD;
        if (is_rebuilt && (new == NULL || is_below(difference->after, new, above->new)))
            return whole;
        if (!is_rebuilt && above->new != NULL)
            break;
    }
    return NULL;
}

const struct wv_twin *wv_rebuilt_table(const struct wv_difference *difference,
                                       const struct wv_object *old)
{
    const struct wv_object *table = wv_object_root(old);
    if (table->kind != &wv_kind_table)
        return NULL;
    const struct wv_twin *twin = wv_twin_of_old(difference, table);
    const struct wv_object *whole = twin->new == NULL ? wv_copied_with(difference, table) : NULL;
    if (whole != NULL)
        return wv_twin_of_old(difference, whole);
    return twin->deed == WV_DEED_REBUILD ? twin : NULL;
}

bool wv_is_attached_filled(const struct wv_difference *difference, const struct wv_twin *table)
{
    return table->deed == WV_DEED_REBUILD && table->old->kind == &wv_kind_table &&
           wv_partition_of(table->new) != NULL && wv_copied_with(difference, table->old) == NULL;
}

bool wv_comes_with_table(const struct wv_object *object)
{
    static const struct wv_kind *const kinds[] = {&wv_kind_table,     &wv_kind_foreign_table,
                                                  &wv_kind_column,    &wv_kind_default,
                                                  &wv_kind_partition, &wv_kind_inheritance};
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (object->kind == kinds[i])
            return true;
    return wv_is_check(object) &&
           (wv_object_is(object, "is_valid") || wv_object_get(object, "valid_on") != NULL);
}

bool wv_is_beside(const struct wv_difference *difference, const struct wv_object *old)
{
    return (wv_comes_with_table(old) || wv_is_check(old)) &&
           wv_rebuilt_table(difference, old) != NULL;
}
