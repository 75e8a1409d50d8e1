/* See rebuild.h. */
#include "rebuild.h"

#include <stdlib.h>
#include <string.h>

#include "free_name.h"
#include "kinds.h"
#include "lookup.h"
#include "rebuilt_table.h"
#include "xalloc.h"

/* Values of it as they are, and not an array of them? */
static bool is_bare(const struct wv_object *user, const struct wv_object *type)
{
    return strcmp(wv_object_text(user, "type"), type->identity) == 0;
}

static enum wv_use use_of(const struct wv_difference *difference, const struct wv_object *type);

/* One that is computed is made anew. */
static enum wv_use use_by_column(const struct wv_difference *difference,
                                 const struct wv_object *column, const struct wv_object *type)
{
    if (wv_object_get(column, "generated") != NULL ||
        wv_twin_of_old(difference, column)->new == NULL)
        return WV_USE_NONE;
    return is_bare(column, type) ? WV_USE_BARE : WV_USE_INSIDE;
}

/* The type that `user` is, or is part of; NULL: none. */
static const struct wv_object *type_of(const struct wv_object *user)
{
    if (user->kind == &wv_kind_composite_attribute)
        return user->parent;
    bool is_type = user->kind == &wv_kind_domain || user->kind == &wv_kind_range_type ||
                   user->kind == &wv_kind_base_type;
    return is_type ? user : NULL;
}

static enum wv_use use_by(const struct wv_difference *difference, const struct wv_object *user,
                          const struct wv_object *type)
{
    if (user->kind == &wv_kind_column)
        return use_by_column(difference, user, type);
    const struct wv_object *made = type_of(user);
    enum wv_use use = made == NULL ? WV_USE_NONE : use_of(difference, made);
    bool is_same_value = user->kind == &wv_kind_domain && is_bare(user, type);
    return use == WV_USE_NONE || is_same_value ? use : WV_USE_INSIDE;
}

/* Of all that use it the most. Each type is asked once: from one that others are made of several
 * times over more ways lead on than can be gone. */
static enum wv_use use_of(const struct wv_difference *difference, const struct wv_object *type)
{
    struct wv_twin *twin = wv_twin_of_old(difference, type);
    if (twin->use != WV_USE_UNKNOWN)
        return twin->use;
    twin->use = WV_USE_NONE;
    for (size_t i = 0; i < type->needed_by_count; i++) {
        enum wv_use use = use_by(difference, type->needed_by[i].object, type);
        if (use > twin->use)
            twin->use = use;
    }
    return twin->use;
}

bool wv_is_in_use(const struct wv_difference *difference, const struct wv_object *old)
{
    return use_of(difference, old) != WV_USE_NONE;
}

bool wv_is_contained(const struct wv_difference *difference, const struct wv_object *old)
{
    return use_of(difference, old) == WV_USE_INSIDE;
}

bool wv_are_rows_values(const struct wv_difference *difference, const struct wv_object *column)
{
    return column->parent->kind == &wv_kind_table && wv_is_in_use(difference, column->parent);
}

static bool is_needed_by_rebuilt(const struct wv_difference *difference,
                                 const struct wv_object *old)
{
    for (size_t i = 0; i < old->needed_by_count; i++) {
        const struct wv_object *user = old->needed_by[i].object;
        bool is_table = user->kind == &wv_kind_table || user->kind == &wv_kind_column;
        if (wv_rebuilt(difference, user) != NULL ||
            (is_table && wv_rebuilt_table(difference, user) != NULL))
            return true;
    }
    return false;
}

bool wv_is_to_be_rebuilt(const struct wv_difference *difference, const struct wv_object *old)
{
    if (old->kind->set_aside == NULL || (old->kind->traits & WV_KIND_IS_SINGLE) != 0)
        return false;
    return old->kind == &wv_kind_table ||
           ((old->kind->traits & WV_KIND_OF_VALUES) != 0 && wv_is_in_use(difference, old)) ||
           is_needed_by_rebuilt(difference, old);
}

const struct wv_twin *wv_rebuilt(const struct wv_difference *difference,
                                 const struct wv_object *old)
{
    const struct wv_twin *twin = wv_twin_of_old(difference, wv_object_root(old));
    return twin->deed == WV_DEED_REBUILD && twin->old->kind != &wv_kind_table ? twin : NULL;
}

static bool is_aside(const struct wv_difference *difference, const struct wv_object *old,
                     const char *name)
{
    for (size_t i = 0; i < difference->count; i++) {
        const struct wv_twin *twin = &difference->twins[i];
        if (twin->aside != NULL && strcmp(twin->old->schema, old->schema) == 0 &&
            strcmp(twin->aside, name) == 0)
            return true;
    }
    return false;
}

/* Overloads of a routine have one name, and each another one aside. */
static char *name_aside(const struct wv_difference *difference, const struct wv_object *old)
{
    char *name = wv_free_name(difference, old->schema, old->name, "_old");
    for (int i = 2; is_aside(difference, old, name); i++) {
        char *suffix WV_AUTOFREE = wv_xasprintf("_old_%d", i);
        free(name);
        name = wv_free_name(difference, old->schema, old->name, suffix);
    }
    return name;
}

/* It is needed as long as an old table, and something else has its name before that goes. */
static bool is_outlasted(const struct wv_difference *difference, const struct wv_object *old)
{
    return is_needed_by_rebuilt(difference, old) &&
           wv_catalog_has_name(difference->after, old->schema, old->name);
}

void wv_rebuild_name_aside(struct wv_difference *difference)
{
    for (size_t i = 0; i < difference->count; i++) {
        struct wv_twin *twin = &difference->twins[i];
        if (twin->old == NULL || twin->old->kind->set_aside == NULL)
            continue;
        if (twin->deed == WV_DEED_REBUILD ||
            (twin->deed == WV_DEED_DROP && is_outlasted(difference, twin->old)))
            twin->aside = name_aside(difference, twin->old);
    }
}

char *wv_name_at_drop(const struct wv_difference *difference, const struct wv_object *old)
{
    const struct wv_twin *twin = wv_twin_of_old(difference, old);
    if (twin->aside == NULL)
        return wv_xstrdup(old->identity);
    char *schema WV_AUTOFREE = wv_quoted_schema(old);
    return wv_xasprintf("%s.%s", schema, twin->aside);
}
