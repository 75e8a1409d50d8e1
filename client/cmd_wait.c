/* migrate wait: the one command that outlives its daemon, because who waits for a schema wants the
 * schema, and a daemon that is restarted knows nothing of those who waited. */
#include "clock.h"
#include "display.h"
#include "follow.h"
#include "render.h"
#include "run.h"
#include "value.h"

enum { COME_BACK_MS = 300 };

static json_t *wait_params(const struct wv_call *call)
{
    json_t *params = json_object();
    if (call->args->words.count > 0)
        json_object_set_new(params, "target", wv_proto_texts(&call->args->words));
    if (call->deadline != WV_NEVER) {
        int64_t left = call->deadline - wv_clock_ms();
        json_object_set_new(params, "wait_ms", json_integer(left > 0 ? left : 0));
    }
    return params;
}

static bool has_left(const struct wv_err *err)
{
    return err->code == WV_NO_DAEMON || err->code == WV_SHUTTING_DOWN;
}

/* Sleeps for a moment. False: that is the end, by --timeout or Ctrl-C. */
static bool wait_for_daemon(struct wv_follow *follow, enum wv_follow_end *end, struct wv_err *err)
{
    wv_link_close(&follow->call->link);
    wv_err_clear(err);
    if (wv_follow_pause(follow, "wovend went away; waiting for it to come back", COME_BACK_MS, end,
                        err))
        return true;
    if (*end == WV_FOLLOW_ERROR)
        wv_err_prefix(err, "wovend went away");
    return false;
}

static enum wv_follow_end wait_once(struct wv_follow *follow, bool *met, json_t **result,
                                    struct wv_err *err)
{
    struct wv_call *call = follow->call;
    if (!wv_call_open(call, err))
        return WV_FOLLOW_ERROR;
    *met = true;
    return wv_follow_run(follow, call->args->cmd->method, wait_params(call), result, err);
}

/* Asks again whoever answers on the socket, as often as it goes away. One that was never there is
 * an error at once. */
static enum wv_follow_end wait_on(struct wv_follow *follow, json_t **result, struct wv_err *err)
{
    int64_t began = wv_clock_ms();
    bool met = false;
    bool away = false;
    enum wv_follow_end end = wait_once(follow, &met, result, err);
    while (end == WV_FOLLOW_ERROR && met && has_left(err)) {
        away = true;
        if (!wait_for_daemon(follow, &end, err))
            return end;
        end = wait_once(follow, &met, result, err);
    }
    if (end == WV_FOLLOW_RESULT && away)
        json_object_set_new(*result, "waited_ms", json_integer(wv_clock_ms() - began));
    return end;
}

static void print_reached(struct wv_strbuf *text, const struct wv_call *call, const json_t *result)
{
    wv_strbuf_adds(text, "The database has ");
    wv_render_ids(text, &call->out, WV_YELLOW, wv_value_array(result, "target"));
    wv_strbuf_adds(text, ", waited ");
    wv_display_duration(text, wv_value_int(result, "waited_ms"));
    wv_strbuf_addc(text, '\n');
}

int wv_run_wait(struct wv_call *call)
{
    struct wv_err err WV_AUTOERR = {0};
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    json_t *result = NULL;
    struct wv_follow follow;
    wv_follow_init(&follow, call, true);
    follow.waiter = true;
    enum wv_follow_end end = wait_on(&follow, &result, &err);
    wv_follow_free(&follow);
    if (end == WV_FOLLOW_LEFT)
        wv_err_set(&err, WV_CANCELLED, "left before the database had it");
    if (end != WV_FOLLOW_RESULT) {
        wv_call_explain(call, call->args->cmd->method, &err);
        return wv_call_fail(call, &err);
    }
    if (!call->json && !call->quiet)
        print_reached(&text, call, result);
    int status = wv_call_finish(call, result, &text, WV_EXIT_DONE);
    json_decref(result);
    return status;
}
