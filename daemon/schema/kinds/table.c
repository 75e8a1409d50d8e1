/* Tables, partitioned ones and partitions too. See kind.h. */
#include <string.h>

#include "constraint.h"
#include "inheritance.h"
#include "kinds.h"
#include "lookup.h"
#include "not_null.h"
#include "partition.h"
#include "rebuild.h"
#include "rebuilt_table.h"
#include "table_options.h"
#include "table_rebuild.h"
#include "type_move.h"
#include "writing.h"
#include "xalloc.h"

static const struct wv_attribute attributes[] = {
    {"persistence", WV_WAY_ALTER},      {"partition_key", WV_WAY_RECREATE},
    {"partition_of", WV_WAY_NONE},      {"parents", WV_WAY_NONE},
    {"of_type", WV_WAY_ALTER},          {"options", WV_WAY_ALTER},
    {"access_method", WV_WAY_ALTER},    {"tablespace", WV_WAY_ALTER},
    {"row_security", WV_WAY_ALTER},     {"force_row_security", WV_WAY_ALTER},
    {"replica_identity", WV_WAY_ALTER}, {NULL, WV_WAY_NONE},
};

static const char *const expressions[] = {"partition_key", NULL};

void wv_write_table_columns(struct wv_strbuf *out, const struct wv_ddl *ddl,
                            const struct wv_creation *creation, bool is_typed)
{
    bool is_alone = wv_object_get(creation->object, "partition_of") != NULL &&
                    wv_inlined_partition(creation) == NULL;
    const char *separator = "\n    ";
    for (size_t i = 0; i < creation->inlined_count; i++) {
        const struct wv_object *part = creation->inlined[i];
        if (part->kind == &wv_kind_constraint) {
            wv_strbuf_adds(out, separator);
            wv_write_constraint(out, part);
        } else if (part->kind == &wv_kind_column && !is_typed &&
                   (is_alone || !wv_is_inherited_only(part))) {
            wv_strbuf_adds(out, separator);
            wv_write_column(out, ddl, part, wv_inlined_default(creation, part));
        } else {
            continue;
        }
        separator = ",\n    ";
    }
}

/* Its own, and those that hang on its columns. */
static void write_options(struct wv_strbuf *out, const struct wv_creation *creation)
{
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    wv_strbuf_adds(&text, wv_object_text(creation->object, "options"));
    for (size_t i = 0; i < creation->inlined_count; i++)
        if (creation->inlined[i]->kind == &wv_kind_table_options)
            wv_strbuf_addf(&text, "%s%s", text.length > 0 ? ", " : "",
                           wv_object_text(creation->inlined[i], "options"));
    if (text.length > 0)
        wv_strbuf_addf(out, "\n    WITH (%s)", wv_strbuf_text(&text));
}

static void write_clause(struct wv_strbuf *out, const struct wv_object *table,
                         const char *attribute, const char *before, const char *after)
{
    const char *value = wv_object_get(table, attribute);
    if (value != NULL)
        wv_strbuf_addf(out, "\n    %s%s%s", before, value, after);
}

static void write_tail(struct wv_strbuf *out, const struct wv_creation *creation)
{
    const struct wv_object *table = creation->object;
    write_clause(out, table, "parents", "INHERITS (", ")");
    write_clause(out, table, "partition_key", "PARTITION BY ", "");
    write_clause(out, table, "access_method", "USING ", "");
    write_options(out, creation);
    write_clause(out, table, "tablespace", "TABLESPACE ", "");
}

static void write_row_security(struct wv_ddl *ddl, const struct wv_object *table)
{
    bool is_on = wv_object_is(table, "row_security");
    struct wv_ddl_statement *statement = wv_ddl_alter_table(
        ddl, table, "ACCESS EXCLUSIVE", "%s ROW LEVEL SECURITY", is_on ? "ENABLE" : "DISABLE");
    if (!is_on)
        wv_ddl_hazard(statement, WV_HAZARD_WIDENS_PRIVILEGES, "all rows of %s", table->identity);
    else if (wv_ddl_existed(ddl, table))
        wv_ddl_hazard(statement, WV_HAZARD_BREAKS_READERS, "rows of %s that no policy shows",
                      table->identity);
}

static void write_forced(struct wv_ddl *ddl, const struct wv_object *table)
{
    bool is_forced = wv_object_is(table, "force_row_security");
    struct wv_ddl_statement *statement = wv_ddl_alter_table(
        ddl, table, "ACCESS EXCLUSIVE", "%s ROW LEVEL SECURITY", is_forced ? "FORCE" : "NO FORCE");
    if (!is_forced)
        wv_ddl_hazard(statement, WV_HAZARD_WIDENS_PRIVILEGES, "all rows of %s, for its owner",
                      table->identity);
}

/* An index as replica identity is the index' to write. */
static void write_replica_identity(struct wv_ddl *ddl, const struct wv_object *table)
{
    const char *identity = wv_object_get(table, "replica_identity");
    if (identity == NULL || strcmp(identity, "INDEX") != 0)
        wv_ddl_alter_table(ddl, table, "ACCESS EXCLUSIVE", "REPLICA IDENTITY %s",
                           identity == NULL ? "DEFAULT" : identity);
}

void wv_write_own_column(struct wv_ddl *ddl, const struct wv_object *column, const char *own)
{
    const struct wv_object *table = column->parent;
    const struct wv_object *model = wv_inherited_from(ddl->after, column);
    const char *given = model == NULL ? NULL : wv_default_of(model);
    bool is_written = strcmp(wv_object_text(column, "inherited"), "merged") == 0;
    if (!is_written && wv_has_own_not_null(ddl->after, column) &&
        !wv_object_is(column, "not_null_not_valid"))
        wv_set_not_null(ddl, column);
    else if (wv_may_be_null_alone(ddl->after, column))
        wv_alter_column_only(ddl, column, "ACCESS EXCLUSIVE", "DROP NOT NULL", NULL);
    if (!is_written && own != NULL && (given == NULL || strcmp(own, given) != 0))
        wv_ddl_alter_only(ddl, table, "ACCESS EXCLUSIVE", "ALTER COLUMN %s SET DEFAULT %s",
                          column->quoted, own);
    else if (own == NULL && given != NULL)
        wv_ddl_alter_only(ddl, table, "ACCESS EXCLUSIVE", "ALTER COLUMN %s DROP DEFAULT",
                          column->quoted);
}

void wv_write_own_columns(struct wv_ddl *ddl, const struct wv_creation *creation)
{
    bool is_typed = creation->object->kind == &wv_kind_table &&
                    wv_object_get(creation->object, "of_type") != NULL;
    for (size_t i = 0; i < creation->inlined_count; i++) {
        const struct wv_object *part = creation->inlined[i];
        if (part->kind == &wv_kind_column && (is_typed || wv_object_get(part, "inherited") != NULL))
            wv_write_own_column(ddl, part, wv_inlined_default(creation, part));
    }
}

void wv_write_table_parts_rest(struct wv_ddl *ddl, const struct wv_creation *creation)
{
    for (size_t i = 0; i < creation->inlined_count; i++) {
        if (creation->inlined[i]->kind == &wv_kind_column)
            wv_write_column_rest(ddl, creation->inlined[i]);
        if (creation->inlined[i]->kind == &wv_kind_constraint)
            wv_write_constraint_rest(ddl, creation->inlined[i]);
    }
}

/* Its owner has to see all rows until they are in the new table. */
static bool is_forced_later(const struct wv_ddl *ddl, const struct wv_object *table)
{
    const struct wv_twin *twin = wv_twin_of_new(ddl->difference, table);
    return twin->deed == WV_DEED_REBUILD && wv_copied_with(ddl->difference, twin->old) == NULL;
}

static void write_rest(struct wv_ddl *ddl, const struct wv_creation *creation)
{
    const struct wv_object *table = creation->object;
    wv_write_table_parts_rest(ddl, creation);
    if (wv_object_is(table, "row_security"))
        write_row_security(ddl, table);
    if (wv_object_is(table, "force_row_security") && !is_forced_later(ddl, table))
        write_forced(ddl, table);
    if (wv_object_get(table, "replica_identity") != NULL)
        write_replica_identity(ddl, table);
}

/* Its foreign keys put triggers on others. */
static void tell_referenced(struct wv_ddl *ddl, struct wv_ddl_statement *statement,
                            const struct wv_creation *creation)
{
    for (size_t i = 0; i < creation->inlined_count; i++) {
        const struct wv_object *other = wv_referenced_table(ddl->after, creation->inlined[i]);
        if (other != NULL)
            wv_ddl_lock(ddl, statement, "SHARE ROW EXCLUSIVE", other);
    }
}

static void create(struct wv_ddl *ddl, const struct wv_creation *creation)
{
    const struct wv_object *table = creation->object;
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    struct wv_strbuf columns WV_AUTOSTRBUF = WV_STRBUF_INIT;
    const struct wv_object *partition = wv_inlined_partition(creation);
    const char *whole = partition == NULL ? NULL : wv_object_get(partition, "whole");
    const char *type = wv_object_get(table, "of_type");
    bool is_unlogged = strcmp(wv_object_text(table, "persistence"), "UNLOGGED") == 0;
    wv_strbuf_addf(&text, "CREATE %sTABLE %s", is_unlogged ? "UNLOGGED " : "", table->identity);
    if (whole != NULL)
        wv_strbuf_addf(&text, " PARTITION OF %s", whole);
    if (type != NULL)
        wv_strbuf_addf(&text, " OF %s", type);
    wv_write_table_columns(&columns, ddl, creation, type != NULL);
    if (columns.length > 0 || (whole == NULL && type == NULL))
        wv_strbuf_addf(&text, " (%s%s)", wv_strbuf_text(&columns), columns.length > 0 ? "\n" : "");
    if (whole != NULL)
        wv_strbuf_addf(&text, "\n    %s", wv_object_text(partition, "bound"));
    write_tail(&text, creation);
    struct wv_ddl_statement *statement = wv_ddl_add(ddl, "%s", wv_strbuf_text(&text));
    const struct wv_object *parent =
        whole == NULL ? NULL : wv_catalog_find(ddl->before, &wv_kind_table, whole);
    if (parent != NULL) {
        wv_ddl_lock(ddl, statement, "ACCESS EXCLUSIVE", parent);
        wv_tell_default_partition(ddl, statement, parent);
    }
    tell_referenced(ddl, statement, creation);
    wv_write_own_columns(ddl, creation);
    write_rest(ddl, creation);
    wv_write_conversion(ddl, table);
}

/* A table takes the sequences along that belong to its columns: what is to be otherwise is said
 * again. */
static void write_sequences(struct wv_ddl *ddl, const struct wv_object *table)
{
    for (size_t i = 0; i < table->part_count; i++)
        for (size_t j = 0; j < table->parts[i]->needed_by_count; j++) {
            const struct wv_object *owner = table->parts[i]->needed_by[j].object;
            if (owner->kind != &wv_kind_sequence_owner)
                continue;
            const struct wv_object *sequence =
                wv_catalog_find(ddl->after, &wv_kind_sequence, owner->parent->identity);
            if (sequence != NULL && wv_ddl_existed(ddl, sequence))
                wv_ddl_add(ddl, "ALTER SEQUENCE %s SET %s", sequence->identity,
                           wv_object_get(sequence, "persistence") != NULL ? "UNLOGGED" : "LOGGED");
        }
}

static void write_rewrites(struct wv_ddl *ddl, const struct wv_change *change)
{
    struct wv_ddl_statement *statement = NULL;
    if (wv_change_of(change, "persistence"))
        statement = wv_ddl_alter_table(
            ddl, change->new, "ACCESS EXCLUSIVE", "SET %s",
            wv_object_get(change->new, "persistence") != NULL ? "UNLOGGED" : "LOGGED");
    if (statement != NULL) {
        wv_ddl_hazard(statement, WV_HAZARD_REWRITE, "%s", change->new->identity);
        write_sequences(ddl, change->old);
        write_sequences(ddl, change->new);
    }
    if (statement != NULL && wv_object_get(change->new, "persistence") != NULL)
        wv_ddl_hazard(statement, WV_HAZARD_DATA_LOSS, "all rows of %s, when the server crashes",
                      change->new->identity);
    statement = NULL;
    if (wv_change_of(change, "access_method"))
        statement = wv_ddl_alter_table(ddl, change->new, "ACCESS EXCLUSIVE", "SET ACCESS METHOD %s",
                                       wv_object_get(change->new, "access_method") != NULL
                                           ? wv_object_get(change->new, "access_method")
                                           : "heap");
    if (statement != NULL)
        wv_ddl_hazard(statement, WV_HAZARD_REWRITE, "%s", change->new->identity);
    statement = NULL;
    if (wv_change_of(change, "tablespace"))
        statement = wv_ddl_alter_table(ddl, change->new, "ACCESS EXCLUSIVE", "SET TABLESPACE %s",
                                       wv_object_get(change->new, "tablespace") != NULL
                                           ? wv_object_get(change->new, "tablespace")
                                           : "pg_default");
    if (statement != NULL)
        wv_ddl_hazard(statement, WV_HAZARD_REWRITE, "%s", change->new->identity);
}

static void alter(struct wv_ddl *ddl, const struct wv_change *change)
{
    if (wv_change_of(change, "of_type")) {
        const char *type = wv_object_get(change->new, "of_type");
        wv_ddl_alter_table(ddl, change->new, "ACCESS EXCLUSIVE", "%s%s",
                           type == NULL ? "NOT OF" : "OF ", type == NULL ? "" : type);
    }
    write_rewrites(ddl, change);
    if (wv_change_of(change, "options"))
        wv_write_options(ddl, change, "ALTER TABLE", "options");
    if (wv_change_of(change, "row_security"))
        write_row_security(ddl, change->new);
    if (wv_change_of(change, "force_row_security"))
        write_forced(ddl, change->new);
    if (wv_change_of(change, "replica_identity"))
        write_replica_identity(ddl, change->new);
}

/* A foreign key that refers to the whole holds each partition, until it is detached. */
static void detach_from_references(struct wv_ddl *ddl, const struct wv_object *table,
                                   const char *name)
{
    const char *of = wv_object_get(table, "partition_of");
    const struct wv_object *whole =
        of == NULL ? NULL : wv_catalog_find(ddl->before, &wv_kind_table, of);
    for (const struct wv_object *up = whole; up != NULL && wv_ddl_existed(ddl, whole);) {
        if (wv_is_referenced(up)) {
            struct wv_ddl_statement *statement =
                wv_ddl_add(ddl, "ALTER TABLE %s DETACH PARTITION %s", whole->identity, name);
            wv_ddl_lock(ddl, statement, "ACCESS EXCLUSIVE", whole);
            return;
        }
        const char *above = wv_object_get(up, "partition_of");
        up = above == NULL ? NULL : wv_catalog_find(ddl->before, &wv_kind_table, above);
    }
}

/* Its foreign keys have put triggers on others, which go with it. */
static void tell_released(struct wv_ddl *ddl, struct wv_ddl_statement *statement,
                          const struct wv_object *old)
{
    for (size_t i = 0; i < old->part_count; i++) {
        const struct wv_object *other = wv_referenced_table(ddl->before, old->parts[i]);
        if (other != NULL && wv_twin_stays(wv_twin_of_old(ddl->difference, other)))
            wv_ddl_lock(ddl, statement, "ACCESS EXCLUSIVE", other);
    }
}

/* Also those of partitions that are dropped with it. */
static void drop_conversions(struct wv_ddl *ddl, const struct wv_object *old)
{
    size_t at = 0;
    const struct wv_object *heir;
    wv_drop_conversion(ddl, old);
    while ((heir = wv_next_heir(old, &at)) != NULL)
        if (wv_copied_with(ddl->difference, heir) != NULL)
            drop_conversions(ddl, heir);
}

/* The old one of a table that is rebuilt. */
static void drop_copied(struct wv_ddl *ddl, const struct wv_object *old, const char *name)
{
    const struct wv_object *new = wv_twin_of_old(ddl->difference, old)->new;
    wv_copy_rows(ddl, &(struct wv_change){old, new}, name);
    drop_conversions(ddl, old);
    detach_from_references(ddl, old, name);
    struct wv_ddl_statement *statement = wv_ddl_add(ddl, "DROP TABLE %s", name);
    const struct wv_object *whole = wv_partition_whole(ddl->before, old);
    if (whole != NULL)
        wv_ddl_lock(ddl, statement, "ACCESS EXCLUSIVE", whole);
    tell_released(ddl, statement, old);
    wv_tell_gone_partitions(ddl, statement, old);
    if (wv_object_is(new, "force_row_security"))
        write_forced(ddl, new);
}

static void drop(struct wv_ddl *ddl, const struct wv_object *old)
{
    char *name WV_AUTOFREE = wv_name_at_drop(ddl->difference, old);
    if (wv_rebuilt_table(ddl->difference, old) != NULL) {
        drop_copied(ddl, old, name);
        return;
    }
    detach_from_references(ddl, old, name);
    struct wv_ddl_statement *statement = wv_ddl_add(ddl, "DROP TABLE %s", name);
    wv_ddl_lock(ddl, statement, "ACCESS EXCLUSIVE", old);
    const struct wv_object *whole = wv_partition_whole(ddl->before, old);
    if (whole != NULL && wv_twin_of_old(ddl->difference, whole)->new != NULL)
        wv_ddl_lock(ddl, statement, "ACCESS EXCLUSIVE", whole);
    tell_released(ddl, statement, old);
    wv_ddl_hazard(statement, WV_HAZARD_DATA_LOSS, "all rows of %s", old->identity);
    wv_ddl_hazard(statement, WV_HAZARD_BREAKS_READERS, "%s", old->identity);
}

static bool endures(const struct wv_change *change, const struct wv_object *dependant)
{
    bool is_rewritten =
        wv_change_of(change, "persistence") || wv_change_of(change, "access_method");
    return dependant->kind != &wv_kind_table_options || !is_rewritten ||
           wv_options_endure_rewrite(dependant);
}

const struct wv_kind wv_kind_table = {
    .name = "table",
    .sql_name = "TABLE",
    .rank = 100,
    .traits = WV_KIND_RELATION | WV_KIND_TYPE | WV_KIND_HOLDS_ROWS,
    .attributes = attributes,
    .expressions = expressions,
    .create = create,
    .alter = alter,
    .drop = drop,
    .endures = endures,
    .set_aside = wv_set_table_aside,
};
