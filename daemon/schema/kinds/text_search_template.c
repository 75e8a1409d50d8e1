/* Text search templates. See kind.h. */
#include "kinds.h"

static const struct wv_attribute attributes[] = {
    {"init", WV_WAY_RECREATE},
    {"lexize", WV_WAY_RECREATE},
    {NULL, WV_WAY_NONE},
};

const struct wv_kind wv_kind_text_search_template = {
    .name = "text search template",
    .sql_name = "TEXT SEARCH TEMPLATE",
    .rank = 81,
    .attributes = attributes,
};
