/* Text search configurations. See kind.h. */
#include "kinds.h"

static const struct wv_attribute attributes[] = {
    {"parser", WV_WAY_RECREATE},
    {"mappings", WV_WAY_ALTER},
    {NULL, WV_WAY_NONE},
};

const struct wv_kind wv_kind_text_search_configuration = {
    .name = "text search configuration",
    .sql_name = "TEXT SEARCH CONFIGURATION",
    .rank = 83,
    .attributes = attributes,
};
