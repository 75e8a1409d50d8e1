/* See deeds.h. The graph: what has to be done, and what before what. */
#include "deeds.h"

#include <stdlib.h>
#include <string.h>

#include "xalloc.h"

const struct wv_object *wv_vertex_object(const struct wv_vertex *vertex)
{
    return vertex->kind == WV_VERTEX_DROP ? vertex->twin->old : vertex->twin->new;
}

static struct wv_vertex *add_vertex(struct wv_deeds *deeds, enum wv_vertex_kind kind,
                                    struct wv_twin *twin)
{
    struct wv_vertex *vertex = &deeds->vertices[deeds->count++];
    *vertex = (struct wv_vertex){.kind = kind, .twin = twin};
    vertex->host = vertex->last_guest = vertex;
    return vertex;
}

static void add_vertices(struct wv_deeds *deeds)
{
    const struct wv_difference *difference = deeds->difference;
    for (size_t i = 0; i < difference->count; i++) {
        struct wv_twin *twin = &difference->twins[i];
        if (twin->deed == WV_DEED_ALTER)
            deeds->of_old[i] = deeds->of_new[i] = add_vertex(deeds, WV_VERTEX_ALTER, twin);
        if (twin->deed == WV_DEED_DROP || twin->deed == WV_DEED_RECREATE)
            deeds->of_old[i] = add_vertex(deeds, WV_VERTEX_DROP, twin);
        if (twin->deed == WV_DEED_CREATE || twin->deed == WV_DEED_RECREATE)
            deeds->of_new[i] = add_vertex(deeds, WV_VERTEX_MAKE, twin);
    }
}

static void add_edge(struct wv_vertex *first, struct wv_vertex *second)
{
    if (first == NULL || second == NULL || first == second)
        return;
    WV_GROW(second->before, second->before_count, second->before_capacity);
    second->before[second->before_count++] = first;
    WV_GROW(first->after, first->after_count, first->after_capacity);
    first->after[first->after_count++] = second;
}

static struct wv_vertex *of_old(const struct wv_deeds *deeds, const struct wv_object *old)
{
    return old == NULL ? NULL : deeds->of_old[deeds->difference->of_old[old->index]];
}

static struct wv_vertex *of_new(const struct wv_deeds *deeds, const struct wv_object *new)
{
    return new == NULL ? NULL : deeds->of_new[deeds->difference->of_new[new->index]];
}

/* As things were: what needs something lets go of it before that is dropped or altered. Of two that
 * are altered, what the new forms need decides. */
static void let_go_first(struct wv_vertex *dependant, struct wv_vertex *needed)
{
    if (dependant != NULL && needed != NULL &&
        !(dependant->kind == WV_VERTEX_ALTER && needed->kind == WV_VERTEX_ALTER))
        add_edge(dependant, needed);
}

static void add_old_edges(struct wv_deeds *deeds, const struct wv_object *old)
{
    struct wv_vertex *vertex = of_old(deeds, old);
    if (vertex == NULL)
        return;
    let_go_first(vertex, of_old(deeds, old->parent));
    for (size_t i = 0; i < old->need_count; i++)
        let_go_first(vertex, of_old(deeds, old->needs[i].object));
}

static void add_new_edges(struct wv_deeds *deeds, const struct wv_object *new)
{
    struct wv_vertex *vertex = of_new(deeds, new);
    if (vertex == NULL)
        return;
    add_edge(of_new(deeds, new->parent), vertex);
    for (size_t i = 0; i < new->need_count; i++)
        add_edge(of_new(deeds, new->needs[i].object), vertex);
}

/* Names that a new thing takes over from an old one of another kind. */
enum { NAME_TRAITS = WV_KIND_RELATION | WV_KIND_TYPE };

static int order_names(const void *a, const void *b)
{
    const struct wv_object *left = wv_vertex_object(*(struct wv_vertex *const *)a);
    const struct wv_object *right = wv_vertex_object(*(struct wv_vertex *const *)b);
    int schemas = strcmp(left->schema, right->schema);
    return schemas != 0 ? schemas : strcmp(left->name, right->name);
}

static void add_name_edges(struct wv_vertex **named, size_t count)
{
    for (size_t i = 0; i < count; i++)
        for (size_t j = i + 1; j < count && order_names(&named[i], &named[j]) == 0; j++) {
            struct wv_vertex *one = named[i]->kind == WV_VERTEX_DROP ? named[i] : named[j];
            struct wv_vertex *other = one == named[i] ? named[j] : named[i];
            bool shared = (one->twin->old != NULL ? one->twin->old : one->twin->new)->kind->traits &
                          wv_vertex_object(other)->kind->traits & NAME_TRAITS;
            if (shared && one->kind == WV_VERTEX_DROP && other->kind == WV_VERTEX_MAKE)
                add_edge(one, other);
        }
}

static void hand_names_over(struct wv_deeds *deeds)
{
    struct wv_vertex **named WV_AUTOFREE = wv_xcalloc(deeds->count + 1, sizeof(*named));
    size_t count = 0;
    for (size_t i = 0; i < deeds->count; i++) {
        const struct wv_object *object = wv_vertex_object(&deeds->vertices[i]);
        if (deeds->vertices[i].kind != WV_VERTEX_ALTER && object->schema != NULL &&
            (object->kind->traits & NAME_TRAITS) != 0)
            named[count++] = &deeds->vertices[i];
    }
    if (count > 0)
        qsort(named, count, sizeof(*named), order_names);
    add_name_edges(named, count);
}

void wv_deeds_build(struct wv_deeds *deeds, const struct wv_difference *difference)
{
    *deeds = (struct wv_deeds){
        .difference = difference,
        .vertices = wv_xcalloc(2 * difference->count + 1, sizeof(*deeds->vertices)),
        .of_old = wv_xcalloc(difference->count + 1, sizeof(struct wv_vertex *)),
        .of_new = wv_xcalloc(difference->count + 1, sizeof(struct wv_vertex *)),
    };
    add_vertices(deeds);
    for (size_t i = 0; i < difference->count; i++) {
        const struct wv_twin *twin = &difference->twins[i];
        if (twin->deed == WV_DEED_RECREATE)
            add_edge(deeds->of_old[i], deeds->of_new[i]);
        if (twin->old != NULL)
            add_old_edges(deeds, twin->old);
        if (twin->new != NULL)
            add_new_edges(deeds, twin->new);
    }
    hand_names_over(deeds);
}

void wv_deeds_clear(struct wv_deeds *deeds)
{
    for (size_t i = 0; i < deeds->count; i++) {
        wv_ddl_clear(&deeds->vertices[i].ddl);
        free(deeds->vertices[i].before);
        free(deeds->vertices[i].after);
    }
    free(deeds->vertices);
    free(deeds->of_old);
    free(deeds->of_new);
    *deeds = (struct wv_deeds){0};
}
