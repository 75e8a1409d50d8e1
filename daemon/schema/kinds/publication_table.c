/* Tables of publications. See kind.h. */
#include "kinds.h"

static const struct wv_attribute attributes[] = {
    {"columns", WV_WAY_ALTER},
    {"filter", WV_WAY_ALTER},
    {NULL, WV_WAY_NONE},
};

const struct wv_kind wv_kind_publication_table = {
    .name = "publication table",
    .sql_name = "TABLE",
    .rank = 126,
    .attributes = attributes,
};
