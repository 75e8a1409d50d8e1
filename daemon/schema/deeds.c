/* See deeds.h. The graph: what has to be done, and what before what. */
#include "deeds.h"

#include <stdlib.h>
#include <string.h>

#include "counter.h"
#include "kinds.h"
#include "overload.h"
#include "privileges.h"
#include "same.h"
#include "writing.h"
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

static bool drops(enum wv_deed deed)
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
        if (drops(twin->deed))
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

static struct wv_vertex *of_old(const struct wv_deeds *deeds, const struct wv_object *old)
{
    return old == NULL ? NULL : deeds->of_old[deeds->difference->of_old[old->index]];
}

static struct wv_vertex *of_new(const struct wv_deeds *deeds, const struct wv_object *new)
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

/* What can be begun by a stub can be altered under all that leans on it; of two that are altered,
 * what the new forms need decides. */
static bool minds(const struct wv_vertex *dependant, const struct wv_vertex *needed)
{
    if (needed->kind != WV_VERTEX_ALTER)
        return true;
    if (needed->twin->old->kind->stub != NULL)
        return false;
    return dependant->kind != WV_VERTEX_ALTER || !needs(dependant->twin->new, needed->twin->new);
}

/* As things were: what needs something lets go of it before that is dropped or altered. */
static void let_go_first(struct wv_vertex *dependant, struct wv_vertex *needed)
{
    if (dependant != NULL && needed != NULL && minds(dependant, needed))
        wv_deeds_edge(dependant, needed);
}

/* What a column gets from the one that it is inherited from is done there. */
static const struct wv_object *given_by(const struct wv_deeds *deeds, const struct wv_object *old)
{
    return old->kind == &wv_kind_column ? wv_inherited_from(deeds->difference->before, old) : NULL;
}

/* The change of an object's owner, as a drop or as another of the two. */
struct handover {
    struct wv_vertex *old;
    struct wv_vertex *new;
};

static struct handover handover_of(const struct wv_deeds *deeds, const struct wv_object *old,
                                   const struct wv_object *new)
{
    return (struct handover){of_old(deeds, wv_part_of_kind(old, &wv_kind_owner)),
                             of_new(deeds, wv_part_of_kind(new, &wv_kind_owner))};
}

/* Privileges hinder no change of a thing whose owner changes as well, which comes between. */
static void leave_parent_first(struct wv_deeds *deeds, struct wv_vertex *vertex,
                               const struct wv_object *old)
{
    struct wv_vertex *parent = of_old(deeds, old->parent);
    if (parent == NULL || vertex->kind == WV_VERTEX_ALTER || vertex->kind == WV_VERTEX_PARK ||
        !minds(vertex, parent))
        return;
    struct handover handover = handover_of(deeds, parent->twin->old, parent->twin->new);
    if (old->kind == &wv_kind_acl && parent->kind == WV_VERTEX_ALTER && handover.new != NULL)
        return;
    wv_deeds_edge(vertex, parent);
}

/* What has a type in its name is called by that as long as the type has it. */
static void call_first(struct wv_deeds *deeds, struct wv_vertex *vertex,
                       const struct wv_object *needed)
{
    const struct wv_object *whole = wv_object_root(needed);
    struct wv_vertex *aside = deeds->aside[deeds->difference->of_old[whole->index]];
    struct wv_vertex *own = deeds->aside[vertex->twin - deeds->difference->twins];
    if (aside == NULL || (whole->kind->traits & WV_KIND_OF_VALUES) == 0)
        return;
    if (own != NULL)
        wv_deeds_edge(own, aside);
    else if (vertex->kind == WV_VERTEX_DROP && vertex->twin->deed != WV_DEED_REBUILD)
        wv_deeds_edge(vertex, aside);
}

/* What a column has from its parent's is there, and as that is, once the parent's is altered. An
 * heir that is dropped, which may be partitioned by the column, is gone before the column is. */
static void follow_givers(struct wv_deeds *deeds, struct wv_vertex *vertex,
                          const struct wv_object *old)
{
    const struct wv_object *giver = given_by(deeds, old);
    const struct wv_vertex *table = giver == NULL ? NULL : of_old(deeds, old->parent);
    if (giver != NULL && vertex->kind == WV_VERTEX_ALTER)
        wv_deeds_edge(of_old(deeds, giver), vertex);
    if (giver != NULL && vertex->kind == WV_VERTEX_PARK)
        wv_deeds_edge(vertex, of_old(deeds, giver));
    if (table == NULL || table->kind != WV_VERTEX_DROP || vertex->kind != WV_VERTEX_DROP)
        return;
    for (; giver != NULL; giver = given_by(deeds, giver))
        wv_deeds_edge(vertex, of_old(deeds, giver));
}

/* A column goes over to its type with the one that it is inherited from. */
static void let_givers_go_first(struct wv_deeds *deeds, struct wv_vertex *vertex,
                                const struct wv_object *column)
{
    while (column != NULL && wv_twin_of_old(deeds->difference, column)->is_moved) {
        let_go_first(vertex, of_old(deeds, column));
        column = given_by(deeds, column);
    }
}

/* The server alters no attribute of a type that a column still has. */
static void go_before_attributes(struct wv_deeds *deeds, struct wv_vertex *vertex,
                                 const struct wv_object *type)
{
    for (size_t i = 0; type->kind == &wv_kind_composite_type && i < type->part_count; i++)
        if (vertex->kind == WV_VERTEX_DROP)
            let_go_first(vertex, of_old(deeds, type->parts[i]));
}

static void add_old_edges(struct wv_deeds *deeds, const struct wv_object *old)
{
    struct wv_vertex *vertex = of_old(deeds, old);
    if (vertex == NULL)
        return;
    leave_parent_first(deeds, vertex, old);
    follow_givers(deeds, vertex, old);
    for (size_t i = 0; i < old->need_count; i++) {
        let_go_first(vertex, of_old(deeds, old->needs[i].object));
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
        wv_deeds_edge(of_new(deeds, copy), vertex);
        wait_for_copies(deeds, vertex, copy);
    }
}

static void add_new_edges(struct wv_deeds *deeds, const struct wv_object *new)
{
    struct wv_vertex *vertex = of_new(deeds, new);
    if (vertex == NULL)
        return;
    wv_deeds_edge(of_new(deeds, new->parent), vertex);
    for (size_t i = 0; i < new->need_count; i++) {
        wv_deeds_edge(of_new(deeds, new->needs[i].object), vertex);
        if (new->kind == &wv_kind_constraint)
            wait_for_copies(deeds, vertex, new->needs[i].object);
    }
}

/* A name that a vertex gives up or takes: relations and types share theirs with other kinds. */
struct claim {
    char *name;
    struct wv_vertex *vertex;
    unsigned traits;
    bool is_taken;
};

struct claims {
    struct claim *items;
    size_t count;
    size_t capacity;
};

enum { NAME_TRAITS = WV_KIND_RELATION | WV_KIND_TYPE };

static int order_claims(const void *a, const void *b)
{
    const struct claim *left = a;
    const struct claim *right = b;
    int names = strcmp(left->name, right->name);
    return names != 0 ? names : (int)left->is_taken - (int)right->is_taken;
}

static void claim(struct claims *claims, struct wv_vertex *vertex, char *name, unsigned traits,
                  bool is_taken)
{
    if (name == NULL)
        return;
    WV_GROW(claims->items, claims->count, claims->capacity);
    claims->items[claims->count++] = (struct claim){name, vertex, traits, is_taken};
}

static char *held(const struct wv_object *object)
{
    return object == NULL || object->kind->holds == NULL ? NULL : object->kind->holds(object);
}

static void claim_names(struct claims *claims, struct wv_vertex *vertex)
{
    const struct wv_object *object = wv_vertex_object(vertex);
    const struct wv_object *old = vertex->kind == WV_VERTEX_MAKE ? NULL : vertex->twin->old;
    const struct wv_object *new = vertex->kind == WV_VERTEX_DROP ? NULL : vertex->twin->new;
    unsigned traits = object->kind->traits & NAME_TRAITS;
    bool is_kept = vertex->kind == WV_VERTEX_ALTER || vertex->twin->aside != NULL;
    if (traits != 0 && !is_kept)
        claim(claims, vertex, wv_xstrdup(object->identity), traits, old == NULL);
    char *given WV_AUTOFREE = held(old);
    char *taken WV_AUTOFREE = held(new);
    if (given != NULL && taken != NULL && strcmp(given, taken) == 0)
        return;
    claim(claims, vertex, WV_STEAL(given), WV_KIND_RELATION, false);
    claim(claims, vertex, WV_STEAL(taken), WV_KIND_RELATION, true);
}

/* Who gives a name up goes before who takes it. */
static void hand_names_over(struct wv_deeds *deeds)
{
    struct claims claims = {0};
    for (size_t i = 0; i < deeds->count; i++)
        claim_names(&claims, &deeds->vertices[i]);
    if (claims.count > 0)
        qsort(claims.items, claims.count, sizeof(*claims.items), order_claims);
    for (size_t i = 0; i < claims.count; i++) {
        const struct claim *giver = &claims.items[i];
        for (size_t j = i + 1; j < claims.count && !giver->is_taken; j++) {
            const struct claim *taker = &claims.items[j];
            if (strcmp(giver->name, taker->name) != 0)
                break;
            if (taker->is_taken && (giver->traits & taker->traits) != 0)
                wv_deeds_edge(giver->vertex, taker->vertex);
        }
    }
    for (size_t i = 0; i < claims.count; i++)
        free(claims.items[i].name);
    free(claims.items);
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

static void hand_over_first(const struct handover *handover, struct wv_vertex *vertex)
{
    wv_deeds_edge(handover->old, vertex);
    wv_deeds_edge(handover->new, vertex);
}

/* A change of owner merges what the new one was given with what is the owner's: privileges are
 * changed after it, also where the owner was or becomes the one that is not written; those of
 * columns after their table's, whose revocation takes them along. A whole that is made again takes
 * what it had along. */
static void own_first(struct wv_deeds *deeds, const struct wv_twin *twin, size_t index)
{
    const struct wv_object *acl = twin->new != NULL ? twin->new : twin->old;
    if (acl->kind != &wv_kind_acl)
        return;
    const struct wv_object *owned = wv_owned(acl->parent);
    const struct wv_twin *whole = twin->new != NULL ? wv_twin_of_new(deeds->difference, owned)
                                                    : wv_twin_of_old(deeds->difference, owned);
    struct handover handover = handover_of(deeds, whole->old, whole->new);
    hand_over_first(&handover, deeds->of_new[index]);
    if (owned != acl->parent) {
        wv_deeds_edge(of_old(deeds, wv_part_of_kind(whole->old, &wv_kind_acl)),
                      deeds->of_new[index]);
        wv_deeds_edge(of_new(deeds, wv_part_of_kind(whole->new, &wv_kind_acl)),
                      deeds->of_new[index]);
    }
    if (twin->deed == WV_DEED_DROP && (whole->deed == WV_DEED_KEEP || whole->deed == WV_DEED_ALTER))
        hand_over_first(&handover, deeds->of_old[index]);
}

static const struct wv_object *table_of_sequence(const struct wv_object *link)
{
    const struct wv_object *column = wv_need_of_kind(link, &wv_kind_column);
    return column == NULL ? NULL : column->parent;
}

/* A sequence that belongs to a table has its owner, before the two are joined and as long as they
 * are. */
static void join_sequences(struct wv_deeds *deeds, const struct wv_twin *twin, size_t index)
{
    const struct wv_object *link = twin->new != NULL ? twin->new : twin->old;
    if (link->kind != &wv_kind_sequence_owner || table_of_sequence(link) == NULL)
        return;
    const struct wv_twin *sequence = twin->new != NULL
                                         ? wv_twin_of_new(deeds->difference, link->parent)
                                         : wv_twin_of_old(deeds->difference, link->parent);
    struct handover own = handover_of(deeds, sequence->old, sequence->new);
    const struct wv_object *table = table_of_sequence(link);
    const struct wv_twin *tables_twin = twin->new != NULL
                                            ? wv_twin_of_new(deeds->difference, table)
                                            : wv_twin_of_old(deeds->difference, table);
    struct handover tables = handover_of(deeds, tables_twin->old, tables_twin->new);
    if (drops(twin->deed) && !drops(sequence->deed)) {
        wv_deeds_edge(deeds->of_old[index], own.old);
        wv_deeds_edge(deeds->of_old[index], own.new);
        wv_deeds_edge(deeds->of_old[index], tables.old);
        wv_deeds_edge(deeds->of_old[index], tables.new);
    }
    if (twin->deed == WV_DEED_KEEP) {
        hand_over_first(&tables, own.old);
        hand_over_first(&tables, own.new);
    } else if (twin->deed != WV_DEED_DROP) {
        hand_over_first(&tables, deeds->of_new[index]);
        hand_over_first(&own, deeds->of_new[index]);
        /* A table that is logged or not from now on takes along what belongs to it. */
        wv_deeds_edge(of_new(deeds, table), deeds->of_new[index]);
    }
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
        wv_deeds_edge(of_new(deeds, column), of_new(deeds, model));
    else
        wv_deeds_edge(of_new(deeds, model), of_new(deeds, column));
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
    wv_deeds_edge(deeds->of_old[index], of_new(deeds, heir));
    wv_deeds_edge(of_old(deeds, origin), deeds->of_new[index]);
}

/* A foreign key leans on whichever key of the columns it finds: one that goes is gone before. */
static void drop_keys_first(struct wv_deeds *deeds, const struct wv_object *new)
{
    const char *references =
        new->kind == &wv_kind_constraint ? wv_object_get(new, "references") : NULL;
    const struct wv_object *table =
        references == NULL ? NULL
                           : wv_catalog_find(deeds->difference->before, &wv_kind_table, references);
    for (size_t i = 0; table != NULL && i < table->part_count; i++) {
        struct wv_vertex *key = of_old(deeds, table->parts[i]);
        bool is_key = table->parts[i]->kind == &wv_kind_index ||
                      (table->parts[i]->kind == &wv_kind_constraint &&
                       wv_object_get(table->parts[i], "references") == NULL);
        if (is_key && key != NULL && key->kind == WV_VERTEX_DROP)
            wv_deeds_edge(key, of_new(deeds, new));
    }
}

static bool is_primary_key(const struct wv_object *object)
{
    return object->kind == &wv_kind_constraint &&
           strcmp(wv_object_text(object, "type"), "PRIMARY KEY") == 0;
}

/* A table has one primary key at a time. */
static void drop_primary_key_first(struct wv_deeds *deeds, const struct wv_object *new)
{
    const struct wv_object *table =
        !is_primary_key(new)
            ? NULL
            : wv_catalog_find(deeds->difference->before, new->parent->kind, new->parent->identity);
    for (size_t i = 0; table != NULL && i < table->part_count; i++) {
        struct wv_vertex *key = of_old(deeds, table->parts[i]);
        if (is_primary_key(table->parts[i]) && key != NULL && key->kind == WV_VERTEX_DROP)
            wv_deeds_edge(key, of_new(deeds, new));
    }
}

/* What is created has what default privileges gave before, which its own statements undo. */
static void create_before_defaults(struct wv_deeds *deeds, const struct wv_object *new)
{
    struct wv_vertex *defaults = of_new(deeds, new);
    if (new->kind != &wv_kind_default_privileges || defaults == NULL)
        return;
    for (size_t i = 0; i < deeds->count; i++)
        if (deeds->vertices[i].kind == WV_VERTEX_MAKE &&
            wv_default_privileges_apply(new, deeds->vertices[i].twin->new))
            wv_deeds_edge(&deeds->vertices[i], defaults);
}

static bool has_name(const struct wv_twin *twin, const struct wv_object *routine)
{
    const struct wv_object *object = twin->new != NULL ? twin->new : twin->old;
    return object->kind == routine->kind && wv_same(object->name, routine->name) &&
           wv_same(object->schema, routine->schema);
}

/* Calls of a routine that is made would mean the one that goes, or could be told from its calls no
 * more. Those of one name are next to each other. */
static void drop_overloads_first(struct wv_deeds *deeds, size_t index)
{
    const struct wv_difference *difference = deeds->difference;
    const struct wv_object *new = difference->twins[index].new;
    struct wv_vertex *make = deeds->of_new[index];
    if (make == NULL || make->kind != WV_VERTEX_MAKE || new->kind != &wv_kind_routine)
        return;
    size_t first = index;
    while (first > 0 && has_name(&difference->twins[first - 1], new))
        first--;
    for (size_t i = first; i < difference->count && has_name(&difference->twins[i], new); i++) {
        struct wv_vertex *drop = deeds->of_old[i];
        if (drop != NULL && drop->kind == WV_VERTEX_DROP &&
            wv_is_overload(difference->twins[i].old, new) &&
            !wv_deeds_is_roundabout(deeds, make, drop, false))
            wv_deeds_edge(drop, make);
    }
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
    for (size_t i = 0; i < difference->count; i++) {
        const struct wv_twin *twin = &difference->twins[i];
        if (twin->deed == WV_DEED_RECREATE) {
            wv_deeds_edge(deeds->of_old[i], deeds->of_new[i]);
            stand_aside(deeds, i);
        }
        wv_deeds_edge(deeds->aside[i], deeds->of_old[i]);
        wv_deeds_edge(deeds->aside[i], deeds->of_new[i]);
        if (twin->is_parked)
            wv_deeds_edge(deeds->of_old[i], deeds->of_new[i]);
        own_first(deeds, twin, i);
        hand_counter_over(deeds, twin, i);
        join_sequences(deeds, twin, i);
        follow_parents(deeds, twin);
        if (twin->old != NULL)
            add_old_edges(deeds, twin->old);
        if (twin->new != NULL) {
            add_new_edges(deeds, twin->new);
            create_before_defaults(deeds, twin->new);
        }
        if (makes(twin->deed)) {
            drop_keys_first(deeds, twin->new);
            drop_primary_key_first(deeds, twin->new);
        }
    }
    hand_names_over(deeds);
    wv_deeds_partitions(deeds);
    wv_deeds_inheritance(deeds);
    for (size_t i = 0; i < difference->count; i++)
        drop_overloads_first(deeds, i);
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
