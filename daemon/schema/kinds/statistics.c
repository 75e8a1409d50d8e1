/* Extended statistics. See kind.h. */
#include "kinds.h"

static const struct wv_attribute attributes[] = {
    {"definition", WV_WAY_RECREATE},
    {"target", WV_WAY_ALTER},
    {NULL, WV_WAY_NONE},
};

const struct wv_kind wv_kind_statistics = {
    .name = "statistics",
    .sql_name = "STATISTICS",
    .rank = 110,
    .attributes = attributes,
};
