/* Columns of tables and foreign tables. See kind.h. */
#include "kinds.h"

static const struct wv_attribute attributes[] = {
    {"position", WV_WAY_NONE},
    {"inherited", WV_WAY_NONE},
    {"type", WV_WAY_ALTER},
    {"collation", WV_WAY_ALTER},
    {"not_null", WV_WAY_ALTER},
    {"identity", WV_WAY_ALTER},
    {"identity_sequence", WV_WAY_ALTER},
    {"identity_options", WV_WAY_ALTER},
    {"generated", WV_WAY_RECREATE},
    {"generated_kind", WV_WAY_RECREATE},
    {"storage", WV_WAY_ALTER},
    {"compression", WV_WAY_ALTER},
    {"statistics", WV_WAY_ALTER},
    {"n_distinct", WV_WAY_ALTER},
    {"n_distinct_inherited", WV_WAY_ALTER},
    {"options", WV_WAY_ALTER},
    {NULL, WV_WAY_NONE},
};

const struct wv_kind wv_kind_column = {
    .name = "column",
    .sql_name = "COLUMN",
    .rank = 104,
    .traits = WV_KIND_BORN_WITH_PARENT,
    .attributes = attributes,
};
