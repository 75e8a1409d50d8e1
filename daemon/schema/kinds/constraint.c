/* Constraints of tables: primary key, unique, check, foreign key, exclusion. Their indexes are
 * attributes of theirs. See kind.h. */
#include <string.h>

#include "constraint.h"
#include "key.h"
#include "key_index.h"
#include "kinds.h"
#include "list.h"
#include "lookup.h"
#include "not_null.h"
#include "partition.h"
#include "partition_copy.h"
#include "same.h"
#include "writing.h"
#include "xalloc.h"

static const struct wv_attribute attributes[] = {
    {"type", WV_WAY_RECREATE},
    {"definition", WV_WAY_RECREATE},
    {"is_deferrable", WV_WAY_ALTER},
    {"is_deferred", WV_WAY_ALTER},
    {"is_valid", WV_WAY_ALTER},
    {"index_options", WV_WAY_ALTER},
    {"index_tablespace", WV_WAY_ALTER},
    {"index_statistics", WV_WAY_ALTER},
    {"index_comment", WV_WAY_ALTER},
    {"is_clustered", WV_WAY_ALTER},
    {"is_replica_identity", WV_WAY_ALTER},
    {"references", WV_WAY_NONE},
    {"missing_on", WV_WAY_ALTER},
    {"valid_on", WV_WAY_ALTER},
    {"named_on", WV_WAY_NONE},
    {NULL, WV_WAY_NONE},
};

static const char *const expressions[] = {"definition", NULL};

/* Of PostgreSQL 18 on. */
static bool is_enforced(const struct wv_object *constraint)
{
    static const char end[] = " NOT ENFORCED";
    const char *definition = wv_object_text(constraint, "definition");
    size_t length = strlen(definition);
    return length < strlen(end) || strcmp(definition + length - strlen(end), end) != 0;
}

static void add_locks(struct wv_ddl *ddl, struct wv_ddl_statement *statement,
                      const struct wv_object *constraint)
{
    const struct wv_object *other = wv_referenced_table(ddl->after, constraint);
    if (other != NULL)
        wv_ddl_lock(ddl, statement, "SHARE ROW EXCLUSIVE", other);
}

static void create_unvalidated(struct wv_ddl *ddl, const struct wv_object *constraint)
{
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    const struct wv_object *table = constraint->parent;
    bool is_key = wv_constraint_is(constraint, "FOREIGN KEY");
    wv_write_constraint(&text, constraint);
    add_locks(ddl,
              wv_ddl_alter_table(ddl, table, is_key ? "SHARE ROW EXCLUSIVE" : "ACCESS EXCLUSIVE",
                                 "ADD %s NOT VALID", wv_strbuf_text(&text)),
              constraint);
    if (!wv_object_is(constraint, "is_valid"))
        return;
    struct wv_ddl_statement *validate = wv_ddl_alter_table(
        ddl, table, "SHARE UPDATE EXCLUSIVE", "VALIDATE CONSTRAINT %s", constraint->quoted);
    validate->turn = WV_TURN_VALIDATE;
    validate->joins = !is_key;
    wv_ddl_hazard(validate, WV_HAZARD_MAY_FAIL, "rows of %s that break %s", table->identity,
                  constraint->quoted);
}

static void create_plain(struct wv_ddl *ddl, const struct wv_object *constraint)
{
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    const struct wv_object *table = constraint->parent;
    wv_write_constraint(&text, constraint);
    if (wv_is_made_alone(ddl, constraint)) {
        wv_ddl_lock(
            ddl,
            wv_ddl_add(ddl, "ALTER TABLE ONLY %s ADD %s", table->identity, wv_strbuf_text(&text)),
            "ACCESS EXCLUSIVE", table);
        return;
    }
    struct wv_ddl_statement *statement =
        wv_ddl_alter_table(ddl, table, "ACCESS EXCLUSIVE", "ADD %s%s", wv_strbuf_text(&text),
                           wv_object_is(constraint, "is_valid") ? "" : " NOT VALID");
    add_locks(ddl, statement, constraint);
    if (!wv_ddl_holds_rows(ddl, table) || !is_enforced(constraint))
        return;
    wv_ddl_hazard(statement, WV_HAZARD_SCAN, "%s", table->identity);
    wv_ddl_hazard(statement, WV_HAZARD_MAY_FAIL, "rows of %s that break %s", table->identity,
                  constraint->quoted);
}

static bool stays_heir(const struct wv_ddl *ddl, const struct wv_object *heir)
{
    const struct wv_object *old = wv_catalog_find(ddl->before, heir->kind, heir->identity);
    if (old == NULL || !wv_twin_stays(wv_twin_of_old(ddl->difference, old)))
        return false;
    return wv_partition_of(heir) != NULL
               ? wv_stays_partition(ddl, heir)
               : wv_same(wv_object_get(old, "parents"), wv_object_get(heir, "parents"));
}

/* Copies that are valid although the check is not; those of what is made or attached now are so. A
 * whole validates those of its own partitions. */
static void validate_copies(struct wv_ddl *ddl, const struct wv_object *check, const char *old)
{
    const char *list = wv_object_text(check, "valid_on");
    for (const char *at = list; *at != '\0'; at = wv_list_next(at)) {
        char *name WV_AUTOFREE = wv_xstrndup(at, wv_list_item(at));
        const struct wv_object *heir = wv_find_table(ddl->after, name);
        const struct wv_object *whole = wv_partition_whole(ddl->after, heir);
        if (wv_list_has(old, name) || !stays_heir(ddl, heir) ||
            (whole != NULL && wv_list_has(list, whole->identity)))
            continue;
        struct wv_ddl_statement *validate = wv_ddl_alter_table(
            ddl, heir, "SHARE UPDATE EXCLUSIVE", "VALIDATE CONSTRAINT %s", check->quoted);
        validate->turn = ddl->is_plain ? validate->turn : WV_TURN_VALIDATE;
        wv_ddl_hazard(validate, WV_HAZARD_MAY_FAIL, "rows of %s that break %s", heir->identity,
                      check->quoted);
    }
}

static void create(struct wv_ddl *ddl, const struct wv_creation *creation)
{
    const struct wv_object *constraint = creation->object;
    const struct wv_object *table = constraint->parent;
    const struct wv_object *left = wv_left_copy(ddl, constraint);
    if (left != NULL) {
        if (left->kind == &wv_kind_partition_index)
            wv_take_over_copy(ddl, left, constraint);
        return;
    }
    const struct wv_object *index = wv_index_for_key(ddl, constraint);
    if (index != NULL) {
        wv_ddl_alter_table(ddl, table, "ACCESS EXCLUSIVE", "ADD CONSTRAINT %s %s USING INDEX %s%s",
                           constraint->quoted, wv_object_text(constraint, "type"), index->quoted,
                           wv_constraint_deferral(constraint));
        return;
    }
    bool is_partitioned = wv_is_partitioned(table);
    bool is_online = !ddl->is_plain && wv_ddl_holds_rows(ddl, table);
    if (is_online && !wv_constraint_has_index(constraint) && is_enforced(constraint) &&
        !(is_partitioned && wv_constraint_is(constraint, "FOREIGN KEY")))
        create_unvalidated(ddl, constraint);
    else if (is_online && !is_partitioned && wv_is_key(constraint))
        wv_create_key(ddl, constraint);
    else
        create_plain(ddl, constraint);
    validate_copies(ddl, constraint, NULL);
    wv_write_constraint_rest(ddl, constraint);
}

static void drop(struct wv_ddl *ddl, const struct wv_object *old)
{
    if (wv_coming_copy(ddl, old) != NULL)
        return;
    wv_write_proven_not_null(ddl, old);
    struct wv_ddl_statement *statement =
        wv_ddl_alter_table(ddl, old->parent, "ACCESS EXCLUSIVE", "DROP CONSTRAINT %s", old->quoted);
    const struct wv_object *other = wv_referenced_table(ddl->before, old);
    if (other != NULL)
        wv_ddl_lock(ddl, statement, "ACCESS EXCLUSIVE", other);
}

/* No statement makes a check its table's parents' alone. */
static bool asks_rebuild(const struct wv_difference *difference, const struct wv_twin *twin)
{
    const struct wv_ddl ddl = {
        .difference = difference, .before = difference->before, .after = difference->after};
    const struct wv_object *copy =
        twin->deed == WV_DEED_DROP ? wv_coming_copy(&ddl, twin->old) : NULL;
    return copy != NULL && copy->kind == &wv_kind_constraint && !wv_is_partitioned(copy->parent);
}

static void alter(struct wv_ddl *ddl, const struct wv_change *change)
{
    const struct wv_object *constraint = change->new;
    if (wv_replaces_key(change)) {
        wv_replace_key(ddl, change);
        return;
    }
    if (wv_change_of(change, "is_deferrable") || wv_change_of(change, "is_deferred"))
        wv_ddl_alter_table(ddl, constraint->parent, "SHARE ROW EXCLUSIVE", "ALTER CONSTRAINT %s%s",
                           constraint->quoted,
                           wv_object_is(constraint, "is_deferrable")
                               ? wv_constraint_deferral(constraint)
                               : " NOT DEFERRABLE");
    if (wv_change_of(change, "is_valid")) {
        struct wv_ddl_statement *validate =
            wv_ddl_alter_table(ddl, constraint->parent, "SHARE UPDATE EXCLUSIVE",
                               "VALIDATE CONSTRAINT %s", constraint->quoted);
        validate->joins = !wv_constraint_is(constraint, "FOREIGN KEY");
        wv_ddl_hazard(validate, WV_HAZARD_MAY_FAIL, "rows of %s that break %s",
                      constraint->parent->identity, constraint->quoted);
        if (!ddl->is_plain)
            validate->turn = WV_TURN_VALIDATE;
    }
    if (wv_change_of(change, "valid_on"))
        validate_copies(ddl, constraint, wv_object_get(change->old, "valid_on"));
    if (wv_constraint_has_index(constraint))
        wv_change_constraint_rest(ddl, change);
}

static char *holds(const struct wv_object *constraint)
{
    const char *table = constraint->parent->identity;
    if (!wv_constraint_has_index(constraint))
        return NULL;
    return wv_xasprintf("%.*s%s", (int)(wv_last_part(table) - table), table, constraint->quoted);
}

/* Is there a copy that was valid, and is not to be so any more? */
static bool loses_valid_copy(const struct wv_change *change)
{
    const char *at = wv_object_text(change->old, "valid_on");
    for (; *at != '\0' && !wv_object_is(change->new, "is_valid"); at = wv_list_next(at)) {
        char *heir WV_AUTOFREE = wv_xstrndup(at, wv_list_item(at));
        if (!wv_list_has(wv_object_get(change->new, "valid_on"), heir))
            return true;
    }
    return false;
}

/* Only foreign keys can change when they are checked; nothing can be made invalid again. */
static enum wv_way way(const struct wv_change *change)
{
    bool is_deferral = wv_change_of(change, "is_deferrable") || wv_change_of(change, "is_deferred");
    bool is_unvalidated =
        wv_change_of(change, "is_valid") && !wv_object_is(change->new, "is_valid");
    bool is_fixed = wv_change_of(change, "index_options") && wv_is_partitioned(change->new->parent);
    if (wv_replaces_key(change))
        return WV_WAY_ALTER;
    if (wv_change_of(change, "type") || wv_change_of(change, "definition") || is_unvalidated ||
        is_fixed || wv_misses_more(change) || loses_valid_copy(change) ||
        (is_deferral && !wv_constraint_is(change->new, "FOREIGN KEY")))
        return WV_WAY_RECREATE;
    return WV_WAY_ALTER;
}

/* Foreign keys and views lean on the old one, and its comment goes with it. */
static bool endures(const struct wv_change *change, const struct wv_object *dependant)
{
    (void)dependant;
    return !wv_replaces_key(change);
}

/* CREATE TABLE takes NOT VALID for a matter of course, and of two keys over the same columns makes
 * one. */
static bool can_be_inline(const struct wv_object *constraint)
{
    const struct wv_object *table = constraint->parent;
    const char *columns = strchr(wv_object_text(constraint, "definition"), '(');
    if (!wv_object_is(constraint, "is_valid") || wv_object_get(constraint, "missing_on") != NULL)
        return false;
    for (size_t i = 0; wv_constraint_has_index(constraint) && table->parts[i] != constraint; i++) {
        const struct wv_object *other = table->parts[i];
        if (other->kind == &wv_kind_constraint && wv_constraint_has_index(other) &&
            columns != NULL &&
            strcmp(strchr(wv_object_text(other, "definition"), '('), columns) == 0)
            return false;
    }
    return true;
}

const struct wv_kind wv_kind_constraint = {
    .name = "constraint",
    .sql_name = "CONSTRAINT",
    .rank = 108,
    .traits = WV_KIND_MAY_BE_INLINE | WV_KIND_NAMED_ON_PARENT | WV_KIND_CONSTRAINT,
    .attributes = attributes,
    .expressions = expressions,
    .create = create,
    .alter = alter,
    .drop = drop,
    .can_be_inline = can_be_inline,
    .holds = holds,
    .way = way,
    .endures = endures,
    .asks_rebuild = asks_rebuild,
    .lives_on = wv_lives_on,
};
