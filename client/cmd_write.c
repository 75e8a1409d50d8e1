/* `revision`, `merge` and `squash`: the daemon answers path and content, this process writes the
 * file with its own user's rights. The daemon may run as another user, so what it answers is not
 * trusted with more than a new file whose name ends in ".sql". */
#include <string.h>
#include <unistd.h>

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

static int run(struct wv_call *call, json_t *params)
{
    struct wv_err err WV_AUTOERR = {0};
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    json_t *result = NULL;
    wv_call_set_value(call, params, "message", WV_OPT_MESSAGE);
    wv_call_set_value(call, params, "rev_id", WV_OPT_REV_ID);
    wv_call_set_values(call, params, "branch_label", WV_OPT_BRANCH_LABEL);
    if (!wv_call_do(call, params, &result, &err))
        return wv_call_fail(call, &err);
    if (!wv_write_revision(result, &err)) {
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
