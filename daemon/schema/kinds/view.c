/* Views. See kind.h. */
#include <string.h>

#include "kinds.h"
#include "writing.h"

static const struct wv_attribute attributes[] = {
    {"definition", WV_WAY_ALTER},
    {"options", WV_WAY_ALTER},
    {NULL, WV_WAY_NONE},
};

/* CREATE OR REPLACE gives a view other options unless it says them all. */
static void write(struct wv_ddl *ddl, const struct wv_object *view, const char *words)
{
    const char *options = wv_object_get(view, "options");
    wv_ddl_add(ddl, "%s VIEW %s%s%s%s AS\n%s", words, view->identity,
               options != NULL ? " WITH (" : "", options != NULL ? options : "",
               options != NULL ? ")" : "", wv_object_text(view, "definition"));
}

static void create(struct wv_ddl *ddl, const struct wv_creation *creation)
{
    write(ddl, creation->object, creation->is_begun ? "CREATE OR REPLACE" : "CREATE");
    for (size_t i = 0; i < creation->inlined_count; i++)
        if (creation->inlined[i]->kind == &wv_kind_default)
            wv_ddl_alter_table(ddl, creation->object, "ACCESS EXCLUSIVE",
                               "ALTER COLUMN %s SET DEFAULT %s",
                               creation->inlined[i]->parent->quoted,
                               wv_object_text(creation->inlined[i], "expression"));
}

static void alter(struct wv_ddl *ddl, const struct wv_change *change)
{
    if (wv_change_of(change, "definition"))
        write(ddl, change->new, "CREATE OR REPLACE");
    else
        wv_write_options(ddl, change, "ALTER VIEW", "options");
}

static const struct wv_object *column_at(const struct wv_object *view, long position)
{
    for (size_t i = 0; i < view->part_count; i++)
        if (view->parts[i]->kind == &wv_kind_view_column &&
            wv_object_position(view->parts[i]) == position)
            return view->parts[i];
    return NULL;
}

static void stub(struct wv_ddl *ddl, const struct wv_object *view, bool exists)
{
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    const struct wv_object *column;
    for (long position = 1; (column = column_at(view, position)) != NULL; position++) {
        const char *collation = wv_object_get(column, "collation");
        wv_strbuf_addf(&text, "%s\n    NULL::%s%s%s AS %s", position > 1 ? "," : "",
                       wv_object_text(column, "type"), collation != NULL ? " COLLATE " : "",
                       collation != NULL ? collation : "", column->quoted);
    }
    wv_ddl_add(ddl, "CREATE %sVIEW %s AS\nSELECT%s", exists ? "OR REPLACE " : "", view->identity,
               wv_strbuf_text(&text));
}

static bool same_text(const struct wv_object *a, const struct wv_object *b, const char *attribute)
{
    return strcmp(wv_object_text(a, attribute), wv_object_text(b, attribute)) == 0;
}

/* A view can be replaced by one that begins with the same columns (PostgreSQL manual, CREATE
 * VIEW). */
static enum wv_way way(const struct wv_change *change)
{
    const struct wv_object *old;
    for (long position = 1; (old = column_at(change->old, position)) != NULL; position++) {
        const struct wv_object *new = column_at(change->new, position);
        if (new == NULL || strcmp(old->name, new->name) != 0 || !same_text(old, new, "type") ||
            !same_text(old, new, "collation"))
            return WV_WAY_RECREATE;
    }
    return WV_WAY_ALTER;
}

const struct wv_kind wv_kind_view = {
    .name = "view",
    .sql_name = "VIEW",
    .rank = 102,
    .traits = WV_KIND_RELATION | WV_KIND_TYPE,
    .attributes = attributes,
    .create = create,
    .alter = alter,
    .drop = wv_drop_view,
    .way = way,
    .stub = stub,
};
