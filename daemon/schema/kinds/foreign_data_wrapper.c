/* Foreign data wrappers. See kind.h. */
#include "kinds.h"

static const struct wv_attribute attributes[] = {
    {"handler", WV_WAY_ALTER},
    {"validator", WV_WAY_ALTER},
    {"options", WV_WAY_ALTER},
    {NULL, WV_WAY_NONE},
};

const struct wv_kind wv_kind_foreign_data_wrapper = {
    .name = "foreign data wrapper",
    .sql_name = "FOREIGN DATA WRAPPER",
    .rank = 85,
    .attributes = attributes,
};
