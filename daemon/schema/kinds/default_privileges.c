/* Privileges that objects get when they are made. See kind.h. */
#include "kinds.h"

static const struct wv_attribute attributes[] = {
    {"role", WV_WAY_NONE},    {"schema", WV_WAY_NONE},   {"type", WV_WAY_NONE},
    {"grants", WV_WAY_ALTER}, {"revokes", WV_WAY_ALTER}, {NULL, WV_WAY_NONE},
};

const struct wv_kind wv_kind_default_privileges = {
    .name = "default privileges",
    .sql_name = "DEFAULT PRIVILEGES",
    .rank = 130,
    .attributes = attributes,
};
