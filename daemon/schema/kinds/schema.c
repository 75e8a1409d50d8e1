/* Schemas. See kind.h. */
#include "kinds.h"

const struct wv_kind wv_kind_schema = {
    .name = "schema",
    .sql_name = "SCHEMA",
    .rank = 10,
};
