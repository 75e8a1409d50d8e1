/* Access methods of tables and indexes. See kind.h. */
#include "ddl.h"
#include "kinds.h"

static const struct wv_attribute attributes[] = {
    {"type", WV_WAY_RECREATE},
    {"handler", WV_WAY_RECREATE},
    {NULL, WV_WAY_NONE},
};

static void create(struct wv_ddl *ddl, const struct wv_creation *creation)
{
    wv_ddl_add(ddl, "CREATE ACCESS METHOD %s TYPE %s HANDLER %s", creation->object->identity,
               wv_object_text(creation->object, "type"),
               wv_object_text(creation->object, "handler"));
}

const struct wv_kind wv_kind_access_method = {
    .name = "access method",
    .sql_name = "ACCESS METHOD",
    .rank = 40,
    .attributes = attributes,
    .create = create,
};
