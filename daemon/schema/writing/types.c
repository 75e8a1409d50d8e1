/* What the writers of types share, and what a new type takes from a column. See writing.h. */
#include <string.h>

#include "kinds.h"
#include "lookup.h"
#include "partition_copy.h"
#include "quote.h"
#include "rebuild.h"
#include "walk.h"
#include "writing.h"
#include "xalloc.h"

void wv_rename_aside(struct wv_ddl *ddl, const struct wv_object *old, const char *aside)
{
    wv_ddl_add(ddl, "ALTER %s %s RENAME TO %s", old->kind->sql_name, old->identity, aside);
}

void wv_drop(struct wv_ddl *ddl, const struct wv_object *old)
{
    char *name WV_AUTOFREE = wv_name_at_drop(ddl->difference, old);
    wv_ddl_add(ddl, "DROP %s %s", old->kind->sql_name, name);
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
    char *name WV_AUTOFREE = wv_name_at_drop(ddl->difference, old);
    wv_ddl_add(ddl, "DROP TYPE %s CASCADE", name);
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

void wv_write_lost_with_type(struct wv_ddl *ddl, const struct wv_object *column)
{
    struct wv_walk walk WV_AUTOWALK = {0};
    wv_walk_to(&walk, column->parent);
    for (size_t i = 0; i < walk.count; i++) {
        const struct wv_object *own = wv_find_column(walk.tables[i], column->name);
        for (size_t j = 0; own != NULL && j < own->needed_by_count; j++)
            restore(ddl, own->needed_by[j].object);
        if (own != NULL)
            wv_walk_to_heirs(&walk, walk.tables[i]);
    }
}
