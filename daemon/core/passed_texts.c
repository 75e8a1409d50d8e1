/* See passed_texts.h. */
#include "passed_texts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SEALS = F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW };

void wv_passed_texts_add(struct wv_passed_texts *texts, int fd)
{
    texts->fds[texts->count++] = fd;
}

int wv_passed_texts_at(const struct wv_passed_texts *texts, size_t place)
{
    return place < texts->count ? texts->fds[place] : -1;
}

void wv_passed_texts_clear(struct wv_passed_texts *texts)
{
    for (size_t i = 0; i < texts->count; i++)
        if (texts->fds[i] >= 0)
            close(texts->fds[i]);
    *texts = (struct wv_passed_texts){0};
}

/* The seals are asked for first: what has them is in memory, and answers the rest at once. */
bool wv_passed_text_check(int fd, struct wv_err *err)
{
    struct stat status;
    int seals = fcntl(fd, F_GET_SEALS);
    if (seals < 0 || (seals & SEALS) != SEALS) {
        wv_err_set(err, WV_INVALID_PARAMS,
                   "a descriptor that came with the request is no sealed memory file");
        return wv_err_hint(err, "memfd_create(2) with MFD_ALLOW_SEALING, then F_ADD_SEALS with "
                                "F_SEAL_WRITE, F_SEAL_SHRINK and F_SEAL_GROW");
    }
    if (fstat(fd, &status) != 0)
        return wv_err_set(err, WV_IO_ERROR, "cannot look at a text of the request: %s",
                          strerror(errno));
    return status.st_size <= WV_PASSED_TEXT_SIZE ||
           wv_err_set(err, WV_LIMIT_EXCEEDED, "a text of the request is longer than %d bytes",
                      WV_PASSED_TEXT_SIZE);
}

bool wv_passed_text_read(int fd, char **text, size_t *length, struct wv_err *err)
{
    struct stat status;
    size_t used = 0;
    ssize_t got = fstat(fd, &status);
    size_t size = got == 0 ? (size_t)status.st_size : 0;
    char *bytes = wv_xcalloc(1, size + 1);
    while (got >= 0 && used < size) {
        got = pread(fd, bytes + used, size - used, (off_t)used);
        if (got > 0)
            used += (size_t)got;
        else if (got == 0)
            size = used;
    }
    if (got < 0) {
        free(bytes);
        return wv_err_set(err, WV_IO_ERROR, "cannot read a text of the request: %s",
                          strerror(errno));
    }
    *text = bytes;
    *length = used;
    return true;
}
