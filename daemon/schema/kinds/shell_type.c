/* Types that are declared and not yet defined. See kind.h. */
#include "ddl.h"
#include "kinds.h"

static void create(struct wv_ddl *ddl, const struct wv_creation *creation)
{
    wv_ddl_add(ddl, "CREATE TYPE %s", creation->object->identity);
}

const struct wv_kind wv_kind_shell_type = {
    .name = "shell type",
    .sql_name = "TYPE",
    .rank = 60,
    .traits = WV_KIND_TYPE,
    .create = create,
};
