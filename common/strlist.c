/* See strlist.h. */
#include "strlist.h"

#include <stdlib.h>
#include <string.h>

#include "strbuf.h"

void wv_strlist_add_owned(struct wv_strlist *list, char *text)
{
    WV_GROW(list->items, list->count, list->capacity);
    list->items[list->count++] = text;
}

void wv_strlist_add(struct wv_strlist *list, const char *text)
{
    wv_strlist_add_owned(list, wv_xstrdup(text));
}

void wv_strlist_addn(struct wv_strlist *list, const char *text, size_t length)
{
    wv_strlist_add_owned(list, wv_xstrndup(text, length));
}

void wv_strlist_copy(struct wv_strlist *to, const struct wv_strlist *from)
{
    struct wv_strlist copy = {0};
    for (size_t i = 0; i < from->count; i++)
        wv_strlist_add(&copy, from->items[i]);
    wv_strlist_move(to, &copy);
}

static size_t find(const struct wv_strlist *list, const char *text)
{
    size_t i = 0;
    while (i < list->count && strcmp(list->items[i], text) != 0)
        i++;
    return i;
}

bool wv_strlist_has(const struct wv_strlist *list, const char *text)
{
    return find(list, text) < list->count;
}

bool wv_strlist_remove(struct wv_strlist *list, const char *text)
{
    size_t at = find(list, text);
    if (at == list->count)
        return false;
    free(list->items[at]);
    list->count--;
    memmove(list->items + at, list->items + at + 1, (list->count - at) * sizeof(char *));
    return true;
}

static int compare(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

void wv_strlist_sort(struct wv_strlist *list)
{
    if (list->count > 1)
        qsort(list->items, list->count, sizeof(char *), compare);
}

void wv_strlist_move(struct wv_strlist *to, struct wv_strlist *from)
{
    wv_strlist_free(to);
    *to = *from;
    *from = (struct wv_strlist){0};
}

char *wv_strlist_join(const struct wv_strlist *list, const char *separator)
{
    struct wv_strbuf text = WV_STRBUF_INIT;
    for (size_t i = 0; i < list->count; i++) {
        if (i > 0)
            wv_strbuf_adds(&text, separator);
        wv_strbuf_adds(&text, list->items[i]);
    }
    return wv_strbuf_take(&text);
}

const char **wv_strlist_argv(const struct wv_strlist *list)
{
    const char **argv = wv_xcalloc(list->count + 1, sizeof(*argv));
    for (size_t i = 0; i < list->count; i++)
        argv[i] = list->items[i];
    return argv;
}

void wv_strlist_free(struct wv_strlist *list)
{
    for (size_t i = 0; i < list->count; i++)
        free(list->items[i]);
    free(list->items);
    *list = (struct wv_strlist){0};
}
