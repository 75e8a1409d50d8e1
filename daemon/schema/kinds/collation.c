/* Collations. See kind.h. */
#include "kinds.h"

static const struct wv_attribute attributes[] = {
    {"provider", WV_WAY_RECREATE}, {"is_deterministic", WV_WAY_RECREATE},
    {"collate", WV_WAY_RECREATE},  {"ctype", WV_WAY_RECREATE},
    {"locale", WV_WAY_RECREATE},   {"rules", WV_WAY_RECREATE},
    {NULL, WV_WAY_NONE},
};

const struct wv_kind wv_kind_collation = {
    .name = "collation",
    .sql_name = "COLLATION",
    .rank = 50,
    .attributes = attributes,
};
