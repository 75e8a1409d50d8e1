/* See folder_text.h. */
#include "folder_text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

static bool write_text(const char *path, const char *text, struct wv_err *err)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    FILE *stream = fd >= 0 ? fdopen(fd, "w") : NULL;
    if (stream == NULL)
        return wv_err_set(err, WV_IO_ERROR, "cannot make %s: %s", path, strerror(errno));
    bool written = fputs(text, stream) != EOF;
    if (fclose(stream) == 0 && written)
        return true;
    return wv_err_set(err, WV_IO_ERROR, "cannot write %s: %s", path, strerror(errno));
}

static const char *name_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

static void end_nothing(const char *inner)
{
    (void)inner;
}

bool wv_folder_text_make(struct wv_folder *folder, const char *state_dir,
                         const struct wv_found_files *files, const struct wv_pg_wait *wait,
                         struct wv_err *err)
{
    char *base WV_AUTOFREE = wv_xasprintf("%s/proof", state_dir);
    if (!wv_folder_base(base, NULL, err))
        return false;
    wv_folder_collect(base, end_nothing, wait);
    if (!wv_folder_new(folder, base, NULL, wait, err))
        return false;
    for (size_t i = 0; i < files->count; i++) {
        char *path WV_AUTOFREE =
            wv_xasprintf("%s/%s", folder->inner, name_of(files->items[i].path));
        if (!write_text(path, files->items[i].content, err))
            return false;
    }
    return true;
}
