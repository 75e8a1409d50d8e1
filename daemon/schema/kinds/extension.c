/* Extensions; their members are not objects of ours. See kind.h. */
#include "kinds.h"

static const struct wv_attribute attributes[] = {
    {"schema", WV_WAY_ALTER},
    {"version", WV_WAY_ALTER},
    {"relocatable", WV_WAY_NONE},
    {NULL, WV_WAY_NONE},
};

const struct wv_kind wv_kind_extension = {
    .name = "extension",
    .sql_name = "EXTENSION",
    .rank = 20,
    .attributes = attributes,
};
