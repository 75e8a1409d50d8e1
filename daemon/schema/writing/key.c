/* See key.h. */
#include "key.h"

#include <string.h>

#include "constraint.h"
#include "free_name.h"
#include "key_index.h"
#include "kinds.h"
#include "lookup.h"
#include "partition.h"
#include "partition_copy.h"
#include "writing.h"
#include "xalloc.h"

/* An index that is no exclusion by ranges. */
bool wv_is_key(const struct wv_object *constraint)
{
    return wv_constraint_has_index(constraint) && !wv_constraint_is(constraint, "EXCLUDE") &&
           strstr(wv_object_text(constraint, "definition"), " WITHOUT OVERLAPS)") == NULL;
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
                           wv_object_text(constraint, "definition"),
                           wv_constraint_deferral(constraint)};
}

void wv_create_key(struct wv_ddl *ddl, const struct wv_object *constraint)
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

/* A column of it stays in it, and may be NULL only between the two. */
static bool lets_be_null(const struct wv_object *old, const struct wv_object *new)
{
    for (size_t i = 0; wv_is_primary_key(old) && i < new->need_count; i++) {
        const struct wv_object *column = new->needs[i].object;
        if (column->kind != &wv_kind_column || wv_object_is(column, "not_null"))
            continue;
        for (size_t j = 0; j < old->need_count; j++)
            if (old->needs[j].object->kind == column->kind &&
                strcmp(old->needs[j].object->identity, column->identity) == 0)
                return true;
    }
    return false;
}

bool wv_replaces_key(const struct wv_change *change)
{
    bool differs = wv_change_of(change, "type") || wv_change_of(change, "definition") ||
                   wv_change_of(change, "is_deferrable") || wv_change_of(change, "is_deferred");
    return differs && wv_is_key(change->old) && wv_is_key(change->new) &&
           !wv_is_partitioned(change->old->parent) && !wv_is_partitioned(change->new->parent) &&
           !lets_be_null(change->old, change->new) &&
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
    wv_write_constraint_settings(ddl, constraint);
    if (is_at_once)
        wv_write_cluster(ddl, constraint);
    else
        wv_write_index_marks(ddl, constraint);
}

static void replace_plainly(struct wv_ddl *ddl, const struct wv_object *constraint,
                            const struct wv_object *going)
{
    const struct wv_object *table = constraint->parent;
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    if (going == NULL)
        wv_write_constraint(&text, constraint);
    else
        wv_strbuf_addf(&text, "CONSTRAINT %s %s USING INDEX %s%s", constraint->quoted,
                       wv_object_text(constraint, "type"), going->quoted,
                       wv_constraint_deferral(constraint));
    struct wv_ddl_statement *statement =
        wv_ddl_alter_table(ddl, table, "ACCESS EXCLUSIVE", "DROP CONSTRAINT %s, ADD %s",
                           constraint->quoted, wv_strbuf_text(&text));
    wv_ddl_hazard(statement, WV_HAZARD_SCAN, "%s", table->identity);
    if (going == NULL)
        wv_ddl_hazard(statement, WV_HAZARD_MAY_FAIL, "equal values in %s", table->identity);
    wv_write_constraint_rest(ddl, constraint);
}

void wv_replace_key(struct wv_ddl *ddl, const struct wv_change *change)
{
    const struct wv_object *constraint = change->new;
    const struct wv_object *going = wv_index_for_key(ddl, constraint);
    size_t first = ddl->count;
    if (ddl->is_plain) {
        replace_plainly(ddl, constraint, going);
        return;
    }
    struct wv_key key = key_of(constraint);
    char *index WV_AUTOFREE =
        wv_free_name(ddl->difference, constraint->schema, constraint->name, "_new");
    if (going == NULL)
        build_index(ddl, constraint->parent, &key, index);
    swap(ddl, change, going != NULL ? going->quoted : index);
    for (size_t i = first; i < ddl->count; i++)
        ddl->statements[i].mode = WV_STATEMENT_ALONE;
}

bool wv_is_key_by_partition(const struct wv_ddl *ddl, const struct wv_object *constraint)
{
    return wv_builds_by_partition(ddl, constraint->parent) &&
           (wv_constraint_is(constraint, "UNIQUE") || wv_constraint_is(constraint, "PRIMARY KEY"));
}
