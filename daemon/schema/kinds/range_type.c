/* Range types; each has its multirange. See kind.h. */
#include "kinds.h"
#include "writing.h"
#include "xalloc.h"

static const struct wv_attribute attributes[] = {
    {"subtype", WV_WAY_RECREATE},
    {"opclass", WV_WAY_RECREATE},
    {"collation", WV_WAY_RECREATE},
    {"canonical", WV_WAY_RECREATE},
    {"subtype_diff", WV_WAY_RECREATE},
    {"multirange", WV_WAY_RECREATE},
    {NULL, WV_WAY_NONE},
};

static void create(struct wv_ddl *ddl, const struct wv_creation *creation)
{
    static const struct {
        const char *attribute;
        const char *word;
    } options[] = {{"opclass", "SUBTYPE_OPCLASS"},
                   {"collation", "COLLATION"},
                   {"canonical", "CANONICAL"},
                   {"subtype_diff", "SUBTYPE_DIFF"},
                   {"multirange", "MULTIRANGE_TYPE_NAME"}};
    const struct wv_object *type = creation->object;
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    wv_strbuf_addf(&text, "CREATE TYPE %s AS RANGE (SUBTYPE = %s", type->identity,
                   wv_object_text(type, "subtype"));
    for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
        if (wv_object_get(type, options[i].attribute) != NULL)
            wv_strbuf_addf(&text, ", %s = %s", options[i].word,
                           wv_object_text(type, options[i].attribute));
    wv_ddl_add(ddl, "%s)", wv_strbuf_text(&text));
}

static void drop(struct wv_ddl *ddl, const struct wv_object *old)
{
    if (wv_object_get(old, "canonical") != NULL)
        wv_drop_with_functions(ddl, old);
    else
        wv_drop(ddl, old);
}

/* The functions that make its values have names of their own, and so has the multirange. */
static void set_aside(struct wv_ddl *ddl, const struct wv_object *old, const char *aside)
{
    const char *subtype = wv_object_text(old, "subtype");
    const char *multirange = wv_object_get(old, "multirange");
    wv_ddl_add(ddl, "ALTER FUNCTION %s(%s, %s) RENAME TO %s", old->identity, subtype, subtype,
               aside);
    wv_ddl_add(ddl, "ALTER FUNCTION %s(%s, %s, text) RENAME TO %s", old->identity, subtype, subtype,
               aside);
    wv_rename_aside(ddl, old, aside);
    if (multirange == NULL)
        return;
    char *name WV_AUTOFREE = wv_free_name(ddl, old->schema, old->name, "_multirange_old");
    wv_ddl_add(ddl, "ALTER FUNCTION %s() RENAME TO %s", multirange, name);
    wv_ddl_add(ddl, "ALTER TYPE %s RENAME TO %s", multirange, name);
}

const struct wv_kind wv_kind_range_type = {
    .name = "range type",
    .sql_name = "TYPE",
    .rank = 66,
    .traits = WV_KIND_TYPE | WV_KIND_OF_VALUES,
    .attributes = attributes,
    .create = create,
    .drop = drop,
    .set_aside = set_aside,
    .stub = wv_write_shell,
};
