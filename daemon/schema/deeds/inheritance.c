/* What is left is so before all else that is done to the table and to those that it has inherited
 * from; what it inherits from now is taken on after that, when the table has all that its parents
 * have. See deeds.h. */
#include <string.h>

#include "deeds.h"
#include "inheritance.h"
#include "kinds.h"
#include "list.h"
#include "lookup.h"
#include "xalloc.h"

struct change {
    const struct wv_deeds *deeds;
    struct wv_vertex *leave; /* NULL: nothing is left */
    struct wv_vertex *join;
};

static bool is_of_interest(const struct wv_object *part)
{
    return part->kind == &wv_kind_column || part->kind == &wv_kind_default ||
           part->kind == &wv_kind_constraint;
}

/* A column that only the parents give is there with them. */
static bool comes_with_parents(const struct wv_vertex *vertex)
{
    const struct wv_object *object = wv_vertex_object(vertex);
    const struct wv_object *column = object->kind == &wv_kind_default ? object->parent : object;
    return vertex->kind == WV_VERTEX_MAKE && column->kind == &wv_kind_column &&
           wv_is_inherited_only(column);
}

static void order_part(const struct change *change, struct wv_vertex *vertex, bool is_own)
{
    if (vertex == NULL)
        return;
    wv_deeds_edge(change->leave, vertex);
    if (is_own && comes_with_parents(vertex))
        wv_deeds_edge(change->join, vertex);
    else
        wv_deeds_edge(vertex, change->join);
}

static void order_parts(const struct change *change, const struct wv_object *whole, bool is_old,
                        bool is_own)
{
    for (size_t i = 0; whole != NULL && i < whole->part_count; i++) {
        const struct wv_object *part = whole->parts[i];
        if (!is_of_interest(part))
            continue;
        order_part(change,
                   is_old ? wv_deeds_of_old(change->deeds, part)
                          : wv_deeds_of_new(change->deeds, part),
                   is_own);
        order_parts(change, part, is_old, is_own);
    }
}

/* Those in the list, and whom they inherit from: what is done to them is done to their heirs. */
static void order_parents(const struct change *change, const char *list, bool is_old)
{
    const struct wv_difference *difference = change->deeds->difference;
    for (const char *at = list; *at != '\0'; at = wv_list_next(at)) {
        char *name WV_AUTOFREE = wv_xstrndup(at, wv_list_item(at));
        const struct wv_object *table =
            wv_find_table(is_old ? difference->before : difference->after, name);
        if (table == NULL)
            continue;
        const struct wv_twin *twin =
            is_old ? wv_twin_of_old(difference, table) : wv_twin_of_new(difference, table);
        order_parts(change, twin->old, true, false);
        order_parts(change, twin->new, false, false);
        order_parents(change, wv_object_text(table, "parents"), is_old);
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
    struct change change = {deeds, deeds->of_old[index], deeds->of_new[index]};
    order_parts(&change, table->old, true, true);
    order_parts(&change, table->new, false, true);
    struct change left = {deeds, change.leave, NULL};
    order_parents(&left, wv_object_text(table->old, "parents"), true);
    struct change joined = {deeds, NULL, change.join};
    order_parents(&joined, wv_object_text(table->new, "parents"), false);
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
