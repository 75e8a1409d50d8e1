/* The list of kinds. See kind.h. */
#include "kinds.h"

#include <string.h>

const struct wv_kind *const wv_kinds[] = {
#define X(name) &wv_kind_##name,
    WV_KINDS(X)
#undef X
        NULL,
};

size_t wv_kind_width(const struct wv_kind *kind)
{
    size_t width = 0;
    while (kind->attributes != NULL && kind->attributes[width].name != NULL)
        width++;
    return width;
}

bool wv_is_expression(const struct wv_kind *kind, const char *attribute)
{
    for (const char *const *name = kind->expressions; name != NULL && *name != NULL; name++)
        if (strcmp(*name, attribute) == 0)
            return true;
    return false;
}
