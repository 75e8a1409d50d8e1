/* See file_for.h. */
#include "file_for.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "xalloc.h"

/* `bit` is S_IROTH or S_IXOTH. Who is not the owner may be in the group: both have to let him. */
static bool may(uid_t uid, const struct stat *status, mode_t bit)
{
    if (uid == 0)
        return true;
    if (status->st_uid == uid)
        return (status->st_mode & (bit << 6)) != 0;
    return (status->st_mode & bit) != 0 && (status->st_mode & (bit << 3)) != 0;
}

static bool may_pass(int folder, uid_t uid)
{
    struct stat status;
    return fstat(folder, &status) == 0 && may(uid, &status, S_IXOTH);
}

/* Opens `name` in `folder`, which is closed. */
static int step(int folder, uid_t uid, const char *name, int flags)
{
    bool pass = may_pass(folder, uid);
    int fd = pass ? openat(folder, name, flags | O_NOFOLLOW | O_CLOEXEC) : -1;
    int error = pass ? errno : EACCES;
    close(folder);
    return fd >= 0 ? fd : -error;
}

static int check_file(int fd, uid_t uid)
{
    struct stat status;
    int error = 0;
    if (fstat(fd, &status) != 0)
        error = errno;
    else if (!S_ISREG(status.st_mode))
        error = EINVAL;
    else if (!may(uid, &status, S_IROTH))
        error = EACCES;
    if (error == 0)
        return fd;
    close(fd);
    return -error;
}

int wv_file_open_for(uid_t uid, const char *path)
{
    char *copy WV_AUTOFREE = wv_xstrdup(path);
    char *rest = NULL;
    char *name = strtok_r(copy, "/", &rest);
    int fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return -errno;
    for (char *next = NULL; name != NULL && fd >= 0; name = next) {
        next = strtok_r(NULL, "/", &rest);
        fd = step(fd, uid, name, next != NULL ? O_PATH | O_DIRECTORY : O_RDONLY | O_NONBLOCK);
    }
    return fd < 0 ? fd : check_file(fd, uid);
}
