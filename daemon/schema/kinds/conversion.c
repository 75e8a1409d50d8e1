/* Conversions between encodings. See kind.h. */
#include "kinds.h"

static const struct wv_attribute attributes[] = {
    {"source", WV_WAY_RECREATE},     {"target", WV_WAY_RECREATE}, {"function", WV_WAY_RECREATE},
    {"is_default", WV_WAY_RECREATE}, {NULL, WV_WAY_NONE},
};

const struct wv_kind wv_kind_conversion = {
    .name = "conversion",
    .sql_name = "CONVERSION",
    .rank = 77,
    .attributes = attributes,
};
