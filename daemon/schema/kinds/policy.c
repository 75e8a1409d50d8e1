/* Policies of row-level security. See kind.h. */
#include "kinds.h"

static const struct wv_attribute attributes[] = {
    {"command", WV_WAY_RECREATE}, {"is_permissive", WV_WAY_RECREATE},
    {"roles", WV_WAY_ALTER},      {"using", WV_WAY_ALTER},
    {"check", WV_WAY_ALTER},      {NULL, WV_WAY_NONE},
};

const struct wv_kind wv_kind_policy = {
    .name = "policy",
    .sql_name = "POLICY",
    .rank = 118,
    .traits = WV_KIND_FACET,
    .attributes = attributes,
};
