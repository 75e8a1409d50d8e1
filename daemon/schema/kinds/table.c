/* Tables, partitioned ones and partitions too. See kind.h. */
#include "kinds.h"

static const struct wv_attribute attributes[] = {
    {"persistence", WV_WAY_ALTER},
    {"partition_key", WV_WAY_RECREATE},
    {"partition_of", WV_WAY_ALTER},
    {"partition_bound", WV_WAY_ALTER},
    {"parents", WV_WAY_ALTER},
    {"of_type", WV_WAY_ALTER},
    {"options", WV_WAY_ALTER},
    {"access_method", WV_WAY_ALTER},
    {"tablespace", WV_WAY_ALTER},
    {"row_security", WV_WAY_ALTER},
    {"force_row_security", WV_WAY_ALTER},
    {"replica_identity", WV_WAY_ALTER},
    {NULL, WV_WAY_NONE},
};

const struct wv_kind wv_kind_table = {
    .name = "table",
    .sql_name = "TABLE",
    .rank = 100,
    .traits = WV_KIND_RELATION | WV_KIND_TYPE | WV_KIND_HOLDS_ROWS,
    .attributes = attributes,
};
