/* Sequences, also those of serial columns; an identity's is an attribute of its column. See kind.h.
 * */
#include "kinds.h"

static const struct wv_attribute attributes[] = {
    {"type", WV_WAY_ALTER},      {"start", WV_WAY_ALTER},       {"increment", WV_WAY_ALTER},
    {"minimum", WV_WAY_ALTER},   {"maximum", WV_WAY_ALTER},     {"cache", WV_WAY_ALTER},
    {"is_cycled", WV_WAY_ALTER}, {"persistence", WV_WAY_ALTER}, {NULL, WV_WAY_NONE},
};

const struct wv_kind wv_kind_sequence = {
    .name = "sequence",
    .sql_name = "SEQUENCE",
    .rank = 90,
    .traits = WV_KIND_RELATION,
    .attributes = attributes,
};
