/* Foreign tables. See kind.h. */
#include "kinds.h"
#include "writing.h"

static const struct wv_attribute attributes[] = {
    {"server", WV_WAY_RECREATE}, {"options", WV_WAY_ALTER}, {"partition_of", WV_WAY_NONE},
    {"parents", WV_WAY_NONE},    {NULL, WV_WAY_NONE},
};

static void create(struct wv_ddl *ddl, const struct wv_creation *creation)
{
    const struct wv_object *table = creation->object;
    const struct wv_object *partition = wv_inlined_partition(creation);
    const char *whole = partition == NULL ? NULL : wv_object_get(partition, "whole");
    const char *parents = wv_object_get(table, "parents");
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    struct wv_strbuf columns WV_AUTOSTRBUF = WV_STRBUF_INIT;
    wv_strbuf_addf(&text, "CREATE FOREIGN TABLE %s", table->identity);
    if (whole != NULL)
        wv_strbuf_addf(&text, " PARTITION OF %s", whole);
    wv_write_table_columns(&columns, ddl, creation, false);
    if (columns.length > 0 || whole == NULL)
        wv_strbuf_addf(&text, " (%s%s)", wv_strbuf_text(&columns), columns.length > 0 ? "\n" : "");
    if (whole != NULL)
        wv_strbuf_addf(&text, "\n    %s", wv_object_text(partition, "bound"));
    if (parents != NULL)
        wv_strbuf_addf(&text, "\n    INHERITS (%s)", parents);
    wv_strbuf_addf(&text, "\n    SERVER %s", wv_object_text(table, "server"));
    wv_write_foreign_options(&text, table);
    struct wv_ddl_statement *statement = wv_ddl_add(ddl, "%s", wv_strbuf_text(&text));
    const struct wv_object *parent =
        whole == NULL ? NULL : wv_catalog_find(ddl->before, &wv_kind_table, whole);
    if (parent != NULL)
        wv_ddl_lock(ddl, statement, "ACCESS EXCLUSIVE", parent);
    if (whole != NULL)
        wv_write_own_columns(ddl, creation);
    wv_write_table_parts_rest(ddl, creation);
}

static void alter(struct wv_ddl *ddl, const struct wv_change *change)
{
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    wv_change_foreign_options(&text, change);
    if (text.length > 0)
        wv_ddl_alter_table(ddl, change->new, "ACCESS EXCLUSIVE", "%s", wv_strbuf_text(&text) + 1);
}

/* Its rows are the server's and stay there. */
static void drop(struct wv_ddl *ddl, const struct wv_object *old)
{
    struct wv_ddl_statement *statement = wv_ddl_add(ddl, "DROP FOREIGN TABLE %s", old->identity);
    wv_ddl_lock(ddl, statement, "ACCESS EXCLUSIVE", old);
    wv_ddl_hazard(statement, WV_HAZARD_BREAKS_READERS, "%s", old->identity);
}

const struct wv_kind wv_kind_foreign_table = {
    .name = "foreign table",
    .sql_name = "FOREIGN TABLE",
    .rank = 101,
    .traits = WV_KIND_RELATION | WV_KIND_TYPE | WV_KIND_HOLDS_ROWS,
    .attributes = attributes,
    .create = create,
    .alter = alter,
    .drop = drop,
};
