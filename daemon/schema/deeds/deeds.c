/* See deeds.h. The graph: what has to be done, and what before what. */
#include "deeds.h"

#include <stdlib.h>
#include <string.h>

#include "counter.h"
#include "inheritance.h"
#include "kinds.h"
#include "lookup.h"
#include "rebuild.h"
#include "rebuilt_table.h"
#include "walk.h"
#include "xalloc.h"

const struct wv_object *wv_vertex_object(const struct wv_vertex *vertex)
{
    bool is_new = vertex->kind == WV_VERTEX_MAKE || vertex->kind == WV_VERTEX_ALTER;
    return !is_new ? vertex->twin->old : vertex->twin->new;
}

static struct wv_vertex *add_vertex(struct wv_deeds *deeds, enum wv_vertex_kind kind,
                                    struct wv_twin *twin)
{
    struct wv_vertex *vertex = &deeds->vertices[deeds->count++];
    *vertex = (struct wv_vertex){.kind = kind, .twin = twin};
    vertex->host = vertex->last_guest = vertex;
    return vertex;
}

bool wv_deed_drops(enum wv_deed deed)
{
    return deed == WV_DEED_DROP || deed == WV_DEED_RECREATE || deed == WV_DEED_REBUILD;
}

static bool makes(enum wv_deed deed)
{
    return deed == WV_DEED_CREATE || deed == WV_DEED_RECREATE || deed == WV_DEED_REBUILD;
}

static void add_vertices(struct wv_deeds *deeds)
{
    const struct wv_difference *difference = deeds->difference;
    for (size_t i = 0; i < difference->count; i++) {
        struct wv_twin *twin = &difference->twins[i];
        if (twin->deed == WV_DEED_ALTER)
            deeds->of_old[i] = deeds->of_new[i] = add_vertex(deeds, WV_VERTEX_ALTER, twin);
        if (twin->is_parked && twin->deed == WV_DEED_ALTER)
            deeds->of_old[i] = add_vertex(deeds, WV_VERTEX_PARK, twin);
        if (twin->aside != NULL)
            deeds->aside[i] = add_vertex(deeds, WV_VERTEX_ASIDE, twin);
        if (wv_deed_drops(twin->deed))
            deeds->of_old[i] = add_vertex(deeds, WV_VERTEX_DROP, twin);
        if (makes(twin->deed))
            deeds->of_new[i] = add_vertex(deeds, WV_VERTEX_MAKE, twin);
    }
}

void wv_deeds_edge(struct wv_vertex *first, struct wv_vertex *second)
{
    if (first == NULL || second == NULL || first == second)
        return;
    WV_GROW(second->before, second->before_count, second->before_capacity);
    second->before[second->before_count++] = first;
    WV_GROW(first->after, first->after_count, first->after_capacity);
    first->after[first->after_count++] = second;
}

struct wv_vertex *wv_deeds_of_old(const struct wv_deeds *deeds, const struct wv_object *old)
{
    return old == NULL ? NULL : deeds->of_old[deeds->difference->of_old[old->index]];
}

struct wv_vertex *wv_deeds_of_new(const struct wv_deeds *deeds, const struct wv_object *new)
{
    return new == NULL ? NULL : deeds->of_new[deeds->difference->of_new[new->index]];
}

static bool needs(const struct wv_object *object, const struct wv_object *other)
{
    for (size_t i = 0; i < object->need_count; i++)
        if (object->needs[i].object == other)
            return true;
    return false;
}

/* What can be begun by a stub can be altered under all that leans on it, and so can what a table
 * leans on that is rebuilt, which is there until the new one is; where the dependant is altered, or
 * stays until the new one is there, what the new forms need decides. */
static bool minds(const struct wv_deeds *deeds, const struct wv_vertex *dependant,
                  const struct wv_vertex *needed)
{
    if (needed->kind != WV_VERTEX_ALTER)
        return true;
    if (needed->twin->old->kind->stub != NULL ||
        (needed->twin->old->kind->traits & WV_KIND_IS_UNMINDED) != 0 ||
        wv_is_beside(deeds->difference, dependant->twin->old))
        return false;
    bool stays = dependant->kind == WV_VERTEX_ALTER || dependant->twin->deed == WV_DEED_REBUILD;
    return !stays || !needs(dependant->twin->new, needed->twin->new);
}

/* As things were: what needs something lets go of it before that is dropped or altered. */
static void let_go_first(const struct wv_deeds *deeds, struct wv_vertex *dependant,
                         struct wv_vertex *needed)
{
    if (dependant != NULL && needed != NULL && minds(deeds, dependant, needed))
        wv_deeds_edge(dependant, needed);
}

/* What a column gets from the one that it is inherited from is done there. */
static const struct wv_object *given_by(const struct wv_deeds *deeds, const struct wv_object *old)
{
    return old->kind == &wv_kind_column ? wv_inherited_from(deeds->difference->before, old) : NULL;
}

/* Privileges hinder no change of a thing whose owner changes as well, which comes between. */
static void leave_parent_first(struct wv_deeds *deeds, struct wv_vertex *vertex,
                               const struct wv_object *old)
{
    struct wv_vertex *parent = wv_deeds_of_old(deeds, old->parent);
    if (parent == NULL || vertex->kind == WV_VERTEX_ALTER || vertex->kind == WV_VERTEX_PARK ||
        !minds(deeds, vertex, parent))
        return;
    struct wv_handover handover = wv_handover_of(deeds, parent->twin->old, parent->twin->new);
    if (old->kind == &wv_kind_acl && parent->kind == WV_VERTEX_ALTER && handover.new != NULL)
        return;
    wv_deeds_edge(vertex, parent);
    /* It is the column's statement that gives its sequence another name. */
    if (old->parent->kind == &wv_kind_identity_sequence)
        wv_deeds_edge(vertex, wv_deeds_of_old(deeds, old->parent->parent));
}

/* What has a type in its name is called by that as long as the type has it. */
static void call_first(struct wv_deeds *deeds, struct wv_vertex *vertex,
                       const struct wv_object *needed)
{
    const struct wv_object *whole = wv_object_root(needed);
    struct wv_vertex *aside = deeds->aside[deeds->difference->of_old[whole->index]];
    const struct wv_twin *table = wv_rebuilt_table(deeds->difference, vertex->twin->old);
    const struct wv_twin *user = table != NULL ? table : vertex->twin;
    struct wv_vertex *own = deeds->aside[user - deeds->difference->twins];
    if (aside == NULL || (whole->kind->traits & WV_KIND_OF_VALUES) == 0)
        return;
    if (own != NULL)
        wv_deeds_edge(own, aside);
    else if (vertex->kind == WV_VERTEX_DROP &&
             wv_rebuilt(deeds->difference, vertex->twin->old) == NULL)
        wv_deeds_edge(vertex, aside);
}

/* Those of all tables above. */
static void go_before_givers(struct wv_deeds *deeds, struct wv_vertex *vertex,
                             const struct wv_object *column)
{
    const struct wv_difference *difference = deeds->difference;
    bool is_rebuilt = wv_rebuilt_table(difference, column) != NULL;
    struct wv_walk walk WV_AUTOWALK = {0};
    wv_walk_to_parents(&walk, difference->before, column->parent);
    for (size_t i = 0; i < walk.count; i++) {
        const struct wv_object *giver = wv_find_column(walk.tables[i], column->name);
        if (giver == NULL)
            continue;
        if (!is_rebuilt || wv_rebuilt_table(difference, giver) == NULL)
            wv_deeds_edge(vertex, wv_deeds_of_old(deeds, giver));
        wv_walk_to_parents(&walk, difference->before, walk.tables[i]);
    }
}

/* What a column has from its parent's is there, and as that is, once the parent's is altered. An
 * heir that is dropped, which may be partitioned by the column, is gone before the column is. */
static void follow_givers(struct wv_deeds *deeds, struct wv_vertex *vertex,
                          const struct wv_object *old)
{
    const struct wv_object *giver = given_by(deeds, old);
    const struct wv_vertex *table = giver == NULL ? NULL : wv_deeds_of_old(deeds, old->parent);
    if (giver != NULL && vertex->kind == WV_VERTEX_ALTER)
        wv_deeds_edge(wv_deeds_of_old(deeds, giver), vertex);
    if (giver != NULL && vertex->kind == WV_VERTEX_PARK)
        wv_deeds_edge(vertex, wv_deeds_of_old(deeds, giver));
    if (table != NULL && table->kind == WV_VERTEX_DROP && vertex->kind == WV_VERTEX_DROP)
        go_before_givers(deeds, vertex, old);
    if (giver != NULL && vertex->kind == WV_VERTEX_DROP && table == NULL)
        wv_deeds_edge(wv_deeds_of_old(deeds, giver), vertex);
}

/* A column goes over to its type with the one that it is inherited from. */
static void let_givers_go_first(struct wv_deeds *deeds, struct wv_vertex *vertex,
                                const struct wv_object *column)
{
    while (column != NULL && wv_goes_over(wv_twin_of_old(deeds->difference, column))) {
        let_go_first(deeds, vertex, wv_deeds_of_old(deeds, column));
        column = given_by(deeds, column);
    }
}

/* The server gives no attribute of a type that a column still has another type. */
static void go_before_attributes(struct wv_deeds *deeds, struct wv_vertex *vertex,
                                 const struct wv_object *type)
{
    if (vertex->kind != WV_VERTEX_DROP || type->kind != &wv_kind_composite_type)
        return;
    for (size_t i = 0; i < type->part_count; i++) {
        struct wv_vertex *attribute = wv_deeds_of_old(deeds, type->parts[i]);
        if (attribute != NULL && attribute->kind == WV_VERTEX_ALTER)
            wv_deeds_edge(vertex, attribute);
    }
}

static void add_old_edges(struct wv_deeds *deeds, const struct wv_object *old)
{
    struct wv_vertex *vertex = wv_deeds_of_old(deeds, old);
    if (vertex == NULL)
        return;
    leave_parent_first(deeds, vertex, old);
    if (vertex->kind == WV_VERTEX_DROP && old->parent != NULL)
        let_givers_go_first(deeds, vertex, old->parent);
    follow_givers(deeds, vertex, old);
    /* No table becomes UNLOGGED under a key of one that is not. */
    if (vertex->kind == WV_VERTEX_DROP)
        let_go_first(deeds, vertex,
                     wv_deeds_of_old(deeds, wv_referenced_table(deeds->difference->before, old)));
    for (size_t i = 0; i < old->need_count; i++) {
        let_go_first(deeds, vertex, wv_deeds_of_old(deeds, old->needs[i].object));
        go_before_attributes(deeds, vertex, old->needs[i].object);
        call_first(deeds, vertex, old->needs[i].object);
        let_givers_go_first(deeds, vertex, old->needs[i].object);
    }
}

/* A key that is in parts serves once all of them are there. */
static void wait_for_copies(struct wv_deeds *deeds, struct wv_vertex *vertex,
                            const struct wv_object *key)
{
    for (size_t i = 0; i < key->needed_by_count; i++) {
        const struct wv_object *copy = key->needed_by[i].object;
        if (copy->kind != &wv_kind_partition_index)
            continue;
        wv_deeds_edge(wv_deeds_of_new(deeds, copy), vertex);
        wait_for_copies(deeds, vertex, copy);
    }
}

static void add_new_edges(struct wv_deeds *deeds, const struct wv_object *new)
{
    struct wv_vertex *vertex = wv_deeds_of_new(deeds, new);
    if (vertex == NULL)
        return;
    /* No key of a table that is not UNLOGGED refers to one that is. */
    if (vertex->kind == WV_VERTEX_MAKE)
        wv_deeds_edge(wv_deeds_of_new(deeds, wv_referenced_table(deeds->difference->after, new)),
                      vertex);
    wv_deeds_edge(wv_deeds_of_new(deeds, new->parent), vertex);
    for (size_t i = 0; i < new->need_count; i++) {
        wv_deeds_edge(wv_deeds_of_new(deeds, new->needs[i].object), vertex);
        if (new->kind == &wv_kind_constraint)
            wait_for_copies(deeds, vertex, new->needs[i].object);
    }
}

/* What is re-created because something else is altered is away while that happens. */
static void stand_aside(struct wv_deeds *deeds, size_t index)
{
    const struct wv_twin *because = deeds->difference->twins[index].because;
    if (because == NULL || because->deed != WV_DEED_ALTER)
        return;
    struct wv_vertex *alter = deeds->of_new[because - deeds->difference->twins];
    wv_deeds_edge(deeds->of_old[index], alter);
    wv_deeds_edge(alter, deeds->of_new[index]);
}

/* What has come from a parent's column is there, and as that is, once the parent's is done. A new
 * one that is its table's own as well is there before, and the parent's is merged with it. */
static void follow_parents(struct wv_deeds *deeds, const struct wv_twin *twin)
{
    const struct wv_object *column = twin->new;
    if (column == NULL || column->kind != &wv_kind_column)
        return;
    const struct wv_difference *difference = deeds->difference;
    const struct wv_object *model = wv_inherited_from(difference->after, column);
    bool is_own = twin->deed == WV_DEED_CREATE && model != NULL &&
                  strcmp(wv_object_text(column, "inherited"), "merged") == 0 &&
                  wv_twin_stays(wv_twin_of_new(difference, column->parent)) &&
                  wv_twin_stays(wv_twin_of_new(difference, model->parent));
    if (is_own)
        wv_deeds_edge(wv_deeds_of_new(deeds, column), wv_deeds_of_new(deeds, model));
    else
        wv_deeds_edge(wv_deeds_of_new(deeds, model), wv_deeds_of_new(deeds, column));
    size_t at = 0;
    const struct wv_object *giver;
    while (!wv_twin_stays(wv_twin_of_new(difference, column->parent)) &&
           (giver = wv_next_giver(difference->after, column, &at)) != NULL)
        wv_deeds_edge(wv_deeds_of_new(deeds, giver), wv_deeds_of_new(deeds, column));
}

/* Whose counter another one takes over makes room first. */
static void hand_counter_over(struct wv_deeds *deeds, const struct wv_twin *twin, size_t index)
{
    const struct wv_difference *difference = deeds->difference;
    const struct wv_object *object = twin->new != NULL ? twin->new : twin->old;
    if (object->kind != &wv_kind_sequence)
        return;
    const struct wv_object *heir =
        twin->old != NULL ? wv_counter_heir(difference, twin->old) : NULL;
    const struct wv_object *origin =
        twin->new != NULL ? wv_counter_origin(difference, twin->new) : NULL;
    wv_deeds_edge(deeds->of_old[index], wv_deeds_of_new(deeds, heir));
    wv_deeds_edge(wv_deeds_of_old(deeds, origin), deeds->of_new[index]);
}

/* Between the vertices of one object. */
static void add_own_edges(struct wv_deeds *deeds, const struct wv_twin *twin, size_t index)
{
    if (twin->deed == WV_DEED_RECREATE && !wv_is_beside(deeds->difference, twin->old)) {
        wv_deeds_edge(deeds->of_old[index], deeds->of_new[index]);
        stand_aside(deeds, index);
    }
    wv_deeds_edge(deeds->aside[index], deeds->of_old[index]);
    wv_deeds_edge(deeds->aside[index], deeds->of_new[index]);
    if (twin->is_parked)
        wv_deeds_edge(deeds->of_old[index], deeds->of_new[index]);
}

static bool turns(const struct wv_difference *difference, const struct wv_object *old)
{
    const struct wv_twin *twin = old == NULL ? NULL : wv_twin_of_old(difference, old);
    return twin != NULL && twin->deed == WV_DEED_ALTER &&
           wv_change_of(&(struct wv_change){twin->old, twin->new}, "persistence");
}

/* A table that is not UNLOGGED refers to none that is: of two that change, the one that refers
 * becomes UNLOGGED before the other, and ceases to be so after it. */
static void turn_in_order(struct wv_deeds *deeds, const struct wv_twin *twin)
{
    const struct wv_difference *difference = deeds->difference;
    const struct wv_object *referenced = twin->old == NULL || !wv_twin_stays(twin)
                                             ? NULL
                                             : wv_referenced_table(difference->before, twin->old);
    if (!turns(difference, referenced) || !turns(difference, twin->old->parent))
        return;
    struct wv_vertex *own = wv_deeds_of_old(deeds, twin->old->parent);
    struct wv_vertex *other = wv_deeds_of_old(deeds, referenced);
    bool is_unlogged = wv_object_get(own->twin->new, "persistence") != NULL;
    wv_deeds_edge(is_unlogged ? own : other, is_unlogged ? other : own);
}

static void add_edges(struct wv_deeds *deeds, size_t index)
{
    const struct wv_twin *twin = &deeds->difference->twins[index];
    add_own_edges(deeds, twin, index);
    wv_deeds_owner(deeds, index);
    hand_counter_over(deeds, twin, index);
    turn_in_order(deeds, twin);
    follow_parents(deeds, twin);
    if (twin->old != NULL)
        add_old_edges(deeds, twin->old);
    if (twin->new != NULL)
        add_new_edges(deeds, twin->new);
    wv_deeds_make_room(deeds, index);
}

void wv_deeds_build(struct wv_deeds *deeds, const struct wv_difference *difference)
{
    *deeds = (struct wv_deeds){
        .difference = difference,
        /* Three for each object, and stubs for two: what is unused is never touched. */
        .vertices = wv_xcalloc(5 * difference->count + 1, sizeof(*deeds->vertices)),
        .of_old = wv_xcalloc(difference->count + 1, sizeof(struct wv_vertex *)),
        .of_new = wv_xcalloc(difference->count + 1, sizeof(struct wv_vertex *)),
        .aside = wv_xcalloc(difference->count + 1, sizeof(struct wv_vertex *)),
    };
    add_vertices(deeds);
    for (size_t i = 0; i < difference->count; i++)
        add_edges(deeds, i);
    wv_deeds_hand_names_over(deeds);
    wv_deeds_partitions(deeds);
    wv_deeds_inheritance(deeds);
    wv_deeds_rebuild_tables(deeds);
    wv_deeds_table_options(deeds);
    wv_deeds_tell_overloads_apart(deeds);
    wv_deeds_settle_columns(deeds);
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
    free(deeds->aside);
    *deeds = (struct wv_deeds){0};
}
