/* See texts.h. */
#include "texts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "models_command.h"

static bool cannot_keep(struct wv_err *err)
{
    return wv_err_set(err, WV_IO_ERROR, "cannot keep a text in memory: %s", strerror(errno));
}

int wv_text_new(struct wv_err *err)
{
    int text = memfd_create("woven-text", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (text < 0)
        cannot_keep(err);
    return text;
}

bool wv_text_seal(int text, struct wv_err *err)
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

bool wv_text_copy(int text, int from, const char *name, bool *more, struct wv_err *err)
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
        if (lseek(text, 0, SEEK_CUR) + count > WV_TEXT_SIZE)
            return wv_err_set(err, WV_LIMIT_EXCEEDED, "%s is longer than %d bytes", name,
                              WV_TEXT_SIZE);
        if (!write_all(text, bytes, (size_t)count, err))
            return false;
    }
}

static bool read_file(const char *path, int *text, struct wv_err *err)
{
    bool more;
    int from = open(path, O_RDONLY | O_CLOEXEC);
    if (from < 0)
        return wv_err_set(err, WV_IO_ERROR, "cannot read %s: %s", path, strerror(errno));
    int made = wv_text_new(err);
    bool done = made >= 0 && wv_text_copy(made, from, path, &more, err) && wv_text_seal(made, err);
    close(from);
    if (done)
        *text = made;
    else if (made >= 0)
        close(made);
    return done;
}

/* A relative path is one where there is such a file: a label of revisions may have a slash too. */
static char *path_of(const char *word)
{
    bool path =
        strchr(word, '/') != NULL && strchr(word, '=') == NULL && strstr(word, "://") == NULL;
    char *real = path ? realpath(word, NULL) : NULL;
    return real != NULL || word[0] != '/' ? real : wv_xstrdup(word);
}

static bool get(struct wv_call *call, char **side, int *text, struct wv_err *err)
{
    char *path = path_of(*side);
    if (path == NULL)
        return strcmp(*side, "models") != 0 || wv_models_command(call, text, err);
    bool done = read_file(*side, text, err);
    free(*side);
    *side = path;
    return done;
}

bool wv_texts_get(struct wv_call *call, struct wv_strlist *sides, struct wv_err *err)
{
    for (size_t i = 0; i < sides->count; i++) {
        int text = -1;
        if (!get(call, &sides->items[i], &text, err))
            return false;
        if (text >= 0)
            call->texts[call->text_count++] = text;
    }
    return true;
}
