/* Functions and procedures. See kind.h. */
#include "kinds.h"

static const struct wv_attribute attributes[] = {
    {"kind", WV_WAY_RECREATE},       {"arguments", WV_WAY_ALTER},
    {"argument_names", WV_WAY_NONE}, {"default_count", WV_WAY_NONE},
    {"result", WV_WAY_RECREATE},     {"language", WV_WAY_ALTER},
    {"body", WV_WAY_ALTER},          {"library", WV_WAY_ALTER},
    {"sql_body", WV_WAY_ALTER},      {"volatility", WV_WAY_ALTER},
    {"is_strict", WV_WAY_ALTER},     {"is_security_definer", WV_WAY_ALTER},
    {"is_leakproof", WV_WAY_ALTER},  {"parallel", WV_WAY_ALTER},
    {"cost", WV_WAY_ALTER},          {"rows", WV_WAY_ALTER},
    {"support", WV_WAY_ALTER},       {"settings", WV_WAY_ALTER},
    {"transforms", WV_WAY_ALTER},    {NULL, WV_WAY_NONE},
};

const struct wv_kind wv_kind_routine = {
    .name = "routine",
    .sql_name = "ROUTINE",
    .rank = 70,
    .attributes = attributes,
};
