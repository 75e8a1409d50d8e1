/* Views. See kind.h. */
#include "kinds.h"

static const struct wv_attribute attributes[] = {
    {"definition", WV_WAY_ALTER},
    {"options", WV_WAY_ALTER},
    {NULL, WV_WAY_NONE},
};

const struct wv_kind wv_kind_view = {
    .name = "view",
    .sql_name = "VIEW",
    .rank = 102,
    .traits = WV_KIND_RELATION | WV_KIND_TYPE,
    .attributes = attributes,
};
