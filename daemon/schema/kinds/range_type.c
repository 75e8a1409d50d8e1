/* Range types; each has its multirange. See kind.h. */
#include "kinds.h"
#include "writing.h"

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

const struct wv_kind wv_kind_range_type = {
    .name = "range type",
    .sql_name = "TYPE",
    .rank = 66,
    .traits = WV_KIND_TYPE | WV_KIND_OF_VALUES | WV_KIND_IS_SINGLE,
    .attributes = attributes,
    .create = create,
    .drop = drop,
    .stub = wv_write_shell,
    .set_aside = wv_rename_aside,
};
