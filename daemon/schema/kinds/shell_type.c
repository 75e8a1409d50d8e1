/* Types that are declared and not yet defined. See kind.h. */
#include "kinds.h"

const struct wv_kind wv_kind_shell_type = {
    .name = "shell type",
    .sql_name = "TYPE",
    .rank = 60,
    .traits = WV_KIND_TYPE,
};
