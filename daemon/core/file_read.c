/* See file_read.h. Reads with one byte of room to spare, so that a full read proves the end. */
#include "file_read.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

enum { READ_MIN = 64 * 1024 };

static int64_t nanoseconds(struct timespec time)
{
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

struct wv_file_stamp wv_file_stamp_of(const struct stat *status)
{
    return (struct wv_file_stamp){.device = status->st_dev,
                                  .inode = status->st_ino,
                                  .size = (uint64_t)status->st_size,
                                  .mtime_ns = nanoseconds(status->st_mtim),
                                  .ctime_ns = nanoseconds(status->st_ctim)};
}

struct wv_file_stamp wv_file_stamp_at(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 ? wv_file_stamp_of(&status) : (struct wv_file_stamp){0};
}

bool wv_file_stamp_equal(const struct wv_file_stamp *left, const struct wv_file_stamp *right)
{
    return left->device == right->device && left->inode == right->inode &&
           left->size == right->size && left->mtime_ns == right->mtime_ns &&
           left->ctime_ns == right->ctime_ns;
}

static void reserve(struct wv_file_buffer *buffer, size_t wanted)
{
    if (wanted <= buffer->capacity)
        return;
    free(buffer->data);
    buffer->capacity = wanted;
    buffer->data = wv_xmalloc(wanted);
}

/* A file that grows while it is read is cut at the buffer; its stamp tells it apart later. */
static int read_all(int fd, struct wv_file_buffer *buffer, size_t *length)
{
    size_t used = 0;
    while (used < buffer->capacity) {
        ssize_t got = read(fd, buffer->data + used, buffer->capacity - used);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return errno;
        used += (size_t)got;
        if (got == 0 || used < buffer->capacity) /* a short read of a regular file is its end */
            break;
    }
    *length = used;
    return 0;
}

static int read_open(int fd, struct wv_file_buffer *buffer, size_t *length,
                     struct wv_file_stamp *stamp)
{
    struct stat status;
    if (fstat(fd, &status) != 0)
        return errno;
    if (!S_ISREG(status.st_mode))
        return EINVAL;
    if (status.st_size > WV_REVISION_SIZE_MAX)
        return EFBIG;
    size_t size = (size_t)status.st_size + 1;
    reserve(buffer, size > READ_MIN ? size : READ_MIN);
    *stamp = wv_file_stamp_of(&status);
    return read_all(fd, buffer, length);
}

int wv_file_read(int dir, const char *name, struct wv_file_buffer *buffer, size_t *length,
                 struct wv_file_stamp *stamp)
{
    int fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return errno;
    int error = read_open(fd, buffer, length, stamp);
    (void)close(fd);
    return error;
}

void wv_file_buffer_free(struct wv_file_buffer *buffer)
{
    free(buffer->data);
    *buffer = (struct wv_file_buffer){0};
}
