/* What a change of owner makes of privileges, as the server does it (aclnewowner): all that was the
 * old owner's is the new one's, and one with what that role was given before. See privileges.h. */
#include <string.h>

#include "list.h"
#include "privileges.h"
#include "xalloc.h"

static const char owner_marker[] = "<owner>";

static void add(struct wv_strbuf *list, const char *item)
{
    if (!wv_list_has(wv_strbuf_text(list), item))
        wv_strbuf_addf(list, "%s%s", list->length > 0 ? ", " : "", item);
}

static bool is_role(const struct wv_privilege_role *role, const char *name)
{
    return role->length == strlen(name) && strncmp(role->name, name, role->length) == 0;
}

/* The item with its roles as they are under the new owner, and with this option. */
static char *item_under(const char *owner, const char *item, const char *option)
{
    struct wv_privilege found = wv_privilege_read(item);
    char *grantee WV_AUTOFREE = is_role(&found.grantee, owner)
                                    ? wv_xstrdup(owner_marker)
                                    : wv_xstrndup(found.grantee.name, found.grantee.length);
    char *grantor WV_AUTOFREE =
        found.grantor.length == 0 || is_role(&found.grantor, owner)
            ? wv_xstrdup("")
            : wv_xasprintf(" GRANTED BY %.*s", (int)found.grantor.length, found.grantor.name);
    return wv_xasprintf("%.*s TO %s%s%s", (int)found.length, item, grantee, option, grantor);
}

/* Of two items that have become one, that with the option stays. */
static void merge(struct wv_strbuf *out, const char *list, const char *owner)
{
    static const char option[] = " WITH GRANT OPTION";
    for (int round = 0; round < 2; round++)
        for (const char *at = list; *at != '\0'; at = wv_list_next(at)) {
            char *with WV_AUTOFREE = item_under(owner, at, option);
            char *without WV_AUTOFREE = item_under(owner, at, "");
            bool has_option = wv_privilege_read(at).has_option;
            if (has_option == (round == 0) && !wv_list_has(wv_strbuf_text(out), with))
                add(out, has_option ? with : without);
        }
}

/* The item on the other list that undoes this one. */
static char *opposite(const char *item, const char *preposition)
{
    struct wv_privilege found = wv_privilege_read(item);
    return wv_xasprintf("%.*s %s %.*s", (int)found.length, item, preposition,
                        (int)found.grantee.length, found.grantee.name);
}

/* What an owner has by default is said by no item; with the option it is not what it has by
 * default. Of a column it has nothing by default. */
static bool is_absorbed(const char *item, const char *old_grants,
                        const struct wv_privilege_target *target)
{
    struct wv_privilege found = wv_privilege_read(item);
    return target->column == NULL && is_role(&found.grantee, owner_marker) &&
           found.grantor.length == 0 && !wv_list_has(old_grants, item);
}

void wv_privileges_handed_over(struct wv_strbuf *grants, struct wv_strbuf *revokes,
                               const char *old_grants, const char *old_revokes,
                               const struct wv_privilege_target *target)
{
    struct wv_strbuf merged WV_AUTOSTRBUF = WV_STRBUF_INIT;
    merge(&merged, old_grants == NULL ? "" : old_grants, target->owner);
    const char *all = wv_strbuf_text(&merged);
    for (const char *at = old_revokes == NULL ? "" : old_revokes; *at != '\0';
         at = wv_list_next(at)) {
        char *item WV_AUTOFREE = wv_xstrndup(at, wv_list_item(at));
        char *undone WV_AUTOFREE = opposite(item, "TO");
        if (!wv_list_has(all, undone))
            add(revokes, item);
    }
    for (const char *at = all; *at != '\0'; at = wv_list_next(at)) {
        char *item WV_AUTOFREE = wv_xstrndup(at, wv_list_item(at));
        char *undone WV_AUTOFREE = opposite(item, "FROM");
        bool absorbed = is_absorbed(item, old_grants, target);
        bool has_option = wv_privilege_read(item).has_option;
        if (absorbed && has_option)
            add(revokes, undone);
        if (has_option || !(absorbed || wv_list_has(old_revokes, undone)))
            add(grants, item);
    }
}
