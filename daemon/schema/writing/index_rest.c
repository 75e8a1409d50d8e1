/* What is written of an index besides its definition, be it an index or a constraint's. See
 * writing.h. */
#include <stdlib.h>
#include <string.h>

#include "kinds.h"
#include "writing.h"
#include "xalloc.h"

void wv_write_index_statistics(struct wv_ddl *ddl, const char *index, const char *statistics)
{
    for (const char *at = statistics == NULL ? "" : statistics; *at != '\0';) {
        size_t column = strcspn(at, "=");
        size_t length = strcspn(at, ",");
        wv_ddl_add(ddl, "ALTER INDEX %s ALTER COLUMN %.*s SET STATISTICS %.*s", index, (int)column,
                   at, (int)(length - column - 1), at + column + 1);
        at += length;
        at += strspn(at, ", ");
    }
}

void wv_change_index_statistics(struct wv_ddl *ddl, const char *index, const char *old,
                                const char *new)
{
    for (const char *at = old == NULL ? "" : old; *at != '\0';) {
        size_t column = strcspn(at, "=");
        wv_ddl_add(ddl, "ALTER INDEX %s ALTER COLUMN %.*s SET STATISTICS -1", index, (int)column,
                   at);
        at += strcspn(at, ",");
        at += strspn(at, ", ");
    }
    wv_write_index_statistics(ddl, index, new);
}

void wv_write_cluster(struct wv_ddl *ddl, const struct wv_object *index)
{
    if (wv_object_is(index, "is_clustered"))
        wv_ddl_alter_table(ddl, index->parent, "SHARE UPDATE EXCLUSIVE", "CLUSTER ON %s",
                           index->quoted);
}

/* Does a column of the table become NOT NULL? */
static bool gets_not_null(const struct wv_ddl *ddl, const struct wv_object *table)
{
    for (size_t i = 0; i < table->part_count; i++) {
        const struct wv_object *part = table->parts[i];
        const struct wv_object *old =
            part->kind != &wv_kind_column
                ? NULL
                : wv_catalog_find(ddl->before, part->kind, part->identity);
        if (part->kind == &wv_kind_column && wv_object_is(part, "not_null") &&
            (old == NULL || !wv_object_is(old, "not_null")))
            return true;
    }
    return false;
}

/* All of its columns have to be NOT NULL, which they may be only when that is validated. */
bool wv_is_replica_identity_later(const struct wv_ddl *ddl, const struct wv_object *index)
{
    return !ddl->is_plain && wv_ddl_existed(ddl, index->parent) &&
           gets_not_null(ddl, index->parent);
}

static void write_replica_identity(struct wv_ddl *ddl, const struct wv_object *index)
{
    if (!wv_object_is(index, "is_replica_identity"))
        return;
    struct wv_ddl_statement *statement = wv_ddl_alter_table(
        ddl, index->parent, "ACCESS EXCLUSIVE", "REPLICA IDENTITY USING INDEX %s", index->quoted);
    if (wv_is_replica_identity_later(ddl, index))
        statement->turn = WV_TURN_AFTER;
}

void wv_write_index_marks(struct wv_ddl *ddl, const struct wv_object *index)
{
    wv_write_cluster(ddl, index);
    write_replica_identity(ddl, index);
}

/* Another index may have taken the mark over: to take it away here would be too much. */
static bool another_is_clustered(const struct wv_object *index)
{
    const struct wv_object *table = index->parent;
    for (size_t i = 0; i < table->part_count; i++) {
        const struct wv_object *part = table->parts[i];
        if ((part->kind == &wv_kind_index || part->kind == &wv_kind_constraint ||
             part->kind == &wv_kind_partition_index) &&
            wv_object_is(part, "is_clustered"))
            return true;
    }
    return false;
}

void wv_change_index_marks(struct wv_ddl *ddl, const struct wv_change *change)
{
    if (wv_change_of(change, "is_clustered") && wv_object_is(change->new, "is_clustered"))
        wv_write_cluster(ddl, change->new);
    else if (wv_change_of(change, "is_clustered") && !another_is_clustered(change->new))
        wv_ddl_alter_table(ddl, change->new->parent, "SHARE UPDATE EXCLUSIVE",
                           "SET WITHOUT CLUSTER");
    if (wv_change_of(change, "is_replica_identity"))
        write_replica_identity(ddl, change->new);
}
