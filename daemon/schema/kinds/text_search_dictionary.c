/* Text search dictionaries. See kind.h. */
#include "kinds.h"

static const struct wv_attribute attributes[] = {
    {"template", WV_WAY_RECREATE},
    {"options", WV_WAY_ALTER},
    {NULL, WV_WAY_NONE},
};

const struct wv_kind wv_kind_text_search_dictionary = {
    .name = "text search dictionary",
    .sql_name = "TEXT SEARCH DICTIONARY",
    .rank = 82,
    .attributes = attributes,
};
