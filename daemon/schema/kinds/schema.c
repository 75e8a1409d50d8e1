/* Schemas. See kind.h. */
#include "ddl.h"
#include "kinds.h"

static void create(struct wv_ddl *ddl, const struct wv_creation *creation)
{
    wv_ddl_add(ddl, "CREATE SCHEMA %s", creation->object->identity);
}

const struct wv_kind wv_kind_schema = {
    .name = "schema",
    .sql_name = "SCHEMA",
    .rank = 10,
    .create = create,
};
