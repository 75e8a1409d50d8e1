/* See newfile.h. */
#include "newfile.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clock.h"
#include "interrupt.h"
#include "strbuf.h"

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

int wv_newfile_lock(int fd, int64_t deadline)
{
    static const struct timespec pause = {.tv_nsec = 20000000};
    while (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK || wv_clock_ms() >= deadline)
            return errno;
        if (ppoll(NULL, 0, &pause, wv_interrupt_mask()) < 0)
            return EINTR;
    }
    return 0;
}

bool wv_newfile_plausible(const char *path)
{
    size_t length = strlen(path);
    const char *name = strrchr(path, '/');
    return path[0] == '/' && length > 5 && strcmp(path + length - 4, ".sql") == 0 &&
           name[1] != '.' && strstr(path, "/../") == NULL && strstr(path, "/./") == NULL;
}

static bool fill(int fd, const struct stat *like, const void *content, size_t length)
{
    /* Another owner is kept where the kernel lets us; the mode comes after it, which may clear
     * bits of it. */
    int ignored = fchown(fd, like->st_uid, like->st_gid);
    (void)ignored;
    return fchmod(fd, like->st_mode & 07777) == 0 && write_content(fd, content, length);
}

/* `real` has no link in it. 0, or the errno. */
static int replace(const char *real, const void *content, size_t length)
{
    struct stat info;
    if (access(real, W_OK) != 0 || stat(real, &info) != 0)
        return errno;
    if (!S_ISREG(info.st_mode))
        return EINVAL;
    const char *name = strrchr(real, '/') + 1;
    /* Hidden: whoever reads the directory meanwhile takes no notice of it. */
    char *other WV_AUTOFREE = wv_xasprintf("%.*s.%s.XXXXXX", (int)(name - real), real, name);
    int fd = mkostemp(other, O_CLOEXEC);
    if (fd < 0)
        return errno;
    bool ok = fill(fd, &info, content, length);
    int saved = ok ? 0 : errno;
    if (close(fd) != 0 && saved == 0)
        saved = errno;
    if (saved == 0 && rename(other, real) != 0)
        saved = errno;
    if (saved != 0)
        unlink(other);
    return saved;
}

bool wv_newfile_replace(const char *path, const void *content, size_t length, struct wv_err *err)
{
    char *real = realpath(path, NULL);
    int error = real != NULL ? replace(real, content, length) : errno;
    free(real);
    if (error == 0)
        return true;
    return wv_err_set(err, WV_IO_ERROR, "cannot write %s: %s", path, strerror(error));
}

/* 0, or the errno. */
static int read_content(int fd, struct wv_strbuf *content)
{
    char part[16384];
    for (;;) {
        ssize_t count = read(fd, part, sizeof(part));
        if (count == 0)
            return 0;
        if (count > 0)
            wv_strbuf_add(content, part, (size_t)count);
        else if (errno != EINTR)
            return errno;
    }
}

bool wv_newfile_read(const char *path, char **content, size_t *length, struct wv_err *err)
{
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    int error = fd >= 0 ? read_content(fd, &text) : errno;
    if (fd >= 0)
        close(fd);
    if (error != 0)
        return wv_err_set(err, WV_IO_ERROR, "cannot read %s: %s", path, strerror(error));
    *length = text.length;
    *content = wv_strbuf_take(&text);
    return true;
}
