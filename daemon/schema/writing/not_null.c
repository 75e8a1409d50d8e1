/* See not_null.h. */
#include "not_null.h"

#include <string.h>

#include "free_name.h"
#include "inheritance.h"
#include "key.h"
#include "kinds.h"
#include "lookup.h"
#include "partition.h"
#include "partition_copy.h"
#include "quote.h"
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

/* The server chooses another one than the usual where that is the name of any constraint, also of
 * an old one of its own that is away for a while. */
const char *wv_not_null_name(const struct wv_ddl *ddl, const struct wv_object *object)
{
    const char *name = wv_object_get(object, "not_null_name");
    const struct wv_object *whole = object->parent != NULL ? object->parent : object;
    bool is_usual = wv_object_is(object, "has_usual_not_null") &&
                    wv_twin_of_new(ddl->difference, whole)->aside == NULL;
    if (name == NULL || !is_usual)
        return name;
    return wv_catalog_has_name(ddl->before, object->schema, name) ? name : NULL;
}

/* NULL: SET NOT NULL says all. What is inherited as well has its name already. */
static const char *name_to_set(const struct wv_ddl *ddl, const struct wv_object *column)
{
    if (wv_object_get(column, "not_null_inherited") != NULL)
        return NULL;
    return wv_object_is(column, "not_null_no_inherit") || wv_object_is(column, "not_null_not_valid")
               ? wv_object_get(column, "not_null_name")
               : wv_not_null_name(ddl, column);
}

struct wv_ddl_statement *wv_set_not_null(struct wv_ddl *ddl, const struct wv_object *column)
{
    const char *name = name_to_set(ddl, column);
    if (name == NULL)
        return wv_ddl_alter_table(ddl, column->parent, "ACCESS EXCLUSIVE",
                                  "ALTER COLUMN %s SET NOT NULL", column->quoted);
    return wv_ddl_alter_table(ddl, column->parent, "ACCESS EXCLUSIVE",
                              "ADD CONSTRAINT %s NOT NULL %s%s%s", name, column->quoted,
                              wv_object_is(column, "not_null_no_inherit") ? " NO INHERIT" : "",
                              wv_object_is(column, "not_null_not_valid") ? " NOT VALID" : "");
}

/* What an heir has of its parents alone comes with them; of a partition, which may be attached
 * later, it is said all the same. CREATE TABLE takes NOT VALID for a matter of course. */
void wv_write_not_null(struct wv_strbuf *out, const struct wv_ddl *ddl,
                       const struct wv_object *column)
{
    const char *name = wv_not_null_name(ddl, column);
    bool is_partition = wv_object_get(column->parent, "partition_of") != NULL;
    if (!wv_object_is(column, "not_null") || wv_object_is(column, "not_null_not_valid") ||
        (!is_partition && wv_is_not_null_by_parents(column)))
        return;
    if (name != NULL)
        wv_strbuf_addf(out, " CONSTRAINT %s", name);
    wv_strbuf_addf(out, " NOT NULL%s",
                   wv_object_is(column, "not_null_no_inherit") ? " NO INHERIT" : "");
}

/* After the constraint has been made, whenever that is. */
static void write_comment(struct wv_ddl *ddl, const struct wv_object *column, const char *name)
{
    const char *comment = wv_object_get(column, "not_null_comment");
    char *text WV_AUTOFREE = comment == NULL ? wv_xstrdup("NULL") : wv_quote_literal(comment);
    struct wv_ddl_statement *statement = wv_ddl_add(ddl, "COMMENT ON CONSTRAINT %s ON %s IS %s",
                                                    name, column->parent->identity, text);
    if (!ddl->is_plain)
        statement->turn = WV_TURN_AFTER;
}

void wv_write_not_null_rest(struct wv_ddl *ddl, const struct wv_object *column)
{
    bool is_own = wv_object_get(column, "not_null_inherited") == NULL;
    if (is_own && wv_object_is(column, "not_null_not_valid"))
        wv_set_not_null(ddl, column);
    if (wv_object_get(column, "not_null_comment") != NULL)
        write_comment(ddl, column, wv_object_text(column, "not_null_name"));
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
        if (wv_is_primary_key(key) && key->parent == column->parent &&
            wv_is_key_made(ddl->difference, key))
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
    for (size_t i = first; i < ddl->count; i++) {
        ddl->statements[i].joins = true;
        if (!is_alone)
            continue;
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

/* A partitioned table's cannot be dropped of it alone. */
static void drop_not_null(struct wv_ddl *ddl, const struct wv_object *column)
{
    if (!wv_is_partitioned(column->parent)) {
        wv_alter_column_only(ddl, column, "ACCESS EXCLUSIVE", "DROP NOT NULL", NULL);
        return;
    }
    wv_keep_not_null_of_heirs(ddl, column);
    wv_alter_column(ddl, column, "ACCESS EXCLUSIVE", "DROP NOT NULL", NULL);
    wv_restore_not_null_of_heirs(ddl, column);
}

static bool is_foreign(const struct wv_object *column)
{
    return column->parent->kind == &wv_kind_foreign_table;
}

static void set_not_null(struct wv_ddl *ddl, const struct wv_object *column)
{
    bool is_valid = !wv_object_is(column, "not_null_not_valid");
    wv_make_way_for_not_null(ddl, column);
    if (!ddl->is_plain && !is_foreign(column) && is_valid && !wv_is_attached(ddl, column->parent) &&
        !wv_is_not_null_asked_for(ddl, column) && !wv_gets_heirs(ddl, column->parent) &&
        wv_object_get(column, "identity") == NULL) {
        write_online(ddl, column);
        return;
    }
    struct wv_ddl_statement *statement = wv_set_not_null(ddl, column);
    statement->joins = true;
    if (is_foreign(column) || !is_valid)
        return;
    wv_ddl_hazard(statement, WV_HAZARD_SCAN, "%s", column->parent->identity);
    wv_ddl_hazard(statement, WV_HAZARD_MAY_FAIL, "rows of %s where %s is null",
                  column->parent->identity, column->quoted);
}

/* Nothing takes it back that a constraint is valid, and foreign tables know no ALTER CONSTRAINT. */
static bool is_made_anew(const struct wv_change *change)
{
    bool is_unvalidated = wv_change_of(change, "not_null_not_valid") &&
                          wv_object_is(change->new, "not_null_not_valid");
    return wv_object_is(change->old, "not_null") && wv_object_is(change->new, "not_null") &&
           (is_unvalidated || wv_is_not_null_replaced(change) ||
            (is_foreign(change->new) && wv_change_of(change, "not_null_no_inherit")));
}

static void make_anew(struct wv_ddl *ddl, const struct wv_change *change)
{
    const struct wv_object *column = change->new;
    if (wv_object_get(column, "not_null_inherited") != NULL)
        return;
    if (wv_is_not_null_replaced(change))
        wv_keep_not_null_of_heirs(ddl, column);
    wv_alter_column(ddl, column, "ACCESS EXCLUSIVE", "DROP NOT NULL", NULL);
    struct wv_ddl_statement *statement = wv_set_not_null(ddl, column);
    if (!wv_object_is(column, "not_null_not_valid") && !wv_is_partitioned(column->parent) &&
        !is_foreign(column))
        wv_ddl_hazard(statement, WV_HAZARD_SCAN, "%s", column->parent->identity);
}

static void validate(struct wv_ddl *ddl, const struct wv_object *column, const char *name)
{
    struct wv_ddl_statement *statement = wv_ddl_alter_table(
        ddl, column->parent, "SHARE UPDATE EXCLUSIVE", "VALIDATE CONSTRAINT %s", name);
    wv_ddl_hazard(statement, WV_HAZARD_MAY_FAIL, "rows of %s where %s is null",
                  column->parent->identity, column->quoted);
    if (!ddl->is_plain)
        statement->turn = WV_TURN_VALIDATE;
}

/* The name that it has in the end; NULL: none. What is inherited keeps the one that it had. */
static const char *rename_not_null(struct wv_ddl *ddl, const struct wv_change *change)
{
    const char *old = wv_object_get(change->old, "not_null_constraint");
    const char *new = wv_object_get(change->new, "not_null_name");
    if (!wv_is_not_null_renamed(change))
        return old;
    /* ALTER FOREIGN TABLE knows no such thing, and this serves for both. */
    const struct wv_object *table = change->new->parent;
    wv_ddl_lock(
        ddl,
        wv_ddl_add(ddl, "ALTER TABLE %s RENAME CONSTRAINT %s TO %s", table->identity, old, new),
        "ACCESS EXCLUSIVE", table);
    return new;
}

/* One that heirs do not have is renamed by itself. */
static void change_constraint(struct wv_ddl *ddl, const struct wv_change *change)
{
    const struct wv_object *column = change->new;
    bool is_reach = wv_change_of(change, "not_null_no_inherit") &&
                    wv_object_get(column, "not_null_inherited") == NULL;
    bool is_alone = wv_object_is(column, "not_null_no_inherit");
    if (is_reach && is_alone)
        wv_ddl_alter_table(ddl, column->parent, "ACCESS EXCLUSIVE",
                           "ALTER CONSTRAINT %s NO INHERIT",
                           wv_object_text(change->old, "not_null_constraint"));
    const char *name = rename_not_null(ddl, change);
    if (is_reach && !is_alone) {
        wv_make_way_for_not_null(ddl, column);
        wv_ddl_hazard(wv_ddl_alter_table(ddl, column->parent, "ACCESS EXCLUSIVE",
                                         "ALTER CONSTRAINT %s INHERIT", name),
                      WV_HAZARD_SCAN, "those that inherit of %s", column->parent->identity);
    }
    if (wv_change_of(change, "not_null_not_valid"))
        validate(ddl, column, name);
    wv_write_not_null_hands(ddl, change);
    if (wv_change_of(change, "not_null_comment") && !wv_is_not_null_by_parents(column))
        write_comment(ddl, column, name);
}

void wv_change_not_null(struct wv_ddl *ddl, const struct wv_change *change)
{
    const struct wv_object *column = change->new;
    bool was_set = wv_object_is(change->old, "not_null");
    bool is_set = wv_object_is(column, "not_null");
    if (was_set && is_set && !is_made_anew(change)) {
        change_constraint(ddl, change);
        return;
    }
    if (was_set && is_set)
        make_anew(ddl, change);
    else if (was_set == is_set)
        return;
    else if (!wv_not_null_follows_parent(ddl, change) && is_set)
        set_not_null(ddl, column);
    else if (!wv_not_null_follows_parent(ddl, change))
        drop_not_null(ddl, column);
    if (wv_object_get(column, "not_null_comment") != NULL)
        write_comment(ddl, column, wv_object_text(column, "not_null_name"));
}
