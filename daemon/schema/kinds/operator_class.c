/* Operator classes. See kind.h. */
#include "kinds.h"

static const struct wv_attribute attributes[] = {
    {"type", WV_WAY_RECREATE},    {"family", WV_WAY_RECREATE},  {"is_default", WV_WAY_RECREATE},
    {"storage", WV_WAY_RECREATE}, {"members", WV_WAY_RECREATE}, {NULL, WV_WAY_NONE},
};

const struct wv_kind wv_kind_operator_class = {
    .name = "operator class",
    .sql_name = "OPERATOR CLASS",
    .rank = 74,
    .attributes = attributes,
};
