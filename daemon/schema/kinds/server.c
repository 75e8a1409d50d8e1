/* Foreign servers. See kind.h. */
#include "kinds.h"

static const struct wv_attribute attributes[] = {
    {"wrapper", WV_WAY_RECREATE}, {"type", WV_WAY_RECREATE}, {"version", WV_WAY_ALTER},
    {"options", WV_WAY_ALTER},    {NULL, WV_WAY_NONE},
};

const struct wv_kind wv_kind_server = {
    .name = "server",
    .sql_name = "SERVER",
    .rank = 86,
    .attributes = attributes,
};
