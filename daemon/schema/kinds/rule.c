/* Rewrite rules; a view's own is its definition. See kind.h. */
#include "kinds.h"

static const struct wv_attribute attributes[] = {
    {"definition", WV_WAY_ALTER},
    {"enabled", WV_WAY_ALTER},
    {NULL, WV_WAY_NONE},
};

const struct wv_kind wv_kind_rule = {
    .name = "rule",
    .sql_name = "RULE",
    .rank = 115,
    .traits = WV_KIND_NAMED_ON_PARENT,
    .attributes = attributes,
};
