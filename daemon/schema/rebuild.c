/* See rebuild.h. */
#include "rebuild.h"

#include <stdlib.h>
#include <string.h>

#include "free_name.h"
#include "kinds.h"
#include "lookup.h"
#include "xalloc.h"

/* What is asked of those that use a type: is one of them a column that stays, and, when that is the
 * question, are the values inside of others there? */
struct search {
    const struct wv_difference *difference;
    bool asks_inside;
};

static bool is_used(const struct search *search, const struct wv_object *type, bool is_inside);

/* Values of it as they are, and not an array of them? */
static bool is_bare(const struct wv_object *user, const struct wv_object *type)
{
    return strcmp(wv_object_text(user, "type"), type->identity) == 0;
}

/* One that is computed is made anew. */
static bool is_by_column(const struct search *search, const struct wv_object *column,
                         const struct wv_object *type, bool is_inside)
{
    bool is_computed = wv_object_get(column, "generated") != NULL;
    bool is_answer = !search->asks_inside || is_inside || !is_bare(column, type);
    return is_answer && !is_computed && wv_twin_of_old(search->difference, column)->new != NULL;
}

static bool is_by(const struct search *search, const struct wv_object *user,
                  const struct wv_object *type, bool is_inside)
{
    if (user->kind == &wv_kind_column)
        return is_by_column(search, user, type, is_inside);
    if (user->kind == &wv_kind_domain)
        return is_used(search, user, is_inside || !is_bare(user, type));
    if (user->kind == &wv_kind_composite_attribute)
        return is_used(search, user->parent, true);
    return (user->kind == &wv_kind_range_type || user->kind == &wv_kind_base_type) &&
           is_used(search, user, true);
}

static bool is_used(const struct search *search, const struct wv_object *type, bool is_inside)
{
    for (size_t i = 0; i < type->needed_by_count; i++)
        if (is_by(search, type->needed_by[i].object, type, is_inside))
            return true;
    return false;
}

bool wv_is_in_use(const struct wv_difference *difference, const struct wv_object *old)
{
    return is_used(&(struct search){difference, false}, old, false);
}

bool wv_is_contained(const struct wv_difference *difference, const struct wv_object *old)
{
    return is_used(&(struct search){difference, true}, old, false);
}

static bool is_needed_by_rebuilt(const struct wv_difference *difference,
                                 const struct wv_object *old)
{
    for (size_t i = 0; i < old->needed_by_count; i++)
        if (wv_rebuilt(difference, old->needed_by[i].object) != NULL)
            return true;
    return false;
}

bool wv_is_to_be_rebuilt(const struct wv_difference *difference, const struct wv_object *old)
{
    if (old->kind->set_aside == NULL)
        return false;
    return ((old->kind->traits & WV_KIND_OF_VALUES) != 0 && wv_is_in_use(difference, old)) ||
           is_needed_by_rebuilt(difference, old);
}

const struct wv_twin *wv_rebuilt(const struct wv_difference *difference,
                                 const struct wv_object *old)
{
    const struct wv_twin *twin = wv_twin_of_old(difference, wv_object_root(old));
    return twin->deed == WV_DEED_REBUILD ? twin : NULL;
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

void wv_rebuild_name_aside(struct wv_difference *difference)
{
    for (size_t i = 0; i < difference->count; i++) {
        struct wv_twin *twin = &difference->twins[i];
        if (twin->deed == WV_DEED_REBUILD && twin->old->kind->set_aside != NULL)
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
