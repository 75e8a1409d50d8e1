/* Collations. See kind.h. */
#include "kinds.h"
#include "quote.h"
#include "writing.h"
#include "xalloc.h"

static const struct wv_attribute attributes[] = {
    {"provider", WV_WAY_RECREATE}, {"is_deterministic", WV_WAY_RECREATE},
    {"collate", WV_WAY_RECREATE},  {"ctype", WV_WAY_RECREATE},
    {"locale", WV_WAY_RECREATE},   {"rules", WV_WAY_RECREATE},
    {NULL, WV_WAY_NONE},
};

static void create(struct wv_ddl *ddl, const struct wv_creation *creation)
{
    static const struct {
        const char *attribute;
        const char *word;
    } options[] = {
        {"locale", "LOCALE"}, {"collate", "LC_COLLATE"}, {"ctype", "LC_CTYPE"}, {"rules", "RULES"}};
    const struct wv_object *collation = creation->object;
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    wv_strbuf_addf(&text, "CREATE COLLATION %s (PROVIDER = %s", collation->identity,
                   wv_object_text(collation, "provider"));
    for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
        const char *value = wv_object_get(collation, options[i].attribute);
        char *literal WV_AUTOFREE = value == NULL ? NULL : wv_quote_literal(value);
        if (literal != NULL)
            wv_strbuf_addf(&text, ", %s = %s", options[i].word, literal);
    }
    if (!wv_object_is(collation, "is_deterministic"))
        wv_strbuf_adds(&text, ", DETERMINISTIC = false");
    wv_ddl_add(ddl, "%s)", wv_strbuf_text(&text));
}

const struct wv_kind wv_kind_collation = {
    .name = "collation",
    .sql_name = "COLLATION",
    .rank = 50,
    .traits = WV_KIND_OF_VALUES,
    .attributes = attributes,
    .create = create,
    .set_aside = wv_rename_aside,
};
