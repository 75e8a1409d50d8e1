/* Enumerations. See kind.h. */
#include "kinds.h"

static const struct wv_attribute attributes[] = {
    {"labels", WV_WAY_ALTER},
    {NULL, WV_WAY_NONE},
};

const struct wv_kind wv_kind_enum = {
    .name = "enum",
    .sql_name = "TYPE",
    .rank = 61,
    .traits = WV_KIND_TYPE,
    .attributes = attributes,
};
