/* The commands that ask the ledger: verify and log. */
#include <stdlib.h>

#include "render.h"
#include "run.h"
#include "value.h"

int wv_run_verify(struct wv_call *call)
{
    struct wv_err err WV_AUTOERR = {0};
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    json_t *params = json_object();
    json_t *result = NULL;
    wv_call_set_flag(call, params, "diff", WV_OPT_DIFF);
    if (!wv_call_do(call, params, &result, &err))
        return wv_call_fail(call, &err);
    bool clean = wv_value_true(result, "clean");
    if (!call->json && (!call->quiet || !clean))
        wv_render_verdict(&text, &call->out, result);
    int status = wv_call_finish(call, result, &text, clean ? WV_EXIT_DONE : WV_EXIT_NO);
    json_decref(result);
    return status;
}

static bool set_number(const struct wv_call *call, json_t *params, const char *key,
                       enum wv_opt_id id, struct wv_err *err)
{
    const char *text = wv_args_value(call->args, id);
    if (text == NULL)
        return true;
    char *end;
    long long number = strtoll(text, &end, 10);
    if (*text < '0' || *text > '9' || *end != '\0' || number <= 0)
        return wv_err_set(err, WV_USAGE, "--%s takes a number above 0, not \"%s\"",
                          wv_opts[id].name, text);
    json_object_set_new(params, key, json_integer(number));
    return true;
}

int wv_run_log(struct wv_call *call)
{
    struct wv_err err WV_AUTOERR = {0};
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    json_t *params = json_object();
    json_t *result = NULL;
    if (!set_number(call, params, "limit", WV_OPT_LIMIT, &err) ||
        !set_number(call, params, "before", WV_OPT_BEFORE, &err)) {
        json_decref(params);
        return wv_call_fail(call, &err);
    }
    wv_call_set_value(call, params, "revision", WV_OPT_REVISION);
    wv_call_set_value(call, params, "since", WV_OPT_SINCE);
    wv_call_set_flag(call, params, "failed", WV_OPT_FAILED);
    if (!wv_call_do(call, params, &result, &err))
        return wv_call_fail(call, &err);
    if (!call->json)
        wv_render_log(&text, &call->out, result, call->quiet);
    int status = wv_call_finish(call, result, &text, WV_EXIT_DONE);
    json_decref(result);
    return status;
}
