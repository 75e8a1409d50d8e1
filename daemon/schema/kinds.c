/* The list of kinds. See kind.h. */
#include <string.h>

#include "kinds.h"

const struct wv_kind *const wv_kinds[] = {
#define X(name) &wv_kind_##name,
    WV_KINDS(X)
#undef X
        NULL,
};

const struct wv_kind *wv_kind_find(const char *name)
{
    for (size_t i = 0; wv_kinds[i] != NULL; i++)
        if (strcmp(wv_kinds[i]->name, name) == 0)
            return wv_kinds[i];
    return NULL;
}

size_t wv_kind_width(const struct wv_kind *kind)
{
    size_t width = 0;
    while (kind->attributes != NULL && kind->attributes[width].name != NULL)
        width++;
    return width;
}
