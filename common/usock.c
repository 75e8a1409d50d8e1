/* Making and reaching Unix sockets. Order of a bind: is somebody there, remove what is dead, umask,
 * bind, owner and mode, listen; nobody can connect before the mode is right, as there is no listen
 * yet. Refuses to know what is said over them. */
#include "usock.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "clock.h"

enum { BACKLOG = 512, LISTEN_FDS_START = 3 };

static bool fill_address(const char *path, struct sockaddr_un *address, enum wv_err_code code,
                         struct wv_err *err)
{
    *address = (struct sockaddr_un){.sun_family = AF_UNIX};
    if (path[0] == '\0')
        return wv_err_set(err, code, "the socket's path is empty");
    if (strlen(path) >= sizeof(address->sun_path))
        return wv_err_set(err, code, "the socket's path is longer than %zu bytes: %s",
                          sizeof(address->sun_path) - 1, path);
    memcpy(address->sun_path, path, strlen(path) + 1);
    return true;
}

static bool io_error(struct wv_err *err, const char *what, const char *path)
{
    return wv_err_set(err, WV_IO_ERROR, "cannot %s %s: %s", what, path, strerror(errno));
}

static int new_socket(int flags)
{
    return socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | flags, 0);
}

/* A full backlog (EAGAIN) is a sign of life, too. */
static bool answers(const struct sockaddr_un *address)
{
    int fd = new_socket(SOCK_NONBLOCK);
    if (fd < 0)
        return true;
    bool dead = connect(fd, (const struct sockaddr *)address, sizeof(*address)) != 0 &&
                (errno == ECONNREFUSED || errno == ENOENT);
    close(fd);
    return !dead;
}

static bool clear_place(const struct sockaddr_un *address, struct wv_err *err)
{
    const char *path = address->sun_path;
    struct stat info;
    if (lstat(path, &info) != 0)
        return errno == ENOENT ? true : io_error(err, "look at", path);
    if (!S_ISSOCK(info.st_mode))
        return wv_err_set(err, WV_IO_ERROR, "%s exists and is not a socket", path);
    if (answers(address)) {
        wv_err_set(err, WV_IO_ERROR, "another daemon answers on %s", path);
        return wv_err_hint(err, "stop it, or give this one another socket");
    }
    if (unlink(path) != 0 && errno != ENOENT)
        return io_error(err, "remove the dead socket", path);
    return true;
}

static bool find_group(const char *name, gid_t *group, struct wv_err *err)
{
    const struct group *entry = getgrnam(name);
    if (entry == NULL)
        return wv_err_set(err, WV_CONFIG_ERROR, "there is no group \"%s\" for the socket", name);
    *group = entry->gr_gid;
    return true;
}

static bool bind_there(int fd, const struct sockaddr_un *address,
                       const struct wv_usock_place *place, gid_t group, struct wv_err *err)
{
    const char *path = place->path;
    mode_t old = umask(0177);
    bool bound = bind(fd, (const struct sockaddr *)address, sizeof(*address)) == 0;
    umask(old);
    if (!bound) {
        io_error(err, "make the socket", path);
        return wv_err_hint(err, "does its folder exist, and may this user write there?");
    }
    if (place->group != NULL && chown(path, (uid_t)-1, group) != 0)
        io_error(err, "change the group of", path);
    else if (chmod(path, place->mode) != 0)
        io_error(err, "change the mode of", path);
    else if (listen(fd, BACKLOG) != 0)
        io_error(err, "listen on", path);
    else
        return true;
    unlink(path);
    return false;
}

bool wv_usock_listen(const struct wv_usock_place *place, int *fd, struct wv_err *err)
{
    struct sockaddr_un address;
    gid_t group = (gid_t)-1;
    if (!fill_address(place->path, &address, WV_CONFIG_ERROR, err))
        return false;
    if (place->group != NULL && !find_group(place->group, &group, err))
        return false;
    if (!clear_place(&address, err))
        return false;
    int made = new_socket(SOCK_NONBLOCK);
    if (made < 0)
        return io_error(err, "make the socket", place->path);
    if (!bind_there(made, &address, place, group, err)) {
        close(made);
        return false;
    }
    *fd = made;
    return true;
}

void wv_usock_remove(const char *path)
{
    struct sockaddr_un address;
    struct wv_err ignored WV_AUTOERR = {0};
    if (fill_address(path, &address, WV_CONFIG_ERROR, &ignored) && !answers(&address))
        unlink(path);
}

static bool option_is(int fd, int option, int wanted)
{
    int value = -1;
    socklen_t size = sizeof(value);
    return getsockopt(fd, SOL_SOCKET, option, &value, &size) == 0 && value == wanted;
}

static bool check_inherited(int fd, struct wv_err *err)
{
    if (!option_is(fd, SO_DOMAIN, AF_UNIX) || !option_is(fd, SO_TYPE, SOCK_STREAM))
        return wv_err_set(err, WV_CONFIG_ERROR,
                          "the service manager passed something else than a Unix stream socket");
    if (!option_is(fd, SO_ACCEPTCONN, 1)) {
        wv_err_set(err, WV_CONFIG_ERROR,
                   "the socket that the service manager passed does not "
                   "listen");
        return wv_err_hint(err, "the socket unit needs Accept=no");
    }
    int flags = fcntl(fd, F_GETFL);
    if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) != 0 ||
        fcntl(fd, F_SETFD, FD_CLOEXEC) != 0)
        return io_error(err, "set up", "the passed socket");
    return true;
}

/* The value of a variable as a number, -1 when it is none. */
static long number_of(const char *text)
{
    char *end;
    if (text == NULL || *text == '\0')
        return -1;
    errno = 0;
    long value = strtol(text, &end, 10);
    return *end == '\0' && errno == 0 ? value : -1;
}

bool wv_usock_inherited(int *fd, struct wv_err *err)
{
    long pid = number_of(getenv("LISTEN_PID"));
    long count = number_of(getenv("LISTEN_FDS"));
    unsetenv("LISTEN_PID");
    unsetenv("LISTEN_FDS");
    unsetenv("LISTEN_FDNAMES");
    if (pid != (long)getpid() || count == 0 || count == -1) {
        *fd = -1;
        return true;
    }
    if (count != 1)
        return wv_err_set(err, WV_CONFIG_ERROR,
                          "the service manager passed %ld sockets where one is wanted", count);
    if (!check_inherited(LISTEN_FDS_START, err))
        return false;
    *fd = LISTEN_FDS_START;
    return true;
}

static bool no_daemon(struct wv_err *err, const char *path)
{
    int fault = errno;
    wv_err_set(err, WV_NO_DAEMON, "no daemon answers on %s: %s", path, strerror(fault));
    if (fault == EACCES)
        return wv_err_hint(err, "you may not open the socket: are you in its group?");
    return wv_err_hint(err, "is wovend running? (systemctl status wovend)");
}

/* A full backlog makes a non-blocking connect fail with EAGAIN at once (unix(7)): tried again in
 * short turns until the deadline. */
static bool connect_until(int fd, const struct sockaddr_un *address, int64_t deadline,
                          struct wv_err *err)
{
    while (connect(fd, (const struct sockaddr *)address, sizeof(*address)) != 0) {
        if (errno == EINTR)
            continue;
        if (errno != EAGAIN)
            return no_daemon(err, address->sun_path);
        int left = wv_clock_left(deadline);
        if (left == 0)
            return wv_err_set(err, WV_TIMED_OUT, "the daemon on %s takes no connection in time",
                              address->sun_path);
        int pause = left < 0 || left > 20 ? 20 : left;
        poll(NULL, 0, pause);
    }
    return true;
}

bool wv_usock_connect(const char *path, int64_t deadline, int *fd, struct wv_err *err)
{
    struct sockaddr_un address;
    if (!fill_address(path, &address, WV_USAGE, err))
        return false;
    int made = new_socket(SOCK_NONBLOCK);
    if (made < 0)
        return io_error(err, "make a socket for", path);
    if (!connect_until(made, &address, deadline, err) || fcntl(made, F_SETFL, 0) != 0) {
        close(made);
        return false;
    }
    *fd = made;
    return true;
}
