/* Materialized views. See kind.h. */
#include "kinds.h"
#include "writing.h"

static const struct wv_attribute attributes[] = {
    {"definition", WV_WAY_RECREATE}, {"options", WV_WAY_ALTER},     {"access_method", WV_WAY_ALTER},
    {"tablespace", WV_WAY_ALTER},    {"is_populated", WV_WAY_NONE}, {NULL, WV_WAY_NONE},
};

static void create(struct wv_ddl *ddl, const struct wv_creation *creation)
{
    const struct wv_object *view = creation->object;
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    wv_strbuf_addf(&text, "CREATE MATERIALIZED VIEW %s", view->identity);
    if (wv_object_get(view, "access_method") != NULL)
        wv_strbuf_addf(&text, " USING %s", wv_object_text(view, "access_method"));
    if (wv_object_get(view, "options") != NULL)
        wv_strbuf_addf(&text, " WITH (%s)", wv_object_text(view, "options"));
    if (wv_object_get(view, "tablespace") != NULL)
        wv_strbuf_addf(&text, " TABLESPACE %s", wv_object_text(view, "tablespace"));
    wv_strbuf_addf(&text, " AS\n%s", wv_object_text(view, "definition"));
    if (!wv_object_is(view, "is_populated"))
        wv_strbuf_adds(&text, "\nWITH NO DATA");
    wv_ddl_add(ddl, "%s", wv_strbuf_text(&text));
    for (size_t i = 0; i < creation->inlined_count; i++)
        if (creation->inlined[i]->kind == &wv_kind_view_column)
            wv_write_column_rest(ddl, creation->inlined[i]);
}

static void write_place(struct wv_ddl *ddl, const struct wv_change *change, const char *attribute,
                        const char *words, const char *usual)
{
    const char *value = wv_object_get(change->new, attribute);
    if (!wv_change_of(change, attribute))
        return;
    struct wv_ddl_statement *statement = wv_ddl_alter_table(
        ddl, change->new, "ACCESS EXCLUSIVE", "SET %s %s", words, value != NULL ? value : usual);
    wv_ddl_hazard(statement, WV_HAZARD_REWRITE, "%s", change->new->identity);
}

static void alter(struct wv_ddl *ddl, const struct wv_change *change)
{
    if (wv_change_of(change, "options"))
        wv_write_options(ddl, change, "ALTER MATERIALIZED VIEW", "options");
    write_place(ddl, change, "access_method", "ACCESS METHOD", "heap");
    write_place(ddl, change, "tablespace", "TABLESPACE", "pg_default");
}

const struct wv_kind wv_kind_materialized_view = {
    .name = "materialized view",
    .sql_name = "MATERIALIZED VIEW",
    .rank = 103,
    .traits = WV_KIND_RELATION | WV_KIND_TYPE | WV_KIND_HOLDS_ROWS,
    .attributes = attributes,
    .create = create,
    .alter = alter,
};
