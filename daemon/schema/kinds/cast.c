/* Casts. See kind.h. */
#include <string.h>

#include "ddl.h"
#include "kinds.h"
#include "strbuf.h"

static const struct wv_attribute attributes[] = {
    {"method", WV_WAY_RECREATE},
    {"function", WV_WAY_RECREATE},
    {"context", WV_WAY_RECREATE},
    {NULL, WV_WAY_NONE},
};

static void create(struct wv_ddl *ddl, const struct wv_creation *creation)
{
    const struct wv_object *cast = creation->object;
    const char *method = wv_object_text(cast, "method");
    const char *context = wv_object_get(cast, "context");
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    wv_strbuf_addf(&text, "CREATE CAST %s ", cast->identity);
    if (strcmp(method, "FUNCTION") == 0)
        wv_strbuf_addf(&text, "WITH FUNCTION %s", wv_object_text(cast, "function"));
    else
        wv_strbuf_adds(&text, strcmp(method, "INOUT") == 0 ? "WITH INOUT" : "WITHOUT FUNCTION");
    if (context != NULL)
        wv_strbuf_addf(&text, " AS %s", context);
    wv_ddl_add(ddl, "%s", wv_strbuf_text(&text));
}

const struct wv_kind wv_kind_cast = {
    .name = "cast",
    .sql_name = "CAST",
    .rank = 75,
    .attributes = attributes,
    .create = create,
};
