/* See socket_place.h. */
#include "socket_place.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "hash.h"

#define SOCKET_NAME ".s.PGSQL.5432"

char *wv_socket_place(const char *inner)
{
    size_t limit = sizeof(((struct sockaddr_un *)NULL)->sun_path);
    /* libpq takes a comma in a host for the end of it. */
    if (strlen(inner) + sizeof("/" SOCKET_NAME) <= limit && strchr(inner, ',') == NULL)
        return wv_xstrdup(inner);
    return wv_xasprintf("/tmp/woven-pg-%016llx", (unsigned long long)wv_hash(inner));
}

bool wv_socket_place_make(const char *place, const char *inner, const struct wv_run_as *as,
                          struct wv_err *err)
{
    if (strcmp(place, inner) == 0)
        return true;
    struct stat found;
    uid_t owner = as != NULL ? as->uid : geteuid();
    if (mkdir(place, 0700) == 0 && as != NULL && lchown(place, as->uid, as->gid) != 0)
        return wv_err_set(err, WV_SERVER_FAILED, "cannot change the owner of %s: %s", place,
                          strerror(errno));
    if (lstat(place, &found) != 0)
        return wv_err_set(err, WV_SERVER_FAILED, "cannot make the folder %s: %s", place,
                          strerror(errno));
    if (S_ISDIR(found.st_mode) && found.st_uid == owner && (found.st_mode & 0077) == 0)
        return true;
    wv_err_set(err, WV_SERVER_FAILED, "%s, the place for the server's socket, is somebody else's",
               place);
    return wv_err_hint(err, "give the daemon a state_directory with a shorter path");
}

/* What lies at that name may be anybody's by now, a link into another folder too. */
void wv_socket_place_remove(const char *inner)
{
    char *place WV_AUTOFREE = wv_socket_place(inner);
    if (strcmp(place, inner) == 0)
        return;
    int fd = open(place, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return;
    unlinkat(fd, SOCKET_NAME, 0);
    unlinkat(fd, SOCKET_NAME ".lock", 0);
    close(fd);
    rmdir(place);
}
