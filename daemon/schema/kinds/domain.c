/* Domains. See kind.h. */
#include "kinds.h"

static const struct wv_attribute attributes[] = {
    {"type", WV_WAY_RECREATE},  {"collation", WV_WAY_RECREATE},
    {"not_null", WV_WAY_ALTER}, {"default", WV_WAY_ALTER},
    {NULL, WV_WAY_NONE},
};

const struct wv_kind wv_kind_domain = {
    .name = "domain",
    .sql_name = "DOMAIN",
    .rank = 62,
    .traits = WV_KIND_TYPE,
    .attributes = attributes,
};
