/* See nodeset.h. */
#include "nodeset.h"

#include <stdlib.h>

void wv_nodes_add(struct wv_nodes *list, wv_node node)
{
    WV_GROW(list->items, list->count, list->capacity);
    list->items[list->count++] = node;
}

bool wv_nodes_has(const struct wv_nodes *list, wv_node node)
{
    for (size_t i = 0; i < list->count; i++) {
        if (list->items[i] == node)
            return true;
    }
    return false;
}

void wv_nodes_free(struct wv_nodes *list)
{
    free(list->items);
    *list = (struct wv_nodes){0};
}

void wv_nodeset_init(struct wv_nodeset *set, size_t size)
{
    set->words = wv_xcalloc(size / 64 + 1, sizeof(*set->words));
    set->size = size;
    set->count = 0;
}

bool wv_nodeset_add(struct wv_nodeset *set, wv_node node)
{
    uint64_t bit = UINT64_C(1) << (node % 64);
    if ((set->words[node / 64] & bit) != 0)
        return false;
    set->words[node / 64] |= bit;
    set->count++;
    return true;
}

bool wv_nodeset_remove(struct wv_nodeset *set, wv_node node)
{
    uint64_t bit = UINT64_C(1) << (node % 64);
    if ((set->words[node / 64] & bit) == 0)
        return false;
    set->words[node / 64] &= ~bit;
    set->count--;
    return true;
}

bool wv_nodeset_has(const struct wv_nodeset *set, wv_node node)
{
    return (set->words[node / 64] >> (node % 64) & 1) != 0;
}

void wv_nodeset_free(struct wv_nodeset *set)
{
    free(set->words);
    *set = (struct wv_nodeset){0};
}
