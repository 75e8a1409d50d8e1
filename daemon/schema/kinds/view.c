/* Views. See kind.h. */
#include <string.h>

#include "kinds.h"
#include "list.h"
#include "writing.h"
#include "xalloc.h"

static const struct wv_attribute attributes[] = {
    {"definition", WV_WAY_ALTER},
    {"options", WV_WAY_ALTER},
    {NULL, WV_WAY_NONE},
};

static const char *const expressions[] = {"definition", NULL};

/* Is the option there and on? */
static bool has_option(const struct wv_object *view, const char *option)
{
    static const char *const words[] = {"='true'", "='on'", "='yes'", "='1'"};
    const char *options = wv_object_get(view, "options");
    for (size_t i = 0; options != NULL && i < sizeof(words) / sizeof(words[0]); i++) {
        char *item WV_AUTOFREE = wv_xasprintf("%s%s", option, words[i]);
        if (wv_list_has(options, item))
            return true;
    }
    return false;
}

/* Whose privileges count, and what functions get to see: others may see more from now on. */
static void tell_options(struct wv_ddl *ddl, const struct wv_object *view)
{
    const struct wv_object *old = wv_catalog_find(ddl->before, view->kind, view->identity);
    if (old == NULL || ddl->count == 0)
        return;
    struct wv_ddl_statement *statement = &ddl->statements[ddl->count - 1];
    if (has_option(old, "security_invoker") && !has_option(view, "security_invoker"))
        wv_ddl_hazard(statement, WV_HAZARD_WIDENS_PRIVILEGES,
                      "who may read %s does it with its owner's privileges", view->identity);
    if (has_option(old, "security_barrier") && !has_option(view, "security_barrier"))
        wv_ddl_hazard(statement, WV_HAZARD_WIDENS_PRIVILEGES,
                      "functions in a query of %s see rows that it does not show", view->identity);
}

/* CREATE OR REPLACE gives a view other options unless it says them all. */
static void write(struct wv_ddl *ddl, const struct wv_object *view, const char *words)
{
    const char *options = wv_object_get(view, "options");
    wv_ddl_add(ddl, "%s VIEW %s%s%s%s AS\n%s", words, view->identity,
               options != NULL ? " WITH (" : "", options != NULL ? options : "",
               options != NULL ? ")" : "", wv_object_text(view, "definition"));
    tell_options(ddl, view);
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
    if (wv_change_of(change, "definition")) {
        write(ddl, change->new, "CREATE OR REPLACE");
        return;
    }
    wv_write_options(ddl, change, "ALTER VIEW", "options");
    tell_options(ddl, change->new);
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
    .expressions = expressions,
    .create = create,
    .alter = alter,
    .drop = wv_drop_view,
    .way = way,
    .stub = stub,
};
