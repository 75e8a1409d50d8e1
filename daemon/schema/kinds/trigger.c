/* Triggers; the copies on partitions are not objects. See kind.h. */
#include "kinds.h"

static const struct wv_attribute attributes[] = {
    {"definition", WV_WAY_RECREATE},
    {"is_constraint", WV_WAY_NONE},
    {"enabled", WV_WAY_ALTER},
    {NULL, WV_WAY_NONE},
};

const struct wv_kind wv_kind_trigger = {
    .name = "trigger",
    .sql_name = "TRIGGER",
    .rank = 116,
    .attributes = attributes,
};
