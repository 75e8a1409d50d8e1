/* Schemas of publications. See kind.h. */
#include "kinds.h"

const struct wv_kind wv_kind_publication_schema = {
    .name = "publication schema",
    .sql_name = "TABLES IN SCHEMA",
    .rank = 127,
};
