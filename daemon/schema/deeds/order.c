/* One order that keeps every edge, the same for the same input (Kahn's, with ties broken by what a
 * reader expects: new things first, each with its parts, what goes away last). See deeds.h. */
#include "deeds.h"

#include <stdlib.h>
#include <string.h>

#include "catalog_parts.h"
#include "kinds.h"
#include "strbuf.h"

long wv_object_position(const struct wv_object *object)
{
    const struct wv_attribute *attributes = object->kind->attributes;
    for (size_t i = 0; attributes != NULL && attributes[i].name != NULL; i++)
        if (strcmp(attributes[i].name, "position") == 0)
            return object->values[i] == NULL ? 0 : strtol(object->values[i], NULL, 10);
    return 0;
}

/* What is set aside is away until the end of its transaction, which nothing that has to be alone
 * may cut through. */
static bool is_away(const struct wv_vertex *vertex)
{
    return vertex->kind == WV_VERTEX_ASIDE || vertex->kind == WV_VERTEX_PARK;
}

/* All that comes before what is set aside, or before what waits for that. */
static void find_ways(struct wv_deeds *deeds)
{
    for (size_t i = 0; i < deeds->count; i++)
        if (is_away(&deeds->vertices[i]))
            deeds->vertices[i].is_behind = true;
    wv_deeds_find_ways(deeds, false);
    wv_deeds_find_ways(deeds, true);
}

static bool is_alone(const struct wv_vertex *vertex)
{
    for (size_t i = 0; i < vertex->ddl.count; i++)
        if (vertex->ddl.statements[i].mode == WV_STATEMENT_ALONE)
            return true;
    return false;
}

/* What would fire for all else; enum values, which nothing may use before their commit; the rest;
 * what cannot run in a transaction, which has to be apart; what should not be away for long. */
enum { OUT_OF_THE_WAY, COMMITTED_FIRST, USUAL, ALONE_BEFORE, SET_ASIDE, ALONE, LATE };

/* Is it dropped in order to be there again, when what is set aside is back? */
static bool goes_for_a_while(const struct wv_vertex *vertex)
{
    return vertex->kind == WV_VERTEX_DROP && vertex->twin->deed != WV_DEED_DROP &&
           vertex->makes_way && !vertex->is_behind;
}

static int stage(const struct wv_vertex *vertex)
{
    int stage = is_away(vertex) || goes_for_a_while(vertex) ? SET_ASIDE
                : vertex->delay != 0                        ? vertex->delay
                                                            : USUAL;
    if (vertex->kind == WV_VERTEX_DROP && vertex->twin->old->kind == &wv_kind_event_trigger)
        return OUT_OF_THE_WAY;
    for (size_t i = 0; i < vertex->ddl.count; i++) {
        if (vertex->ddl.statements[i].mode == WV_STATEMENT_ALONE)
            return vertex->makes_way && !vertex->is_behind ? ALONE_BEFORE : ALONE;
        if (vertex->ddl.statements[i].commits_after)
            stage = COMMITTED_FIRST;
    }
    return stage;
}

static int order_numbers(long a, long b)
{
    return (a > b) - (a < b);
}

static int order_places(const struct wv_object *a, const struct wv_object *b)
{
    const struct wv_object *a_root = wv_object_root(a);
    const struct wv_object *b_root = wv_object_root(b);
    int order =
        wv_object_name_order(a_root->kind, a_root->identity, b_root->kind, b_root->identity);
    if (order == 0)
        order = order_numbers(a->kind->rank, b->kind->rank);
    if (order == 0 && a->parent != NULL && b->parent != NULL)
        order = order_numbers(wv_object_position(a->parent), wv_object_position(b->parent));
    if (order == 0)
        order = order_numbers(wv_object_position(a), wv_object_position(b));
    return order != 0 ? order : wv_object_name_order(a->kind, a->identity, b->kind, b->identity);
}

static int order_vertices(const struct wv_vertex *a, const struct wv_vertex *b)
{
    int order = order_numbers(stage(a), stage(b));
    if (order == 0)
        order = order_numbers(a->kind == WV_VERTEX_DROP, b->kind == WV_VERTEX_DROP);
    return order != 0 ? order : order_places(wv_vertex_object(a), wv_vertex_object(b));
}

/* A binary heap of what may be done now, the first on top. */
struct heap {
    struct wv_vertex **items;
    size_t count;
};

static void swap(struct wv_vertex **a, struct wv_vertex **b)
{
    struct wv_vertex *kept = *a;
    *a = *b;
    *b = kept;
}

static void heap_add(struct heap *heap, struct wv_vertex *vertex)
{
    size_t at = heap->count++;
    heap->items[at] = vertex;
    while (at > 0 && order_vertices(heap->items[at], heap->items[(at - 1) / 2]) < 0) {
        swap(&heap->items[at], &heap->items[(at - 1) / 2]);
        at = (at - 1) / 2;
    }
}

static struct wv_vertex *heap_take(struct heap *heap)
{
    struct wv_vertex *top = heap->items[0];
    heap->items[0] = heap->items[--heap->count];
    for (size_t at = 0; 2 * at + 1 < heap->count;) {
        size_t child = 2 * at + 1;
        if (child + 1 < heap->count &&
            order_vertices(heap->items[child + 1], heap->items[child]) < 0)
            child++;
        if (order_vertices(heap->items[at], heap->items[child]) <= 0)
            break;
        swap(&heap->items[at], &heap->items[child]);
        at = child;
    }
    return top;
}

size_t wv_deeds_count_waits(struct wv_deeds *deeds)
{
    size_t hosts = 0;
    for (size_t i = 0; i < deeds->count; i++)
        deeds->vertices[i].waits_for = 0;
    for (size_t i = 0; i < deeds->count; i++) {
        struct wv_vertex *vertex = &deeds->vertices[i];
        hosts += vertex->host == vertex;
        for (size_t j = 0; j < vertex->before_count; j++)
            if (vertex->before[j]->host != vertex->host)
                vertex->host->waits_for++;
    }
    return hosts;
}

static void release(struct heap *heap, const struct wv_vertex *done)
{
    bool after_alone = done->after_alone || is_alone(done);
    for (const struct wv_vertex *guest = done; guest != NULL; guest = guest->guest)
        for (size_t i = 0; i < guest->after_count; i++) {
            struct wv_vertex *next = guest->after[i]->host;
            next->after_alone = next->after_alone || after_alone;
            if (next != done->host && --next->waits_for == 0)
                heap_add(heap, next);
        }
}

static const char *deed_name(const struct wv_vertex *vertex)
{
    static const char *const names[] = {"drop", "create", "alter", "set aside", "park"};
    return names[vertex->kind];
}

static struct wv_vertex *waited_for(const struct wv_vertex *vertex)
{
    for (const struct wv_vertex *guest = vertex; guest != NULL; guest = guest->guest)
        for (size_t i = 0; i < guest->before_count; i++) {
            struct wv_vertex *before = guest->before[i]->host;
            if (before != vertex->host && before->waits_for > 0)
                return before;
        }
    return NULL;
}

/* Walks from what waits to what it waits for until a vertex comes again: that is the circle. */
struct wv_vertex *wv_deeds_on_circle(struct wv_deeds *deeds)
{
    struct wv_vertex *vertex = deeds->vertices;
    while (vertex->host != vertex || vertex->waits_for == 0)
        vertex++;
    deeds->searches++;
    for (; vertex->seen != deeds->searches; vertex = waited_for(vertex))
        vertex->seen = deeds->searches;
    return vertex;
}

static bool say_cycle(struct wv_deeds *deeds, struct wv_err *err)
{
    struct wv_strbuf path WV_AUTOSTRBUF = WV_STRBUF_INIT;
    struct wv_vertex *vertex = wv_deeds_on_circle(deeds);
    const struct wv_vertex *first = vertex;
    do {
        wv_strbuf_addf(&path, "%s %s %s, which waits for ", deed_name(vertex),
                       wv_vertex_object(vertex)->kind->name, wv_vertex_object(vertex)->identity);
        vertex = waited_for(vertex);
    } while (vertex != first);
    wv_err_set(err, WV_SCHEMA_CYCLE, "no order of statements leads there: %sthe first",
               wv_strbuf_text(&path));
    wv_err_hint(err, "write this change by hand, in several revisions that break the circle");
    return false;
}

/* Is all in its place? */
static bool order(struct wv_deeds *deeds, struct wv_vertex **out, size_t *count)
{
    struct wv_vertex **items WV_AUTOFREE = wv_xcalloc(deeds->count + 1, sizeof(*items));
    struct heap heap = {items, 0};
    size_t hosts = wv_deeds_count_waits(deeds);
    size_t done = 0;
    for (size_t i = 0; i < deeds->count; i++)
        if (deeds->vertices[i].host == &deeds->vertices[i] && deeds->vertices[i].waits_for == 0)
            heap_add(&heap, &deeds->vertices[i]);
    while (heap.count > 0) {
        struct wv_vertex *vertex = heap_take(&heap);
        out[done++] = vertex;
        release(&heap, vertex);
    }
    *count = done;
    return done == hosts;
}

/* Is it a constraint of a table of which another is made while others write, as one that takes its
 * place would be? */
static bool is_replaced_alone(const struct wv_deeds *deeds, const struct wv_vertex *drop)
{
    const struct wv_object *old = drop->twin->old;
    const struct wv_object *table = old->kind != &wv_kind_constraint
                                        ? NULL
                                        : wv_twin_of_old(deeds->difference, old->parent)->new;
    for (size_t i = 0; table != NULL && i < table->part_count; i++) {
        const struct wv_vertex *make = wv_deeds_of_new(deeds, table->parts[i]);
        if (table->parts[i]->kind == old->kind && make != NULL && make->kind == WV_VERTEX_MAKE &&
            is_alone(make))
            return true;
    }
    return false;
}

/* A policy, a trigger, a key that is dropped and can be made again only after something that runs
 * alone would be away for others to see until then: it is dropped after that as well, where it can
 * be, or with what is set aside. Are there any? */
static bool delay_drops(struct wv_deeds *deeds)
{
    bool found = false;
    int delay = LATE;
    for (size_t i = 0; i < deeds->count; i++)
        if (is_away(&deeds->vertices[i]))
            delay = SET_ASIDE;
    for (size_t i = 0; i < deeds->difference->count; i++) {
        struct wv_vertex *drop = deeds->of_old[i];
        const struct wv_vertex *make = deeds->of_new[i];
        if (drop == NULL || drop->kind != WV_VERTEX_DROP || drop->host != drop ||
            drop->after_alone || is_alone(drop) ||
            !(make != NULL ? make->host->after_alone : is_replaced_alone(deeds, drop)))
            continue;
        drop->delay = delay;
        found = true;
    }
    return found;
}

bool wv_deeds_order(struct wv_deeds *deeds, struct wv_vertex **out, size_t *count,
                    struct wv_err *err)
{
    find_ways(deeds);
    if (!order(deeds, out, count) || (delay_drops(deeds) && !order(deeds, out, count)))
        return say_cycle(deeds, err);
    return true;
}
