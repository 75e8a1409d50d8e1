/* Materialized views. See kind.h. */
#include "analyze.h"
#include "kinds.h"
#include "writing.h"

static const struct wv_attribute attributes[] = {
    {"definition", WV_WAY_RECREATE}, {"options", WV_WAY_ALTER},
    {"access_method", WV_WAY_ALTER}, {"tablespace", WV_WAY_ALTER},
    {"is_populated", WV_WAY_ALTER},  {NULL, WV_WAY_NONE},
};

static const char *const expressions[] = {"definition", NULL};

/* The view that was dropped to make this one. */
static const struct wv_object *old_form(const struct wv_ddl *ddl, const struct wv_object *view)
{
    return wv_catalog_find(ddl->before, view->kind, view->identity);
}

/* One that is made anew holds rows when it did: it is no part of its definition that it had none
 * at first. */
static bool keeps_rows(const struct wv_ddl *ddl, const struct wv_object *view)
{
    const struct wv_object *old = old_form(ddl, view);
    return wv_object_is(view, "is_populated") || (old != NULL && wv_object_is(old, "is_populated"));
}

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
    if (!keeps_rows(ddl, view))
        wv_strbuf_adds(&text, "\nWITH NO DATA");
    struct wv_ddl_statement *statement = wv_ddl_add(ddl, "%s", wv_strbuf_text(&text));
    if (old_form(ddl, view) != NULL && keeps_rows(ddl, view)) {
        wv_ddl_hazard(statement, WV_HAZARD_REWRITE, "%s, whose rows are computed anew",
                      view->identity);
        wv_lose_all_statistics(ddl, view);
    } else if (old_form(ddl, view) != NULL)
        wv_ddl_hazard(statement, WV_HAZARD_BREAKS_READERS, "%s, until it is refreshed",
                      view->identity);
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

static bool is_to_be_filled(const struct wv_change *change)
{
    return wv_object_is(change->new, "is_populated") && !wv_object_is(change->old, "is_populated");
}

static void alter(struct wv_ddl *ddl, const struct wv_change *change)
{
    if (wv_change_of(change, "options"))
        wv_write_options(ddl, change, "ALTER MATERIALIZED VIEW", "options");
    write_place(ddl, change, "access_method", "ACCESS METHOD", "heap");
    write_place(ddl, change, "tablespace", "TABLESPACE", "pg_default");
    if (is_to_be_filled(change)) {
        struct wv_ddl_statement *statement =
            wv_ddl_add(ddl, "REFRESH MATERIALIZED VIEW %s", change->new->identity);
        wv_ddl_lock(ddl, statement, "ACCESS EXCLUSIVE", change->new);
    }
}

/* That one holds rows by now which began without is what it was made for. */
static enum wv_way way(const struct wv_change *change)
{
    if (wv_change_of(change, "definition"))
        return WV_WAY_RECREATE;
    bool differs = wv_change_of(change, "options") || wv_change_of(change, "access_method") ||
                   wv_change_of(change, "tablespace");
    return differs || is_to_be_filled(change) ? WV_WAY_ALTER : WV_WAY_NONE;
}

const struct wv_kind wv_kind_materialized_view = {
    .name = "materialized view",
    .sql_name = "MATERIALIZED VIEW",
    .rank = 103,
    .traits = WV_KIND_RELATION | WV_KIND_TYPE | WV_KIND_HOLDS_ROWS,
    .attributes = attributes,
    .expressions = expressions,
    .create = create,
    .alter = alter,
    .drop = wv_drop_view,
    .way = way,
};
