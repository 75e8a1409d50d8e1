/* The column that a sequence belongs to: apart, because the column's default needs the sequence.
 * See kind.h. */
#include "kinds.h"

static const struct wv_attribute attributes[] = {
    {"column", WV_WAY_ALTER},
    {NULL, WV_WAY_NONE},
};

const struct wv_kind wv_kind_sequence_owner = {
    .name = "sequence owner",
    .sql_name = "SEQUENCE OWNED BY",
    .rank = 107,
    .attributes = attributes,
};
