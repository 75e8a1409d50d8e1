/* Text search templates. See kind.h. */
#include "kinds.h"
#include "writing.h"

static const struct wv_attribute attributes[] = {
    {"init", WV_WAY_RECREATE},
    {"lexize", WV_WAY_RECREATE},
    {NULL, WV_WAY_NONE},
};

static void create(struct wv_ddl *ddl, const struct wv_creation *creation)
{
    static const struct wv_clause clauses[] = {
        {"init", "INIT"}, {"lexize", "LEXIZE"}, {NULL, NULL}};
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    wv_strbuf_addf(&text, "CREATE TEXT SEARCH TEMPLATE %s (", creation->object->identity);
    wv_write_clauses(&text, creation->object, clauses);
    wv_ddl_add(ddl, "%s)", wv_strbuf_text(&text));
}

const struct wv_kind wv_kind_text_search_template = {
    .name = "text search template",
    .sql_name = "TEXT SEARCH TEMPLATE",
    .rank = 81,
    .attributes = attributes,
    .create = create,
};
