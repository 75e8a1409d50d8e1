/* The commands that work in scratch databases: check. */
#include "render.h"
#include "run.h"
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

int wv_run_check(struct wv_call *call)
{
    struct wv_err err WV_AUTOERR = {0};
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    struct wv_strbuf notes WV_AUTOSTRBUF = WV_STRBUF_INIT;
    json_t *result = NULL;
    if (!wv_follow_job(call, call->args->cmd->method, json_object(), &result, &err))
        return wv_call_fail(call, &err);
    int status = wv_job_status(result, &err);
    if (status == WV_EXIT_DONE) {
        bool clean = wv_value_true(result, "clean");
        if (!clean || !call->quiet)
            wv_render_findings(&text, &call->out, result, "the revisions and the models");
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
