/* Options of a table that the server takes, or keeps, only as its columns allow: those of its TOAST
 * table, which is there once a column needs one; user_catalog_table, under which it rewrites
 * nothing. All others are the table's. See kind.h. */
#include <string.h>

#include "kinds.h"
#include "same.h"
#include "table_options.h"
#include "writing.h"

static const struct wv_attribute attributes[] = {
    {"options", WV_WAY_ALTER},
    {NULL, WV_WAY_NONE},
};

static bool is_for_toast(const struct wv_object *options)
{
    return strcmp(options->name, "toast") == 0;
}

static bool hinders_rewrites(const struct wv_object *options)
{
    return !is_for_toast(options) &&
           strcmp(wv_object_text(options, "options"), "user_catalog_table='false'") != 0;
}

static void write(struct wv_ddl *ddl, const struct wv_object *options, const char *word,
                  const struct wv_strbuf *list)
{
    if (list->length > 0)
        wv_ddl_alter_table(ddl, options->parent,
                           is_for_toast(options) ? "SHARE UPDATE EXCLUSIVE" : "ACCESS EXCLUSIVE",
                           "%s (%s)", word, wv_strbuf_text(list));
}

static void change(struct wv_ddl *ddl, const struct wv_object *options, const char *old,
                   const char *new)
{
    struct wv_strbuf set WV_AUTOSTRBUF = WV_STRBUF_INIT;
    struct wv_strbuf reset WV_AUTOSTRBUF = WV_STRBUF_INIT;
    wv_find_options(&set, &reset, old, new);
    write(ddl, options, "RESET", &reset);
    write(ddl, options, "SET", &set);
}

static void create(struct wv_ddl *ddl, const struct wv_creation *creation)
{
    change(ddl, creation->object, "", wv_object_text(creation->object, "options"));
}

static void alter(struct wv_ddl *ddl, const struct wv_change *both)
{
    change(ddl, both->new, wv_object_text(both->old, "options"),
           wv_object_text(both->new, "options"));
}

static void drop(struct wv_ddl *ddl, const struct wv_object *old)
{
    change(ddl, old, wv_object_text(old, "options"), "");
}

/* What hinders rewrites is set after them, and taken back before. */
static enum wv_way way(const struct wv_change *both)
{
    if (!wv_change_of(both, "options"))
        return WV_WAY_NONE;
    return is_for_toast(both->old) ? WV_WAY_ALTER : WV_WAY_RECREATE;
}

bool wv_options_endure_column(const struct wv_object *options, const struct wv_change *column)
{
    const char *new = wv_object_text(column->new, "type_storage");
    bool is_plain = strcmp(new, "PLAIN") == 0;
    return is_for_toast(options)
               ? !is_plain || wv_same(wv_object_text(column->old, "type_storage"), new)
               : !hinders_rewrites(options);
}

bool wv_options_endure_rewrite(const struct wv_object *options)
{
    return !hinders_rewrites(options);
}

const struct wv_kind wv_kind_table_options = {
    .name = "table options",
    .sql_name = "TABLE",
    .rank = 109,
    .traits = WV_KIND_MAY_BE_INLINE,
    .attributes = attributes,
    .create = create,
    .alter = alter,
    .drop = drop,
    .way = way,
};
