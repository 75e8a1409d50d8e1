/* Materialized views. See kind.h. */
#include "kinds.h"

static const struct wv_attribute attributes[] = {
    {"definition", WV_WAY_RECREATE}, {"options", WV_WAY_ALTER},     {"access_method", WV_WAY_ALTER},
    {"tablespace", WV_WAY_ALTER},    {"is_populated", WV_WAY_NONE}, {NULL, WV_WAY_NONE},
};

const struct wv_kind wv_kind_materialized_view = {
    .name = "materialized view",
    .sql_name = "MATERIALIZED VIEW",
    .rank = 103,
    .traits = WV_KIND_RELATION | WV_KIND_TYPE | WV_KIND_HOLDS_ROWS,
    .attributes = attributes,
};
