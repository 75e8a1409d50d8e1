/* Publications. See kind.h. */
#include "kinds.h"

static const struct wv_attribute attributes[] = {
    {"all_tables", WV_WAY_RECREATE},
    {"operations", WV_WAY_ALTER},
    {"via_root", WV_WAY_ALTER},
    {NULL, WV_WAY_NONE},
};

const struct wv_kind wv_kind_publication = {
    .name = "publication",
    .sql_name = "PUBLICATION",
    .rank = 125,
    .attributes = attributes,
};
