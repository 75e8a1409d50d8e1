/* Names become numbers when the settings are taken, so that a slow user database never holds up the
 * loop. Refuses to know sessions. */
#include "access.h"

#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "log.h"

enum { CLASSES = 3 };

struct wv_right {
    bool everybody;
    uid_t *users;
    size_t user_count, user_capacity;
    gid_t *groups;
    size_t group_count, group_capacity;
};

struct wv_rights {
    struct wv_right classes[CLASSES];
};

const char *wv_access_word(enum wv_access_class access)
{
    static const char *const words[CLASSES] = {"read", "migrate", "admin"};
    return words[access];
}

static bool as_number(const char *text, unsigned long *number)
{
    char *end;
    *number = strtoul(text, &end, 10);
    return *text >= '0' && *text <= '9' && *end == '\0' && *number < UINT32_MAX;
}

static void add_user(struct wv_right *right, uid_t user)
{
    WV_GROW(right->users, right->user_count, right->user_capacity);
    right->users[right->user_count++] = user;
}

static void add_group(struct wv_right *right, gid_t group)
{
    WV_GROW(right->groups, right->group_count, right->group_capacity);
    right->groups[right->group_count++] = group;
}

static bool resolve_user(struct wv_right *right, const char *name)
{
    unsigned long number;
    const struct passwd *user = getpwnam(name);
    if (user != NULL)
        add_user(right, user->pw_uid);
    else if (as_number(name, &number))
        add_user(right, (uid_t)number);
    else
        return false;
    return true;
}

static bool resolve_group(struct wv_right *right, const char *name)
{
    unsigned long number;
    const struct group *group = getgrnam(name);
    if (group != NULL)
        add_group(right, group->gr_gid);
    else if (as_number(name, &number))
        add_group(right, (gid_t)number);
    else
        return false;
    return true;
}

static void resolve(struct wv_right *right, const struct wv_strlist *names,
                    enum wv_access_class access)
{
    for (size_t i = 0; i < names->count; i++) {
        const char *name = names->items[i];
        bool found = true;
        if (strcmp(name, "*") == 0)
            right->everybody = true;
        else if (name[0] == '@')
            found = resolve_group(right, name + 1);
        else
            found = resolve_user(right, name);
        if (!found)
            wv_log(WV_LOG_WARNING, "access", "access.%s: there is no \"%s\" here; it allows nobody",
                   wv_access_word(access), name);
    }
    if (names->count > 0)
        return;
    right->everybody = access == WV_ACCESS_READ;
    add_user(right, 0);
    add_user(right, geteuid());
}

struct wv_rights *wv_rights_new(const struct wv_access *access)
{
    struct wv_rights *rights = wv_xcalloc(1, sizeof(*rights));
    resolve(&rights->classes[WV_ACCESS_READ], &access->read, WV_ACCESS_READ);
    resolve(&rights->classes[WV_ACCESS_MIGRATE], &access->migrate, WV_ACCESS_MIGRATE);
    resolve(&rights->classes[WV_ACCESS_ADMIN], &access->admin, WV_ACCESS_ADMIN);
    return rights;
}

void wv_rights_free(struct wv_rights *rights)
{
    for (int i = 0; rights != NULL && i < CLASSES; i++) {
        free(rights->classes[i].users);
        free(rights->classes[i].groups);
    }
    free(rights);
}

static bool holds(const struct wv_right *right, const struct wv_peer *peer)
{
    if (right->everybody)
        return true;
    for (size_t i = 0; i < right->user_count; i++)
        if (right->users[i] == peer->uid)
            return true;
    for (size_t i = 0; i < right->group_count; i++)
        if (wv_peer_in_group(peer, right->groups[i]))
            return true;
    return false;
}

bool wv_rights_allow(const struct wv_rights *rights, enum wv_access_class access,
                     const struct wv_peer *peer)
{
    if (holds(&rights->classes[access], peer))
        return true;
    return access == WV_ACCESS_READ && (holds(&rights->classes[WV_ACCESS_MIGRATE], peer) ||
                                        holds(&rights->classes[WV_ACCESS_ADMIN], peer));
}
