/* Access methods of tables and indexes. See kind.h. */
#include "kinds.h"

static const struct wv_attribute attributes[] = {
    {"type", WV_WAY_RECREATE},
    {"handler", WV_WAY_RECREATE},
    {NULL, WV_WAY_NONE},
};

const struct wv_kind wv_kind_access_method = {
    .name = "access method",
    .sql_name = "ACCESS METHOD",
    .rank = 40,
    .attributes = attributes,
};
