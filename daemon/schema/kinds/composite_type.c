/* Composite types that are no table's. See kind.h. */
#include "kinds.h"

static const struct wv_attribute attributes[] = {
    {"attributes", WV_WAY_ALTER},
    {NULL, WV_WAY_NONE},
};

const struct wv_kind wv_kind_composite_type = {
    .name = "composite type",
    .sql_name = "TYPE",
    .rank = 64,
    .traits = WV_KIND_TYPE,
    .attributes = attributes,
};
