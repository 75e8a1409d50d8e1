/* `init`: lays out a project from texts that are built in. Needs no daemon. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "newfile.h"
#include "run.h"
#include "scaffold.h"

static bool make_directory(const char *path, json_t *created, struct wv_err *err)
{
    bool made;
    if (!wv_newfile_directory(path, &made, err))
        return false;
    if (made)
        json_array_append_new(created, wv_proto_text(path));
    return true;
}

/* The project's directory itself; missing parents are not made, as mkdir(1) does not. */
static bool make_project(const char *directory, json_t *created, struct wv_err *err)
{
    struct stat info;
    char *conf WV_AUTOFREE = wv_xasprintf("%s/woven.conf", directory);
    if (lstat(conf, &info) == 0) {
        wv_err_set(err, WV_FILE_EXISTS, "%s has a woven.conf already", directory);
        return wv_err_hint(err, "it is a project; `wovenctl migrate init DIR` makes another one");
    }
    if (!make_directory(directory, created, err))
        return false;
    static const char *const folders[] = {"versions", "models"};
    for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
        char *path WV_AUTOFREE = wv_xasprintf("%s/%s", directory, folders[i]);
        if (!make_directory(path, created, err))
            return false;
    }
    /* woven.conf comes last: with it the project is complete. */
    for (size_t i = 0; i < wv_scaffold_count; i++) {
        const struct wv_scaffold *file = &wv_scaffold[i];
        char *path WV_AUTOFREE = wv_xasprintf("%s/%s", directory, file->name);
        if (lstat(path, &info) == 0)
            continue;
        if (!wv_newfile_write(path, file->content, file->length, err))
            return false;
        json_array_append_new(created, wv_proto_text(path));
    }
    return true;
}

int wv_run_init(struct wv_call *call)
{
    struct wv_err err WV_AUTOERR = {0};
    const struct wv_strlist *words = &call->args->words;
    char *directory WV_AUTOFREE = wv_xstrdup(words->count > 0 ? words->items[0] : "migrations");
    for (size_t n = strlen(directory); n > 1 && directory[n - 1] == '/'; n--)
        directory[n - 1] = '\0';
    if (*directory == '\0') {
        wv_err_set(&err, WV_USAGE, "`migrate init` needs a directory, not an empty name");
        return wv_call_fail(call, &err);
    }
    json_t *created = json_array();
    if (!make_project(directory, created, &err)) {
        json_decref(created);
        return wv_call_fail(call, &err);
    }
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    size_t index;
    const json_t *path;
    json_array_foreach(created, index, path)
    {
        wv_style_text(&text, &call->out, WV_PLAIN, json_string_value(path));
        wv_strbuf_addc(&text, '\n');
    }
    wv_strbuf_adds(&text,
                   "Next: set `database` in woven.conf (\"embedded\" is a PostgreSQL of its own) "
                   "and run `wovenctl migrate status`.\n");
    if (call->quiet)
        wv_strbuf_reset(&text);
    json_t *result =
        json_pack("{s:o,s:o}", "directory", wv_proto_text(directory), "created", created);
    int status = wv_call_finish(call, result, &text, WV_EXIT_DONE);
    json_decref(result);
    return status;
}
