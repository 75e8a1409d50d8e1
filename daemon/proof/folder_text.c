/* See folder_text.h. */
#include "folder_text.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

bool wv_folder_text_make(char **folder, const struct wv_found_files *files, struct wv_err *err)
{
    const char *base = getenv("TMPDIR");
    char *made =
        wv_xasprintf("%s/woven-proof-XXXXXX", base != NULL && base[0] == '/' ? base : "/tmp");
    if (mkdtemp(made) == NULL) {
        wv_err_set(err, WV_IO_ERROR, "cannot make %s: %s", made, strerror(errno));
        free(made);
        return false;
    }
    *folder = made;
    for (size_t i = 0; i < files->count; i++) {
        char *path WV_AUTOFREE = wv_xasprintf("%s/%s", made, name_of(files->items[i].path));
        if (!write_text(path, files->items[i].content, err))
            return false;
    }
    return true;
}

void wv_folder_text_remove(char *folder)
{
    DIR *stream = folder != NULL ? opendir(folder) : NULL;
    const struct dirent *item;
    while (stream != NULL && (item = readdir(stream)) != NULL)
        if (item->d_name[0] != '.')
            (void)unlinkat(dirfd(stream), item->d_name, 0);
    if (stream != NULL)
        (void)closedir(stream);
    if (folder != NULL)
        (void)rmdir(folder);
    free(folder);
}
