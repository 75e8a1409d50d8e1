/* Operator classes. See kind.h. */
#include "ddl.h"
#include "kinds.h"
#include "list.h"
#include "strbuf.h"

static const struct wv_attribute attributes[] = {
    {"type", WV_WAY_RECREATE},    {"family", WV_WAY_RECREATE},  {"is_default", WV_WAY_RECREATE},
    {"storage", WV_WAY_RECREATE}, {"members", WV_WAY_RECREATE}, {NULL, WV_WAY_NONE},
};

/* Its identity is "schema.name USING method": what it is for stands between the two. */
static void create(struct wv_ddl *ddl, const struct wv_creation *creation)
{
    const struct wv_object *class = creation->object;
    const char *type = wv_object_text(class, "type");
    const char *members = wv_object_get(class, "members");
    const char *storage = wv_object_get(class, "storage");
    size_t name = wv_list_key(class->identity);
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    wv_strbuf_addf(&text, "CREATE OPERATOR CLASS %.*s%s FOR TYPE %s%s FAMILY %s AS", (int)name,
                   class->identity, wv_object_is(class, "is_default") ? " DEFAULT" : "", type,
                   class->identity + name, wv_object_text(class, "family"));
    if (members != NULL)
        wv_strbuf_addf(&text, " %s", members);
    if (storage != NULL || members == NULL)
        wv_strbuf_addf(&text, "%s STORAGE %s", members != NULL ? "," : "",
                       storage != NULL ? storage : type);
    wv_ddl_add(ddl, "%s", wv_strbuf_text(&text));
}

const struct wv_kind wv_kind_operator_class = {
    .name = "operator class",
    .sql_name = "OPERATOR CLASS",
    .rank = 74,
    .attributes = attributes,
    .create = create,
};
