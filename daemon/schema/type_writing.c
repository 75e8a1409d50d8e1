/* Types that are in use and that nothing can alter. See writing.h. */
#include <string.h>

#include "kinds.h"
#include "partition.h"
#include "privileges.h"
#include "quote.h"
#include "type_change.h"
#include "writing.h"
#include "xalloc.h"

/* What a type that is made anew does to its values. Labels are read as text. */
static struct wv_type_change remake(const struct wv_ddl *ddl, const struct wv_change *change)
{
    if (change->new->kind != &wv_kind_domain)
        return (struct wv_type_change){.may_fail = true};
    return wv_type_change_find(ddl, wv_object_text(change->old, "type"),
                               wv_object_text(change->new, "type"));
}

/* By whose values the rows of a partitioned table are spread: no type of it can change. */
static bool is_partition_key(const struct wv_object *column)
{
    const char *key = column->parent->kind == &wv_kind_table
                          ? wv_object_get(column->parent, "partition_key")
                          : NULL;
    const char *at = key == NULL ? NULL : strchr(key, '(');
    char *columns WV_AUTOFREE = at == NULL ? NULL : wv_xstrndup(at + 1, strlen(at) - 2);
    for (at = columns == NULL ? "" : columns; *at != '\0'; at = wv_list_next(at)) {
        size_t length = strlen(column->quoted);
        if (strncmp(at, column->quoted, length) == 0 && strchr(", ", at[length]) != NULL)
            return true;
    }
    return false;
}

void wv_refuse_partition_key(struct wv_ddl *ddl, const struct wv_object *column)
{
    if (is_partition_key(column))
        wv_ddl_refuse(ddl,
                      "the type of %s.%s cannot change: the table is partitioned by it, and would "
                      "have to be made anew with its rows",
                      column->parent->identity, column->quoted);
}

/* The column as it was, of the type that has the name now. */
static void move_column(struct wv_ddl *ddl, const struct wv_object *column,
                        const struct wv_type_change *what)
{
    const char *type = wv_object_text(column, "type");
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    wv_refuse_partition_key(ddl, column);
    wv_strbuf_addf(&text, "ALTER COLUMN %s TYPE %s", column->quoted, type);
    if (!what->is_assigned)
        wv_strbuf_addf(&text, " USING %s::text%s::%s", column->quoted,
                       strstr(type, "[]") != NULL ? "[]" : "", type);
    struct wv_ddl_statement *statement =
        wv_ddl_alter_table(ddl, column->parent, "ACCESS EXCLUSIVE", "%s", wv_strbuf_text(&text));
    wv_ddl_hazard(statement, WV_HAZARD_REWRITE, "%s", column->parent->identity);
    wv_ddl_hazard(statement, WV_HAZARD_MAY_FAIL, "values of %s.%s that the new type does not have",
                  column->parent->identity, column->quoted);
    if (what->may_lose)
        wv_ddl_hazard(statement, WV_HAZARD_DATA_LOSS,
                      "what the new type does not hold of the values of %s.%s",
                      column->parent->identity, column->quoted);
    wv_write_lost_with_type(ddl, column);
}

/* Is it the parent's column that is moved, and this one with it? */
static bool follows(const struct wv_ddl *ddl, const struct wv_object *old,
                    const struct wv_object *new)
{
    return wv_inherited_from(ddl->before, old) != NULL &&
           wv_inherited_from(ddl->after, new) != NULL;
}

static bool still_needs(const struct wv_object *column, const struct wv_object *type)
{
    for (size_t i = 0; i < column->need_count; i++)
        if (column->needs[i].object == type)
            return true;
    return false;
}

void wv_rebuild_type(struct wv_ddl *ddl, const struct wv_change *change, const char *definition)
{
    const struct wv_object *type = change->new;
    char *old WV_AUTOFREE = wv_free_name(ddl, type->schema, type->name, "_old");
    char *schema WV_AUTOFREE = wv_quoted_schema(type);
    struct wv_type_change what = remake(ddl, change);
    wv_ddl_add(ddl, "ALTER %s %s RENAME TO %s", type->kind->sql_name, type->identity, old);
    wv_ddl_add(ddl, "CREATE %s", definition);
    wv_undo_default_privileges(ddl, type);
    for (size_t i = 0; i < change->old->needed_by_count; i++) {
        const struct wv_object *user = change->old->needed_by[i].object;
        const struct wv_object *column =
            user->kind == &wv_kind_column ? wv_catalog_find(ddl->after, user->kind, user->identity)
                                          : NULL;
        if (column != NULL && !follows(ddl, user, column) && still_needs(column, type))
            move_column(ddl, user, &what);
    }
    wv_ddl_add(ddl, "DROP %s %s.%s", type->kind->sql_name, schema, old);
}

void wv_write_shell(struct wv_ddl *ddl, const struct wv_object *type, bool exists)
{
    if (!exists)
        wv_ddl_add(ddl, "CREATE TYPE %s", type->identity);
}

/* What is not ours to drop has to be gone before, not with the type. */
void wv_drop_with_functions(struct wv_ddl *ddl, const struct wv_object *old)
{
    for (size_t i = 0; i < old->needed_by_count; i++) {
        const struct wv_object *user = old->needed_by[i].object;
        if (wv_twin_of_old(ddl->difference, user)->deed == WV_DEED_KEEP)
            wv_ddl_refuse(ddl, "dropping the type %s would take the %s %s along", old->identity,
                          user->kind->name, user->identity);
    }
    wv_ddl_add(ddl, "DROP TYPE %s CASCADE", old->identity);
}

/* Of the copies that partitions have of an index. */
static void restore_copies(struct wv_ddl *ddl, const struct wv_object *index)
{
    for (size_t i = 0; i < index->needed_by_count; i++) {
        const struct wv_object *copy = index->needed_by[i].object;
        if (copy->kind != &wv_kind_partition_index ||
            !wv_twin_stays(wv_twin_of_old(ddl->difference, copy)))
            continue;
        wv_write_copy_settings(ddl, copy);
        restore_copies(ddl, copy);
    }
}

static void restore(struct wv_ddl *ddl, const struct wv_object *user)
{
    if (!wv_twin_stays(wv_twin_of_old(ddl->difference, user)))
        return;
    if (user->kind == &wv_kind_statistics && wv_object_get(user, "target") != NULL)
        wv_ddl_add(ddl, "ALTER STATISTICS %s SET STATISTICS %s", user->identity,
                   wv_object_text(user, "target"));
    if (user->kind == &wv_kind_index)
        wv_write_index_statistics(ddl, user->identity, wv_object_get(user, "statistics"));
    if (user->kind == &wv_kind_constraint) {
        char *index WV_AUTOFREE = wv_quote_name(user->schema, user->name);
        wv_write_index_statistics(ddl, index, wv_object_get(user, "index_statistics"));
    }
    if (user->kind == &wv_kind_index || user->kind == &wv_kind_constraint)
        restore_copies(ddl, user);
}

static void restore_for_heirs(struct wv_ddl *ddl, const struct wv_object *column)
{
    const struct wv_object *table = column->parent;
    size_t at = 0;
    const struct wv_object *heir;
    while ((heir = wv_next_heir(table, &at)) != NULL) {
        char *identity WV_AUTOFREE = wv_xasprintf("table %s.%s", heir->identity, column->quoted);
        const struct wv_object *inherited = wv_catalog_find(ddl->before, column->kind, identity);
        if (inherited != NULL)
            wv_write_lost_with_type(ddl, inherited);
    }
}

void wv_write_lost_with_type(struct wv_ddl *ddl, const struct wv_object *column)
{
    for (size_t i = 0; i < column->needed_by_count; i++)
        restore(ddl, column->needed_by[i].object);
    restore_for_heirs(ddl, column);
}
