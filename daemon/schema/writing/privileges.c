/* See privileges.h. */
#include "privileges.h"

#include <stdlib.h>
#include <string.h>

#include "kinds.h"
#include "list.h"
#include "writing.h"

const struct wv_object *wv_owned(const struct wv_object *object)
{
    if (object->kind == &wv_kind_identity_sequence)
        object = object->parent;
    return (object->kind->traits & WV_KIND_NAMED_IN_PARENT) != 0 ? object->parent : object;
}

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

static const char owner_marker[] = "<owner>";

/* The words before a role in an item: TO, FROM, GRANTED BY. */
static struct wv_privilege_role role_behind(const char *item, size_t length, const char *word)
{
    size_t word_length = strlen(word);
    bool is_quoted = false;
    for (size_t i = 0; i + word_length < length; i++) {
        is_quoted = is_quoted != (item[i] == '"');
        if (is_quoted || strncmp(item + i, word, word_length) != 0)
            continue;
        const char *name = item + i + word_length;
        size_t left = length - i - word_length;
        size_t key = wv_list_key(name);
        return (struct wv_privilege_role){name, key < left ? key : left};
    }
    return (struct wv_privilege_role){"", 0};
}

struct wv_privilege wv_privilege_read(const char *item)
{
    static const char option[] = " WITH GRANT OPTION";
    size_t length = wv_list_item(item);
    struct wv_privilege found = {.grantee = role_behind(item, length, " TO "),
                                 .grantor = role_behind(item, length, " GRANTED BY ")};
    const char *preposition = " TO ";
    if (found.grantee.length == 0) {
        preposition = " FROM ";
        found.grantee = role_behind(item, length, preposition);
    }
    found.length = (size_t)(found.grantee.name - item) - strlen(preposition);
    const char *rest = found.grantee.name + found.grantee.length;
    found.has_option = strncmp(rest, option, strlen(option)) == 0;
    return found;
}

/* The grantee of an item, with its option where that is wanted. */
static char *grantee_of(const char *item, const struct wv_privilege_target *target,
                        bool with_option)
{
    struct wv_privilege privilege = wv_privilege_read(item);
    char *name WV_AUTOFREE = wv_xstrndup(privilege.grantee.name, privilege.grantee.length);
    return wv_xasprintf("%s%s", strcmp(name, owner_marker) == 0 ? target->owner : name,
                        with_option && privilege.has_option ? " WITH GRANT OPTION" : "");
}

static void add_privilege(struct wv_strbuf *out, const char *item, const char *column)
{
    struct wv_privilege privilege = wv_privilege_read(item);
    wv_strbuf_addf(out, "%s%.*s", out->length > 0 ? ", " : "", (int)privilege.length, item);
    if (column != NULL)
        wv_strbuf_addf(out, " (%s)", column);
}

/* Who grants by an option that was granted comes after who granted that, and is revoked from
 * before: how many grants lie between the owner and this item of the list. */
static size_t depth_of(const char *list, const char *item)
{
    struct wv_privilege privilege = wv_privilege_read(item);
    size_t least = 0;
    for (const char *at = list; privilege.grantor.length > 0 && *at != '\0';
         at = wv_list_next(at)) {
        struct wv_privilege other = wv_privilege_read(at);
        if (!other.has_option || other.length != privilege.length ||
            strncmp(at, item, other.length) != 0 ||
            other.grantee.length != privilege.grantor.length ||
            strncmp(other.grantee.name, privilege.grantor.name, other.grantee.length) != 0)
            continue;
        size_t depth = depth_of(list, at) + 1;
        least = least == 0 || depth < least ? depth : least;
    }
    return least == 0 && privilege.grantor.length > 0 ? 1 : least;
}

/* As whom the statement has to run; NULL: as whoever runs all, who acts for the owner. */
static char *grantor_of(const char *item)
{
    struct wv_privilege privilege = wv_privilege_read(item);
    char *name WV_AUTOFREE = wv_xstrndup(privilege.grantor.name, privilege.grantor.length);
    return *name == '\0' || strcmp(name, "CURRENT_USER") == 0 ? NULL : WV_STEAL(name);
}

/* Role and option of the one who is given something, and the role that gives it. */
static char *way_of(const char *item, const struct wv_privilege_target *target, bool with_option)
{
    char *grantee WV_AUTOFREE = grantee_of(item, target, with_option);
    char *grantor WV_AUTOFREE = grantor_of(item);
    return wv_xasprintf("%s%s%s", grantee, grantor != NULL ? " GRANTED BY " : "",
                        grantor != NULL ? grantor : "");
}

/* One statement of all that goes the same way as the item. */
static void write_way(struct wv_ddl *ddl, const struct wv_privilege_target *target,
                      const char *item, const char *privileges, bool is_grant, bool is_wider)
{
    char *grantee WV_AUTOFREE = grantee_of(item, target, is_grant);
    char *grantor WV_AUTOFREE = grantor_of(item);
    if (grantor != NULL)
        wv_ddl_add(ddl, "SET ROLE %s", grantor);
    struct wv_ddl_statement *statement =
        wv_ddl_add(ddl, "%s%s %s ON %s %s %s", target->before, is_grant ? "GRANT" : "REVOKE",
                   privileges, target->on, is_grant ? "TO" : "FROM", grantee);
    if (is_wider)
        wv_ddl_hazard(statement, WV_HAZARD_WIDENS_PRIVILEGES, "%s", grantee);
    if (grantor != NULL)
        wv_ddl_add(ddl, "RESET ROLE");
}

static void write_depth(struct wv_ddl *ddl, const struct wv_privilege_target *target,
                        const char *list, const char *other, bool is_grant, size_t depth)
{
    struct wv_strbuf done WV_AUTOSTRBUF = WV_STRBUF_INIT;
    for (const char *at = list; *at != '\0'; at = wv_list_next(at)) {
        char *item WV_AUTOFREE = wv_xstrndup(at, wv_list_item(at));
        char *way WV_AUTOFREE = way_of(at, target, is_grant);
        if (wv_list_has(other, item) || wv_list_has(wv_strbuf_text(&done), way) ||
            depth_of(list, at) != depth)
            continue;
        wv_strbuf_addf(&done, "%s%s", done.length > 0 ? ", " : "", way);
        struct wv_strbuf privileges WV_AUTOSTRBUF = WV_STRBUF_INIT;
        bool is_more = false;
        for (const char *same = at; *same != '\0'; same = wv_list_next(same)) {
            char *same_item WV_AUTOFREE = wv_xstrndup(same, wv_list_item(same));
            char *same_way WV_AUTOFREE = way_of(same, target, is_grant);
            if (wv_list_has(other, same_item) || strcmp(same_way, way) != 0 ||
                depth_of(list, same) != depth)
                continue;
            add_privilege(&privileges, same, target->column);
            is_more = is_more || !wv_list_has(target->had, same_item);
            if (!is_grant && target->taken != NULL)
                wv_strbuf_addf(target->taken, "%s%.*s FROM %s",
                               target->taken->length > 0 ? ", " : "",
                               (int)wv_privilege_read(same).length, same, way);
        }
        write_way(ddl, target, at, wv_strbuf_text(&privileges), is_grant, is_grant && is_more);
    }
}

void wv_write_privileges(struct wv_ddl *ddl, const struct wv_privilege_target *target,
                         const char *list, const char *other, bool is_grant)
{
    size_t deepest = 0;
    for (const char *at = list == NULL ? "" : list; *at != '\0'; at = wv_list_next(at))
        if (depth_of(list, at) > deepest)
            deepest = depth_of(list, at);
    for (size_t i = 0; list != NULL && i <= deepest; i++)
        write_depth(ddl, target, list, other, is_grant, is_grant ? i : deepest - i);
}

static const char *list_of(const struct wv_object *object, const char *attribute)
{
    return object == NULL ? NULL : wv_object_get(object, attribute);
}

void wv_change_privileges(struct wv_ddl *ddl, const struct wv_privilege_target *target,
                          const struct wv_object *old, const struct wv_object *new)
{
    struct wv_strbuf grants WV_AUTOSTRBUF = WV_STRBUF_INIT;
    struct wv_strbuf revokes WV_AUTOSTRBUF = WV_STRBUF_INIT;
    const char *new_grants = list_of(new, "grants");
    const char *new_revokes = list_of(new, "revokes");
    wv_privileges_handed_over(&grants, &revokes, list_of(old, "grants"), list_of(old, "revokes"),
                              target);
    wv_write_privileges(ddl, target, wv_strbuf_text(&grants), new_grants, false);
    wv_write_privileges(ddl, target, new_revokes, wv_strbuf_text(&revokes), false);
    wv_write_privileges(ddl, target, wv_strbuf_text(&revokes), new_revokes, true);
    wv_write_privileges(ddl, target, new_grants, wv_strbuf_text(&grants), true);
}

void wv_give_back(struct wv_ddl *ddl, const struct wv_privilege_target *column, const char *taken,
                  const char *grants)
{
    for (const char *at = grants == NULL ? "" : grants; *at != '\0'; at = wv_list_next(at)) {
        int length = (int)wv_privilege_read(at).length;
        char *way WV_AUTOFREE = way_of(at, column, false);
        char *lost WV_AUTOFREE = wv_xasprintf("%.*s FROM %s", length, at, way);
        char *privilege WV_AUTOFREE = wv_xasprintf("%.*s (%s)", length, at, column->column);
        if (wv_list_has(taken, lost))
            write_way(ddl, column, at, privilege, true, false);
    }
}

/* The word of ALTER DEFAULT PRIVILEGES for objects of this kind; NULL: it knows none. */
static const char *default_type(const struct wv_kind *kind)
{
    if (kind == &wv_kind_sequence || kind == &wv_kind_identity_sequence)
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

bool wv_default_privileges_apply(const struct wv_object *defaults, const struct wv_object *created)
{
    const char *type = default_type(created->kind);
    return defaults->kind == &wv_kind_default_privileges && type != NULL &&
           strcmp(wv_object_text(defaults, "type"), type) == 0 &&
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
    struct wv_privilege_target target = {"", on, "CURRENT_USER", NULL, NULL, NULL};
    for (size_t i = 0; i < wv_catalog_count(catalog); i++) {
        const struct wv_object *defaults = wv_catalog_at(catalog, i);
        if (!wv_default_privileges_apply(defaults, created))
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
