/* Columns of views and materialized views: what their definition does not say. See kind.h. */
#include "kinds.h"

static const struct wv_attribute attributes[] = {
    {"position", WV_WAY_NONE},     {"type", WV_WAY_NONE},
    {"collation", WV_WAY_NONE},    {"storage", WV_WAY_ALTER},
    {"compression", WV_WAY_ALTER}, {"statistics", WV_WAY_ALTER},
    {"n_distinct", WV_WAY_ALTER},  {"n_distinct_inherited", WV_WAY_ALTER},
    {NULL, WV_WAY_NONE},
};

const struct wv_kind wv_kind_view_column = {
    .name = "view column",
    .sql_name = "COLUMN",
    .rank = 105,
    .traits = WV_KIND_BORN_WITH_PARENT,
    .attributes = attributes,
};
