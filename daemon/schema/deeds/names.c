/* Names that things share: who gives one up goes before who takes it. See deeds.h. */
#include <stdlib.h>
#include <string.h>

#include "deeds.h"
#include "kinds.h"
#include "partition.h"
#include "rebuilt_table.h"
#include "xalloc.h"

/* A name that a vertex gives up or takes, of those that several kinds share. */
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

/* A table that is rebuilt gives up what it holds when it is set aside. */
static struct wv_vertex *giver_of(const struct wv_deeds *deeds, struct wv_vertex *vertex)
{
    const struct wv_object *old = vertex->twin->old;
    struct wv_vertex *aside = old != NULL && old->kind == &wv_kind_column
                                  ? deeds->aside[deeds->difference->of_old[old->parent->index]]
                                  : NULL;
    return aside != NULL ? aside : vertex;
}

/* The parts of a partitioned table that is rebuilt are nobody's any more; what a rebuilt table has
 * from its CREATE on has names of the table's own. */
static bool gives_up(const struct wv_deeds *deeds, const struct wv_object *old)
{
    const struct wv_object *whole = old != NULL && old->kind == &wv_kind_partition
                                        ? wv_partition_whole(deeds->difference->before, old->parent)
                                        : NULL;
    return whole == NULL || wv_rebuilt_table(deeds->difference, whole) == NULL;
}

static void claim_names(const struct wv_deeds *deeds, struct claims *claims,
                        struct wv_vertex *vertex)
{
    const struct wv_object *object = wv_vertex_object(vertex);
    const struct wv_object *old = vertex->kind == WV_VERTEX_MAKE ? NULL : vertex->twin->old;
    const struct wv_object *new = vertex->kind == WV_VERTEX_DROP ? NULL : vertex->twin->new;
    unsigned traits = object->kind->traits & WV_KIND_SHARES_NAMES;
    bool is_aside = vertex->kind == WV_VERTEX_ASIDE && new == NULL;
    bool is_kept = vertex->kind == WV_VERTEX_ALTER || (vertex->twin->aside != NULL && !is_aside) ||
                   (old != NULL && old->parent != NULL && wv_is_beside(deeds->difference, old));
    if (traits != 0 && !is_kept)
        claim(claims, vertex, wv_xstrdup(object->identity), traits, old == NULL);
    char *given WV_AUTOFREE = gives_up(deeds, old) ? held(old) : NULL;
    char *taken WV_AUTOFREE = held(new);
    if (vertex->twin->aside != NULL ||
        (given != NULL && taken != NULL && strcmp(given, taken) == 0))
        return;
    if (given != NULL)
        claim(claims, giver_of(deeds, vertex), WV_STEAL(given), WV_KIND_RELATION, false);
    claim(claims, vertex, WV_STEAL(taken), WV_KIND_RELATION, true);
}

void wv_deeds_hand_names_over(struct wv_deeds *deeds)
{
    struct claims claims = {0};
    for (size_t i = 0; i < deeds->count; i++)
        claim_names(deeds, &claims, &deeds->vertices[i]);
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
