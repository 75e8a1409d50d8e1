/* Constraints of tables: primary key, unique, check, foreign key, exclusion. Their indexes are
 * attributes of theirs. See kind.h. */
#include "kinds.h"

static const struct wv_attribute attributes[] = {
    {"type", WV_WAY_RECREATE},
    {"definition", WV_WAY_RECREATE},
    {"is_deferrable", WV_WAY_ALTER},
    {"is_deferred", WV_WAY_ALTER},
    {"is_valid", WV_WAY_ALTER},
    {"index_options", WV_WAY_ALTER},
    {"index_tablespace", WV_WAY_ALTER},
    {"index_statistics", WV_WAY_ALTER},
    {"index_comment", WV_WAY_ALTER},
    {"is_clustered", WV_WAY_ALTER},
    {"is_replica_identity", WV_WAY_ALTER},
    {"references", WV_WAY_NONE},
    {NULL, WV_WAY_NONE},
};

const struct wv_kind wv_kind_constraint = {
    .name = "constraint",
    .sql_name = "CONSTRAINT",
    .rank = 108,
    .traits = WV_KIND_MAY_BE_INLINE,
    .attributes = attributes,
};
