/* Defaults of columns; the expression of a generated column is the column's. See kind.h. */
#include "kinds.h"

static const struct wv_attribute attributes[] = {
    {"expression", WV_WAY_ALTER},
    {NULL, WV_WAY_NONE},
};

const struct wv_kind wv_kind_default = {
    .name = "default",
    .sql_name = "DEFAULT",
    .rank = 106,
    .traits = WV_KIND_MAY_BE_INLINE,
    .attributes = attributes,
};
