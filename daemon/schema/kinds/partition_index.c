/* A partition's copy of an index or key of the partitioned table, which mostly makes and drops it:
 * its name, and what it has otherwise. See kind.h. */
#include <string.h>

#include "kinds.h"
#include "list.h"
#include "partition_copy.h"
#include "quote.h"
#include "writing.h"
#include "xalloc.h"

static const struct wv_attribute attributes[] = {
    {"copy_of", WV_WAY_NONE},
    {"index", WV_WAY_ALTER},
    {"usual_name", WV_WAY_NONE},
    {"type", WV_WAY_RECREATE},
    {"is_unique", WV_WAY_NONE},
    {"definition", WV_WAY_NONE},
    {"options", WV_WAY_ALTER},
    {"tablespace", WV_WAY_ALTER},
    {"statistics", WV_WAY_ALTER},
    {"comment", WV_WAY_ALTER},
    {"is_clustered", WV_WAY_ALTER},
    {"is_replica_identity", WV_WAY_ALTER},
    {"parent_options", WV_WAY_NONE},
    {"parent_tablespace", WV_WAY_NONE},
    {"deferral", WV_WAY_NONE},
    {"is_key", WV_WAY_RECREATE},
    {NULL, WV_WAY_NONE},
};

static const char *const expressions[] = {"definition", NULL};

static const char *name_of(const struct wv_object *index)
{
    return wv_object_text(index, "index");
}

/* From one list of key=value to another; nothing is lost when both have a key. */
static void write_options(struct wv_ddl *ddl, const struct wv_object *index, const char *old,
                          const char *new)
{
    bool had_any = old != NULL && old[0] != '\0';
    bool has_any = new == NULL ? false : new[0] != '\0';
    if (had_any) {
        struct wv_strbuf keys WV_AUTOSTRBUF = WV_STRBUF_INIT;
        for (const char *at = old; *at != '\0';) {
            wv_strbuf_addf(&keys, "%s%.*s", keys.length > 0 ? ", " : "", (int)strcspn(at, "="), at);
            at += wv_list_item(at);
            at += strspn(at, ", ");
        }
        wv_ddl_add(ddl, "ALTER INDEX %s RESET (%s)", name_of(index), wv_strbuf_text(&keys));
    }
    if (has_any)
        wv_ddl_add(ddl, "ALTER INDEX %s SET (%s)", name_of(index), new);
}

static void write_tablespace(struct wv_ddl *ddl, const struct wv_object *index,
                             const char *tablespace)
{
    wv_ddl_add(ddl, "ALTER INDEX %s SET TABLESPACE %s", name_of(index),
               tablespace == NULL ? "pg_default" : tablespace);
}

static void write_comment(struct wv_ddl *ddl, const struct wv_object *index, const char *comment)
{
    char *literal WV_AUTOFREE = comment == NULL ? wv_xstrdup("NULL") : wv_quote_literal(comment);
    wv_ddl_add(ddl, "COMMENT ON INDEX %s IS %s", name_of(index), literal);
}

/* What the copy has; NULL in the attribute: what the partitioned table's index has. */
static const char *effective(const struct wv_object *index, const char *own, const char *parent)
{
    const char *value = wv_object_get(index, own);
    return value != NULL ? value : wv_object_get(index, parent);
}

/* Has the server not chosen the name? When the usual one is taken it adds a number. */
static bool is_named(const struct wv_object *index)
{
    const char *usual = wv_object_get(index, "usual_name");
    size_t length = usual == NULL ? 0 : strlen(usual);
    if (usual == NULL || strncmp(index->name, usual, length) != 0)
        return usual != NULL;
    return index->name[length + strspn(index->name + length, "0123456789")] != '\0';
}

static void rename_usual(struct wv_ddl *ddl, const struct wv_object *index)
{
    char *usual WV_AUTOFREE = wv_quote_name(index->schema, wv_object_text(index, "usual_name"));
    wv_ddl_add(ddl, "ALTER INDEX %s RENAME TO %s", usual, index->quoted);
}

static const char *own_option(const struct wv_object *own, const char *index, const char *key)
{
    return wv_object_get(own, own->kind == &wv_kind_index ? index : key);
}

static bool has_comment(const struct wv_object *own)
{
    if (own->kind == &wv_kind_constraint)
        return wv_object_get(own, "index_comment") != NULL;
    for (size_t i = 0; i < own->part_count; i++)
        if (own->parts[i]->kind == &wv_kind_comment)
            return true;
    return false;
}

static void change_options(struct wv_ddl *ddl, const struct wv_object *index, const char *old,
                           const char *new)
{
    if (strcmp(old == NULL ? "" : old, new == NULL ? "" : new) != 0)
        write_options(ddl, index, old, new);
}

void wv_take_over_copy(struct wv_ddl *ddl, const struct wv_object *copy,
                       const struct wv_object *own)
{
    const char *comment = wv_object_get(copy, "comment");
    change_options(ddl, copy, effective(copy, "options", "parent_options"),
                   own_option(own, "options", "index_options"));
    if (wv_object_get(copy, "tablespace") != NULL ||
        own_option(own, "tablespace", "index_tablespace") != NULL)
        write_tablespace(ddl, copy, own_option(own, "tablespace", "index_tablespace"));
    wv_change_index_statistics(ddl, name_of(copy), wv_object_get(copy, "statistics"),
                               own_option(own, "statistics", "index_statistics"));
    if (own->kind == &wv_kind_constraint && has_comment(own))
        write_comment(ddl, copy, wv_object_get(own, "index_comment"));
    else if (comment != NULL && !has_comment(own))
        write_comment(ddl, copy, NULL);
    wv_write_index_marks(ddl, own);
}

void wv_write_copy_settings(struct wv_ddl *ddl, const struct wv_object *copy)
{
    const char *options = wv_object_get(copy, "options");
    if (options != NULL)
        write_options(ddl, copy, wv_object_get(copy, "parent_options"), options);
    if (wv_object_get(copy, "tablespace") != NULL)
        write_tablespace(ddl, copy, wv_object_get(copy, "tablespace"));
    wv_write_index_statistics(ddl, name_of(copy), wv_object_get(copy, "statistics"));
    if (wv_object_get(copy, "comment") != NULL)
        write_comment(ddl, copy, wv_object_get(copy, "comment"));
    wv_write_index_marks(ddl, copy);
}

/* What it has been alone stays with it. */
static void take_over_own(struct wv_ddl *ddl, const struct wv_object *index,
                          const struct wv_object *own)
{
    change_options(ddl, index, own_option(own, "options", "index_options"),
                   effective(index, "options", "parent_options"));
    if (wv_object_get(index, "tablespace") != NULL ||
        own_option(own, "tablespace", "index_tablespace") != NULL)
        write_tablespace(ddl, index, effective(index, "tablespace", "parent_tablespace"));
    wv_change_index_statistics(ddl, name_of(index),
                               own_option(own, "statistics", "index_statistics"),
                               wv_object_get(index, "statistics"));
    if (wv_object_get(index, "comment") != NULL || has_comment(own))
        write_comment(ddl, index, wv_object_get(index, "comment"));
    wv_write_index_marks(ddl, index);
}

/* Is it made by CREATE TABLE, CREATE INDEX of the whole or ATTACH, under the usual name? */
static bool is_usual(const struct wv_ddl *ddl, const struct wv_object *index)
{
    return wv_stays_partition(ddl, index->parent) || !wv_is_there_before_attach(ddl, index);
}

static void alter(struct wv_ddl *ddl, const struct wv_change *change)
{
    const struct wv_object *index = change->new;
    if (wv_object_is(index, "is_key"))
        return; /* what there is to say, the key says */
    if (wv_change_of(change, "index"))
        wv_ddl_add(ddl, "ALTER INDEX %s RENAME TO %s", name_of(change->old), index->quoted);
    if (wv_change_of(change, "options"))
        write_options(ddl, index, effective(change->old, "options", "parent_options"),
                      effective(index, "options", "parent_options"));
    if (wv_change_of(change, "tablespace"))
        write_tablespace(ddl, index, effective(index, "tablespace", "parent_tablespace"));
    if (wv_change_of(change, "statistics"))
        wv_change_index_statistics(ddl, name_of(index), wv_object_get(change->old, "statistics"),
                                   wv_object_get(index, "statistics"));
    if (wv_change_of(change, "comment"))
        write_comment(ddl, index, wv_object_get(index, "comment"));
    wv_change_index_marks(ddl, change);
}

static void create(struct wv_ddl *ddl, const struct wv_creation *creation)
{
    const struct wv_object *index = creation->object;
    const struct wv_object *own = wv_own_before(ddl, index);
    const struct wv_object *same = wv_same_copy(ddl, index);
    if (wv_object_is(index, "is_key")) {
        if (!wv_comes_by_itself(ddl, index))
            wv_build_copy(ddl, index);
        return;
    }
    if (same != NULL) {
        alter(ddl, &(struct wv_change){same, index});
        return;
    }
    if (!wv_comes_by_itself(ddl, index))
        wv_build_copy(ddl, index);
    else if (own == NULL && is_named(index) && is_usual(ddl, index))
        rename_usual(ddl, index);
    if (own != NULL) {
        take_over_own(ddl, index, own);
        return;
    }
    wv_write_copy_settings(ddl, index);
}

/* It goes with the whole's, or stays with a table that is detached. */
static void drop(struct wv_ddl *ddl, const struct wv_object *old)
{
    (void)ddl;
    (void)old;
}

const struct wv_kind wv_kind_partition_index = {
    .name = "partition index",
    .sql_name = "INDEX",
    .rank = 117,
    .attributes = attributes,
    .expressions = expressions,
    .create = create,
    .alter = alter,
    .drop = drop,
    .lives_on = wv_lives_on,
};
