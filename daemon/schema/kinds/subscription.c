/* Subscriptions. See kind.h. */
#include "kinds.h"

static const struct wv_attribute attributes[] = {
    {"publications", WV_WAY_ALTER}, {"slot", WV_WAY_ALTER},      {"is_enabled", WV_WAY_ALTER},
    {"options", WV_WAY_ALTER},      {"connection", WV_WAY_NONE}, {NULL, WV_WAY_NONE},
};

const struct wv_kind wv_kind_subscription = {
    .name = "subscription",
    .sql_name = "SUBSCRIPTION",
    .rank = 128,
    .attributes = attributes,
};
