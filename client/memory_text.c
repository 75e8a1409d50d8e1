/* See memory_text.h. */
#include "memory_text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "text_limits.h"

static bool cannot_keep(struct wv_err *err)
{
    return wv_err_set(err, WV_IO_ERROR, "cannot keep a text in memory: %s", strerror(errno));
}

int wv_memory_text_new(struct wv_err *err)
{
    int text = memfd_create("woven-text", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (text < 0)
        cannot_keep(err);
    return text;
}

bool wv_memory_text_seal(int text, struct wv_err *err)
{
    int seals = F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL;
    return fcntl(text, F_ADD_SEALS, seals) == 0 || cannot_keep(err);
}

static bool write_all(int text, const char *bytes, size_t left, struct wv_err *err)
{
    while (left > 0) {
        ssize_t count = write(text, bytes, left);
        if (count < 0 && errno != EINTR)
            return cannot_keep(err);
        bytes += count > 0 ? count : 0;
        left -= count > 0 ? (size_t)count : 0;
    }
    return true;
}

bool wv_memory_text_copy(int text, int from, const char *name, bool *more, struct wv_err *err)
{
    char bytes[65536];
    for (;;) {
        ssize_t count = read(from, bytes, sizeof(bytes));
        *more = count != 0;
        if (count == 0 || (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)))
            return true;
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return wv_err_set(err, WV_IO_ERROR, "cannot read %s: %s", name, strerror(errno));
        if (lseek(text, 0, SEEK_CUR) + count > WV_PASSED_TEXT_SIZE)
            return wv_err_set(err, WV_LIMIT_EXCEEDED, "%s is longer than %d bytes", name,
                              WV_PASSED_TEXT_SIZE);
        if (!write_all(text, bytes, (size_t)count, err))
            return false;
    }
}
