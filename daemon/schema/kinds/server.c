/* Foreign servers. See kind.h. */
#include "kinds.h"
#include "writing.h"

static const struct wv_attribute attributes[] = {
    {"wrapper", WV_WAY_RECREATE}, {"type", WV_WAY_RECREATE}, {"version", WV_WAY_ALTER},
    {"options", WV_WAY_ALTER},    {NULL, WV_WAY_NONE},
};

static void create(struct wv_ddl *ddl, const struct wv_creation *creation)
{
    const struct wv_object *server = creation->object;
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    wv_strbuf_addf(&text, "CREATE SERVER %s", server->identity);
    if (wv_object_get(server, "type") != NULL)
        wv_strbuf_addf(&text, " TYPE %s", wv_object_text(server, "type"));
    if (wv_object_get(server, "version") != NULL)
        wv_strbuf_addf(&text, " VERSION %s", wv_object_text(server, "version"));
    wv_strbuf_addf(&text, " FOREIGN DATA WRAPPER %s", wv_object_text(server, "wrapper"));
    wv_write_foreign_options(&text, server);
    wv_ddl_add(ddl, "%s", wv_strbuf_text(&text));
}

static void alter(struct wv_ddl *ddl, const struct wv_change *change)
{
    const char *name = change->new->identity;
    const char *version = wv_object_get(change->new, "version");
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    if (wv_change_of(change, "version"))
        wv_strbuf_addf(&text, " VERSION %s", version != NULL ? version : "NULL");
    wv_change_foreign_options(&text, change);
    wv_ddl_hazard(wv_ddl_add(ddl, "ALTER SERVER %s%s", name, wv_strbuf_text(&text)),
                  WV_HAZARD_BREAKS_READERS, "foreign tables of %s, when it is another server",
                  name);
}

/* The server's users hinder DROP SERVER although they are part of it. */
static void drop(struct wv_ddl *ddl, const struct wv_object *old)
{
    for (size_t i = 0; i < old->part_count; i++)
        if (old->parts[i]->kind == &wv_kind_user_mapping)
            wv_kind_user_mapping.drop(ddl, old->parts[i]);
    wv_ddl_add(ddl, "DROP SERVER %s", old->identity);
}

const struct wv_kind wv_kind_server = {
    .name = "server",
    .sql_name = "SERVER",
    .rank = 86,
    .attributes = attributes,
    .create = create,
    .alter = alter,
    .drop = drop,
};
