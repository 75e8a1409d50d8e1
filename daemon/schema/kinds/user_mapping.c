/* Users of foreign servers. See kind.h. */
#include "kinds.h"

static const struct wv_attribute attributes[] = {
    {"options", WV_WAY_ALTER},
    {NULL, WV_WAY_NONE},
};

const struct wv_kind wv_kind_user_mapping = {
    .name = "user mapping",
    .sql_name = "USER MAPPING",
    .rank = 87,
    .attributes = attributes,
};
