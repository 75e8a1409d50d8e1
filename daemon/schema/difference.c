/* See difference.h. */
#include "difference.h"

#include <stdlib.h>
#include <string.h>

#include "catalog_parts.h"
#include "closure.h"
#include "kinds.h"
#include "moved.h"
#include "same.h"
#include "strbuf.h"
#include "xalloc.h"

struct wv_twin *wv_twin_of_old(const struct wv_difference *difference, const struct wv_object *old)
{
    return &difference->twins[difference->of_old[old->index]];
}

struct wv_twin *wv_twin_of_new(const struct wv_difference *difference, const struct wv_object *new)
{
    return &difference->twins[difference->of_new[new->index]];
}

bool wv_twin_stays(const struct wv_twin *twin)
{
    return twin->deed == WV_DEED_KEEP || twin->deed == WV_DEED_ALTER;
}

bool wv_change_of(const struct wv_change *change, const char *attribute)
{
    return !wv_same(wv_object_get(change->old, attribute), wv_object_get(change->new, attribute));
}

bool wv_goes_over(const struct wv_twin *twin)
{
    const struct wv_change change = {twin->old, twin->new};
    return twin->deed == WV_DEED_ALTER && twin->old->kind == &wv_kind_column &&
           (twin->is_moved || wv_change_of(&change, "type") || wv_change_of(&change, "collation"));
}

static enum wv_way way_of(const struct wv_change *change)
{
    const struct wv_kind *kind = change->old->kind;
    if (kind->way != NULL)
        return kind->way(change);
    enum wv_way way = WV_WAY_NONE;
    for (size_t i = 0; i < wv_kind_width(kind); i++)
        if (kind->attributes[i].way > way &&
            !wv_same(change->old->values[i], change->new->values[i]))
            way = kind->attributes[i].way;
    return way;
}

bool wv_is_ignored(const struct wv_object *object)
{
    for (; object != NULL; object = object->parent)
        if ((object->flags & WV_OBJECT_IGNORED) != 0)
            return true;
    return false;
}

bool wv_is_ours(const struct wv_object *object)
{
    return (object->flags & WV_OBJECT_MEMBER) == 0 && !wv_is_ignored(object);
}

/* Is it a part of something else now, under the same name? */
static bool has_moved(const struct wv_object *old, const struct wv_object *new)
{
    return old->parent != NULL && new->parent != NULL &&
           !wv_same(old->parent->identity, new->parent->identity);
}

/* Is it attached to an extension's member that goes with the extension? */
static bool goes_along(const struct wv_object *old, const struct wv_catalog *after)
{
    for (const struct wv_object *whole = old->parent; whole != NULL; whole = whole->parent)
        if ((whole->flags & WV_OBJECT_MEMBER) != 0)
            return wv_catalog_find(after, whole->kind, whole->identity) == NULL;
    return false;
}

/* What the object's own two forms ask for. */
static enum wv_deed own_deed(const struct wv_object *old, const struct wv_object *new,
                             const struct wv_catalog *after, const struct wv_moves *moves)
{
    if ((old != NULL && !wv_is_ours(old)) || (new != NULL && !wv_is_ours(new)))
        return WV_DEED_KEEP;
    if (old == NULL)
        return WV_DEED_CREATE;
    if (new == NULL)
        return goes_along(old, after) ? WV_DEED_KEEP : WV_DEED_DROP;
    if (has_moved(old, new))
        return WV_DEED_RECREATE;
    if (old->hash == new->hash || wv_moves_explain(moves, old, new))
        return WV_DEED_KEEP;
    switch (way_of(&(struct wv_change){old, new})) {
    case WV_WAY_ALTER:
        return WV_DEED_ALTER;
    case WV_WAY_RECREATE:
        return WV_DEED_RECREATE;
    case WV_WAY_NONE:
        break;
    }
    return WV_DEED_KEEP;
}

static int order(const struct wv_object *old, const struct wv_object *new)
{
    if (old == NULL || new == NULL)
        return old == NULL ? 1 : -1;
    return wv_object_name_order(old->kind, old->identity, new->kind, new->identity);
}

static void add_twin(struct wv_difference *difference, struct wv_object *old, struct wv_object *new,
                     const struct wv_moves *moves)
{
    if (old != NULL)
        difference->of_old[old->index] = difference->count;
    if (new != NULL)
        difference->of_new[new->index] = difference->count;
    difference->twins[difference->count++] = (struct wv_twin){
        .old = old, .new = new, .deed = own_deed(old, new, difference->after, moves)};
}

/* Both catalogs are sorted alike: one pass pairs them. */
static void pair(struct wv_difference *difference)
{
    struct wv_moves moves WV_AUTOMOVES = {0};
    wv_moves_find(&moves, difference->before, difference->after);
    size_t olds = wv_catalog_count(difference->before);
    size_t news = wv_catalog_count(difference->after);
    size_t i = 0;
    size_t j = 0;
    while (i < olds || j < news) {
        struct wv_object *old = i < olds ? wv_catalog_at(difference->before, i) : NULL;
        struct wv_object *new = j < news ? wv_catalog_at(difference->after, j) : NULL;
        int which = order(old, new);
        add_twin(difference, which <= 0 ? old : NULL, which >= 0 ? new : NULL, &moves);
        i += which <= 0;
        j += which >= 0;
    }
}

void wv_difference_find(struct wv_difference *difference, const struct wv_catalog *before,
                        const struct wv_catalog *after)
{
    size_t olds = wv_catalog_count(before);
    size_t news = wv_catalog_count(after);
    *difference = (struct wv_difference){
        .before = before,
        .after = after,
        .twins = wv_xcalloc(olds + news + 1, sizeof(*difference->twins)),
        .of_old = wv_xcalloc(olds + 1, sizeof(*difference->of_old)),
        .of_new = wv_xcalloc(news + 1, sizeof(*difference->of_new)),
    };
    pair(difference);
    wv_difference_close(difference);
}

void wv_difference_clear(struct wv_difference *difference)
{
    for (size_t i = 0; i < difference->count; i++) {
        free(difference->twins[i].aside);
        free(difference->twins[i].conversion);
    }
    free(difference->twins);
    free(difference->of_old);
    free(difference->of_new);
    *difference = (struct wv_difference){0};
}

/* "table public.t, because of type public.e": the way from the obstacle to the change. */
static char *path_of(const struct wv_twin *twin)
{
    struct wv_strbuf path WV_AUTOSTRBUF = WV_STRBUF_INIT;
    for (; twin != NULL; twin = twin->because) {
        const struct wv_object *object = twin->new != NULL ? twin->new : twin->old;
        char *name WV_AUTOFREE = wv_shown_name(object);
        wv_strbuf_addf(&path, "%s%s %s", path.length > 0 ? ", because of " : "", object->kind->name,
                       name);
    }
    return wv_strbuf_take(&path);
}

bool wv_difference_check(const struct wv_difference *difference, struct wv_err *err)
{
    static const char *const deeds[] = {
        "kept", "made", "dropped", "altered", "dropped and made", "made anew"};
    const struct wv_object *obstacle = difference->obstacle;
    const struct wv_twin *twin = difference->obstructed;
    if (obstacle == NULL)
        return true;
    char *path WV_AUTOFREE = path_of(twin);
    char *name WV_AUTOFREE = wv_shown_name(obstacle);
    if (difference->is_missing)
        wv_err_set(err, WV_SCHEMA_UNWRITTEN,
                   "the %s %s is ignored and not there, but needed by: %s", obstacle->kind->name,
                   name, path);
    else
        wv_err_set(err, WV_SCHEMA_UNWRITTEN,
                   "the %s %s is ignored, but stands in the way of what has to be %s: %s",
                   obstacle->kind->name, name, deeds[twin->deed], path);
    return wv_err_hint(err,
                       "take it out of `ignore` in the settings, or write this change by hand: "
                       "wovenctl migrate revision");
}

bool wv_difference_is_empty(const struct wv_difference *difference)
{
    for (size_t i = 0; i < difference->count; i++)
        if (difference->twins[i].deed != WV_DEED_KEEP)
            return false;
    return true;
}
