/* What is dropped together with an extension without being its member. See kind.h. */
#include "kinds.h"

static const struct wv_attribute attributes[] = {
    {"extension", WV_WAY_RECREATE},
    {NULL, WV_WAY_NONE},
};

const struct wv_kind wv_kind_extension_dependency = {
    .name = "extension dependency",
    .sql_name = "EXTENSION",
    .rank = 135,
    .traits = WV_KIND_FACET,
    .attributes = attributes,
};
