/* Indexes that are no constraint's; the copies on partitions are not objects. See kind.h. */
#include "analyze.h"
#include "free_name.h"
#include "key_index.h"
#include "kinds.h"
#include "lookup.h"
#include "partition.h"
#include "partition_copy.h"
#include "writing.h"
#include "xalloc.h"

static const struct wv_attribute attributes[] = {
    {"is_unique", WV_WAY_ALTER},
    {"definition", WV_WAY_ALTER},
    {"options", WV_WAY_ALTER},
    {"tablespace", WV_WAY_ALTER},
    {"statistics", WV_WAY_ALTER},
    {"is_clustered", WV_WAY_ALTER},
    {"is_replica_identity", WV_WAY_ALTER},
    {"is_valid", WV_WAY_ALTER},
    {"missing_on", WV_WAY_ALTER},
    {NULL, WV_WAY_NONE},
};

static const char *const expressions[] = {"definition", NULL};

static bool is_online(const struct wv_ddl *ddl, const struct wv_object *index)
{
    const struct wv_object *table = index->parent;
    return !ddl->is_plain && !wv_is_partitioned(table) && wv_ddl_holds_rows(ddl, table);
}

static void build(struct wv_ddl *ddl, const struct wv_object *index, const char *name)
{
    const struct wv_object *table = index->parent;
    bool online = is_online(ddl, index);
    bool is_unique = wv_object_is(index, "is_unique");
    bool is_partitioned = wv_is_partitioned(table);
    char *definition WV_AUTOFREE =
        wv_definition_with(wv_object_text(index, "definition"),
                           is_partitioned ? wv_object_get(index, "options") : NULL);
    struct wv_ddl_statement *statement =
        wv_ddl_add(ddl, "CREATE %sINDEX %s%s ON %s%s USING %s", is_unique ? "UNIQUE " : "",
                   online ? "CONCURRENTLY " : "", name, wv_is_made_alone(ddl, index) ? "ONLY " : "",
                   table->identity, definition);
    wv_ddl_lock(ddl, statement, online ? "SHARE UPDATE EXCLUSIVE" : "SHARE", table);
    if (online) {
        statement->mode = WV_STATEMENT_ALONE;
        wv_ddl_hazard(statement, WV_HAZARD_NOT_TRANSACTIONAL,
                      "an interrupted build is built again");
    }
    if (wv_has_expressions(definition))
        wv_lose_statistics(ddl, table, NULL);
    if (is_unique && wv_ddl_holds_rows(ddl, table) && !wv_is_made_alone(ddl, index))
        wv_ddl_hazard(statement, WV_HAZARD_MAY_FAIL, "equal values in %s", table->identity);
}

/* What belongs to the build of an index that has to be alone is alone as well. */
static void alone(struct wv_ddl *ddl, size_t first)
{
    for (size_t i = first; i < ddl->count; i++)
        ddl->statements[i].mode = WV_STATEMENT_ALONE;
}

static void write_tablespace(struct wv_ddl *ddl, const struct wv_object *index)
{
    const char *tablespace = wv_object_get(index, "tablespace");
    struct wv_ddl_statement *statement =
        wv_ddl_add(ddl, "ALTER INDEX %s SET TABLESPACE %s", index->identity,
                   tablespace == NULL ? "pg_default" : tablespace);
    if (wv_ddl_existed(ddl, index) && !wv_is_partitioned(index->parent))
        wv_ddl_hazard(statement, WV_HAZARD_LOCK, "ACCESS EXCLUSIVE on %s, as long as it is copied",
                      index->identity);
}

static void write_rest(struct wv_ddl *ddl, const struct wv_object *index)
{
    if (wv_object_get(index, "options") != NULL && !wv_is_partitioned(index->parent))
        wv_ddl_add(ddl, "ALTER INDEX %s SET (%s)", index->identity,
                   wv_object_text(index, "options"));
    if (wv_object_get(index, "tablespace") != NULL)
        write_tablespace(ddl, index);
    wv_write_index_statistics(ddl, index->identity, wv_object_get(index, "statistics"));
    wv_write_index_marks(ddl, index);
}

static void create(struct wv_ddl *ddl, const struct wv_creation *creation)
{
    const struct wv_object *left = wv_left_copy(ddl, creation->object);
    if (left != NULL) {
        wv_take_over_copy(ddl, left, creation->object);
        return;
    }
    build(ddl, creation->object, creation->object->quoted);
    write_rest(ddl, creation->object);
    if (is_online(ddl, creation->object))
        alone(ddl, 0);
}

static void drop(struct wv_ddl *ddl, const struct wv_object *old)
{
    if (wv_coming_copy(ddl, old) != NULL || wv_key_for_index(ddl, old) != NULL)
        return;
    bool online =
        is_online(ddl, old) && wv_twin_stays(wv_twin_of_old(ddl->difference, old->parent));
    struct wv_ddl_statement *statement =
        wv_ddl_add(ddl, "DROP INDEX %s%s%s", online ? "CONCURRENTLY " : "", old->identity,
                   wv_has_adopted(old) ? " CASCADE" : "");
    wv_ddl_lock(ddl, statement, online ? "SHARE UPDATE EXCLUSIVE" : "ACCESS EXCLUSIVE",
                old->parent);
    if (online) {
        statement->mode = WV_STATEMENT_ALONE;
        wv_ddl_hazard(statement, WV_HAZARD_NOT_TRANSACTIONAL, "an interrupted drop is done again");
    }
}

/* The new one is built beside the old, which serves until then. */
static void replace(struct wv_ddl *ddl, const struct wv_change *change)
{
    const struct wv_object *index = change->new;
    if (!is_online(ddl, index)) {
        drop(ddl, change->old);
        build(ddl, index, index->quoted);
        write_rest(ddl, index);
        return;
    }
    char *name WV_AUTOFREE = wv_free_name(ddl->difference, index->schema, index->name, "_new");
    char *schema WV_AUTOFREE = wv_quoted_schema(index);
    build(ddl, index, name);
    drop(ddl, change->old);
    wv_ddl_add(ddl, "ALTER INDEX %s.%s RENAME TO %s", schema, name, index->quoted);
    write_rest(ddl, index);
    alone(ddl, 0);
}

/* That of a partitioned table becomes valid with the last of its copies. */
static bool is_another(const struct wv_change *change)
{
    return wv_change_of(change, "definition") || wv_change_of(change, "is_unique") ||
           (wv_is_partitioned(change->new->parent) ? wv_misses_more(change)
                                                   : wv_change_of(change, "is_valid"));
}

static void alter(struct wv_ddl *ddl, const struct wv_change *change)
{
    const struct wv_object *index = change->new;
    if (is_another(change)) {
        replace(ddl, change);
        return;
    }
    if (wv_change_of(change, "options"))
        wv_write_options_of(ddl, change, "ALTER INDEX", index->identity, "options");
    if (wv_change_of(change, "tablespace"))
        write_tablespace(ddl, index);
    if (wv_change_of(change, "statistics"))
        wv_change_index_statistics(ddl, index->identity, wv_object_get(change->old, "statistics"),
                                   wv_object_get(index, "statistics"));
    wv_change_index_marks(ddl, change);
}

/* A partitioned table's index is in parts, which CREATE INDEX alone makes, and their storage. */
static enum wv_way way(const struct wv_change *change)
{
    bool is_partitioned = wv_is_partitioned(change->new->parent);
    bool is_made_anew = is_another(change) || wv_change_of(change, "options");
    return is_partitioned && is_made_anew ? WV_WAY_RECREATE : WV_WAY_ALTER;
}

/* Comments are lost with the old index, and foreign keys lean on it. */
static bool endures(const struct wv_change *change, const struct wv_object *dependant)
{
    (void)dependant;
    return !is_another(change);
}

const struct wv_kind wv_kind_index = {
    .name = "index",
    .sql_name = "INDEX",
    .rank = 109,
    .traits = WV_KIND_RELATION,
    .attributes = attributes,
    .expressions = expressions,
    .create = create,
    .alter = alter,
    .drop = drop,
    .way = way,
    .endures = endures,
    .lives_on = wv_lives_on,
};
