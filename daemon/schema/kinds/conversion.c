/* Conversions between encodings. See kind.h. */
#include "ddl.h"
#include "kinds.h"

static const struct wv_attribute attributes[] = {
    {"source", WV_WAY_RECREATE},     {"target", WV_WAY_RECREATE}, {"function", WV_WAY_RECREATE},
    {"is_default", WV_WAY_RECREATE}, {NULL, WV_WAY_NONE},
};

static void create(struct wv_ddl *ddl, const struct wv_creation *creation)
{
    const struct wv_object *conversion = creation->object;
    wv_ddl_add(ddl, "CREATE %sCONVERSION %s FOR %s TO %s FROM %s",
               wv_object_is(conversion, "is_default") ? "DEFAULT " : "", conversion->identity,
               wv_object_text(conversion, "source"), wv_object_text(conversion, "target"),
               wv_object_text(conversion, "function"));
}

const struct wv_kind wv_kind_conversion = {
    .name = "conversion",
    .sql_name = "CONVERSION",
    .rank = 77,
    .attributes = attributes,
    .create = create,
};
