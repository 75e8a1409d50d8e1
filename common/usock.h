/* Unix stream sockets: safe set-up, sockets from the service manager, connecting, and who is at the
 * other end. Knows no protocol. All descriptors are close-on-exec and, but for the clients', non-
 * blocking. Functions keep no state; the ones that change umask or environment belong before the
 * first thread. */
#ifndef WV_USOCK_H
#define WV_USOCK_H

#include <stdint.h>
#include <sys/types.h>

#include "err.h"

struct wv_usock_place {
    const char *path;
    mode_t mode;       /* of the socket file */
    const char *group; /* its group; NULL keeps the process's */
};

/* Binds and listens. A socket at the path on which somebody answers, or a file that is no socket,
 * is refused; a dead socket is replaced. WV_CONFIG_ERROR (path too long, no such group),
 * WV_IO_ERROR. Changes the umask for a moment: call before the first thread. */
bool wv_usock_listen(const struct wv_usock_place *place, int *fd, struct wv_err *err) WV_MUST_CHECK;
/* Removes the socket at `path` after our own listener was closed, unless another process listens
 * there by now. */
void wv_usock_remove(const char *path);

/* The listening socket that the service manager passed (sd_listen_fds(3): LISTEN_PID, LISTEN_FDS),
 * or -1 when it passed none. Exactly one AF_UNIX stream socket that listens; all else is
 * WV_CONFIG_ERROR. Takes the variables out of the environment: call before the first thread. */
bool wv_usock_inherited(int *fd, struct wv_err *err) WV_MUST_CHECK;

/* Connects; the descriptor is blocking. `deadline` is a wv_clock_ms() value. WV_NO_DAEMON when
 * nobody listens or the path may not be opened, with a hint; WV_TIMED_OUT at the deadline. */
bool wv_usock_connect(const char *path, int64_t deadline, int *fd,
                      struct wv_err *err) WV_MUST_CHECK;

/* Who is at the other end of a connection, as of when it was made (SO_PEERCRED, unix(7)). */
struct wv_peer {
    uid_t uid;
    gid_t gid;
    pid_t pid;
    gid_t *groups; /* supplementary ones, with or without gid */
    size_t group_count;
};

/* Groups come from SO_PEERGROUPS, else from the group database. WV_IO_ERROR. */
bool wv_usock_peer(int fd, struct wv_peer *peer, struct wv_err *err) WV_MUST_CHECK;
bool wv_peer_in_group(const struct wv_peer *peer, gid_t group);
void wv_peer_clear(struct wv_peer *peer);

#endif
