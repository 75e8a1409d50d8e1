/* `revision`, `merge` and `squash`: the daemon answers path and content, this process writes the
 * file with its own user's rights. The daemon may run as another user, so what it answers is not
 * trusted with more than a new file whose name ends in ".sql". */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "newfile.h"
#include "render.h"
#include "run.h"
#include "value.h"

bool wv_write_revision(const json_t *result, struct wv_err *err)
{
    const char *path = wv_value_text(result, "path");
    const char *content = wv_value_text(result, "content");
    if (path == NULL || content == NULL || !wv_newfile_plausible(path)) {
        wv_err_set(err, WV_INTERNAL, "wovend answered no usable path for the file: \"%s\"",
                   path != NULL ? path : "");
        return wv_err_hint(err, "nothing was written");
    }
    return wv_newfile_parents(path, err) && wv_newfile_write(path, content, strlen(content), err);
}

enum { LOCK_MS = 10000 };

static bool explain_lock(int error, const char *folder, struct wv_err *err)
{
    if (error == EINTR)
        return wv_call_interrupted(err);
    wv_err_set(err, WV_TIMED_OUT, "another wovenctl is writing revisions, and does not end");
    return wv_err_hint(err, "it holds the lock of %s (fuser tells who does); nothing was written",
                       folder);
}

/* Where there is no lock (the folder may not be read, or its file system has none), two who write
 * at the same moment make two heads. */
static bool lock_folder(const struct wv_call *call, const char *folder, int *lock,
                        struct wv_err *err)
{
    *lock = folder != NULL ? open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    if (*lock < 0)
        return true;
    int error = wv_newfile_lock(*lock, wv_clock_earlier(call->deadline, wv_clock_ms() + LOCK_MS));
    if (error == 0)
        return true;
    close(*lock);
    *lock = -1;
    return error == EWOULDBLOCK || error == EINTR ? explain_lock(error, folder, err) : true;
}

bool wv_revision_place(struct wv_call *call, const char *method, json_t *params, int *lock,
                       json_t **place, struct wv_err *err)
{
    json_t *first = NULL;
    bool done = wv_call_ask(call, method, json_incref(params), &first, err) &&
                lock_folder(call, wv_value_text(first, "folder"), lock, err);
    json_decref(first);
    if (done && wv_call_ask(call, method, json_incref(params), place, err)) {
        json_decref(params);
        return true;
    }
    if (done && *lock >= 0)
        close(*lock);
    json_decref(params);
    if (err->code == WV_CANCELLED)
        wv_err_hint(err, "nothing was written");
    return false;
}

static bool write_one(struct wv_call *call, json_t *params, json_t **result, struct wv_err *err)
{
    int lock;
    if (!wv_call_open(call, err)) {
        json_decref(params);
        return false;
    }
    if (!wv_revision_place(call, call->args->cmd->method, params, &lock, result, err)) {
        wv_call_explain(call, call->args->cmd->method, err);
        return false;
    }
    bool done = wv_write_revision(*result, err);
    if (lock >= 0)
        close(lock);
    return done;
}

static int run(struct wv_call *call, json_t *params)
{
    struct wv_err err WV_AUTOERR = {0};
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    json_t *result = NULL;
    wv_call_set_value(call, params, "message", WV_OPT_MESSAGE);
    wv_call_set_value(call, params, "rev_id", WV_OPT_REV_ID);
    wv_call_set_values(call, params, "branch_label", WV_OPT_BRANCH_LABEL);
    if (!write_one(call, params, &result, &err)) {
        json_decref(result);
        return wv_call_fail(call, &err);
    }
    wv_style_text(&text, &call->out, WV_PLAIN, wv_value_text(result, "path"));
    wv_strbuf_addc(&text, '\n');
    int status = wv_call_finish(call, result, &text, WV_EXIT_DONE);
    json_decref(result);
    return status;
}

/* Without --autogenerate some would do nothing, and the file be not what was asked for. */
static bool check_options(const struct wv_call *call, struct wv_err *err)
{
    static const enum wv_opt_id others[] = {WV_OPT_PLAIN, WV_OPT_RENAME, WV_OPT_UNPROVEN,
                                            WV_OPT_SQL};
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        if (wv_args_has(call->args, others[i]))
            return wv_err_set(err, WV_USAGE, "--%s needs --autogenerate", wv_opts[others[i]].name);
    return true;
}

int wv_run_revision(struct wv_call *call)
{
    struct wv_err err WV_AUTOERR = {0};
    if (wv_args_has(call->args, WV_OPT_AUTOGENERATE))
        return wv_run_autogenerate(call);
    if (!check_options(call, &err))
        return wv_call_fail(call, &err);
    json_t *params = json_object();
    wv_call_set_values(call, params, "head", WV_OPT_HEAD);
    wv_call_set_flag(call, params, "splice", WV_OPT_SPLICE);
    wv_call_set_values(call, params, "depends_on", WV_OPT_DEPENDS_ON);
    wv_call_set_value(call, params, "version_path", WV_OPT_VERSION_PATH);
    return run(call, params);
}

int wv_run_merge(struct wv_call *call)
{
    json_t *params = json_object();
    json_object_set_new(params, "revision", wv_proto_texts(&call->args->words));
    return run(call, params);
}

int wv_run_squash(struct wv_call *call)
{
    json_t *params = json_object();
    json_object_set_new(params, "range", wv_proto_text(call->args->words.items[0]));
    return run(call, params);
}
