/* Text search dictionaries. See kind.h. */
#include "kinds.h"
#include "writing.h"

static const struct wv_attribute attributes[] = {
    {"template", WV_WAY_RECREATE},
    {"options", WV_WAY_ALTER},
    {NULL, WV_WAY_NONE},
};

static void create(struct wv_ddl *ddl, const struct wv_creation *creation)
{
    const struct wv_object *dictionary = creation->object;
    const char *options = wv_object_get(dictionary, "options");
    wv_ddl_add(ddl, "CREATE TEXT SEARCH DICTIONARY %s (TEMPLATE = %s%s%s)", dictionary->identity,
               wv_object_text(dictionary, "template"), options != NULL ? ", " : "",
               options != NULL ? options : "");
}

/* An option that has no value is removed. */
static void alter(struct wv_ddl *ddl, const struct wv_change *change)
{
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    wv_write_list_change(&text, change, "options", "", "", "");
    if (text.length == 0)
        return;
    wv_ddl_hazard(wv_ddl_add(ddl, "ALTER TEXT SEARCH DICTIONARY %s (%s)", change->new->identity,
                             wv_strbuf_text(&text)),
                  WV_HAZARD_BREAKS_READERS,
                  "searches of vectors that %s has made, which stay as they are",
                  change->new->identity);
}

/* The order of options, which is compared too, is the one in which they were set. */
static enum wv_way way(const struct wv_change *change)
{
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    if (wv_change_of(change, "template"))
        return WV_WAY_RECREATE;
    wv_write_list_change(&text, change, "options", "", "", "");
    return text.length > 0 ? WV_WAY_ALTER : WV_WAY_RECREATE;
}

const struct wv_kind wv_kind_text_search_dictionary = {
    .name = "text search dictionary",
    .sql_name = "TEXT SEARCH DICTIONARY",
    .rank = 82,
    .attributes = attributes,
    .create = create,
    .alter = alter,
    .way = way,
};
