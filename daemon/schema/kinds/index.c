/* Indexes that are no constraint's; the copies on partitions are not objects. See kind.h. */
#include "kinds.h"

static const struct wv_attribute attributes[] = {
    {"is_unique", WV_WAY_RECREATE},
    {"definition", WV_WAY_RECREATE},
    {"options", WV_WAY_ALTER},
    {"tablespace", WV_WAY_ALTER},
    {"statistics", WV_WAY_ALTER},
    {"is_clustered", WV_WAY_ALTER},
    {"is_replica_identity", WV_WAY_ALTER},
    {"is_valid", WV_WAY_RECREATE},
    {NULL, WV_WAY_NONE},
};

const struct wv_kind wv_kind_index = {
    .name = "index",
    .sql_name = "INDEX",
    .rank = 109,
    .traits = WV_KIND_RELATION,
    .attributes = attributes,
};
