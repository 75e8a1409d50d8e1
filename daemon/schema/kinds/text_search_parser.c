/* Text search parsers. See kind.h. */
#include "kinds.h"

static const struct wv_attribute attributes[] = {
    {"start", WV_WAY_RECREATE},    {"token", WV_WAY_RECREATE},    {"end", WV_WAY_RECREATE},
    {"headline", WV_WAY_RECREATE}, {"lextypes", WV_WAY_RECREATE}, {NULL, WV_WAY_NONE},
};

const struct wv_kind wv_kind_text_search_parser = {
    .name = "text search parser",
    .sql_name = "TEXT SEARCH PARSER",
    .rank = 80,
    .attributes = attributes,
};
