/* Privileges, where they are not what an object of its kind has by default. See kind.h. */
#include "difference.h"
#include "kinds.h"
#include "lookup.h"
#include "privileges.h"
#include "writing.h"
#include "xalloc.h"

static const struct wv_attribute attributes[] = {
    {"grants", WV_WAY_ALTER},
    {"revokes", WV_WAY_ALTER},
    {NULL, WV_WAY_NONE},
};

static struct wv_privilege_target target_of(const struct wv_object *object, const char *on)
{
    bool is_column = (object->kind->traits & WV_KIND_NAMED_IN_PARENT) != 0;
    const struct wv_object *other = wv_part_of_kind(wv_owned(object), &wv_kind_owner);
    const char *owner = other == NULL ? "CURRENT_USER" : wv_object_text(other, "owner");
    return (struct wv_privilege_target){"",   on,  owner, is_column ? object->quoted : NULL,
                                        NULL, NULL};
}

/* A column keeps what it was given by itself. */
static void give_back(struct wv_ddl *ddl, const struct wv_object *column, const char *taken)
{
    char *on WV_AUTOFREE = wv_grant_target(column);
    struct wv_privilege_target target = target_of(column, on);
    const struct wv_object *acl = wv_part_of_kind(column, &wv_kind_acl);
    if (acl != NULL && wv_twin_stays(wv_twin_of_new(ddl->difference, acl)))
        wv_give_back(ddl, &target, taken, wv_object_get(acl, "grants"));
}

/* `object`: what the privileges are of, as it is in the end; whoever owns it then owns it already.
 * It has the name of what they are, or were, of. */
static void write(struct wv_ddl *ddl, const struct wv_object *object, const struct wv_object *old,
                  const struct wv_object *new, const char *had)
{
    char *on WV_AUTOFREE = wv_grant_target(new != NULL ? new->parent : old->parent);
    struct wv_strbuf taken WV_AUTOSTRBUF = WV_STRBUF_INIT;
    struct wv_privilege_target target = target_of(object, on);
    target.taken = &taken;
    target.had = had;
    wv_change_privileges(ddl, &target, old, new);
    for (size_t i = 0; i < object->part_count && taken.length > 0; i++)
        if (object->parts[i]->kind == &wv_kind_column)
            give_back(ddl, object->parts[i], wv_strbuf_text(&taken));
}

static void create(struct wv_ddl *ddl, const struct wv_creation *creation)
{
    const struct wv_object *acl = creation->object;
    const struct wv_object *before = wv_catalog_find(ddl->before, acl->kind, acl->identity);
    write(ddl, acl->parent, NULL, acl, before == NULL ? NULL : wv_object_get(before, "grants"));
}

static void alter(struct wv_ddl *ddl, const struct wv_change *change)
{
    write(ddl, change->new->parent, change->old, change->new, NULL);
}

void wv_drop_privileges(struct wv_ddl *ddl, const struct wv_object *acl)
{
    write(ddl, acl->parent, acl, NULL, NULL);
}

static void drop(struct wv_ddl *ddl, const struct wv_object *old)
{
    if (!wv_goes_with_change(ddl, old))
        write(ddl, wv_twin_of_old(ddl->difference, old->parent)->new, old, NULL, NULL);
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
