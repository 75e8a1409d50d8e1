/* Casts. See kind.h. */
#include "kinds.h"

static const struct wv_attribute attributes[] = {
    {"method", WV_WAY_RECREATE},
    {"function", WV_WAY_RECREATE},
    {"context", WV_WAY_RECREATE},
    {NULL, WV_WAY_NONE},
};

const struct wv_kind wv_kind_cast = {
    .name = "cast",
    .sql_name = "CAST",
    .rank = 75,
    .attributes = attributes,
};
