/* Privileges that objects get when they are made. See kind.h. */
#include "kinds.h"
#include "privileges.h"
#include "xalloc.h"

static const struct wv_attribute attributes[] = {
    {"role", WV_WAY_NONE},    {"schema", WV_WAY_NONE},   {"type", WV_WAY_NONE},
    {"grants", WV_WAY_ALTER}, {"revokes", WV_WAY_ALTER}, {NULL, WV_WAY_NONE},
};

/* `object`: one of both, which is never NULL. */
static void write(struct wv_ddl *ddl, const struct wv_object *object, const struct wv_object *old,
                  const struct wv_object *new)
{
    const char *schema = wv_object_get(object, "schema");
    const char *role = wv_object_text(object, "role");
    char *before WV_AUTOFREE =
        wv_xasprintf("ALTER DEFAULT PRIVILEGES FOR ROLE %s%s%s ", role,
                     schema != NULL ? " IN SCHEMA " : "", schema != NULL ? schema : "");
    struct wv_privilege_target target = {before, wv_object_text(object, "type"), role, NULL, NULL,
                                         NULL};
    wv_change_privileges(ddl, &target, old, new);
}

static void create(struct wv_ddl *ddl, const struct wv_creation *creation)
{
    write(ddl, creation->object, NULL, creation->object);
}

static void alter(struct wv_ddl *ddl, const struct wv_change *change)
{
    write(ddl, change->new, change->old, change->new);
}

static void drop(struct wv_ddl *ddl, const struct wv_object *old)
{
    write(ddl, old, old, NULL);
}

const struct wv_kind wv_kind_default_privileges = {
    .name = "default privileges",
    .sql_name = "DEFAULT PRIVILEGES",
    .rank = 130,
    .attributes = attributes,
    .create = create,
    .alter = alter,
    .drop = drop,
};
