/* Options of tables that hang on their columns. See deeds.h. */
#include "deeds.h"
#include "inheritance.h"
#include "kinds.h"
#include "lookup.h"

/* What is done to a column is done by the statement of the one that gives it, where there is one.
 */
static void go_before(const struct wv_deeds *deeds, struct wv_vertex *options,
                      const struct wv_object *column, const struct wv_catalog *catalog,
                      struct wv_vertex *(*vertex_of)(const struct wv_deeds *,
                                                     const struct wv_object *))
{
    for (; column != NULL && column->kind == &wv_kind_column;
         column = wv_inherited_from(catalog, column))
        wv_deeds_edge(options, vertex_of(deeds, column));
}

/* Of a typed table the columns are its type's, whose statements change them. */
static const struct wv_object *giver_of(const struct wv_object *table)
{
    const struct wv_object *type = wv_need_of_kind(table, &wv_kind_composite_type);
    return wv_object_get(table, "of_type") == NULL ? NULL : type;
}

static void go_before_type(const struct wv_deeds *deeds, struct wv_vertex *options,
                           const struct wv_object *table)
{
    const struct wv_object *type = giver_of(table);
    for (size_t i = 0; type != NULL && i < type->part_count; i++)
        wv_deeds_edge(options, wv_deeds_of_old(deeds, type->parts[i]));
}

static void come_after(const struct wv_deeds *deeds, struct wv_vertex *options,
                       const struct wv_object *table)
{
    for (size_t i = 0; i < table->part_count; i++)
        if (table->parts[i]->kind == &wv_kind_column)
            wv_deeds_edge(wv_deeds_of_new(deeds, table->parts[i]), options);
    const struct wv_object *type = giver_of(table);
    for (size_t i = 0; type != NULL && i < type->part_count; i++)
        wv_deeds_edge(wv_deeds_of_new(deeds, type->parts[i]), options);
}

static void order_options(const struct wv_deeds *deeds, size_t index)
{
    const struct wv_difference *difference = deeds->difference;
    const struct wv_twin *twin = &difference->twins[index];
    const struct wv_object *old = twin->old == NULL ? NULL : twin->old->parent;
    const struct wv_twin *table = old == NULL ? NULL : wv_twin_of_old(difference, old);
    struct wv_vertex *drop = deeds->of_old[index];
    if (deeds->of_new[index] != NULL)
        come_after(deeds, deeds->of_new[index], twin->new->parent);
    if (drop == NULL || drop->kind != WV_VERTEX_DROP || !wv_twin_stays(table))
        return;
    go_before_type(deeds, drop, old);
    for (size_t i = 0; i < old->part_count; i++)
        go_before(deeds, drop, old->parts[i], difference->before, wv_deeds_of_old);
    for (size_t i = 0; i < table->new->part_count; i++)
        go_before(deeds, drop, table->new->parts[i], difference->after, wv_deeds_of_new);
}

void wv_deeds_table_options(struct wv_deeds *deeds)
{
    for (size_t i = 0; i < deeds->difference->count; i++) {
        const struct wv_twin *twin = &deeds->difference->twins[i];
        if ((twin->new != NULL ? twin->new : twin->old)->kind == &wv_kind_table_options)
            order_options(deeds, i);
    }
}
