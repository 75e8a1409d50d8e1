/* Transforms between a type and a language. See kind.h. */
#include "kinds.h"

static const struct wv_attribute attributes[] = {
    {"from_sql", WV_WAY_ALTER},
    {"to_sql", WV_WAY_ALTER},
    {NULL, WV_WAY_NONE},
};

const struct wv_kind wv_kind_transform = {
    .name = "transform",
    .sql_name = "TRANSFORM",
    .rank = 76,
    .attributes = attributes,
};
