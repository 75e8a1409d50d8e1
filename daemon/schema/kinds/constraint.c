/* Constraints of tables: primary key, unique, check, foreign key, exclusion. Their indexes are
 * attributes of theirs. See kind.h. */
#include <string.h>

#include "free_name.h"
#include "key_index.h"
#include "kinds.h"
#include "list.h"
#include "lookup.h"
#include "not_null.h"
#include "partition.h"
#include "partition_copy.h"
#include "quote.h"
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

static bool is_type(const struct wv_object *constraint, const char *type)
{
    return strcmp(wv_object_text(constraint, "type"), type) == 0;
}

static bool has_index(const struct wv_object *constraint)
{
    return !is_type(constraint, "CHECK") && !is_type(constraint, "FOREIGN KEY");
}

/* Of PostgreSQL 18 on. */
static bool is_enforced(const struct wv_object *constraint)
{
    static const char end[] = " NOT ENFORCED";
    const char *definition = wv_object_text(constraint, "definition");
    size_t length = strlen(definition);
    return length < strlen(end) || strcmp(definition + length - strlen(end), end) != 0;
}

/* An index that is no exclusion by ranges. */
static bool is_by_index(const struct wv_object *constraint)
{
    return has_index(constraint) && !is_type(constraint, "EXCLUDE") &&
           strstr(wv_object_text(constraint, "definition"), " WITHOUT OVERLAPS)") == NULL;
}

static const char *deferral(const struct wv_object *constraint)
{
    if (wv_object_is(constraint, "is_deferred"))
        return " DEFERRABLE INITIALLY DEFERRED";
    return wv_object_is(constraint, "is_deferrable") ? " DEFERRABLE" : "";
}

void wv_write_constraint(struct wv_strbuf *out, const struct wv_object *constraint)
{
    const char *options = wv_object_get(constraint, "index_options");
    wv_strbuf_addf(out, "CONSTRAINT %s %s", constraint->quoted,
                   wv_object_text(constraint, "definition"));
    if (options != NULL && wv_is_partitioned(constraint->parent))
        wv_strbuf_addf(out, " WITH (%s)", options);
    wv_strbuf_adds(out, deferral(constraint));
}

static char *index_name(const struct wv_object *constraint)
{
    return wv_quote_name(constraint->schema, constraint->name);
}

static void write_index_comment(struct wv_ddl *ddl, const struct wv_object *constraint)
{
    char *index WV_AUTOFREE = index_name(constraint);
    const char *comment = wv_object_get(constraint, "index_comment");
    char *text WV_AUTOFREE = comment == NULL ? wv_xstrdup("NULL") : wv_quote_literal(comment);
    wv_ddl_add(ddl, "COMMENT ON INDEX %s IS %s", index, text);
}

static void write_index_tablespace(struct wv_ddl *ddl, const struct wv_object *constraint)
{
    char *index WV_AUTOFREE = index_name(constraint);
    const char *tablespace = wv_object_get(constraint, "index_tablespace");
    wv_ddl_add(ddl, "ALTER INDEX %s SET TABLESPACE %s", index,
               tablespace == NULL ? "pg_default" : tablespace);
}

static void write_index_settings(struct wv_ddl *ddl, const struct wv_object *constraint)
{
    char *index WV_AUTOFREE = index_name(constraint);
    if (wv_object_get(constraint, "index_options") != NULL &&
        !wv_is_partitioned(constraint->parent))
        wv_ddl_add(ddl, "ALTER INDEX %s SET (%s)", index,
                   wv_object_text(constraint, "index_options"));
    if (wv_object_get(constraint, "index_tablespace") != NULL)
        write_index_tablespace(ddl, constraint);
    wv_write_index_statistics(ddl, index, wv_object_get(constraint, "index_statistics"));
    if (wv_object_get(constraint, "index_comment") != NULL)
        write_index_comment(ddl, constraint);
}

void wv_write_constraint_rest(struct wv_ddl *ddl, const struct wv_object *constraint)
{
    if (!has_index(constraint))
        return;
    write_index_settings(ddl, constraint);
    wv_write_index_marks(ddl, constraint);
}

static void build_index(struct wv_ddl *ddl, const struct wv_object *table, const struct wv_key *key,
                        const char *index)
{
    char *columns WV_AUTOFREE = wv_key_columns(key->type, key->definition);
    struct wv_ddl_statement *build = wv_ddl_add(ddl, "CREATE UNIQUE INDEX CONCURRENTLY %s ON %s %s",
                                                index, table->identity, columns);
    build->mode = WV_STATEMENT_ALONE;
    wv_ddl_lock(ddl, build, "SHARE UPDATE EXCLUSIVE", table);
    wv_ddl_hazard(build, WV_HAZARD_MAY_FAIL, "equal values in %s", table->identity);
    wv_ddl_hazard(build, WV_HAZARD_NOT_TRANSACTIONAL, "an interrupted build is built again");
}

/* `before`, `after`: what else the statement does. */
static struct wv_ddl_statement *take_over(struct wv_ddl *ddl, const struct wv_object *table,
                                          const struct wv_key *key, const char *index,
                                          const char *before, const char *after)
{
    struct wv_ddl_statement *take = wv_ddl_alter_table(
        ddl, table, "ACCESS EXCLUSIVE", "%sADD CONSTRAINT %s %s USING INDEX %s%s%s", before,
        key->quoted, key->type, index, key->deferral, after);
    take->mode = WV_STATEMENT_ALONE;
    if (strcmp(key->type, "PRIMARY KEY") == 0)
        wv_ddl_hazard(take, WV_HAZARD_SCAN, "%s, unless its columns are NOT NULL already",
                      table->identity);
    return take;
}

void wv_build_key(struct wv_ddl *ddl, const struct wv_object *table, const struct wv_key *key)
{
    build_index(ddl, table, key, key->quoted);
    take_over(ddl, table, key, key->quoted, "", "");
}

static struct wv_key key_of(const struct wv_object *constraint)
{
    return (struct wv_key){constraint->quoted, wv_object_text(constraint, "type"),
                           wv_object_text(constraint, "definition"), deferral(constraint)};
}

/* The index is built while others write; the constraint then takes it over. */
static void create_by_index(struct wv_ddl *ddl, const struct wv_object *constraint)
{
    struct wv_key key = key_of(constraint);
    wv_build_key(ddl, constraint->parent, &key);
}

static bool has_another_column_with(const struct wv_object *table, const struct wv_object *like,
                                    const char *sequence)
{
    for (size_t i = 0; i < table->part_count; i++)
        if (table->parts[i]->kind == &wv_kind_column &&
            strcmp(table->parts[i]->name, like->name) != 0 &&
            strcmp(wv_object_text(table->parts[i], "identity_sequence"), sequence) == 0)
            return true;
    return false;
}

/* An identity's sequence goes from one column to another: the old one, and its key before it, have
 * to let go of it before the new key can be. */
static bool hands_sequence_on(const struct wv_object *old, const struct wv_object *new)
{
    for (size_t i = 0; i < old->part_count; i++) {
        const struct wv_object *column = old->parts[i];
        const char *sequence =
            column->kind == &wv_kind_column ? wv_object_get(column, "identity_sequence") : NULL;
        if (sequence != NULL && has_another_column_with(new, column, sequence))
            return true;
    }
    return false;
}

bool wv_replaces_key(const struct wv_change *change)
{
    bool differs = wv_change_of(change, "type") || wv_change_of(change, "definition") ||
                   wv_change_of(change, "is_deferrable") || wv_change_of(change, "is_deferred");
    return differs && is_by_index(change->old) && is_by_index(change->new) &&
           !wv_is_partitioned(change->old->parent) && !wv_is_partitioned(change->new->parent) &&
           !hands_sequence_on(change->old->parent, change->new->parent);
}

bool wv_is_key_made(const struct wv_difference *difference, const struct wv_object *key)
{
    const struct wv_twin *twin = wv_twin_of_new(difference, key);
    return !wv_twin_stays(twin) || (key->kind == &wv_kind_constraint &&
                                    wv_replaces_key(&(struct wv_change){twin->old, twin->new}));
}

/* The old one is the replica identity until the new one is, where that can be so at once. */
static void swap(struct wv_ddl *ddl, const struct wv_change *change, const char *index)
{
    const struct wv_object *constraint = change->new;
    struct wv_key key = key_of(constraint);
    bool is_identity = wv_object_is(constraint, "is_replica_identity");
    bool is_at_once = is_identity && !wv_is_replica_identity_later(ddl, constraint);
    char *drop WV_AUTOFREE = wv_xasprintf("DROP CONSTRAINT %s, ", constraint->quoted);
    char *mark WV_AUTOFREE =
        is_at_once ? wv_xasprintf(", REPLICA IDENTITY USING INDEX %s", constraint->quoted)
                   : wv_xstrdup("");
    struct wv_ddl_statement *take = take_over(ddl, constraint->parent, &key, index, drop, mark);
    if (is_identity && !is_at_once && wv_object_is(change->old, "is_replica_identity"))
        wv_ddl_hazard(take, WV_HAZARD_GAP,
                      "the replica identity of %s is away until a later transaction sets it again",
                      constraint->parent->identity);
    write_index_settings(ddl, constraint);
    if (is_at_once)
        wv_write_cluster(ddl, constraint);
    else
        wv_write_index_marks(ddl, constraint);
}

/* The old one refuses equal values until the new one does. */
static void replace(struct wv_ddl *ddl, const struct wv_change *change)
{
    const struct wv_object *constraint = change->new;
    const struct wv_object *table = constraint->parent;
    size_t first = ddl->count;
    if (ddl->is_plain) {
        struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
        wv_write_constraint(&text, constraint);
        struct wv_ddl_statement *statement =
            wv_ddl_alter_table(ddl, table, "ACCESS EXCLUSIVE", "DROP CONSTRAINT %s, ADD %s",
                               constraint->quoted, wv_strbuf_text(&text));
        wv_ddl_hazard(statement, WV_HAZARD_SCAN, "%s", table->identity);
        wv_ddl_hazard(statement, WV_HAZARD_MAY_FAIL, "equal values in %s", table->identity);
        wv_write_constraint_rest(ddl, constraint);
        return;
    }
    struct wv_key key = key_of(constraint);
    char *index WV_AUTOFREE =
        wv_free_name(ddl->difference, constraint->schema, constraint->name, "_new");
    const struct wv_object *going = wv_index_for_key(ddl, constraint);
    if (going == NULL)
        build_index(ddl, table, &key, index);
    swap(ddl, change, going != NULL ? going->quoted : index);
    for (size_t i = first; i < ddl->count; i++)
        ddl->statements[i].mode = WV_STATEMENT_ALONE;
}

bool wv_is_key_by_partition(const struct wv_ddl *ddl, const struct wv_object *constraint)
{
    return wv_builds_by_partition(ddl, constraint->parent) &&
           (is_type(constraint, "UNIQUE") || is_type(constraint, "PRIMARY KEY"));
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
    bool is_key = is_type(constraint, "FOREIGN KEY");
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
                           deferral(constraint));
        return;
    }
    bool is_partitioned = wv_is_partitioned(table);
    bool is_online = !ddl->is_plain && wv_ddl_holds_rows(ddl, table);
    if (is_online && !has_index(constraint) && is_enforced(constraint) &&
        !(is_partitioned && is_type(constraint, "FOREIGN KEY")))
        create_unvalidated(ddl, constraint);
    else if (is_online && !is_partitioned && is_by_index(constraint))
        create_by_index(ddl, constraint);
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

static void write_index_changes(struct wv_ddl *ddl, const struct wv_change *change)
{
    const struct wv_object *constraint = change->new;
    char *index WV_AUTOFREE = index_name(constraint);
    if (wv_change_of(change, "index_options"))
        wv_write_options_of(ddl, change, "ALTER INDEX", index, "index_options");
    if (wv_change_of(change, "index_tablespace"))
        write_index_tablespace(ddl, constraint);
    if (wv_change_of(change, "index_statistics"))
        wv_change_index_statistics(ddl, index, wv_object_get(change->old, "index_statistics"),
                                   wv_object_get(constraint, "index_statistics"));
    if (wv_change_of(change, "index_comment"))
        write_index_comment(ddl, constraint);
    wv_change_index_marks(ddl, change);
}

static void alter(struct wv_ddl *ddl, const struct wv_change *change)
{
    const struct wv_object *constraint = change->new;
    if (wv_replaces_key(change)) {
        replace(ddl, change);
        return;
    }
    if (wv_change_of(change, "is_deferrable") || wv_change_of(change, "is_deferred"))
        wv_ddl_alter_table(ddl, constraint->parent, "SHARE ROW EXCLUSIVE", "ALTER CONSTRAINT %s%s",
                           constraint->quoted,
                           wv_object_is(constraint, "is_deferrable") ? deferral(constraint)
                                                                     : " NOT DEFERRABLE");
    if (wv_change_of(change, "is_valid")) {
        struct wv_ddl_statement *validate =
            wv_ddl_alter_table(ddl, constraint->parent, "SHARE UPDATE EXCLUSIVE",
                               "VALIDATE CONSTRAINT %s", constraint->quoted);
        validate->joins = !is_type(constraint, "FOREIGN KEY");
        wv_ddl_hazard(validate, WV_HAZARD_MAY_FAIL, "rows of %s that break %s",
                      constraint->parent->identity, constraint->quoted);
        if (!ddl->is_plain)
            validate->turn = WV_TURN_VALIDATE;
    }
    if (wv_change_of(change, "valid_on"))
        validate_copies(ddl, constraint, wv_object_get(change->old, "valid_on"));
    if (has_index(constraint))
        write_index_changes(ddl, change);
}

static char *holds(const struct wv_object *constraint)
{
    const char *table = constraint->parent->identity;
    if (!has_index(constraint))
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
        (is_deferral && !is_type(change->new, "FOREIGN KEY")))
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
    for (size_t i = 0; has_index(constraint) && table->parts[i] != constraint; i++) {
        const struct wv_object *other = table->parts[i];
        if (other->kind == &wv_kind_constraint && has_index(other) && columns != NULL &&
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
};
