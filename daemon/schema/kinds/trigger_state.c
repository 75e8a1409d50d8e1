/* Triggers on partitions that fire otherwise than the partitioned table's. See kind.h. */
#include "kinds.h"

static const struct wv_attribute attributes[] = {
    {"enabled", WV_WAY_ALTER},
    {NULL, WV_WAY_NONE},
};

const struct wv_kind wv_kind_trigger_state = {
    .name = "trigger state",
    .sql_name = "TRIGGER",
    .rank = 117,
    .attributes = attributes,
};
