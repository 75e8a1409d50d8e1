/* See privileges.h. */
#include "privileges.h"

#include <stdlib.h>
#include <string.h>

#include "kinds.h"
#include "writing.h"

char *wv_grant_target(const struct wv_object *object)
{
    if ((object->kind->traits & WV_KIND_NAMED_IN_PARENT) != 0)
        object = object->parent;
    if (object->kind == &wv_kind_server)
        return wv_xasprintf("FOREIGN SERVER %s", object->identity);
    if ((object->kind->traits & WV_KIND_RELATION) != 0 && object->kind != &wv_kind_sequence)
        return wv_xasprintf("TABLE %s", object->identity);
    return wv_object_target(object);
}

static const char *next_of(const char *item)
{
    item += wv_list_item(item);
    return item + strspn(item, ", ");
}

/* What stands behind TO or FROM: the privilege before it is one word, or several in capitals. */
static const char *behind_preposition(const char *item)
{
    const char *to = strstr(item, " TO ");
    const char *from = strstr(item, " FROM ");
    if (to != NULL && (from == NULL || to < from))
        return to + strlen(" TO ");
    return from + strlen(" FROM ");
}

/* The grantee of an item; WITH GRANT OPTION stays where it is wanted. The grantor is whoever owns
 * the object, as for all that is granted now. */
static char *grantee_of(const char *item, const struct wv_privilege_target *target,
                        bool with_option)
{
    static const char marker[] = "<owner>";
    const char *end = item + wv_list_item(item);
    const char *at = behind_preposition(item);
    char *rest WV_AUTOFREE = wv_xstrndup(at, (size_t)(end - at));
    char *grantor = strstr(rest, " GRANTED BY ");
    if (grantor != NULL)
        *grantor = '\0';
    char *option = strstr(rest, " WITH GRANT OPTION");
    if (option != NULL && !with_option)
        *option = '\0';
    if (strncmp(rest, marker, sizeof(marker) - 1) != 0)
        return WV_STEAL(rest);
    return wv_xasprintf("%s%s", target->owner, rest + sizeof(marker) - 1);
}

static void add_privilege(struct wv_strbuf *out, const char *item, const char *column)
{
    const char *end = behind_preposition(item);
    end -= end[-2] == 'O' ? strlen(" TO ") : strlen(" FROM ");
    wv_strbuf_addf(out, "%s%.*s", out->length > 0 ? ", " : "", (int)(end - item), item);
    if (column != NULL)
        wv_strbuf_addf(out, " (%s)", column);
}

void wv_write_privileges(struct wv_ddl *ddl, const struct wv_privilege_target *target,
                         const char *list, const char *other, bool is_grant)
{
    struct wv_strbuf done WV_AUTOSTRBUF = WV_STRBUF_INIT;
    for (const char *at = list == NULL ? "" : list; *at != '\0'; at = next_of(at)) {
        char *item WV_AUTOFREE = wv_xstrndup(at, wv_list_item(at));
        char *grantee WV_AUTOFREE = grantee_of(at, target, is_grant);
        if (wv_list_has(other, item) || wv_list_has(wv_strbuf_text(&done), grantee))
            continue;
        wv_strbuf_addf(&done, "%s%s", done.length > 0 ? ", " : "", grantee);
        struct wv_strbuf privileges WV_AUTOSTRBUF = WV_STRBUF_INIT;
        for (const char *same = at; *same != '\0'; same = next_of(same)) {
            char *same_item WV_AUTOFREE = wv_xstrndup(same, wv_list_item(same));
            char *same_grantee WV_AUTOFREE = grantee_of(same, target, is_grant);
            if (!wv_list_has(other, same_item) && strcmp(same_grantee, grantee) == 0)
                add_privilege(&privileges, same, target->column);
        }
        struct wv_ddl_statement *statement =
            wv_ddl_add(ddl, "%s%s %s ON %s %s %s", target->before, is_grant ? "GRANT" : "REVOKE",
                       wv_strbuf_text(&privileges), target->on, is_grant ? "TO" : "FROM", grantee);
        if (is_grant)
            wv_ddl_hazard(statement, WV_HAZARD_WIDENS_PRIVILEGES, "%s", grantee);
    }
}

static const char *list_of(const struct wv_object *object, const char *attribute)
{
    return object == NULL ? NULL : wv_object_get(object, attribute);
}

void wv_change_privileges(struct wv_ddl *ddl, const struct wv_privilege_target *target,
                          const struct wv_object *old, const struct wv_object *new)
{
    const char *old_grants = list_of(old, "grants");
    const char *new_grants = list_of(new, "grants");
    const char *old_revokes = list_of(old, "revokes");
    const char *new_revokes = list_of(new, "revokes");
    wv_write_privileges(ddl, target, old_grants, new_grants, false);
    wv_write_privileges(ddl, target, new_revokes, old_revokes, false);
    wv_write_privileges(ddl, target, old_revokes, new_revokes, true);
    wv_write_privileges(ddl, target, new_grants, old_grants, true);
}

/* The word of ALTER DEFAULT PRIVILEGES for objects of this kind; NULL: it knows none. */
static const char *default_type(const struct wv_kind *kind)
{
    if (kind == &wv_kind_sequence)
        return "SEQUENCES";
    if (kind == &wv_kind_routine || kind == &wv_kind_aggregate)
        return "ROUTINES";
    if (kind == &wv_kind_schema)
        return "SCHEMAS";
    if (kind == &wv_kind_table || kind == &wv_kind_view || kind == &wv_kind_materialized_view ||
        kind == &wv_kind_foreign_table)
        return "TABLES";
    return (kind->traits & WV_KIND_TYPE) != 0 ? "TYPES" : NULL;
}

static bool applies(const struct wv_object *defaults, const struct wv_object *created)
{
    return strcmp(wv_object_text(defaults, "type"), default_type(created->kind)) == 0 &&
           strcmp(wv_object_text(defaults, "role"), "CURRENT_USER") == 0 &&
           (defaults->schema == NULL ||
            (created->schema != NULL && strcmp(defaults->schema, created->schema) == 0));
}

static void undo(struct wv_ddl *ddl, const struct wv_catalog *catalog,
                 const struct wv_object *created)
{
    const struct wv_object *wanted = NULL;
    for (size_t i = 0; i < created->part_count; i++)
        if (created->parts[i]->kind == &wv_kind_acl)
            wanted = created->parts[i];
    char *on WV_AUTOFREE = wv_grant_target(created);
    struct wv_privilege_target target = {"", on, "CURRENT_USER", NULL};
    for (size_t i = 0; i < wv_catalog_count(catalog); i++) {
        const struct wv_object *defaults = wv_catalog_at(catalog, i);
        if (defaults->kind != &wv_kind_default_privileges || !applies(defaults, created))
            continue;
        wv_write_privileges(ddl, &target, wv_object_get(defaults, "grants"),
                            list_of(wanted, "grants"), false);
        wv_write_privileges(ddl, &target, wv_object_get(defaults, "revokes"),
                            list_of(wanted, "revokes"), true);
    }
}

void wv_undo_default_privileges(struct wv_ddl *ddl, const struct wv_object *created)
{
    if (default_type(created->kind) != NULL)
        undo(ddl, ddl->before, created);
}
