/* Aggregate functions. See kind.h. */
#include "kinds.h"

static const struct wv_attribute attributes[] = {
    {"arguments", WV_WAY_RECREATE},
    {"result", WV_WAY_RECREATE},
    {"definition", WV_WAY_ALTER},
    {NULL, WV_WAY_NONE},
};

const struct wv_kind wv_kind_aggregate = {
    .name = "aggregate",
    .sql_name = "ROUTINE",
    .rank = 71,
    .attributes = attributes,
};
