/* Security labels. See kind.h. */
#include "kinds.h"

static const struct wv_attribute attributes[] = {
    {"provider", WV_WAY_NONE},
    {"label", WV_WAY_ALTER},
    {NULL, WV_WAY_NONE},
};

const struct wv_kind wv_kind_security_label = {
    .name = "security label",
    .sql_name = "SECURITY LABEL",
    .rank = 143,
    .traits = WV_KIND_FACET,
    .attributes = attributes,
};
