/* What is left is so before all else that is done to the table and to those that it has inherited
 * from; what it inherits from now is taken on after that, when the table has all that its parents
 * have. See deeds.h. */
#include <string.h>

#include "deeds.h"
#include "inheritance.h"
#include "kinds.h"
#include "walk.h"

static bool is_inherited(const struct wv_object *part)
{
    return part->kind == &wv_kind_column || part->kind == &wv_kind_default ||
           part->kind == &wv_kind_constraint;
}

static bool is_new_of_parents(const struct wv_deeds *deeds, const struct wv_object *column)
{
    const struct wv_vertex *vertex = wv_deeds_of_new(deeds, column);
    return column->kind == &wv_kind_column && wv_is_inherited_only(column) && vertex != NULL &&
           vertex->kind == WV_VERTEX_MAKE;
}

static bool is_on_new_of_parents(const struct wv_deeds *deeds, const struct wv_object *constraint)
{
    for (size_t i = 0; i < constraint->need_count; i++) {
        const struct wv_object *column = constraint->needs[i].object;
        if (column->parent == constraint->parent && is_new_of_parents(deeds, column))
            return true;
    }
    return false;
}

/* A column that only the parents give is there with them, and constraints on it after that. */
static bool comes_with_parents(const struct wv_span *span, const struct wv_vertex *vertex,
                               const struct wv_object *part)
{
    if (vertex->kind != WV_VERTEX_MAKE)
        return false;
    if (part->kind == &wv_kind_constraint)
        return is_on_new_of_parents(span->deeds, part);
    const struct wv_object *column = part->kind == &wv_kind_default ? part->parent : part;
    return column->kind == &wv_kind_column && wv_is_inherited_only(column);
}

/* Its parents, and whom they inherit from: what is done to them is done to their heirs. */
static void order_parents(const struct wv_span *span, const struct wv_object *table, bool is_old)
{
    const struct wv_difference *difference = span->deeds->difference;
    const struct wv_catalog *catalog = is_old ? difference->before : difference->after;
    struct wv_walk walk WV_AUTOWALK = {0};
    wv_walk_to_parents(&walk, catalog, table);
    for (size_t i = 0; i < walk.count; i++) {
        const struct wv_object *parent = walk.tables[i];
        const struct wv_twin *twin =
            is_old ? wv_twin_of_old(difference, parent) : wv_twin_of_new(difference, parent);
        wv_deeds_enclose(span, twin->old, twin->new);
        wv_walk_to_parents(&walk, catalog, parent);
    }
}

static void order_inheritance(const struct wv_deeds *deeds, size_t index)
{
    const struct wv_difference *difference = deeds->difference;
    const struct wv_twin *twin = &difference->twins[index];
    const struct wv_twin *table = twin->old != NULL ? wv_twin_of_old(difference, twin->old->parent)
                                                    : wv_twin_of_new(difference, twin->new->parent);
    if (!wv_twin_stays(table))
        return;
    struct wv_vertex *leave = deeds->of_old[index];
    struct wv_vertex *join = deeds->of_new[index];
    const struct wv_span own = {deeds, leave, join, is_inherited, comes_with_parents};
    wv_deeds_enclose(&own, table->old, table->new);
    const struct wv_span left = {deeds, leave, NULL, is_inherited, NULL};
    order_parents(&left, table->old, true);
    const struct wv_span joined = {deeds, NULL, join, is_inherited, NULL};
    order_parents(&joined, table->new, false);
}

void wv_deeds_inheritance(struct wv_deeds *deeds)
{
    for (size_t i = 0; i < deeds->difference->count; i++) {
        const struct wv_twin *twin = &deeds->difference->twins[i];
        const struct wv_object *object = twin->new != NULL ? twin->new : twin->old;
        if (object->kind == &wv_kind_inheritance && !wv_twin_stays(twin))
            order_inheritance(deeds, i);
    }
}
