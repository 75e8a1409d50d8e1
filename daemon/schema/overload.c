/* See overload.h. */
#include "overload.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "kinds.h"
#include "list.h"
#include "lookup.h"
#include "same.h"
#include "xalloc.h"

static bool is_variadic(const struct wv_object *routine)
{
    const char *at = wv_object_text(routine, "arguments");
    for (; *at != '\0'; at = wv_list_next(at))
        if (strncmp(at, "VARIADIC ", 9) == 0)
            return true;
    return false;
}

/* The identity names the types of all that a call can give: public.f(integer, text). */
struct wv_arity wv_arity_of(const struct wv_object *routine)
{
    char *schema WV_AUTOFREE = wv_quoted_schema(routine);
    const char *types = routine->identity + strlen(schema) + 1 + strlen(routine->quoted) + 1;
    long count = 0;
    for (const char *at = types; *at != '\0' && *at != ')'; at = wv_list_next(at))
        count++;
    bool is_open = is_variadic(routine);
    long defaults = routine->kind != &wv_kind_routine
                        ? 0
                        : strtol(wv_object_text(routine, "default_count"), NULL, 10);
    return (struct wv_arity){count - is_open - defaults, is_open ? LONG_MAX : count};
}

bool wv_arities_meet(const struct wv_arity *a, const struct wv_arity *b)
{
    return a->least <= b->most && b->least <= a->most;
}

bool wv_is_overload(const struct wv_object *a, const struct wv_object *b)
{
    if ((a->kind->traits & b->kind->traits & WV_KIND_ROUTINE) == 0 || !wv_same(a->name, b->name) ||
        !wv_same(a->schema, b->schema) || strcmp(a->identity, b->identity) == 0)
        return false;
    struct wv_arity left = wv_arity_of(a);
    struct wv_arity right = wv_arity_of(b);
    return wv_arities_meet(&left, &right);
}
