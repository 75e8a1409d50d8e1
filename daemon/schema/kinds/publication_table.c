/* Tables of publications. See kind.h. */
#include "inheritance.h"
#include "kinds.h"
#include "writing.h"

static const struct wv_attribute attributes[] = {
    {"columns", WV_WAY_ALTER},
    {"filter", WV_WAY_ALTER},
    {NULL, WV_WAY_NONE},
};

static const char *const expressions[] = {"filter", NULL};

/* A table's name alone means those that inherit of it, too. */
static const char *only(const struct wv_catalog *catalog, const struct wv_object *member)
{
    const struct wv_object *table = wv_catalog_find(catalog, &wv_kind_table, member->quoted);
    const struct wv_object *heir;
    size_t at = 0;
    while (table != NULL && (heir = wv_next_heir(table, &at)) != NULL)
        if (wv_object_get(heir, "parents") != NULL)
            return "ONLY ";
    return "";
}

static const char *only_in(const struct wv_ddl *ddl, const struct wv_object *member)
{
    const char *before = only(ddl->before, member);
    return before[0] != '\0' ? before : only(ddl->after, member);
}

static void create(struct wv_ddl *ddl, const struct wv_creation *creation)
{
    const struct wv_object *member = creation->object;
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    if (wv_object_get(member, "columns") != NULL)
        wv_strbuf_addf(&text, " (%s)", wv_object_text(member, "columns"));
    if (wv_object_get(member, "filter") != NULL)
        wv_strbuf_addf(&text, " WHERE (%s)", wv_object_text(member, "filter"));
    struct wv_ddl_statement *statement =
        wv_ddl_add(ddl, "ALTER PUBLICATION %s ADD TABLE %s%s%s", member->parent->identity,
                   only_in(ddl, member), member->quoted, wv_strbuf_text(&text));
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
    wv_ddl_hazard(wv_ddl_add(ddl, "ALTER PUBLICATION %s DROP TABLE %s%s", old->parent->identity,
                             only_in(ddl, old), old->quoted),
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
    .expressions = expressions,
    .create = create,
    .alter = alter,
    .drop = drop,
};
