/* See lineage.h. Main thread. Each function is linear in revisions and edges, but for sorting the
 * branches of one revision. */
#include "lineage.h"

#include <stdlib.h>
#include <string.h>

#include "value.h"
#include "xalloc.h"

static json_t *number_ids(const struct wv_lineage *lineage)
{
    json_t *numbers = json_object();
    for (size_t i = 0; i < lineage->count; i++) {
        const char *id = wv_value_text(lineage->revisions[i], "revision");
        if (id != NULL)
            json_object_set_new(numbers, id, json_integer((json_int_t)i));
    }
    return numbers;
}

static void link_all(struct wv_edges *edges, const struct wv_lineage *lineage, const char *key,
                     const json_t *numbers)
{
    size_t count = 0;
    size_t capacity = 0;
    edges->start = wv_xcalloc(lineage->count + 1, sizeof(*edges->start));
    for (size_t i = 0; i < lineage->count; i++) {
        size_t index;
        const json_t *id;
        edges->start[i] = count;
        json_array_foreach(wv_value_array(lineage->revisions[i], key), index, id)
        {
            const char *text = json_string_value(id);
            const json_t *number = text != NULL ? json_object_get(numbers, text) : NULL;
            if (number == NULL || (size_t)json_integer_value(number) <= i)
                continue;
            WV_GROW(edges->items, count, capacity);
            edges->items[count++] = (size_t)json_integer_value(number);
        }
    }
    edges->start[lineage->count] = count;
}

void wv_lineage_init(struct wv_lineage *lineage, const json_t *result)
{
    const json_t *list = wv_value_array(result, "revisions");
    *lineage = (struct wv_lineage){.count = json_array_size(list)};
    lineage->revisions = wv_xcalloc(lineage->count + 1, sizeof(*lineage->revisions));
    for (size_t i = 0; i < lineage->count; i++)
        lineage->revisions[i] = json_array_get(list, i);
    json_t *numbers = number_ids(lineage);
    link_all(&lineage->down, lineage, "down_revision", numbers);
    link_all(&lineage->depends, lineage, "depends_on", numbers);
    json_decref(numbers);
}

void wv_lineage_free(struct wv_lineage *lineage)
{
    free((void *)lineage->revisions);
    free(lineage->down.items);
    free(lineage->down.start);
    free(lineage->depends.items);
    free(lineage->depends.start);
    *lineage = (struct wv_lineage){0};
}

/* Who follows whom by either kind of edge, and how long the longest way on is. */
struct ascent {
    size_t count;
    struct wv_edges up;
    size_t *height;
    size_t *missing; /* parents that have not been taken yet */
    size_t *stack;
    size_t depth;
};

static void count_up(struct ascent *ascent, const struct wv_edges *edges)
{
    for (size_t i = 0; i < ascent->count; i++) {
        for (size_t k = edges->start[i]; k < edges->start[i + 1]; k++) {
            size_t parent = edges->items[k];
            ascent->up.start[parent + 1]++;
            ascent->missing[i]++;
        }
    }
}

static void fill_up(struct ascent *ascent, const struct wv_edges *edges, size_t *next)
{
    for (size_t i = 0; i < ascent->count; i++) {
        for (size_t k = edges->start[i]; k < edges->start[i + 1]; k++)
            ascent->up.items[next[edges->items[k]]++] = i;
    }
}

static void measure(struct ascent *ascent)
{
    for (size_t i = 0; i < ascent->count; i++) {
        for (size_t k = ascent->up.start[i]; k < ascent->up.start[i + 1]; k++) {
            size_t height = ascent->height[ascent->up.items[k]] + 1;
            ascent->height[i] = height > ascent->height[i] ? height : ascent->height[i];
        }
    }
}

static void ascent_init(struct ascent *ascent, const struct wv_lineage *lineage)
{
    size_t count = lineage->count;
    size_t edges = lineage->down.start[count] + lineage->depends.start[count];
    *ascent = (struct ascent){.count = count};
    ascent->up.start = wv_xcalloc(count + 2, sizeof(size_t));
    ascent->up.items = wv_xcalloc(edges + 1, sizeof(size_t));
    ascent->height = wv_xcalloc(count + 1, sizeof(size_t));
    ascent->missing = wv_xcalloc(count + 1, sizeof(size_t));
    ascent->stack = wv_xcalloc(count + 1, sizeof(size_t));
    count_up(ascent, &lineage->down);
    count_up(ascent, &lineage->depends);
    for (size_t i = 0; i < count; i++)
        ascent->up.start[i + 1] += ascent->up.start[i];
    size_t *next = wv_xcalloc(count + 1, sizeof(size_t));
    memcpy(next, ascent->up.start, count * sizeof(size_t));
    fill_up(ascent, &lineage->down, next);
    fill_up(ascent, &lineage->depends, next);
    free(next);
    measure(ascent);
}

static void ascent_free(struct ascent *ascent)
{
    free(ascent->up.items);
    free(ascent->up.start);
    free(ascent->height);
    free(ascent->missing);
    free(ascent->stack);
}

static int compare(const void *left, const void *right, void *context)
{
    const struct ascent *ascent = context;
    size_t a = *(const size_t *)left, b = *(const size_t *)right;
    size_t high = ascent->height[a], low = ascent->height[b];
    if (high != low)
        return high > low ? -1 : 1;
    return a < b ? -1 : a > b;
}

/* Sorts what was pushed since `from`: the shortest branch is taken first. */
static void settle(struct ascent *ascent, size_t from)
{
    if (ascent->depth - from > 1)
        qsort_r(ascent->stack + from, ascent->depth - from, sizeof(size_t), compare, ascent);
}

static void push_ready(struct ascent *ascent, size_t node)
{
    size_t from = ascent->depth;
    for (size_t k = ascent->up.start[node]; k < ascent->up.start[node + 1]; k++) {
        size_t follower = ascent->up.items[k];
        if (--ascent->missing[follower] == 0)
            ascent->stack[ascent->depth++] = follower;
    }
    settle(ascent, from);
}

size_t *wv_lineage_order(const struct wv_lineage *lineage)
{
    struct ascent ascent;
    ascent_init(&ascent, lineage);
    size_t *order = wv_xcalloc(lineage->count + 1, sizeof(*order));
    for (size_t i = 0; i < lineage->count; i++)
        if (ascent.missing[i] == 0)
            ascent.stack[ascent.depth++] = i;
    settle(&ascent, 0);
    for (size_t left = lineage->count; ascent.depth > 0;) {
        size_t node = ascent.stack[--ascent.depth];
        order[--left] = node;
        push_ready(&ascent, node);
    }
    ascent_free(&ascent);
    return order;
}
