/* See not_null.h. */
#include "not_null.h"

#include <string.h>

#include "free_name.h"
#include "inheritance.h"
#include "kinds.h"
#include "partition_copy.h"
#include "writing.h"
#include "xalloc.h"

static bool proves(const struct wv_object *check, const struct wv_object *column)
{
    char *text WV_AUTOFREE = wv_xasprintf("CHECK ((%s IS NOT NULL))", column->quoted);
    return check->kind == &wv_kind_constraint && wv_object_is(check, "is_valid") &&
           strcmp(wv_object_text(check, "definition"), text) == 0;
}

static const struct wv_object *find_proof(const struct wv_object *table,
                                          const struct wv_object *column)
{
    for (size_t i = 0; table != NULL && i < table->part_count; i++)
        if (proves(table->parts[i], column))
            return table->parts[i];
    return NULL;
}

static const struct wv_object *old_proof(const struct wv_ddl *ddl, const struct wv_object *column)
{
    const struct wv_object *table = column->parent;
    return find_proof(wv_catalog_find(ddl->before, table->kind, table->identity), column);
}

static bool stays(const struct wv_ddl *ddl, const struct wv_object *check)
{
    return wv_twin_stays(wv_twin_of_old(ddl->difference, check));
}

/* The drop of the check says it: what comes from a parent is not for one table alone to say. */
static bool is_said_by_drop(const struct wv_ddl *ddl, const struct wv_object *check,
                            const struct wv_object *column)
{
    const struct wv_object *table = column->parent;
    const struct wv_object *old = wv_catalog_find(ddl->before, column->kind, column->identity);
    return !ddl->is_plain && !stays(ddl, check) && old != NULL &&
           wv_twin_of_old(ddl->difference, old)->deed == WV_DEED_ALTER &&
           !wv_object_is(old, "not_null") && wv_object_is(column, "not_null") &&
           wv_object_get(column, "identity") == NULL && table->kind == &wv_kind_table &&
           wv_object_get(table, "partition_of") == NULL && wv_object_get(table, "parents") == NULL;
}

const char *wv_unusual_not_null(const struct wv_object *object)
{
    return wv_object_is(object, "has_usual_not_null") ? NULL
                                                      : wv_object_get(object, "not_null_name");
}

/* An heir may have the usual name still, and the server chooses another then. */
struct wv_ddl_statement *wv_set_not_null(struct wv_ddl *ddl, const struct wv_object *column)
{
    size_t at = 0;
    bool is_alone = wv_next_heir(column->parent, &at) == NULL;
    const char *name =
        is_alone ? wv_unusual_not_null(column) : wv_object_get(column, "not_null_name");
    if (name != NULL)
        return wv_ddl_alter_table(ddl, column->parent, "ACCESS EXCLUSIVE",
                                  "ADD CONSTRAINT %s NOT NULL %s", name, column->quoted);
    return wv_ddl_alter_table(ddl, column->parent, "ACCESS EXCLUSIVE",
                              "ALTER COLUMN %s SET NOT NULL", column->quoted);
}

void wv_write_proven_not_null(struct wv_ddl *ddl, const struct wv_object *check)
{
    const struct wv_object *table =
        wv_catalog_find(ddl->after, check->parent->kind, check->parent->identity);
    for (size_t i = 0; table != NULL && i < table->part_count; i++) {
        const struct wv_object *column = table->parts[i];
        if (column->kind == &wv_kind_column && proves(check, column) &&
            old_proof(ddl, column) == check && is_said_by_drop(ddl, check, column))
            wv_set_not_null(ddl, column);
    }
}

/* Is there a primary key to be made of it? That would look at all rows by itself. */
static bool is_for_key(const struct wv_ddl *ddl, const struct wv_object *column)
{
    for (size_t i = 0; i < column->needed_by_count; i++) {
        const struct wv_object *key = column->needed_by[i].object;
        if (key->kind == &wv_kind_constraint && key->parent == column->parent &&
            strcmp(wv_object_text(key, "type"), "PRIMARY KEY") == 0 &&
            !wv_twin_stays(wv_twin_of_new(ddl->difference, key)))
            return true;
    }
    return false;
}

/* A check that is validated under a lock that lets everybody work; SET NOT NULL then looks at the
 * check alone. */
static void write_with_proof(struct wv_ddl *ddl, const struct wv_object *column, bool is_alone)
{
    const struct wv_object *table = column->parent;
    char *name WV_AUTOFREE =
        wv_free_name(ddl->difference, column->schema, column->name, "_not_null_proof");
    size_t first = ddl->count;
    wv_ddl_alter_table(ddl, table, "ACCESS EXCLUSIVE",
                       "ADD CONSTRAINT %s CHECK (%s IS NOT NULL) NOT VALID", name, column->quoted);
    struct wv_ddl_statement *validate =
        wv_ddl_alter_table(ddl, table, "SHARE UPDATE EXCLUSIVE", "VALIDATE CONSTRAINT %s", name);
    wv_ddl_hazard(validate, WV_HAZARD_MAY_FAIL, "rows of %s where %s is null", table->identity,
                  column->quoted);
    validate->turn = WV_TURN_VALIDATE;
    wv_set_not_null(ddl, column)->turn = WV_TURN_AFTER;
    wv_ddl_alter_table(ddl, table, "ACCESS EXCLUSIVE", "DROP CONSTRAINT %s", name)->turn =
        WV_TURN_AFTER;
    for (size_t i = first; is_alone && i < ddl->count; i++) {
        ddl->statements[i].turn = WV_TURN_FIRST;
        ddl->statements[i].mode = WV_STATEMENT_ALONE;
    }
}

static void write_online(struct wv_ddl *ddl, const struct wv_object *column)
{
    const struct wv_object *check = old_proof(ddl, column);
    bool is_key = is_for_key(ddl, column);
    if (check != NULL && is_said_by_drop(ddl, check, column))
        return;
    if (check != NULL && stays(ddl, check))
        wv_set_not_null(ddl, column);
    else if (!is_key && find_proof(column->parent, column) != NULL)
        wv_set_not_null(ddl, column)->turn = WV_TURN_AFTER;
    else
        write_with_proof(ddl, column, is_key);
}

/* The columns of partitions that stay NOT NULL where their parent's does not. */
static void restore_not_null(struct wv_ddl *ddl, const struct wv_object *column)
{
    size_t at = 0;
    const struct wv_object *heir;
    while ((heir = wv_next_heir(column->parent, &at)) != NULL)
        for (size_t i = 0; i < heir->part_count; i++) {
            const struct wv_object *part = heir->parts[i];
            if (part->kind != column->kind || strcmp(part->name, column->name) != 0)
                continue;
            if (!wv_object_is(part, "not_null"))
                restore_not_null(ddl, part);
            else if (wv_ddl_existed(ddl, part))
                wv_ddl_hazard(wv_alter_column(ddl, part, "ACCESS EXCLUSIVE", "SET NOT NULL", NULL),
                              WV_HAZARD_SCAN, "%s", heir->identity);
        }
}

/* A partitioned table's cannot be dropped of it alone. */
static void drop_not_null(struct wv_ddl *ddl, const struct wv_object *column)
{
    if (column->parent->kind == &wv_kind_foreign_table ||
        wv_object_get(column->parent, "partition_key") == NULL) {
        wv_alter_column_only(ddl, column, "ACCESS EXCLUSIVE", "DROP NOT NULL", NULL);
        return;
    }
    wv_alter_column(ddl, column, "ACCESS EXCLUSIVE", "DROP NOT NULL", NULL);
    restore_not_null(ddl, column);
}

void wv_change_not_null(struct wv_ddl *ddl, const struct wv_change *change)
{
    const struct wv_object *column = change->new;
    bool is_foreign = column->parent->kind == &wv_kind_foreign_table;
    if (!wv_object_is(column, "not_null")) {
        drop_not_null(ddl, column);
        return;
    }
    if (!ddl->is_plain && !is_foreign && !wv_is_attached(ddl, column->parent) &&
        wv_object_get(column, "identity") == NULL) {
        write_online(ddl, column);
        return;
    }
    struct wv_ddl_statement *statement = wv_set_not_null(ddl, column);
    if (is_foreign)
        return;
    wv_ddl_hazard(statement, WV_HAZARD_SCAN, "%s", column->parent->identity);
    wv_ddl_hazard(statement, WV_HAZARD_MAY_FAIL, "rows of %s where %s is null",
                  column->parent->identity, column->quoted);
}

void wv_rename_not_null(struct wv_ddl *ddl, const struct wv_change *change)
{
    const char *old = wv_object_get(change->old, "not_null_constraint");
    const char *new = wv_object_get(change->new, "not_null_name");
    if (old != NULL && new != NULL && strcmp(old, new) != 0)
        wv_ddl_alter_table(ddl, change->new->parent, "ACCESS EXCLUSIVE",
                           "RENAME CONSTRAINT %s TO %s", old, new);
}
