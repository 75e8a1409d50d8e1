/* What a partition's copy of an index has otherwise than the partitioned table's, which makes and
 * drops it. See kind.h. */
#include <string.h>

#include "kinds.h"
#include "quote.h"
#include "writing.h"
#include "xalloc.h"

static const struct wv_attribute attributes[] = {
    {"options", WV_WAY_ALTER},
    {"tablespace", WV_WAY_ALTER},
    {"statistics", WV_WAY_ALTER},
    {"comment", WV_WAY_ALTER},
    {"is_clustered", WV_WAY_ALTER},
    {"is_replica_identity", WV_WAY_ALTER},
    {"parent_options", WV_WAY_NONE},
    {"parent_tablespace", WV_WAY_NONE},
    {NULL, WV_WAY_NONE},
};

/* From one list of key=value to another; nothing is lost when both have a key. */
static void write_options(struct wv_ddl *ddl, const struct wv_object *index, const char *old,
                          const char *new)
{
    if (old != NULL && old[0] != '\0') {
        struct wv_strbuf keys WV_AUTOSTRBUF = WV_STRBUF_INIT;
        for (const char *at = old; *at != '\0';) {
            wv_strbuf_addf(&keys, "%s%.*s", keys.length > 0 ? ", " : "", (int)strcspn(at, "="), at);
            at += wv_list_item(at);
            at += strspn(at, ", ");
        }
        wv_ddl_add(ddl, "ALTER INDEX %s RESET (%s)", index->identity, wv_strbuf_text(&keys));
    }
    if (new != NULL &&new[0] != '\0')
        wv_ddl_add(ddl, "ALTER INDEX %s SET (%s)", index->identity, new);
}

static void write_tablespace(struct wv_ddl *ddl, const struct wv_object *index,
                             const char *tablespace)
{
    wv_ddl_add(ddl, "ALTER INDEX %s SET TABLESPACE %s", index->identity,
               tablespace == NULL ? "pg_default" : tablespace);
}

static void write_comment(struct wv_ddl *ddl, const struct wv_object *index, const char *comment)
{
    char *literal WV_AUTOFREE = comment == NULL ? wv_xstrdup("NULL") : wv_quote_literal(comment);
    wv_ddl_add(ddl, "COMMENT ON INDEX %s IS %s", index->identity, literal);
}

/* What the copy has; NULL in the attribute: what the partitioned table's index has. */
static const char *effective(const struct wv_object *index, const char *own, const char *parent)
{
    const char *value = wv_object_get(index, own);
    return value != NULL ? value : wv_object_get(index, parent);
}

static void create(struct wv_ddl *ddl, const struct wv_creation *creation)
{
    const struct wv_object *index = creation->object;
    const char *options = wv_object_get(index, "options");
    if (options != NULL)
        write_options(ddl, index, wv_object_get(index, "parent_options"), options);
    if (wv_object_get(index, "tablespace") != NULL)
        write_tablespace(ddl, index, wv_object_get(index, "tablespace"));
    wv_write_index_statistics(ddl, index->identity, wv_object_get(index, "statistics"));
    if (wv_object_get(index, "comment") != NULL)
        write_comment(ddl, index, wv_object_get(index, "comment"));
    wv_write_index_marks(ddl, index);
}

static void alter(struct wv_ddl *ddl, const struct wv_change *change)
{
    const struct wv_object *index = change->new;
    if (wv_change_of(change, "options"))
        write_options(ddl, index, effective(change->old, "options", "parent_options"),
                      effective(index, "options", "parent_options"));
    if (wv_change_of(change, "tablespace"))
        write_tablespace(ddl, index, effective(index, "tablespace", "parent_tablespace"));
    if (wv_change_of(change, "statistics"))
        wv_change_index_statistics(ddl, index->identity, wv_object_get(change->old, "statistics"),
                                   wv_object_get(index, "statistics"));
    if (wv_change_of(change, "comment"))
        write_comment(ddl, index, wv_object_get(index, "comment"));
    wv_change_index_marks(ddl, change);
}

/* The copy stays, as the partitioned table's index is. */
static void drop(struct wv_ddl *ddl, const struct wv_object *old)
{
    if (wv_object_get(old, "options") != NULL)
        write_options(ddl, old, wv_object_get(old, "options"),
                      wv_object_get(old, "parent_options"));
    if (wv_object_get(old, "tablespace") != NULL)
        write_tablespace(ddl, old, wv_object_get(old, "parent_tablespace"));
    wv_change_index_statistics(ddl, old->identity, wv_object_get(old, "statistics"), NULL);
    if (wv_object_get(old, "comment") != NULL)
        write_comment(ddl, old, NULL);
    if (wv_object_is(old, "is_clustered"))
        wv_ddl_alter_table(ddl, old->parent, "SHARE UPDATE EXCLUSIVE", "SET WITHOUT CLUSTER");
}

const struct wv_kind wv_kind_partition_index = {
    .name = "partition index",
    .sql_name = "INDEX",
    .rank = 117,
    .attributes = attributes,
    .create = create,
    .alter = alter,
    .drop = drop,
};
