/* Owners other than the role that reads. See kind.h. */
#include <string.h>

#include "kinds.h"
#include "lookup.h"
#include "same.h"
#include "writing.h"
#include "xalloc.h"

static const struct wv_attribute attributes[] = {
    {"owner", WV_WAY_ALTER},
    {NULL, WV_WAY_NONE},
};

static const struct wv_object *table_of_sequence(const struct wv_catalog *catalog,
                                                 const struct wv_object *sequence)
{
    const struct wv_object *same = wv_catalog_find(catalog, sequence->kind, sequence->identity);
    const struct wv_object *column =
        wv_need_of_kind(wv_part_of_kind(same, &wv_kind_sequence_owner), &wv_kind_column);
    return column == NULL ? NULL : column->parent;
}

/* A sequence that belongs to a table follows it, as long as that is not made anew. */
static bool follows_table(const struct wv_ddl *ddl, const struct wv_object *object)
{
    if (object->kind != &wv_kind_sequence)
        return false;
    const struct wv_object *old = table_of_sequence(ddl->before, object);
    const struct wv_object *new = table_of_sequence(ddl->after, object);
    return old != NULL && new != NULL &&wv_same(old->identity, new->identity) &&
           wv_ddl_existed(ddl, new);
}

static void write(struct wv_ddl *ddl, const struct wv_object *owner, const char *role)
{
    if (follows_table(ddl, owner->parent))
        return;
    char *target WV_AUTOFREE = wv_object_target(owner->parent);
    struct wv_ddl_statement *statement = wv_ddl_add(ddl, "ALTER %s OWNER TO %s", target, role);
    if ((owner->parent->kind->traits & WV_KIND_HOLDS_ROWS) != 0)
        wv_ddl_lock(ddl, statement, "ACCESS EXCLUSIVE", owner->parent);
}

static void create(struct wv_ddl *ddl, const struct wv_creation *creation)
{
    write(ddl, creation->object, wv_object_text(creation->object, "owner"));
}

static void alter(struct wv_ddl *ddl, const struct wv_change *change)
{
    write(ddl, change->new, wv_object_text(change->new, "owner"));
}

static void drop(struct wv_ddl *ddl, const struct wv_object *old)
{
    write(ddl, old, "CURRENT_USER");
}

const struct wv_kind wv_kind_owner = {
    .name = "owner",
    .sql_name = "OWNER",
    .rank = 140,
    .traits = WV_KIND_FACET,
    .attributes = attributes,
    .create = create,
    .alter = alter,
    .drop = drop,
};
