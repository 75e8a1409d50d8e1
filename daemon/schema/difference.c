/* See difference.h. */
#include "difference.h"

#include <stdlib.h>
#include <string.h>

#include "catalog_parts.h"
#include "kinds.h"
#include "moved.h"
#include "overload.h"
#include "rebuild.h"
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

static bool still_needs(const struct wv_twin *twin, const struct wv_twin *needed)
{
    for (size_t i = 0; needed->new != NULL &&i < twin->new->need_count; i++)
        if (twin->new->needs[i].object == needed->new)
            return true;
    return false;
}

bool wv_change_of(const struct wv_change *change, const char *attribute)
{
    return !wv_same(wv_object_get(change->old, attribute), wv_object_get(change->new, attribute));
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

static bool is_ignored(const struct wv_object *object)
{
    for (; object != NULL; object = object->parent)
        if ((object->flags & WV_OBJECT_IGNORED) != 0)
            return true;
    return false;
}

static bool is_ours(const struct wv_object *object)
{
    return (object->flags & WV_OBJECT_MEMBER) == 0 && !is_ignored(object);
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
    if ((old != NULL && !is_ours(old)) || (new != NULL && !is_ours(new)))
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

/* Twins whose deed has become one that others may not survive. */
struct worklist {
    struct wv_difference *difference;
    struct wv_twin **items;
    size_t count;
    size_t capacity;
};

static void push(struct worklist *list, struct wv_twin *twin)
{
    WV_GROW(list->items, list->count, list->capacity);
    list->items[list->count++] = twin;
}

static void obstruct(struct wv_difference *difference, const struct wv_object *obstacle,
                     const struct wv_twin *twin)
{
    if (difference->obstacle != NULL)
        return;
    difference->obstacle = obstacle;
    difference->obstructed = twin;
}

/* Does it need what takes the name of what is dropped, and can only be there after it? */
static bool needs_successor(const struct wv_difference *difference, const struct wv_twin *twin,
                            const struct wv_object *dropped)
{
    const struct wv_object *gone = wv_object_root(dropped);
    for (size_t i = 0; i < twin->new->need_count; i++) {
        const struct wv_object *needed = wv_object_root(twin->new->needs[i].object);
        unsigned shared = needed->kind->traits & gone->kind->traits;
        if (wv_is_overload(needed, gone) && !wv_twin_stays(wv_twin_of_new(difference, needed)))
            return true;
        if (needed->kind != gone->kind && (shared & (WV_KIND_RELATION | WV_KIND_TYPE)) != 0 &&
            strcmp(needed->identity, gone->identity) == 0)
            return true;
    }
    return false;
}

static struct wv_twin *root_of(struct wv_difference *difference, const struct wv_twin *twin)
{
    return wv_twin_of_old(difference, wv_object_root(twin->old));
}

/* Something of a whole that is in use has to be made anew: so has the whole. */
static struct wv_twin *made_with(struct wv_difference *difference, struct wv_twin *twin)
{
    return twin->old != NULL && twin->old->kind == &wv_kind_composite_attribute
               ? root_of(difference, twin)
               : twin;
}

/* Privileges and the like have no life of their own that could be spared. */
static void recreate(struct worklist *list, struct wv_twin *twin, const struct wv_twin *because)
{
    if (twin->old != NULL && is_ignored(twin->old) &&
        (twin->old->kind->traits & WV_KIND_FACET) == 0)
        obstruct(list->difference, twin->old, because);
    if ((twin->deed != WV_DEED_KEEP && twin->deed != WV_DEED_ALTER) || twin->old == NULL ||
        twin->new == NULL || !is_ours(twin->old))
        return;
    twin->deed =
        wv_is_to_be_rebuilt(list->difference, twin->old) ? WV_DEED_REBUILD : WV_DEED_RECREATE;
    twin->because = because;
    push(list, twin);
}

/* A thing that is altered so that it no longer needs the other is altered first. */
static bool lets_go(const struct wv_difference *difference, const struct wv_twin *dependant,
                    const struct wv_twin *needed)
{
    return dependant->deed == WV_DEED_ALTER && !still_needs(dependant, needed) &&
           !needs_successor(difference, dependant, needed->old);
}

/* What is dropped takes its parts along, and lets nothing that needs it stay. */
static void spread_drop(struct wv_difference *difference, struct worklist *list,
                        const struct wv_twin *twin)
{
    const struct wv_object *old = twin->old;
    for (size_t i = 0; i < old->part_count; i++)
        recreate(list, wv_twin_of_old(difference, old->parts[i]), twin);
    for (size_t i = 0; i < old->needed_by_count; i++) {
        struct wv_twin *dependant = wv_twin_of_old(difference, old->needed_by[i].object);
        if (!lets_go(difference, dependant, twin))
            recreate(list, made_with(difference, dependant), twin);
    }
}

/* A column whose type changes by name as well goes over by that. */
static void move(struct worklist *list, struct wv_twin *column, const struct wv_twin *because)
{
    if (is_ignored(column->old))
        obstruct(list->difference, column->old, because);
    if (!wv_twin_stays(column) || column->is_moved || !is_ours(column->old))
        return;
    const struct wv_change change = {column->old, column->new};
    if (wv_change_of(&change, "type") || wv_change_of(&change, "collation"))
        return;
    column->deed = WV_DEED_ALTER;
    column->is_moved = true;
    column->because = because;
    push(list, column);
}

/* Columns go over to the new one; nothing else that needs the old one stays. */
static void spread_rebuild(struct wv_difference *difference, struct worklist *list,
                           const struct wv_twin *whole, const struct wv_object *old)
{
    for (size_t i = 0; i < old->needed_by_count; i++) {
        struct wv_twin *dependant = wv_twin_of_old(difference, old->needed_by[i].object);
        if (root_of(difference, dependant) == whole)
            continue;
        if (dependant->old->kind == &wv_kind_column &&
            wv_object_get(dependant->old, "generated") == NULL)
            move(list, dependant, whole);
        else if (!lets_go(difference, dependant, wv_twin_of_old(difference, old)))
            recreate(list, made_with(difference, dependant), whole);
    }
    for (size_t i = 0; i < old->need_count; i++) {
        struct wv_twin *needed = wv_twin_of_old(difference, old->needs[i].object);
        if (needed->deed == WV_DEED_RECREATE && wv_is_to_be_rebuilt(difference, needed->old)) {
            needed->deed = WV_DEED_REBUILD;
            push(list, needed);
        }
    }
    for (size_t i = 0; i < old->part_count; i++) {
        struct wv_twin *part = wv_twin_of_old(difference, old->parts[i]);
        if (part->deed == WV_DEED_KEEP)
            part->because = whole;
        if (part->deed != WV_DEED_DROP)
            part->deed = WV_DEED_REBUILD;
        spread_rebuild(difference, list, whole, old->parts[i]);
    }
}

/* What leans on a column does not survive that it goes over to another type. */
static void spread_move(struct wv_difference *difference, struct worklist *list,
                        const struct wv_twin *column)
{
    const struct wv_object *old = column->old;
    for (size_t i = 0; i < old->part_count; i++)
        if (!old->kind->endures_move(old->parts[i]))
            recreate(list, wv_twin_of_old(difference, old->parts[i]), column);
    for (size_t i = 0; i < old->needed_by_count; i++)
        if (!old->kind->endures_move(old->needed_by[i].object))
            recreate(list, wv_twin_of_old(difference, old->needed_by[i].object), column);
}

static bool is_retyped(const struct wv_twin *twin)
{
    return twin->old->kind == &wv_kind_column && twin->deed == WV_DEED_ALTER &&
           (twin->is_moved || wv_change_of(&(struct wv_change){twin->old, twin->new}, "type"));
}

/* A foreign key does not survive that its columns get new types one after the other: of those it
 * may have no operator that compares the old with the new. */
static void spread_type(struct wv_difference *difference, struct worklist *list,
                        const struct wv_twin *column, const struct wv_object *dependant)
{
    size_t count = 0;
    if (dependant->kind != &wv_kind_constraint || wv_object_get(dependant, "references") == NULL)
        return;
    for (size_t i = 0; i < dependant->need_count; i++)
        count += is_retyped(wv_twin_of_old(difference, dependant->needs[i].object));
    if (count > 1)
        recreate(list, wv_twin_of_old(difference, dependant), column);
}

static void spread_alter(struct wv_difference *difference, struct worklist *list,
                         const struct wv_twin *twin)
{
    const struct wv_object *old = twin->old;
    const struct wv_change change = {old, twin->new};
    if (twin->is_moved)
        spread_move(difference, list, twin);
    for (size_t i = 0; is_retyped(twin) && i < old->needed_by_count; i++)
        spread_type(difference, list, twin, old->needed_by[i].object);
    if (old->kind->endures == NULL)
        return;
    for (size_t i = 0; i < old->part_count; i++)
        if (!old->kind->endures(&change, old->parts[i]))
            recreate(list, wv_twin_of_old(difference, old->parts[i]), twin);
    for (size_t i = 0; i < old->needed_by_count; i++)
        if (!old->kind->endures(&change, old->needed_by[i].object))
            recreate(list, wv_twin_of_old(difference, old->needed_by[i].object), twin);
}

static void spread(struct wv_difference *difference, struct worklist *list,
                   const struct wv_twin *twin)
{
    if (twin->deed == WV_DEED_ALTER)
        spread_alter(difference, list, twin);
    else if (twin->deed == WV_DEED_REBUILD)
        spread_rebuild(difference, list, twin, twin->old);
    else
        spread_drop(difference, list, twin);
}

/* Changes of its own that only a rebuild does. */
static void ask_rebuild(struct worklist *list, struct wv_twin *twin)
{
    const struct wv_kind *kind = twin->old != NULL ? twin->old->kind : twin->new->kind;
    struct wv_difference *difference = list->difference;
    struct wv_twin *whole = twin->old != NULL
                                ? root_of(difference, twin)
                                : wv_twin_of_new(difference, wv_object_root(twin->new));
    if (twin->deed == WV_DEED_RECREATE && wv_is_to_be_rebuilt(difference, twin->old))
        twin->deed = WV_DEED_REBUILD;
    if (twin->deed != WV_DEED_KEEP && kind->asks_rebuild != NULL && whole->old != NULL &&
        kind->asks_rebuild(difference, twin))
        recreate(list, whole, NULL);
}

/* What is ignored is not made either, where something of ours needs it. */
static void find_missing(struct wv_difference *difference, const struct wv_twin *twin)
{
    for (size_t i = 0; twin->new != NULL &&i < twin->new->need_count; i++) {
        const struct wv_object *needed = twin->new->needs[i].object;
        if (twin->deed != WV_DEED_KEEP && is_ignored(needed) &&
            wv_twin_of_new(difference, needed)->old == NULL && difference->obstacle == NULL) {
            obstruct(difference, needed, twin);
            difference->is_missing = true;
        }
    }
}

/* Until nothing more has to give way. */
static void close(struct wv_difference *difference)
{
    struct worklist list = {.difference = difference};
    for (size_t i = 0; i < difference->count; i++)
        ask_rebuild(&list, &difference->twins[i]);
    for (size_t i = 0; i < difference->count; i++)
        if (difference->twins[i].deed > WV_DEED_CREATE)
            push(&list, &difference->twins[i]);
    while (list.count > 0)
        spread(difference, &list, list.items[--list.count]);
    free(list.items);
    wv_rebuild_name_aside(difference);
    for (size_t i = 0; i < difference->count; i++)
        find_missing(difference, &difference->twins[i]);
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
    close(difference);
}

void wv_difference_clear(struct wv_difference *difference)
{
    for (size_t i = 0; i < difference->count; i++)
        free(difference->twins[i].aside);
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
