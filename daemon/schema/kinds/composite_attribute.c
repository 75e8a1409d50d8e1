/* Attributes of composite types. See kind.h. */
#include "kinds.h"

static const struct wv_attribute attributes[] = {
    {"position", WV_WAY_NONE},
    {"type", WV_WAY_ALTER},
    {"collation", WV_WAY_ALTER},
    {NULL, WV_WAY_NONE},
};

const struct wv_kind wv_kind_composite_attribute = {
    .name = "composite attribute",
    .sql_name = "ATTRIBUTE",
    .rank = 65,
    .traits = WV_KIND_BORN_WITH_PARENT | WV_KIND_NAMED_IN_PARENT,
    .attributes = attributes,
};
