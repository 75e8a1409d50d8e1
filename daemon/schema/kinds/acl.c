/* Privileges that differ from those an object has by itself. See kind.h. */
#include <string.h>

#include "kinds.h"
#include "writing.h"
#include "xalloc.h"

static const struct wv_attribute attributes[] = {
    {"grants", WV_WAY_ALTER},
    {"revokes", WV_WAY_ALTER},
    {NULL, WV_WAY_NONE},
};

/* Privileges are kept as two lists: what is granted beyond, and revoked of, what an object of this
 * kind has by default. An item is "SELECT TO role WITH GRANT OPTION" or "SELECT FROM PUBLIC". */

static const char *owner_of(const struct wv_object *object)
{
    for (size_t i = 0; i < object->part_count; i++)
        if (object->parts[i]->kind == &wv_kind_owner)
            return wv_object_text(object->parts[i], "owner");
    return "CURRENT_USER";
}

/* "TABLE public.t", "FOREIGN SERVER s": as GRANT names it. */
static char *target_of(const struct wv_object *object)
{
    if ((object->kind->traits & WV_KIND_NAMED_IN_PARENT) != 0)
        object = object->parent;
    if (strcmp(object->kind->name, "server") == 0)
        return wv_xasprintf("FOREIGN SERVER %s", object->identity);
    if ((object->kind->traits & WV_KIND_RELATION) != 0 &&
        strcmp(object->kind->name, "sequence") != 0)
        return wv_xasprintf("TABLE %s", object->identity);
    return wv_object_target(object);
}

static const char *next_of(const char *item)
{
    item += wv_list_item(item);
    return item + strspn(item, ", ");
}

/* The grantee of an item: what stands behind TO or FROM, options included. */
static char *grantee_of(const char *item, const struct wv_object *object, bool with_option)
{
    static const char marker[] = "<owner>";
    size_t length = wv_list_item(item);
    const char *at = strstr(item, " TO ");
    if (at == NULL || at > item + length)
        at = strstr(item, " FROM ");
    at = strchr(at + 1, ' ') + 1;
    char *rest WV_AUTOFREE = wv_xstrndup(at, (size_t)(item + length - at));
    char *option = strstr(rest, " WITH GRANT OPTION");
    char *grantor = strstr(rest, " GRANTED BY ");
    if (grantor != NULL)
        *grantor = '\0'; /* the owner's, as whoever grants now */
    if (option != NULL && !with_option)
        *option = '\0';
    if (strncmp(rest, marker, sizeof(marker) - 1) != 0)
        return WV_STEAL(rest);
    return wv_xasprintf("%s%s", owner_of(object), rest + sizeof(marker) - 1);
}

static void add_privilege(struct wv_strbuf *out, const char *item, const struct wv_object *object)
{
    wv_strbuf_addf(out, "%s%.*s", out->length > 0 ? ", " : "", (int)strcspn(item, " "), item);
    if ((object->kind->traits & WV_KIND_NAMED_IN_PARENT) != 0)
        wv_strbuf_addf(out, " (%s)", object->quoted);
}

/* One statement for each grantee of the items in `list` that `other` has not. */
static void write(struct wv_ddl *ddl, const struct wv_object *object, const char *list,
                  const char *other, bool is_grant)
{
    char *target WV_AUTOFREE = target_of(object);
    struct wv_strbuf done WV_AUTOSTRBUF = WV_STRBUF_INIT;
    for (const char *at = list == NULL ? "" : list; *at != '\0'; at = next_of(at)) {
        char *item WV_AUTOFREE = wv_xstrndup(at, wv_list_item(at));
        char *grantee WV_AUTOFREE = grantee_of(at, object, is_grant);
        if (wv_list_has(other, item) || wv_list_has(wv_strbuf_text(&done), grantee))
            continue;
        wv_strbuf_addf(&done, "%s%s", done.length > 0 ? ", " : "", grantee);
        struct wv_strbuf privileges WV_AUTOSTRBUF = WV_STRBUF_INIT;
        for (const char *same = at; *same != '\0'; same = next_of(same)) {
            char *same_item WV_AUTOFREE = wv_xstrndup(same, wv_list_item(same));
            char *same_grantee WV_AUTOFREE = grantee_of(same, object, is_grant);
            if (!wv_list_has(other, same_item) && strcmp(same_grantee, grantee) == 0)
                add_privilege(&privileges, same, object);
        }
        struct wv_ddl_statement *statement =
            wv_ddl_add(ddl, "%s %s ON %s %s %s", is_grant ? "GRANT" : "REVOKE",
                       wv_strbuf_text(&privileges), target, is_grant ? "TO" : "FROM", grantee);
        if (is_grant)
            wv_ddl_hazard(statement, WV_HAZARD_WIDENS_PRIVILEGES, "%s", grantee);
    }
}

static void create(struct wv_ddl *ddl, const struct wv_creation *creation)
{
    const struct wv_object *acl = creation->object;
    write(ddl, acl->parent, wv_object_get(acl, "revokes"), NULL, false);
    write(ddl, acl->parent, wv_object_get(acl, "grants"), NULL, true);
}

static void alter(struct wv_ddl *ddl, const struct wv_change *change)
{
    const struct wv_object *object = change->new->parent;
    const char *old_grants = wv_object_get(change->old, "grants");
    const char *new_grants = wv_object_get(change->new, "grants");
    const char *old_revokes = wv_object_get(change->old, "revokes");
    const char *new_revokes = wv_object_get(change->new, "revokes");
    write(ddl, object, old_grants, new_grants, false);
    write(ddl, object, new_revokes, old_revokes, false);
    write(ddl, object, old_revokes, new_revokes, true);
    write(ddl, object, new_grants, old_grants, true);
}

static void drop(struct wv_ddl *ddl, const struct wv_object *old)
{
    write(ddl, old->parent, wv_object_get(old, "grants"), NULL, false);
    write(ddl, old->parent, wv_object_get(old, "revokes"), NULL, true);
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
