/* Foreign data wrappers. See kind.h. */
#include "kinds.h"
#include "writing.h"

static const struct wv_attribute attributes[] = {
    {"handler", WV_WAY_ALTER},
    {"validator", WV_WAY_ALTER},
    {"options", WV_WAY_ALTER},
    {NULL, WV_WAY_NONE},
};

static void create(struct wv_ddl *ddl, const struct wv_creation *creation)
{
    const struct wv_object *wrapper = creation->object;
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    if (wv_object_get(wrapper, "handler") != NULL)
        wv_strbuf_addf(&text, " HANDLER %s", wv_object_text(wrapper, "handler"));
    if (wv_object_get(wrapper, "validator") != NULL)
        wv_strbuf_addf(&text, " VALIDATOR %s", wv_object_text(wrapper, "validator"));
    wv_write_foreign_options(&text, wrapper);
    wv_ddl_add(ddl, "CREATE FOREIGN DATA WRAPPER %s%s", wrapper->identity, wv_strbuf_text(&text));
}

static void write_function(struct wv_strbuf *out, const struct wv_change *change,
                           const char *attribute, const char *word)
{
    const char *function = wv_object_get(change->new, attribute);
    if (wv_change_of(change, attribute) && function != NULL)
        wv_strbuf_addf(out, " %s %s", word, function);
    else if (wv_change_of(change, attribute))
        wv_strbuf_addf(out, " NO %s", word);
}

static void alter(struct wv_ddl *ddl, const struct wv_change *change)
{
    const char *name = change->new->identity;
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    write_function(&text, change, "handler", "HANDLER");
    write_function(&text, change, "validator", "VALIDATOR");
    wv_change_foreign_options(&text, change);
    wv_ddl_hazard(wv_ddl_add(ddl, "ALTER FOREIGN DATA WRAPPER %s%s", name, wv_strbuf_text(&text)),
                  WV_HAZARD_BREAKS_READERS, "foreign tables of %s, when it does not suit them",
                  name);
}

const struct wv_kind wv_kind_foreign_data_wrapper = {
    .name = "foreign data wrapper",
    .sql_name = "FOREIGN DATA WRAPPER",
    .rank = 85,
    .attributes = attributes,
    .create = create,
    .alter = alter,
};
