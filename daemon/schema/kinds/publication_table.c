/* Tables of publications. See kind.h. */
#include "kinds.h"
#include "writing.h"

static const struct wv_attribute attributes[] = {
    {"columns", WV_WAY_ALTER},
    {"filter", WV_WAY_ALTER},
    {NULL, WV_WAY_NONE},
};

static void create(struct wv_ddl *ddl, const struct wv_creation *creation)
{
    const struct wv_object *member = creation->object;
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    if (wv_object_get(member, "columns") != NULL)
        wv_strbuf_addf(&text, " (%s)", wv_object_text(member, "columns"));
    if (wv_object_get(member, "filter") != NULL)
        wv_strbuf_addf(&text, " WHERE (%s)", wv_object_text(member, "filter"));
    struct wv_ddl_statement *statement =
        wv_ddl_add(ddl, "ALTER PUBLICATION %s ADD TABLE %s%s", member->parent->identity,
                   member->quoted, wv_strbuf_text(&text));
    const struct wv_object *table = wv_catalog_find(ddl->before, &wv_kind_table, member->quoted);
    if (table == NULL)
        return;
    wv_ddl_lock(ddl, statement, "SHARE UPDATE EXCLUSIVE", table);
    wv_ddl_hazard(statement, WV_HAZARD_BREAKS_READERS,
                  "UPDATE and DELETE on %s, unless its replica identity allows them",
                  table->identity);
}

static void drop(struct wv_ddl *ddl, const struct wv_object *old)
{
    wv_ddl_hazard(
        wv_ddl_add(ddl, "ALTER PUBLICATION %s DROP TABLE %s", old->parent->identity, old->quoted),
        WV_HAZARD_BREAKS_READERS, "subscribers of %s", old->parent->identity);
}

static void alter(struct wv_ddl *ddl, const struct wv_change *change)
{
    drop(ddl, change->old);
    create(ddl, &(struct wv_creation){.object = change->new});
}

const struct wv_kind wv_kind_publication_table = {
    .name = "publication table",
    .sql_name = "TABLE",
    .rank = 126,
    .attributes = attributes,
    .create = create,
    .alter = alter,
    .drop = drop,
};
