/* Owners other than the role that reads. See kind.h. */
#include "kinds.h"
#include "writing.h"
#include "xalloc.h"

static const struct wv_attribute attributes[] = {
    {"owner", WV_WAY_ALTER},
    {NULL, WV_WAY_NONE},
};

static void write(struct wv_ddl *ddl, const struct wv_object *owner, const char *role)
{
    char *target WV_AUTOFREE = wv_object_target(owner->parent);
    wv_ddl_add(ddl, "ALTER %s OWNER TO %s", target, role);
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
