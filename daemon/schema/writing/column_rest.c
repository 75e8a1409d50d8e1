/* What no CREATE TABLE can say of a column: how its values are stored, what is known of them. See
 * writing.h. */
#include <stdlib.h>

#include "identity.h"
#include "inheritance.h"
#include "kinds.h"
#include "not_null.h"
#include "writing.h"
#include "xalloc.h"

static void write_storage(struct wv_ddl *ddl, const struct wv_object *column)
{
    const char *storage = wv_object_get(column, "storage");
    wv_alter_column_only(ddl, column, "ACCESS EXCLUSIVE", "SET STORAGE ",
                         storage != NULL ? storage : wv_object_text(column, "type_storage"));
}

static void write_compression(struct wv_ddl *ddl, const struct wv_object *column)
{
    const char *compression = wv_object_get(column, "compression");
    wv_alter_column_only(ddl, column, "ACCESS EXCLUSIVE", "SET COMPRESSION ",
                         compression != NULL ? compression : "default");
}

static void write_statistics(struct wv_ddl *ddl, const struct wv_object *column)
{
    const char *statistics = wv_object_get(column, "statistics");
    wv_alter_column_only(ddl, column, "SHARE UPDATE EXCLUSIVE", "SET STATISTICS ",
                         statistics != NULL ? statistics : "-1");
}

static void write_distinct(struct wv_ddl *ddl, const struct wv_object *column,
                           const char *attribute)
{
    const char *value = wv_object_get(column, attribute);
    char *rest WV_AUTOFREE = value == NULL ? wv_xasprintf("RESET (%s)", attribute)
                                           : wv_xasprintf("SET (%s = %s)", attribute, value);
    wv_alter_column_only(ddl, column, "SHARE UPDATE EXCLUSIVE", rest, NULL);
}

/* What no parent gives. */
static void write_inherited_options(struct wv_ddl *ddl, const struct wv_object *column)
{
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    if (column->kind != &wv_kind_column || !wv_is_inherited_only(column))
        return;
    wv_write_foreign_options(&text, column);
    if (text.length > 0)
        wv_alter_column_only(ddl, column, "ACCESS EXCLUSIVE", wv_strbuf_text(&text) + 1, NULL);
}

void wv_write_column_rest(struct wv_ddl *ddl, const struct wv_object *column)
{
    wv_write_own_sequence(ddl, column);
    if (column->kind == &wv_kind_column)
        wv_write_not_null_rest(ddl, column);
    const struct wv_object *model = wv_inherited_from(ddl->after, column);
    struct wv_change change = {model, column};
    bool is_table_new = !wv_ddl_existed(ddl, column->parent);
    if (model == NULL || !is_table_new ? wv_object_get(column, "storage") != NULL
                                       : wv_change_of(&change, "storage"))
        write_storage(ddl, column);
    if (model == NULL
            ? column->kind == &wv_kind_view_column && wv_object_get(column, "compression") != NULL
            : wv_change_of(&change, "compression"))
        write_compression(ddl, column);
    if (wv_object_get(column, "statistics") != NULL)
        write_statistics(ddl, column);
    if (wv_object_get(column, "n_distinct") != NULL)
        write_distinct(ddl, column, "n_distinct");
    if (wv_object_get(column, "n_distinct_inherited") != NULL)
        write_distinct(ddl, column, "n_distinct_inherited");
    write_inherited_options(ddl, column);
}

void wv_write_column_stored(struct wv_ddl *ddl, const struct wv_object *column)
{
    if (wv_object_get(column, "storage") != NULL)
        write_storage(ddl, column);
    if (wv_object_get(column, "compression") != NULL)
        write_compression(ddl, column);
}

void wv_alter_column_stored(struct wv_ddl *ddl, const struct wv_change *change)
{
    if (wv_change_of(change, "storage"))
        write_storage(ddl, change->new);
    if (wv_change_of(change, "compression"))
        write_compression(ddl, change->new);
}

void wv_alter_column_rest(struct wv_ddl *ddl, const struct wv_change *change)
{
    const struct wv_object *column = change->new;
    if (wv_change_of(change, "statistics"))
        write_statistics(ddl, column);
    if (wv_change_of(change, "n_distinct"))
        write_distinct(ddl, column, "n_distinct");
    if (wv_change_of(change, "n_distinct_inherited"))
        write_distinct(ddl, column, "n_distinct_inherited");
}
