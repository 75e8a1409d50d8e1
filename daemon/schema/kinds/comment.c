/* Comments. See kind.h. */
#include "kinds.h"

static const struct wv_attribute attributes[] = {
    {"text", WV_WAY_ALTER},
    {NULL, WV_WAY_NONE},
};

const struct wv_kind wv_kind_comment = {
    .name = "comment",
    .sql_name = "COMMENT",
    .rank = 142,
    .traits = WV_KIND_FACET,
    .attributes = attributes,
};
