/* See letting_go.h. */
#include "letting_go.h"

#include <string.h>

#include "kinds.h"
#include "lookup.h"
#include "overload.h"

static bool still_needs(const struct wv_twin *twin, const struct wv_twin *needed)
{
    const struct wv_object *other = needed->new;
    for (size_t i = 0; other != NULL && i < twin->new->need_count; i++)
        if (twin->new->needs[i].object == other)
            return true;
    return false;
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
        if (needed->kind != gone->kind && (shared & WV_KIND_SHARES_NAMES) != 0 &&
            strcmp(needed->identity, gone->identity) == 0)
            return true;
    }
    return false;
}

bool wv_is_spare(const struct wv_twin *twin)
{
    return (twin->old->kind->traits & (WV_KIND_HOLDS_ROWS | WV_KIND_OF_VALUES)) == 0 &&
           twin->old->kind != &wv_kind_column && twin->old->kind != &wv_kind_sequence;
}

/* Does it need what is made anew, and perhaps only after the old one of something else has gone? */
static bool needs_remade(const struct wv_difference *difference, const struct wv_twin *twin)
{
    for (size_t i = 0; i < twin->new->need_count; i++)
        if (wv_twin_of_new(difference, twin->new->needs[i].object)->deed == WV_DEED_RECREATE)
            return true;
    return false;
}

/* Would it need what goes once more when it is altered: any column that there is, as ON CONFLICT
 * does, or the transform of a type? */
static bool needs_again(const struct wv_difference *difference, const struct wv_twin *dependant,
                        const struct wv_twin *needed)
{
    const struct wv_object *table =
        needed->old->kind == &wv_kind_column ? needed->old->parent : NULL;
    const struct wv_object *new = table == NULL ? NULL : wv_twin_of_old(difference, table)->new;
    return needed->old->kind == &wv_kind_transform ||
           (new != NULL &&wv_needs_all_columns(dependant->old, table) &&
            wv_needs_all_columns(dependant->new, new));
}

bool wv_lets_go(const struct wv_difference *difference, const struct wv_twin *dependant,
                const struct wv_twin *needed)
{
    return dependant->deed == WV_DEED_ALTER && !still_needs(dependant, needed) &&
           !needs_again(difference, dependant, needed) &&
           !needs_successor(difference, dependant, needed->old) &&
           !(wv_is_spare(dependant) && needs_remade(difference, dependant));
}

bool wv_needs_gone(const struct wv_difference *difference, const struct wv_object *old)
{
    for (size_t i = 0; i < old->need_count; i++) {
        enum wv_deed deed = wv_twin_of_old(difference, old->needs[i].object)->deed;
        if (deed == WV_DEED_DROP || deed == WV_DEED_RECREATE)
            return true;
    }
    return false;
}
