/* Text search parsers. See kind.h. */
#include "kinds.h"
#include "writing.h"

static const struct wv_attribute attributes[] = {
    {"start", WV_WAY_RECREATE},    {"token", WV_WAY_RECREATE},    {"end", WV_WAY_RECREATE},
    {"headline", WV_WAY_RECREATE}, {"lextypes", WV_WAY_RECREATE}, {NULL, WV_WAY_NONE},
};

static void create(struct wv_ddl *ddl, const struct wv_creation *creation)
{
    static const struct wv_clause clauses[] = {{"start", "START"},       {"token", "GETTOKEN"},
                                               {"end", "END"},           {"lextypes", "LEXTYPES"},
                                               {"headline", "HEADLINE"}, {NULL, NULL}};
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    wv_strbuf_addf(&text, "CREATE TEXT SEARCH PARSER %s (", creation->object->identity);
    wv_write_clauses(&text, creation->object, clauses);
    wv_ddl_add(ddl, "%s)", wv_strbuf_text(&text));
}

const struct wv_kind wv_kind_text_search_parser = {
    .name = "text search parser",
    .sql_name = "TEXT SEARCH PARSER",
    .rank = 80,
    .attributes = attributes,
    .create = create,
};
