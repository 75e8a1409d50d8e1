/* See newfile.h. */
#include "newfile.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool write_content(int fd, const char *content, size_t length)
{
    while (length > 0) {
        ssize_t count = write(fd, content, length);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return false;
        content += count;
        length -= (size_t)count;
    }
    return fsync(fd) == 0;
}

bool wv_newfile_write(const char *path, const void *content, size_t length, struct wv_err *err)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0644);
    if (fd < 0 && errno == EEXIST) {
        wv_err_set(err, WV_FILE_EXISTS, "%s exists already", path);
        return wv_err_hint(err, "existing files are never overwritten: choose another name or "
                                "move it away");
    }
    if (fd < 0)
        return wv_err_set(err, WV_IO_ERROR, "cannot make %s: %s", path, strerror(errno));
    bool ok = write_content(fd, content, length);
    int saved = errno;
    if (close(fd) != 0 && ok) {
        saved = errno;
        ok = false;
    }
    if (ok)
        return true;
    unlink(path);
    return wv_err_set(err, WV_IO_ERROR, "cannot write %s: %s", path, strerror(saved));
}

bool wv_newfile_directory(const char *path, bool *made, struct wv_err *err)
{
    if (mkdir(path, 0755) == 0) {
        *made = true;
        return true;
    }
    int saved = errno;
    struct stat info;
    if (saved == EEXIST && stat(path, &info) == 0 && S_ISDIR(info.st_mode)) {
        *made = false;
        return true;
    }
    return wv_err_set(err, WV_IO_ERROR, "cannot make directory %s: %s", path, strerror(saved));
}

bool wv_newfile_parents(const char *path, struct wv_err *err)
{
    char *part WV_AUTOFREE = wv_xstrdup(path);
    for (char *slash = strchr(part + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        struct stat info;
        bool made;
        if (stat(part, &info) != 0 && !wv_newfile_directory(part, &made, err))
            return false;
        *slash = '/';
    }
    return true;
}
