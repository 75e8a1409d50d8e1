/* Operators. See kind.h. */
#include "kinds.h"

static const struct wv_attribute attributes[] = {
    {"function", WV_WAY_RECREATE},   {"left_type", WV_WAY_RECREATE},
    {"right_type", WV_WAY_RECREATE}, {"commutator", WV_WAY_RECREATE},
    {"negator", WV_WAY_RECREATE},    {"restrict", WV_WAY_ALTER},
    {"join", WV_WAY_ALTER},          {"hashes", WV_WAY_RECREATE},
    {"merges", WV_WAY_RECREATE},     {NULL, WV_WAY_NONE},
};

const struct wv_kind wv_kind_operator = {
    .name = "operator",
    .sql_name = "OPERATOR",
    .rank = 72,
    .attributes = attributes,
};
