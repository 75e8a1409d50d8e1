/* Range types; each has its multirange. See kind.h. */
#include "kinds.h"

static const struct wv_attribute attributes[] = {
    {"subtype", WV_WAY_RECREATE},
    {"opclass", WV_WAY_RECREATE},
    {"collation", WV_WAY_RECREATE},
    {"canonical", WV_WAY_RECREATE},
    {"subtype_diff", WV_WAY_RECREATE},
    {"multirange", WV_WAY_RECREATE},
    {NULL, WV_WAY_NONE},
};

const struct wv_kind wv_kind_range_type = {
    .name = "range type",
    .sql_name = "TYPE",
    .rank = 66,
    .traits = WV_KIND_TYPE,
    .attributes = attributes,
};
