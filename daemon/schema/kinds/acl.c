/* Privileges that differ from those an object has by itself. See kind.h. */
#include "kinds.h"

static const struct wv_attribute attributes[] = {
    {"grants", WV_WAY_ALTER},
    {"revokes", WV_WAY_ALTER},
    {NULL, WV_WAY_NONE},
};

const struct wv_kind wv_kind_acl = {
    .name = "acl",
    .sql_name = "PRIVILEGES",
    .rank = 141,
    .traits = WV_KIND_FACET,
    .attributes = attributes,
};
