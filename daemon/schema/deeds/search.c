/* What waits for what, through others. See deeds.h. */
#include <stdlib.h>

#include "deeds.h"
#include "xalloc.h"

/* Those still to be looked at. */
struct pile {
    struct wv_vertex **items;
    size_t count;
    size_t capacity;
};

static void push(struct wv_deeds *deeds, struct pile *pile, struct wv_vertex *vertex)
{
    vertex = vertex->host;
    if (vertex->seen == deeds->searches)
        return;
    vertex->seen = deeds->searches;
    WV_GROW(pile->items, pile->count, pile->capacity);
    pile->items[pile->count++] = vertex;
}

static void push_neighbours(struct wv_deeds *deeds, struct pile *pile, const struct wv_vertex *of,
                            bool backwards)
{
    for (const struct wv_vertex *guest = of; guest != NULL; guest = guest->guest) {
        size_t count = backwards ? guest->before_count : guest->after_count;
        struct wv_vertex **next = backwards ? guest->before : guest->after;
        for (size_t i = 0; i < count; i++)
            push(deeds, pile, next[i]);
    }
}

bool wv_deeds_is_roundabout(struct wv_deeds *deeds, struct wv_vertex *from, struct wv_vertex *to,
                            bool backwards)
{
    struct pile pile = {0};
    bool found = false;
    deeds->searches++;
    from = from->host;
    to = to->host;
    from->seen = deeds->searches;
    to->seen = deeds->searches; /* the direct way is no circle */
    push_neighbours(deeds, &pile, from, backwards);
    to->seen = 0;
    while (pile.count > 0 && !found) {
        push_neighbours(deeds, &pile, pile.items[--pile.count], backwards);
        found = to->seen == deeds->searches;
    }
    free(pile.items);
    return found;
}

void wv_deeds_mark_later(struct wv_deeds *deeds, struct wv_vertex *from)
{
    struct pile pile = {0};
    deeds->searches++;
    push_neighbours(deeds, &pile, from->host, false);
    while (pile.count > 0)
        push_neighbours(deeds, &pile, pile.items[--pile.count], false);
    free(pile.items);
}

bool wv_deeds_is_later(const struct wv_deeds *deeds, const struct wv_vertex *vertex)
{
    return vertex->host->seen == deeds->searches;
}

void wv_deeds_find_ways(struct wv_deeds *deeds, bool backwards)
{
    struct pile pile = {0};
    deeds->searches++;
    for (size_t i = 0; i < deeds->count; i++)
        if (deeds->vertices[i].is_behind)
            push(deeds, &pile, &deeds->vertices[i]);
    while (pile.count > 0) {
        struct wv_vertex *vertex = pile.items[--pile.count];
        vertex->is_behind = vertex->is_behind || !backwards;
        vertex->makes_way = vertex->makes_way || backwards;
        push_neighbours(deeds, &pile, vertex, backwards);
    }
    free(pile.items);
}
