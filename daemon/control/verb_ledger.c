/* migrate.verify and migrate.log: what the ledger says, read by the watcher. */
#include "proto.h"
#include "verbs_run.h"
#include "view.h"

enum { LOG_DEFAULT = 50, LOG_MOST = 1000 };

/* False: there is no answer, and the request has been told why. */
static bool has_answer(struct wv_desk *desk, struct wv_request *request,
                       const struct wv_message *found)
{
    struct wv_err err WV_AUTOERR = {0};
    if (found != NULL && found->found.error.code == WV_OK)
        return true;
    if (found != NULL)
        wv_err_copy(&err, &found->found.error);
    else
        wv_verb_unreachable(desk, NULL, &err);
    wv_request_fail(request, &err);
    return false;
}

static void answer_verify(struct wv_desk *desk, struct wv_request *request,
                          struct wv_message *found)
{
    if (has_answer(desk, request, found))
        wv_request_finish(request, wv_view_verdict(&found->found.verdict));
}

void wv_verb_verify(struct wv_desk *desk, struct wv_request *request)
{
    struct wv_message *message = wv_message_new(WV_MSG_LOOKUP);
    message->lookup.what = WV_LOOKUP_VERIFY;
    message->lookup.project = wv_project_ref(wv_files_fresh(desk->files));
    message->lookup.with_diff = wv_request_flag(request, "diff", false);
    wv_look_up(desk, request, message, answer_verify);
}

static void answer_log(struct wv_desk *desk, struct wv_request *request, struct wv_message *found)
{
    if (has_answer(desk, request, found))
        wv_request_finish(request, wv_view_log(&found->found.log, wv_files_fresh(desk->files)));
}

void wv_verb_log(struct wv_desk *desk, struct wv_request *request)
{
    int64_t limit = wv_request_number(request, "limit", LOG_DEFAULT);
    if (limit < 1 || limit > LOG_MOST) {
        struct wv_err err WV_AUTOERR = {0};
        wv_err_set(&err, WV_INVALID_PARAMS, "parameter \"limit\" is not from 1 to %d", LOG_MOST);
        wv_err_hint(&err, "`before` with the answer's `next` gives the page after this one");
        wv_request_fail(request, &err);
        return;
    }
    struct wv_message *message = wv_message_new(WV_MSG_LOOKUP);
    message->lookup.what = WV_LOOKUP_LOG;
    message->lookup.filter = (struct wv_log_filter){
        .revision = wv_xstrdup(wv_request_text(request, "revision")),
        .since = wv_xstrdup(wv_request_text(request, "since")),
        .before = wv_request_number(request, "before", 0),
        .limit = limit,
        .failed = wv_request_flag(request, "failed", false),
    };
    wv_look_up(desk, request, message, answer_log);
}
