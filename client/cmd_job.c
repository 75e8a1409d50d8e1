/* The commands that make, cancel and watch jobs. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "display.h"
#include "follow.h"
#include "render.h"
#include "run.h"
#include "value.h"

int wv_job_status(const json_t *result, struct wv_err *err)
{
    const json_t *error = wv_value_object(result, "error");
    const char *outcome = wv_value_text(result, "outcome");
    if (error != NULL)
        wv_proto_err_from(error, err);
    if (outcome == NULL)
        return WV_EXIT_FAILED;
    if (strcmp(outcome, "cancelled") == 0)
        return WV_EXIT_CANCELLED;
    if (strcmp(outcome, "failed") != 0)
        return WV_EXIT_DONE;
    int status = (int)wv_err_exit(err->code);
    return status != WV_EXIT_DONE ? status : WV_EXIT_FAILED;
}

static bool is_acceptance(const struct wv_call *call)
{
    return wv_args_has(call->args, WV_OPT_ACCEPT) || wv_args_has(call->args, WV_OPT_ACCEPT_ALL);
}

/* Prints how the job ended: a result on standard output, a failure on standard error. */
static int print_end(struct wv_call *call, const json_t *result)
{
    struct wv_err err WV_AUTOERR = {0};
    int status = wv_job_status(result, &err);
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    if (call->json || status == WV_EXIT_DONE) {
        if (is_acceptance(call) && (!call->quiet || wv_value_true(result, "dry_run")))
            wv_render_accepted(&text, &call->out, result);
        else if (!call->quiet)
            wv_render_outcome(&text, &call->out, call->args->cmd->name, result);
        return wv_call_finish(call, result, &text, status);
    }
    if (err.code != WV_OK && err.code != WV_CANCELLED)
        wv_render_error(&text, &call->err, &err);
    wv_render_outcome(&text, &call->err, call->args->cmd->name, result);
    wv_write_err(&text);
    return status;
}

bool wv_follow_job(struct wv_call *call, const char *method, json_t *params, json_t **result,
                   struct wv_err *err)
{
    if (!wv_call_open(call, err)) {
        json_decref(params);
        return false;
    }
    struct wv_follow follow;
    call->link.texts = call->texts;
    call->link.text_count = call->text_count;
    wv_follow_init(&follow, call, false);
    enum wv_follow_end end = wv_follow_run(&follow, method, params, result, err);
    wv_follow_free(&follow);
    if (end == WV_FOLLOW_RESULT)
        return true;
    wv_call_explain(call, method, err);
    return false;
}

static int follow_job(struct wv_call *call, json_t *params)
{
    struct wv_err err WV_AUTOERR = {0};
    json_t *result = NULL;
    if (!wv_follow_job(call, call->args->cmd->method, params, &result, &err))
        return wv_call_fail(call, &err);
    int status = print_end(call, result);
    json_decref(result);
    return status;
}

int wv_run_job(struct wv_call *call)
{
    if (wv_args_has(call->args, WV_OPT_SQL))
        return wv_run_sql(call);
    json_t *params = json_object();
    if (call->args->words.count > 0)
        json_object_set_new(params, "target", wv_proto_texts(&call->args->words));
    else
        json_object_set_new(params, "target", json_pack("[s]", "head"));
    wv_call_set_flag(call, params, "single_transaction", WV_OPT_SINGLE_TRANSACTION);
    wv_call_set_flag(call, params, "purge", WV_OPT_PURGE);
    wv_call_set_value(call, params, "tag", WV_OPT_TAG);
    wv_call_set_waits(call, params);
    return follow_job(call, params);
}

static const struct {
    enum wv_opt_id id;
    const char *word;
} actions[] = {{WV_OPT_DONE, "done"},
               {WV_OPT_AGAIN, "again"},
               {WV_OPT_ABANDON, "abandon"},
               {WV_OPT_ACCEPT, "accept"},
               {WV_OPT_ACCEPT_ALL, "accept"}};

static bool repair_params(const struct wv_call *call, json_t *params, struct wv_err *err)
{
    size_t count = 0;
    for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++) {
        if (!wv_args_has(call->args, actions[i].id))
            continue;
        count++;
        json_object_set_new(params, "action", json_string(actions[i].word));
    }
    if (count > 1)
        return wv_err_set(
            err, WV_USAGE,
            "--done, --again, --abandon, --accept and --accept-all exclude each other");
    bool accept = wv_args_has(call->args, WV_OPT_ACCEPT);
    bool all = wv_args_has(call->args, WV_OPT_ACCEPT_ALL);
    const struct wv_strlist *words = &call->args->words;
    if (accept && words->count == 0) {
        wv_err_set(err, WV_USAGE, "--accept needs the revisions to accept");
        return wv_err_hint(err,
                           "`wovenctl migrate verify` lists them; --accept-all takes them all");
    }
    if (!accept && words->count > 0)
        return wv_err_set(err, WV_USAGE, "revisions are for --accept: \"%s\"", words->items[0]);
    if (!accept && !all && wv_args_has(call->args, WV_OPT_DRY_RUN))
        return wv_err_set(err, WV_USAGE, "--dry-run is for --accept and --accept-all");
    if (accept)
        json_object_set_new(params, "revision", wv_proto_texts(words));
    wv_call_set_flag(call, params, "all", WV_OPT_ACCEPT_ALL);
    wv_call_set_flag(call, params, "dry_run", WV_OPT_DRY_RUN);
    wv_call_set_value(call, params, "tag", WV_OPT_TAG);
    wv_call_set_waits(call, params);
    return true;
}

int wv_run_repair(struct wv_call *call)
{
    struct wv_err err WV_AUTOERR = {0};
    json_t *params = json_object();
    if (repair_params(call, params, &err))
        return follow_job(call, params);
    json_decref(params);
    return wv_call_fail(call, &err);
}

static bool cancel_params(const struct wv_call *call, json_t **params, struct wv_err *err)
{
    *params = NULL;
    if (call->args->words.count == 0)
        return true;
    const char *word = call->args->words.items[0];
    char *end;
    long long job = strtoll(word, &end, 10);
    if (*word < '0' || *word > '9' || *end != '\0' || job <= 0) {
        wv_err_set(err, WV_USAGE, "JOB is the number of a job, not \"%s\"", word);
        return wv_err_hint(err, "`wovenctl migrate status` shows the running job");
    }
    *params = json_pack("{s:I}", "job", (json_int_t)job);
    return true;
}

int wv_run_cancel(struct wv_call *call)
{
    struct wv_err err WV_AUTOERR = {0};
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    json_t *params;
    json_t *result = NULL;
    if (!cancel_params(call, &params, &err) || !wv_call_do(call, params, &result, &err))
        return wv_call_fail(call, &err);
    const char *outcome = wv_value_text(result, "outcome");
    bool cancelled = outcome != NULL && strcmp(outcome, "cancelled") == 0;
    if (!call->quiet) {
        wv_strbuf_addf(&text, "Job %lld ", (long long)wv_value_int(result, "job"));
        if (cancelled)
            wv_strbuf_adds(&text, "was cancelled");
        else
            wv_strbuf_adds(&text, "had ended before it could be cancelled");
        if (outcome != NULL && !cancelled) {
            wv_strbuf_adds(&text, ": ");
            wv_style_text(&text, &call->out, WV_PLAIN, outcome);
        }
        wv_strbuf_adds(&text, ".\n");
    }
    int status = wv_call_finish(call, result, &text, cancelled ? WV_EXIT_DONE : WV_EXIT_NO);
    json_decref(result);
    return status;
}

int wv_run_watch(struct wv_call *call)
{
    struct wv_err err WV_AUTOERR = {0};
    if (!wv_call_open(call, &err))
        return wv_call_fail(call, &err);
    struct wv_follow follow;
    wv_follow_init(&follow, call, true);
    enum wv_follow_end end;
    do {
        json_t *result = NULL;
        end = wv_follow_run(&follow, "migrate.watch", NULL, &result, &err);
        if (end == WV_FOLLOW_RESULT && call->json)
            wv_call_print_line(call, result);
        json_decref(result);
    } while (end == WV_FOLLOW_RESULT);
    wv_follow_free(&follow);
    if (end == WV_FOLLOW_LEFT)
        return WV_EXIT_DONE;
    wv_call_explain(call, "migrate.watch", &err);
    return wv_call_fail(call, &err);
}
