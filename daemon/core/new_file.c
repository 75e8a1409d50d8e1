/* See new_file.h. Writes nothing. */
#include "new_file.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "file_name.h"
#include "template.h"
#include "zone.h"

bool wv_new_file_id(struct wv_new_file *file, const char *id, struct wv_err *err)
{
    const char *reason;
    if (id == NULL) {
        char fresh[WV_REVISION_ID_NEW];
        wv_revision_id_new(fresh);
        memcpy(file->id, fresh, sizeof(fresh));
        return true;
    }
    if (!wv_graph_id_ok(id, &reason))
        return wv_err_set(err, WV_INVALID_PARAMS, "\"%s\" %s", id, reason);
    if (!wv_revision_id_valid(id))
        return wv_err_set(
            err, WV_INVALID_PARAMS,
            "\"%s\" has a slash in it or begins with a dot, and files are named by it", id);
    memcpy(file->id, id, strlen(id) + 1);
    return true;
}

/* The version directory that holds `path`, or equals it; NULL when none does. */
static const char *dir_of(const struct wv_strlist *dirs, const char *path)
{
    for (size_t i = 0; i < dirs->count; i++) {
        size_t length = strlen(dirs->items[i]);
        if (strncmp(dirs->items[i], path, length) == 0 &&
            (path[length] == '/' || path[length] == '\0'))
            return dirs->items[i];
    }
    return NULL;
}

static bool wanted_dir(const struct wv_settings *settings, const char *wanted, char **dir,
                       struct wv_err *err)
{
    char *path =
        wanted[0] == '/' ? wv_xstrdup(wanted) : wv_xasprintf("%s/%s", settings->directory, wanted);
    size_t length = strlen(path);
    while (length > 1 && path[length - 1] == '/')
        path[--length] = '\0';
    if (dir_of(&settings->versions, path) == NULL || strstr(path, "/../") != NULL) {
        char *known WV_AUTOFREE = wv_strlist_join(&settings->versions, ", ");
        wv_err_set(err, WV_INVALID_PARAMS, "%s is in none of the version directories", path);
        wv_err_hint(err, "they are: %s", known);
        free(path);
        return false;
    }
    *dir = path;
    return true;
}

static char *dir_beside(const struct wv_settings *settings, const struct wv_project *project,
                        const char *beside)
{
    const struct wv_revision *other = beside != NULL ? wv_project_find(project, beside) : NULL;
    const char *dir = other != NULL ? dir_of(&settings->versions, other->path) : NULL;
    return wv_xstrdup(dir != NULL ? dir : settings->versions.items[0]);
}

bool wv_new_file_place(struct wv_new_file *file, const struct wv_settings *settings,
                       const struct wv_project *project, const char *message, const char *beside,
                       const char *wanted, struct wv_err *err)
{
    time_t when = time(NULL);
    int offset;
    char *dir = NULL;
    if (!wv_zone_offset(settings->timezone, when, &offset, err))
        return false;
    if (wanted == NULL)
        dir = dir_beside(settings, project, beside);
    else if (!wanted_dir(settings, wanted, &dir, err))
        return false;
    struct wv_file_name parts = {.template = settings->file_template,
                                 .revision = file->id,
                                 .message = message,
                                 .slug_limit = settings->slug_length,
                                 .when = wv_zone_tm(when, offset)};
    char *name WV_AUTOFREE = wv_file_name_make(&parts);
    free(file->path);
    free(file->date);
    file->path = wv_xasprintf("%s/%s", dir, name);
    file->date = wv_zone_iso(when, offset);
    free(dir);
    return true;
}

void wv_new_file_free(struct wv_new_file *file)
{
    free(file->path);
    free(file->date);
    *file = (struct wv_new_file){0};
}
