/* Check constraints of domains. See kind.h. */
#include "kinds.h"

static const struct wv_attribute attributes[] = {
    {"definition", WV_WAY_RECREATE},
    {"is_valid", WV_WAY_ALTER},
    {NULL, WV_WAY_NONE},
};

const struct wv_kind wv_kind_domain_constraint = {
    .name = "domain constraint",
    .sql_name = "CONSTRAINT",
    .rank = 63,
    .traits = WV_KIND_MAY_BE_INLINE | WV_KIND_NAMED_ON_PARENT,
    .attributes = attributes,
};
