/* See walk.h. */
#include "walk.h"

#include <stdlib.h>
#include <string.h>

#include "inheritance.h"
#include "list.h"
#include "lookup.h"
#include "xalloc.h"

enum { BITS = 64 };

static void make_room(struct wv_walk *walk, size_t word)
{
    if (word < walk->seen_size)
        return;
    size_t size = 2 * (word + 1);
    walk->seen = wv_xreallocarray(walk->seen, size, sizeof(*walk->seen));
    memset(walk->seen + walk->seen_size, 0, (size - walk->seen_size) * sizeof(*walk->seen));
    walk->seen_size = size;
}

void wv_walk_to(struct wv_walk *walk, const struct wv_object *table)
{
    size_t word = table->index / BITS;
    uint64_t bit = UINT64_C(1) << (table->index % BITS);
    make_room(walk, word);
    if ((walk->seen[word] & bit) != 0)
        return;
    walk->seen[word] |= bit;
    WV_GROW(walk->tables, walk->count, walk->capacity);
    walk->tables[walk->count++] = table;
}

void wv_walk_to_heirs(struct wv_walk *walk, const struct wv_object *table)
{
    size_t at = 0;
    const struct wv_object *heir;
    while ((heir = wv_next_heir(table, &at)) != NULL)
        wv_walk_to(walk, heir);
}

void wv_walk_to_parents(struct wv_walk *walk, const struct wv_catalog *catalog,
                        const struct wv_object *table)
{
    const char *whole = wv_object_get(table, "partition_of");
    const char *at = whole != NULL ? whole : wv_object_text(table, "parents");
    for (; *at != '\0'; at = wv_list_next(at)) {
        char *name WV_AUTOFREE = wv_xstrndup(at, wv_list_item(at));
        const struct wv_object *parent = wv_find_table(catalog, name);
        if (parent != NULL)
            wv_walk_to(walk, parent);
    }
}

void wv_walk_clear(struct wv_walk *walk)
{
    free(walk->tables);
    free(walk->seen);
    *walk = (struct wv_walk){0};
}
