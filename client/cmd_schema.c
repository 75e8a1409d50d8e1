/* The commands that work in scratch databases: check and its like, revision --autogenerate, test,
 * dump. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "newfile.h"
#include "render.h"
#include "run.h"
#include "texts.h"
#include "value.h"

/* A job that failed has no answer to give: neither "clean" nor "differs" may be read out of it. */
static int fail(struct wv_call *call, const json_t *result, const struct wv_err *err, int status)
{
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    if (call->json)
        return wv_call_finish(call, result, &text, status);
    wv_render_notes(&text, &call->err, result);
    wv_render_error(&text, &call->err, err);
    wv_write_err(&text);
    return status;
}

static const struct wv_sides *sides_of(const struct wv_call *call)
{
    static const struct wv_sides of_drift = {"the database and its applied revisions",
                                             "SQL that would bring the database back"};
    static const struct wv_sides of_diff = {"the first and the second",
                                            "SQL from the first to the second"};
    static const struct wv_sides of_check = {"the revisions and the models",
                                             "SQL from the revisions to the models"};
    if (strcmp(call->args->cmd->name, "drift") == 0)
        return &of_drift;
    return strcmp(call->args->cmd->name, "diff") == 0 ? &of_diff : &of_check;
}

/* Follows the job to its result; nothing that it leaves behind matters to anybody. */
static bool follow(struct wv_call *call, const char *method, json_t *params, json_t **result,
                   struct wv_err *err)
{
    if (wv_follow_job(call, method, params, result, err))
        return true;
    if (err->code == WV_NO_DAEMON && call->link.fd >= 0)
        wv_err_hint(err,
                    "nothing but scratch databases was touched, and the next daemon drops what "
                    "is left of them: ask again");
    return false;
}

/* The schemas that are named, as parameters of the job; their texts are got on the way. */
static bool side_params(struct wv_call *call, const char *standard, json_t **params,
                        struct wv_err *err)
{
    struct wv_strlist sides WV_AUTOSTRLIST = {0};
    for (size_t i = 0; i < call->args->words.count; i++)
        wv_strlist_add(&sides, call->args->words.items[i]);
    if (sides.count == 0 && standard != NULL)
        wv_strlist_add(&sides, standard);
    if (!wv_texts_get(call, &sides, err))
        return false;
    *params = json_object();
    if (sides.count > 0)
        json_object_set_new(*params, "target", wv_proto_texts(&sides));
    return true;
}

/* For what is always about them. */
static bool get_models(struct wv_call *call, struct wv_err *err)
{
    struct wv_strlist sides WV_AUTOSTRLIST = {0};
    wv_strlist_add(&sides, "models");
    return wv_texts_get(call, &sides, err);
}

int wv_run_check(struct wv_call *call)
{
    struct wv_err err WV_AUTOERR = {0};
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    struct wv_strbuf notes WV_AUTOSTRBUF = WV_STRBUF_INIT;
    json_t *params;
    json_t *result = NULL;
    bool models = strcmp(call->args->cmd->name, "check") == 0;
    if ((models && !get_models(call, &err)) || !side_params(call, NULL, &params, &err) ||
        !follow(call, call->args->cmd->method, params, &result, &err))
        return wv_call_fail(call, &err);
    int status = wv_job_status(result, &err);
    if (status == WV_EXIT_DONE) {
        bool clean = wv_value_true(result, "clean");
        if (!clean || !call->quiet)
            wv_render_findings(&text, &call->out, result, sides_of(call));
        if (!call->json && !call->quiet)
            wv_render_notes(&notes, &call->err, result);
        wv_write_err(&notes);
        status = wv_call_finish(call, result, &text, clean ? WV_EXIT_DONE : WV_EXIT_NO);
    } else {
        status = fail(call, result, &err, status);
    }
    json_decref(result);
    return status;
}

/* Which migrate.revision has as well. */
static json_t *place_params(const struct wv_call *call)
{
    json_t *params = json_object();
    wv_call_set_value(call, params, "message", WV_OPT_MESSAGE);
    wv_call_set_value(call, params, "rev_id", WV_OPT_REV_ID);
    wv_call_set_values(call, params, "head", WV_OPT_HEAD);
    wv_call_set_flag(call, params, "splice", WV_OPT_SPLICE);
    wv_call_set_values(call, params, "branch_label", WV_OPT_BRANCH_LABEL);
    wv_call_set_values(call, params, "depends_on", WV_OPT_DEPENDS_ON);
    wv_call_set_value(call, params, "version_path", WV_OPT_VERSION_PATH);
    return params;
}

static json_t *wish_params(const struct wv_call *call)
{
    json_t *params = place_params(call);
    wv_call_set_values(call, params, "rename", WV_OPT_RENAME);
    wv_call_set_flag(call, params, "plain", WV_OPT_PLAIN);
    wv_call_set_flag(call, params, "unproven", WV_OPT_UNPROVEN);
    return params;
}

/* All or none: what was written before one failed is taken away again. */
static bool write_files(const json_t *files, struct wv_err *err)
{
    size_t index;
    const json_t *file;
    json_array_foreach(files, index, file)
    {
        if (wv_write_revision(file, err))
            continue;
        for (size_t i = 0; i < index; i++)
            unlink(wv_value_text(json_array_get(files, i), "path"));
        return false;
    }
    return true;
}

static void add_files(struct wv_strbuf *out, const struct wv_look *look, const json_t *files,
                      const char *key)
{
    size_t index;
    const json_t *file;
    json_array_foreach(files, index, file)
    {
        const char *text = wv_value_text(file, key);
        if (strcmp(key, "path") != 0) {
            wv_strbuf_adds(out, text);
            continue;
        }
        wv_style_text(out, look, WV_PLAIN, text);
        wv_strbuf_addc(out, '\n');
    }
}

static int print_generated(struct wv_call *call, const json_t *result, bool sql)
{
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    struct wv_strbuf remarks WV_AUTOSTRBUF = WV_STRBUF_INIT;
    const json_t *files = wv_value_array(result, "files");
    if (wv_value_true(result, "clean") && !call->quiet)
        wv_strbuf_adds(&text,
                       "Nothing to do: the revisions and the models make the same schema.\n");
    add_files(&text, &call->out, files, sql ? "content" : "path");
    wv_render_hazards(&remarks, &call->err, result);
    wv_render_notes(&remarks, &call->err, result);
    if (!call->json && !call->quiet)
        wv_write_err(&remarks);
    return wv_call_finish(call, result, &text, WV_EXIT_DONE);
}

/* No heads at all are told by nothing as well. */
static bool has_moved(const json_t *found, const json_t *place)
{
    json_t *before = wv_value_array(found, "heads");
    json_t *now = wv_value_array(place, "heads");
    return json_array_size(before) + json_array_size(now) > 0 && !json_equal(before, now);
}

/* What was proven on heads that have moved meanwhile would become a branch of its own, and knows
 * nothing of what came: it is not written. */
static bool write_unless_moved(struct wv_call *call, const json_t *found, bool *moved,
                               struct wv_err *err)
{
    const json_t *files = wv_value_array(found, "files");
    json_t *place = NULL;
    int lock;
    if (json_array_size(files) == 0)
        return true;
    if (!wv_revision_place(call, "migrate.revision", place_params(call), &lock, &place, err))
        return false;
    *moved = has_moved(found, place);
    bool done = *moved || write_files(files, err);
    if (lock >= 0)
        close(lock);
    json_decref(place);
    return done;
}

/* True: once more, on the heads as they are by now. */
static bool try_again(struct wv_call *call, int left, struct wv_err *err)
{
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    if (left == 0) {
        wv_err_set(err, WV_NOT_A_HEAD,
                   "other revisions came again and again while this one was "
                   "made; nothing was written");
        return wv_err_hint(err, "ask once more when nobody else writes revisions");
    }
    wv_strbuf_adds(&text, "other revisions came while this one was made: it is made again, on top "
                          "of them\n");
    if (!call->json && !call->quiet)
        wv_write_err(&text);
    wv_call_close(call);
    return true;
}

/* The status, and the result of a job that ended well. */
static int generate(struct wv_call *call, json_t **result, struct wv_err *err)
{
    if (!get_models(call, err) ||
        !follow(call, "migrate.autogenerate", wish_params(call), result, err))
        return wv_call_fail(call, err);
    int status = wv_job_status(*result, err);
    return status == WV_EXIT_DONE ? status : fail(call, *result, err, status);
}

int wv_run_autogenerate(struct wv_call *call)
{
    enum { TRIES = 3 };
    bool sql = wv_args_has(call->args, WV_OPT_SQL);
    bool again = true;
    int status = WV_EXIT_DONE;
    for (int left = TRIES; again; left--) {
        struct wv_err err WV_AUTOERR = {0};
        json_t *result = NULL;
        bool moved = false;
        status = generate(call, &result, &err);
        bool done =
            status == WV_EXIT_DONE && (sql || write_unless_moved(call, result, &moved, &err));
        again = moved && try_again(call, left - 1, &err);
        if (done && !moved)
            status = print_generated(call, result, sql);
        else if (status == WV_EXIT_DONE && !again)
            status = wv_call_fail(call, &err);
        json_decref(result);
    }
    return status;
}

int wv_run_test(struct wv_call *call)
{
    struct wv_err err WV_AUTOERR = {0};
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    struct wv_strbuf notes WV_AUTOSTRBUF = WV_STRBUF_INIT;
    json_t *result = NULL;
    json_t *params = json_object();
    if (call->args->words.count > 0)
        json_object_set_new(params, "revision", wv_proto_texts(&call->args->words));
    wv_call_set_flag(call, params, "all", WV_OPT_ALL);
    if (!follow(call, call->args->cmd->method, params, &result, &err))
        return wv_call_fail(call, &err);
    int status = wv_job_status(result, &err);
    if (status != WV_EXIT_DONE) {
        status = fail(call, result, &err, status);
    } else {
        bool clean = wv_value_true(result, "clean");
        wv_render_trials(&text, &call->out, result, call->args->words.count > 0, call->quiet);
        wv_render_notes(&notes, &call->err, result);
        if (!call->json && !call->quiet)
            wv_write_err(&notes);
        status = wv_call_finish(call, result, &text, clean ? WV_EXIT_DONE : WV_EXIT_NO);
    }
    json_decref(result);
    return status;
}

/* What the daemon answers is not trusted with more than new files below the folder. */
static bool write_dump_file(const char *path, const char *content, struct wv_err *err)
{
    if (content == NULL || !wv_newfile_plausible(path))
        return wv_err_set(err, WV_INTERNAL, "wovend answered no usable path: \"%s\"", path);
    return wv_newfile_parents(path, err) && wv_newfile_write(path, content, strlen(content), err);
}

/* All or none, as with revisions. */
static bool write_dump(const char *folder, const json_t *files, struct wv_err *err)
{
    struct wv_strlist written WV_AUTOSTRLIST = {0};
    size_t index;
    const json_t *file;
    bool made;
    if (!wv_newfile_directory(folder, &made, err))
        return false;
    char *real = realpath(folder, NULL);
    bool done = real != NULL || wv_err_set(err, WV_IO_ERROR, "cannot enter %s", folder);
    json_array_foreach(files, index, file)
    {
        const char *name = wv_value_text(file, "path");
        char *path WV_AUTOFREE =
            wv_xasprintf("%s/%s", real != NULL ? real : "", name != NULL ? name : "");
        done = done && write_dump_file(path, wv_value_text(file, "content"), err);
        if (done)
            wv_strlist_add(&written, path);
    }
    for (size_t i = 0; i < written.count && !done; i++)
        unlink(written.items[i]);
    free(real);
    return done;
}

static void add_dump(struct wv_strbuf *out, const json_t *files)
{
    size_t index;
    const json_t *file;
    json_array_foreach(files, index, file)
        wv_strbuf_addf(out, "%s-- %s\n\n%s", index == 0 ? "" : "\n", wv_value_text(file, "path"),
                       wv_value_text(file, "content"));
}

int wv_run_dump(struct wv_call *call)
{
    struct wv_err err WV_AUTOERR = {0};
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    struct wv_strbuf notes WV_AUTOSTRBUF = WV_STRBUF_INIT;
    json_t *params;
    json_t *result = NULL;
    const char *folder = wv_args_value(call->args, WV_OPT_DIRECTORY);
    if (!side_params(call, "head", &params, &err) ||
        !follow(call, call->args->cmd->method, params, &result, &err))
        return wv_call_fail(call, &err);
    int status = wv_job_status(result, &err);
    const json_t *files = wv_value_array(result, "files");
    if (status != WV_EXIT_DONE) {
        status = fail(call, result, &err, status);
    } else if (folder != NULL && !write_dump(folder, files, &err)) {
        status = wv_call_fail(call, &err);
    } else {
        if (folder == NULL)
            add_dump(&text, files);
        else if (!call->quiet)
            add_files(&text, &call->out, files, "path");
        wv_render_notes(&notes, &call->err, result);
        if (!call->json && !call->quiet)
            wv_write_err(&notes);
        status = wv_call_finish(call, result, &text, WV_EXIT_DONE);
    }
    json_decref(result);
    return status;
}
