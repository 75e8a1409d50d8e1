/* Foreign tables. See kind.h. */
#include "kinds.h"

static const struct wv_attribute attributes[] = {
    {"server", WV_WAY_RECREATE},       {"options", WV_WAY_ALTER}, {"partition_of", WV_WAY_ALTER},
    {"partition_bound", WV_WAY_ALTER}, {"parents", WV_WAY_ALTER}, {NULL, WV_WAY_NONE},
};

const struct wv_kind wv_kind_foreign_table = {
    .name = "foreign table",
    .sql_name = "FOREIGN TABLE",
    .rank = 101,
    .traits = WV_KIND_RELATION | WV_KIND_TYPE | WV_KIND_HOLDS_ROWS,
    .attributes = attributes,
};
