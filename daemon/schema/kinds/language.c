/* Procedural languages. See kind.h. */
#include "kinds.h"

static const struct wv_attribute attributes[] = {
    {"is_trusted", WV_WAY_ALTER}, {"handler", WV_WAY_ALTER}, {"inline_handler", WV_WAY_ALTER},
    {"validator", WV_WAY_ALTER},  {NULL, WV_WAY_NONE},
};

const struct wv_kind wv_kind_language = {
    .name = "language",
    .sql_name = "LANGUAGE",
    .rank = 30,
    .attributes = attributes,
};
