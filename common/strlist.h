/* An ordered list of owned strings; a plain value. Start from all zero. Not shared between
 * threads. */
#ifndef WV_STRLIST_H
#define WV_STRLIST_H

#include <stdbool.h>

#include "xalloc.h"

struct wv_strlist {
    char **items;
    size_t count;
    size_t capacity;
};

/* Adds a copy of `text`. */
void wv_strlist_add(struct wv_strlist *list, const char *text);
void wv_strlist_addn(struct wv_strlist *list, const char *text, size_t length);
/* Adds `text` itself, which the list owns from now on. */
void wv_strlist_add_owned(struct wv_strlist *list, char *text);
void wv_strlist_copy(struct wv_strlist *to, const struct wv_strlist *from);
bool wv_strlist_has(const struct wv_strlist *list, const char *text);
/* Removes the first item equal to `text`, keeping the order; false when there is none. */
bool wv_strlist_remove(struct wv_strlist *list, const char *text);
void wv_strlist_sort(struct wv_strlist *list);
/* Moves all of `from` into `to`, whose old items are freed. */
void wv_strlist_move(struct wv_strlist *to, struct wv_strlist *from);
/* The items with `separator` between them, the caller's own. */
char *wv_strlist_join(const struct wv_strlist *list, const char *separator);
/* The items, borrowed, and NULL behind them; the array is the caller's own. */
const char **wv_strlist_argv(const struct wv_strlist *list);
/* Frees the items and empties the list. */
void wv_strlist_free(struct wv_strlist *list);

#define WV_AUTOSTRLIST __attribute__((cleanup(wv_strlist_free)))

#endif
