/* The list of kinds. See kind.h. */
#include "kinds.h"

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
