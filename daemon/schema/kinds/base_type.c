/* Base types: those with functions for input and output. See kind.h. */
#include "kinds.h"

static const struct wv_attribute attributes[] = {
    {"input", WV_WAY_RECREATE},
    {"output", WV_WAY_RECREATE},
    {"receive", WV_WAY_ALTER},
    {"send", WV_WAY_ALTER},
    {"typmod_in", WV_WAY_ALTER},
    {"typmod_out", WV_WAY_ALTER},
    {"analyze", WV_WAY_ALTER},
    {"subscript", WV_WAY_ALTER},
    {"length", WV_WAY_RECREATE},
    {"by_value", WV_WAY_RECREATE},
    {"alignment", WV_WAY_RECREATE},
    {"storage", WV_WAY_ALTER},
    {"category", WV_WAY_RECREATE},
    {"is_preferred", WV_WAY_RECREATE},
    {"default", WV_WAY_RECREATE},
    {"element", WV_WAY_RECREATE},
    {"delimiter", WV_WAY_RECREATE},
    {"is_collatable", WV_WAY_RECREATE},
    {NULL, WV_WAY_NONE},
};

const struct wv_kind wv_kind_base_type = {
    .name = "base type",
    .sql_name = "TYPE",
    .rank = 67,
    .traits = WV_KIND_TYPE,
    .attributes = attributes,
};
