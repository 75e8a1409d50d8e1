/* Owners other than the role that reads. See kind.h. */
#include "kinds.h"

static const struct wv_attribute attributes[] = {
    {"owner", WV_WAY_ALTER},
    {NULL, WV_WAY_NONE},
};

const struct wv_kind wv_kind_owner = {
    .name = "owner",
    .sql_name = "OWNER",
    .rank = 140,
    .traits = WV_KIND_FACET,
    .attributes = attributes,
};
