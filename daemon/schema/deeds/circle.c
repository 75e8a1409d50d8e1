/* Circles of deeds, as views and functions over their rows make them, or a base type and its
 * functions: one of them is begun by a stub that has what the others need of it, and is filled in
 * after them; what is dropped is emptied in the same way. A circle with nothing that can be begun
 * so stays, and is an error of the order. See deeds.h. */
#include <stdlib.h>
#include <string.h>

#include "deeds.h"
#include "kinds.h"
#include "xalloc.h"

static size_t index_of(const struct wv_deeds *deeds, const struct wv_vertex *vertex)
{
    return (size_t)(vertex->host - deeds->vertices);
}

/* Takes away what can be done in some order: does anything wait for ever? */
static bool is_caught(struct wv_deeds *deeds)
{
    struct wv_vertex **ready WV_AUTOFREE = wv_xcalloc(deeds->count + 1, sizeof(*ready));
    size_t left = wv_deeds_count_waits(deeds);
    size_t count = 0;
    for (size_t i = 0; i < deeds->count; i++)
        if (deeds->vertices[i].host == &deeds->vertices[i] && deeds->vertices[i].waits_for == 0)
            ready[count++] = &deeds->vertices[i];
    for (; count > 0; left--) {
        const struct wv_vertex *done = ready[--count];
        for (const struct wv_vertex *guest = done; guest != NULL; guest = guest->guest)
            for (size_t i = 0; i < guest->after_count; i++) {
                struct wv_vertex *next = guest->after[i]->host;
                if (next != done && --next->waits_for == 0)
                    ready[count++] = next;
            }
    }
    return left > 0;
}

/* Marks all hosts that lead to `vertex`, or that it leads to. */
static void mark(const struct wv_deeds *deeds, struct wv_vertex *vertex, bool backwards,
                 bool *marks)
{
    struct wv_vertex **pile WV_AUTOFREE = wv_xcalloc(deeds->count + 1, sizeof(*pile));
    size_t count = 0;
    pile[count++] = vertex;
    marks[index_of(deeds, vertex)] = true;
    while (count > 0) {
        const struct wv_vertex *guest = pile[--count];
        for (; guest != NULL; guest = guest->guest) {
            struct wv_vertex *const *next = backwards ? guest->before : guest->after;
            size_t ends = backwards ? guest->before_count : guest->after_count;
            for (size_t i = 0; i < ends; i++)
                if (!marks[index_of(deeds, next[i])]) {
                    marks[index_of(deeds, next[i])] = true;
                    pile[count++] = next[i]->host;
                }
        }
    }
}

struct circle {
    bool *has; /* by index of the host */
    struct wv_vertex *stubbed;
};

/* Rows that are read while a view is a stub would be wrong. */
static bool reads_rows(const struct wv_vertex *vertex)
{
    return vertex->kind == WV_VERTEX_MAKE && vertex->twin->new->kind == &wv_kind_materialized_view;
}

static bool drops_routine(const struct wv_vertex *vertex)
{
    return vertex->kind == WV_VERTEX_DROP && vertex->twin->old->kind == &wv_kind_routine;
}

/* DROP ... CASCADE of a type does those of its functions. */
static bool drops_type(const struct wv_vertex *vertex)
{
    return vertex->kind == WV_VERTEX_DROP && vertex->twin->old->kind != &wv_kind_view;
}

static bool can_be_begun(const struct wv_deeds *deeds, const struct circle *circle,
                         const struct wv_vertex *vertex)
{
    if (wv_vertex_object(vertex)->kind->stub == NULL || vertex->is_stub || vertex->stub != NULL)
        return false;
    bool has_functions = false;
    for (size_t i = 0; drops_type(vertex) && i < deeds->count; i++)
        has_functions = has_functions || (circle->has[i] && drops_routine(&deeds->vertices[i]));
    return has_functions || !drops_type(vertex);
}

/* The hosts that lead to `vertex` and that it leads to; which of them is to be begun. */
static void find_circle(const struct wv_deeds *deeds, struct wv_vertex *vertex,
                        struct circle *circle)
{
    bool *leads WV_AUTOFREE = wv_xcalloc(deeds->count + 1, sizeof(*leads));
    mark(deeds, vertex, false, circle->has);
    mark(deeds, vertex, true, leads);
    for (size_t i = 0; i < deeds->count; i++)
        circle->has[i] = circle->has[i] && leads[i];
    for (size_t i = 0; i < deeds->count; i++) {
        if (!circle->has[i])
            continue;
        if (reads_rows(&deeds->vertices[i])) {
            circle->stubbed = NULL;
            return;
        }
        if (circle->stubbed == NULL && can_be_begun(deeds, circle, &deeds->vertices[i]))
            circle->stubbed = &deeds->vertices[i];
    }
}

static void replace(struct wv_vertex **list, size_t count, const struct wv_vertex *old,
                    struct wv_vertex *new)
{
    for (size_t i = 0; i < count; i++)
        if (list[i] == old)
            list[i] = new;
}

/* What of the circle has waited for the whole waits for its stub. */
static void hand_over(const struct wv_deeds *deeds, const struct circle *circle,
                      struct wv_vertex *stub)
{
    struct wv_vertex *whole = circle->stubbed;
    for (struct wv_vertex *guest = whole; guest != NULL; guest = guest->guest) {
        size_t kept = 0;
        for (size_t i = 0; i < guest->after_count; i++) {
            struct wv_vertex *after = guest->after[i];
            if (after->host == whole || !circle->has[index_of(deeds, after)]) {
                guest->after[kept++] = after;
                continue;
            }
            replace(after->before, after->before_count, guest, stub);
            WV_GROW(stub->after, stub->after_count, stub->after_capacity);
            stub->after[stub->after_count++] = after;
        }
        guest->after_count = kept;
    }
}

/* The stub waits for all that the circle as a whole waits for. */
static void wait_for_others(struct wv_deeds *deeds, const struct circle *circle,
                            struct wv_vertex *stub)
{
    for (size_t i = 0; i < deeds->count; i++) {
        const struct wv_vertex *vertex = &deeds->vertices[i];
        if (!circle->has[index_of(deeds, vertex)] || vertex->host == stub)
            continue;
        for (size_t j = 0; j < vertex->before_count; j++)
            if (vertex->before[j] != stub && !circle->has[index_of(deeds, vertex->before[j])])
                wv_deeds_edge(vertex->before[j], stub);
    }
}

static void begin(struct wv_deeds *deeds, const struct circle *circle)
{
    struct wv_vertex *whole = circle->stubbed;
    struct wv_vertex *stub = &deeds->vertices[deeds->count];
    *stub = (struct wv_vertex){.kind = whole->kind, .twin = whole->twin, .is_stub = true};
    stub->host = stub->last_guest = stub;
    wait_for_others(deeds, circle, stub);
    hand_over(deeds, circle, stub);
    wv_deeds_edge(stub, whole);
    whole->stub = stub;
    deeds->count++;
}

static void drop_together(const struct wv_deeds *deeds, const struct circle *circle)
{
    for (size_t i = 0; i < deeds->count; i++)
        if (circle->has[i] && drops_routine(&deeds->vertices[i]))
            wv_deeds_join(circle->stubbed, &deeds->vertices[i]);
}

static bool break_circle(struct wv_deeds *deeds, struct wv_vertex *vertex)
{
    bool *has WV_AUTOFREE = wv_xcalloc(deeds->count + 1, sizeof(*has));
    struct circle circle = {has, NULL};
    find_circle(deeds, vertex, &circle);
    if (circle.stubbed == NULL)
        return false;
    if (drops_type(circle.stubbed))
        drop_together(deeds, &circle);
    else
        begin(deeds, &circle);
    return true;
}

void wv_deeds_break_circles(struct wv_deeds *deeds)
{
    while (is_caught(deeds) && break_circle(deeds, wv_deeds_on_circle(deeds)))
        continue;
}
