/* Operator families, with the members that belong to no class. See kind.h. */
#include "kinds.h"

static const struct wv_attribute attributes[] = {
    {"members", WV_WAY_ALTER},
    {NULL, WV_WAY_NONE},
};

const struct wv_kind wv_kind_operator_family = {
    .name = "operator family",
    .sql_name = "OPERATOR FAMILY",
    .rank = 73,
    .attributes = attributes,
};
