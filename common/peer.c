/* Who is at the other end of a connection. The kernel answers for the moment of connect(2); its
 * list of groups is asked for first, the group database only where the kernel is too old for that.
 */
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "usock.h"

#ifndef SO_PEERGROUPS
#define SO_PEERGROUPS 59
#endif

/* False: the kernel cannot tell. */
static bool groups_from_kernel(int fd, struct wv_peer *peer)
{
    socklen_t size = 0;
    if (getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, NULL, &size) == 0)
        return true;
    if (errno != ERANGE)
        return false;
    gid_t *groups = wv_xmalloc(size);
    if (getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, groups, &size) != 0) {
        free(groups);
        return false;
    }
    peer->groups = groups;
    peer->group_count = size / sizeof(gid_t);
    return true;
}

static void groups_from_database(struct wv_peer *peer)
{
    const struct passwd *user = getpwuid(peer->uid);
    int count = 64;
    if (user == NULL)
        return;
    peer->groups = wv_xreallocarray(NULL, (size_t)count, sizeof(gid_t));
    if (getgrouplist(user->pw_name, peer->gid, peer->groups, &count) < 0) {
        peer->groups = wv_xreallocarray(peer->groups, (size_t)count, sizeof(gid_t));
        if (getgrouplist(user->pw_name, peer->gid, peer->groups, &count) < 0)
            count = 0;
    }
    peer->group_count = (size_t)count;
}

bool wv_usock_peer(int fd, struct wv_peer *peer, struct wv_err *err)
{
    struct ucred credentials;
    socklen_t size = sizeof(credentials);
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0)
        return wv_err_set(err, WV_IO_ERROR, "cannot tell who is connected: %s", strerror(errno));
    *peer =
        (struct wv_peer){.uid = credentials.uid, .gid = credentials.gid, .pid = credentials.pid};
    if (!groups_from_kernel(fd, peer))
        groups_from_database(peer);
    return true;
}

bool wv_peer_in_group(const struct wv_peer *peer, gid_t group)
{
    if (peer->gid == group)
        return true;
    for (size_t i = 0; i < peer->group_count; i++)
        if (peer->groups[i] == group)
            return true;
    return false;
}

void wv_peer_clear(struct wv_peer *peer)
{
    free(peer->groups);
    *peer = (struct wv_peer){0};
}
