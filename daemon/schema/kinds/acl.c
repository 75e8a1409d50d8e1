/* Privileges, where they are not what an object of its kind has by default. See kind.h. */
#include "kinds.h"
#include "privileges.h"
#include "writing.h"
#include "xalloc.h"

static const struct wv_attribute attributes[] = {
    {"grants", WV_WAY_ALTER},
    {"revokes", WV_WAY_ALTER},
    {NULL, WV_WAY_NONE},
};

static struct wv_privilege_target target_of(const struct wv_object *object, char **on)
{
    bool is_column = (object->kind->traits & WV_KIND_NAMED_IN_PARENT) != 0;
    const struct wv_object *owned = is_column ? object->parent : object;
    const char *owner = "CURRENT_USER";
    for (size_t i = 0; i < owned->part_count; i++)
        if (owned->parts[i]->kind == &wv_kind_owner)
            owner = wv_object_text(owned->parts[i], "owner");
    *on = wv_grant_target(object);
    return (struct wv_privilege_target){"", *on, owner, is_column ? object->quoted : NULL};
}

static void write(struct wv_ddl *ddl, const struct wv_object *old, const struct wv_object *new)
{
    char *on WV_AUTOFREE = NULL;
    struct wv_privilege_target target = target_of(new->parent, &on);
    wv_change_privileges(ddl, &target, old, new);
}

static void create(struct wv_ddl *ddl, const struct wv_creation *creation)
{
    write(ddl, NULL, creation->object);
}

static void alter(struct wv_ddl *ddl, const struct wv_change *change)
{
    write(ddl, change->old, change->new);
}

/* Whoever owns the object in the end owns it already. */
static void drop(struct wv_ddl *ddl, const struct wv_object *old)
{
    char *on WV_AUTOFREE = NULL;
    const struct wv_twin *twin = wv_twin_of_old(ddl->difference, old->parent);
    struct wv_privilege_target target = target_of(twin->new, &on);
    wv_change_privileges(ddl, &target, old, NULL);
}

const struct wv_kind wv_kind_acl = {
    .name = "acl",
    .sql_name = "PRIVILEGES",
    .rank = 141,
    .traits = WV_KIND_FACET,
    .attributes = attributes,
    .create = create,
    .alter = alter,
    .drop = drop,
};
