/* See renamable.h. */
#include "renamable.h"

#include <string.h>

#include "kind.h"
#include "xalloc.h"

/* Neither an extension's nor left alone by the settings. */
static bool is_ours(const struct wv_object *object)
{
    for (; object != NULL; object = object->parent)
        if ((object->flags & (WV_OBJECT_MEMBER | WV_OBJECT_IGNORED)) != 0)
            return false;
    return true;
}

bool wv_is_renamable(const struct wv_object *object)
{
    static const char *const kinds[] = {
        "table",         "column", "constraint", "index",     "view",       "sequence",
        "enum",          "domain", "routine",    "aggregate", "range type", "materialized view",
        "composite type"};
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (strcmp(object->kind->name, kinds[i]) == 0)
            return is_ours(object);
    return false;
}

bool wv_has_arguments(const struct wv_object *object)
{
    return strcmp(object->kind->name, "routine") == 0 ||
           strcmp(object->kind->name, "aggregate") == 0;
}

char *wv_own_name(const struct wv_object *object)
{
    return strcmp(object->kind->name, "index") == 0 ? wv_xstrdup(object->identity)
                                                    : wv_shown_name(object);
}

static bool is_same(const struct wv_object *object, const char *shown, const char *name)
{
    size_t length = strlen(name);
    if (strncmp(shown, name, length) != 0)
        return false;
    return shown[length] == '\0' || (wv_has_arguments(object) && shown[length] == '(');
}

bool wv_is_named(const struct wv_object *object, const char *name)
{
    char *shown WV_AUTOFREE = wv_own_name(object);
    bool in_public = strncmp(shown, "public.", 7) == 0;
    return is_same(object, shown, name) || (in_public && is_same(object, shown + 7, name));
}
