/* Which statements do more than one deed: CREATE TABLE makes columns and keys as well, and DROP
 * takes along what is part of it. See deeds.h. */
#include "deeds.h"

#include "kinds.h"
#include "lookup.h"
#include "rebuild.h"
#include "roots.h"

void wv_deeds_join(struct wv_vertex *whole, struct wv_vertex *part)
{
    whole = whole->host;
    part = part->host;
    if (whole == part)
        return;
    for (struct wv_vertex *guest = part; guest != NULL; guest = guest->guest)
        guest->host = whole;
    whole->last_guest->guest = part;
    whole->last_guest = part->last_guest;
}

/* A deed of the part comes after the whole's when things are made, and before it when they are
 * dropped. What lies between the two has to stay between them. */
static bool can_host(struct wv_deeds *deeds, struct wv_vertex *whole, struct wv_vertex *part)
{
    return !wv_deeds_is_roundabout(deeds, part, whole, part->kind == WV_VERTEX_MAKE);
}

static void host_make(struct wv_deeds *deeds, struct wv_vertex *vertex)
{
    const struct wv_object *object = vertex->twin->new;
    if (object->parent == NULL)
        return;
    struct wv_vertex *whole = wv_deeds_of_new(deeds, object->parent);
    if (whole == NULL || whole->kind != WV_VERTEX_MAKE)
        return;
    bool is_born = (object->kind->traits & WV_KIND_BORN_WITH_PARENT) != 0;
    bool may_be_inline =
        (object->kind->traits & WV_KIND_MAY_BE_INLINE) != 0 &&
        (object->kind->can_be_inline == NULL || object->kind->can_be_inline(object));
    if (is_born || (may_be_inline && can_host(deeds, whole, vertex)))
        wv_deeds_join(whole, vertex);
}

static bool host_drop_by(struct wv_deeds *deeds, struct wv_vertex *vertex,
                         const struct wv_object *whole, bool always)
{
    struct wv_vertex *drop = wv_deeds_of_old(deeds, whole);
    if (drop == NULL || drop->kind != WV_VERTEX_DROP || drop->host == vertex->host ||
        (!always && !can_host(deeds, drop, vertex)))
        return false;
    wv_deeds_join(drop, vertex);
    return true;
}

/* A sequence goes with the column that it belongs to. */
static bool host_sequence(struct wv_deeds *deeds, struct wv_vertex *vertex)
{
    const struct wv_object *owner = wv_part_of_kind(vertex->twin->old, &wv_kind_sequence_owner);
    const struct wv_object *column = wv_need_of_kind(owner, &wv_kind_column);
    return column != NULL && host_drop_by(deeds, vertex, column, false);
}

/* An identity takes its sequence along when its column stops to be one. */
static bool host_by_identity(struct wv_deeds *deeds, struct wv_vertex *vertex)
{
    const struct wv_object *object = vertex->twin->old;
    if (object->kind != &wv_kind_identity_sequence)
        return false;
    struct wv_vertex *column = wv_deeds_of_old(deeds, object->parent);
    if (column == NULL || column->kind != WV_VERTEX_ALTER ||
        wv_object_get(column->twin->new, "identity") != NULL)
        return false;
    wv_deeds_join(column, vertex);
    return true;
}

/* What a check calls may have to be gone before the domain is made anew, with its new check. */
static bool lets_go_early(const struct wv_deeds *deeds, const struct wv_object *old)
{
    if (old->kind != &wv_kind_domain_constraint || wv_rebuilt(deeds->difference, old) == NULL)
        return false;
    for (size_t i = 0; i < old->need_count; i++)
        if (wv_deeds_of_old(deeds, old->needs[i].object) != NULL)
            return true;
    return false;
}

static void host_drop(struct wv_deeds *deeds, struct wv_vertex *vertex)
{
    const struct wv_object *object = vertex->twin->old;
    if (host_by_identity(deeds, vertex) || lets_go_early(deeds, object))
        return;
    if (object->kind == &wv_kind_sequence && host_sequence(deeds, vertex))
        return;
    bool is_born = (object->kind->traits & WV_KIND_BORN_WITH_PARENT) != 0;
    bool always =
        is_born || object->need_count == 0 || wv_rebuilt(deeds->difference, object) != NULL;
    if (object->parent != NULL && host_drop_by(deeds, vertex, object->parent, always))
        return;
    if (object->kind == &wv_kind_sequence_owner &&
        wv_twin_of_old(deeds->difference, object->parent)->deed != WV_DEED_DROP)
        return; /* the sequence, which stays, would go with its column */
    for (size_t i = 0; i < object->need_count; i++)
        if (object->needs[i].kind != WV_NEED_NORMAL &&
            host_drop_by(deeds, vertex, object->needs[i].object, false))
            return;
}

static void join_moves(struct wv_deeds *deeds, struct wv_vertex *first, struct wv_vertex *second)
{
    if (!wv_deeds_is_roundabout(deeds, first, second, false) &&
        !wv_deeds_is_roundabout(deeds, first, second, true))
        wv_deeds_join(first, second);
}

/* Columns of one table go over to their types in one statement, which rewrites it once, and after
 * which nothing compares one that has with one that has not. */
static void host_moves(struct wv_deeds *deeds, const struct wv_object *table,
                       struct wv_vertex *const *vertices, enum wv_vertex_kind kind)
{
    struct wv_vertex *first = NULL;
    for (size_t i = 0; i < table->part_count; i++) {
        size_t twin = deeds->difference->of_old[table->parts[i]->index];
        struct wv_vertex *vertex = vertices[twin];
        if (!wv_goes_over(&deeds->difference->twins[twin]) || vertex->kind != kind)
            continue;
        if (first == NULL)
            first = vertex;
        else
            join_moves(deeds, first, vertex);
    }
}

static bool is_of(const struct wv_vertex *vertex, enum wv_vertex_kind kind)
{
    return vertex != NULL && vertex->kind == kind;
}

/* Columns of several tables that one table inherits go over at once. */
static void host_roots(struct wv_deeds *deeds, const struct wv_object *column)
{
    const struct wv_difference *difference = deeds->difference;
    struct wv_roots roots WV_AUTOROOTS = {0};
    if (!wv_goes_over(wv_twin_of_old(difference, column)))
        return;
    wv_roots_find(&roots, difference->before, column, difference);
    for (size_t i = 1; i < roots.count; i++) {
        struct wv_vertex *const first[] = {
            wv_deeds_of_old(deeds, roots.parts[0]),
            wv_deeds_of_new(deeds, wv_twin_of_old(difference, roots.parts[0])->new)};
        struct wv_vertex *const other[] = {
            wv_deeds_of_old(deeds, roots.parts[i]),
            wv_deeds_of_new(deeds, wv_twin_of_old(difference, roots.parts[i])->new)};
        if (is_of(first[0], WV_VERTEX_PARK) && is_of(other[0], WV_VERTEX_PARK))
            join_moves(deeds, first[0], other[0]);
        if (is_of(first[1], WV_VERTEX_ALTER) && is_of(other[1], WV_VERTEX_ALTER))
            join_moves(deeds, first[1], other[1]);
    }
}

/* Columns first: whatever else is weighed then sees their needs as their table's. */
void wv_deeds_host(struct wv_deeds *deeds)
{
    for (int round = 0; round < 2; round++)
        for (size_t i = 0; i < deeds->count; i++) {
            struct wv_vertex *vertex = &deeds->vertices[i];
            bool is_born = (wv_vertex_object(vertex)->kind->traits & WV_KIND_BORN_WITH_PARENT) != 0;
            if (is_born != (round == 0))
                continue;
            if (vertex->kind == WV_VERTEX_MAKE)
                host_make(deeds, vertex);
            else if (vertex->kind == WV_VERTEX_DROP)
                host_drop(deeds, vertex);
        }
    for (size_t i = 0; i < deeds->difference->count; i++) {
        const struct wv_object *old = deeds->difference->twins[i].old;
        if (old != NULL && (old->kind->traits & WV_KIND_HOLDS_ROWS) != 0) {
            host_moves(deeds, old, deeds->of_old, WV_VERTEX_PARK);
            host_moves(deeds, old, deeds->of_new, WV_VERTEX_ALTER);
        }
    }
    for (size_t i = 0; i < deeds->difference->count; i++) {
        const struct wv_object *old = deeds->difference->twins[i].old;
        if (old != NULL && old->kind == &wv_kind_column)
            host_roots(deeds, old);
    }
}
