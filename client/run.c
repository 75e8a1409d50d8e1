/* See run.h. Main thread. Knows no single command. */
#include "run.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "display.h"
#include "interrupt.h"
#include "local_open.h"
#include "render.h"
#include "value.h"

void wv_call_init(struct wv_call *call, const struct wv_args *args)
{
    *call = (struct wv_call){.args = args, .link = {.fd = -1}, .deadline = WV_NEVER};
    call->out = wv_look_at(STDOUT_FILENO);
    call->err = wv_look_at(STDERR_FILENO);
    call->json = wv_args_has(args, WV_OPT_JSON);
    call->quiet = wv_args_has(args, WV_OPT_QUIET);
    if (args->timeout_ms > 0)
        call->deadline = wv_clock_ms() + args->timeout_ms;
}

void wv_call_close(struct wv_call *call)
{
    wv_link_close(&call->link);
    for (size_t i = 0; i < call->text_count; i++)
        close(call->texts[i]);
    call->text_count = 0;
}

static const char *not_empty(const char *text)
{
    return text != NULL && *text != '\0' ? text : NULL;
}

/* The variable is for all commands, and so means nothing to one that is about all projects. */
static const char *project_of(const struct wv_call *call)
{
    const char *project = wv_args_value(call->args, WV_OPT_PROJECT);
    bool about_all = wv_args_has(call->args, WV_OPT_ALL) &&
                     strcmp(call->args->cmd->method, "migrate.status") == 0;
    if (project != NULL || about_all)
        return project;
    return not_empty(getenv("WOVEN_PROJECT"));
}

/* The socket that is named, else the host's, else a private daemon of the project of this folder.
 */
static bool open_link(struct wv_call *call, struct wv_err *err)
{
    const char *path = wv_args_value(call->args, WV_OPT_SOCKET);
    if (path == NULL)
        path = getenv("WOVEN_SOCKET");
    if (not_empty(path) != NULL)
        return wv_link_open(&call->link, path, call->deadline, err);
    if (access(WV_SOCKET_DEFAULT, F_OK) == 0)
        return wv_link_open(&call->link, WV_SOCKET_DEFAULT, call->deadline, err);
    struct wv_local local = {0};
    switch (wv_local_find(&local, err)) {
    case WV_LOCAL_FAILED:
        return false;
    case WV_LOCAL_NONE:
        (void)!wv_link_open(&call->link, WV_SOCKET_DEFAULT, call->deadline, err);
        return wv_err_hint(err, "is wovend running? (systemctl status wovend) In the folder of a"
                                " project, one with a woven.conf, a private one is started");
    case WV_LOCAL_FOUND:
        break;
    }
    bool open = wv_local_open(call, &local, err);
    wv_local_clear(&local);
    return open;
}

bool wv_call_open(struct wv_call *call, struct wv_err *err)
{
    if (!open_link(call, err))
        return false;
    call->link.project = project_of(call);
    return true;
}

bool wv_call_timed_out(struct wv_call *call, struct wv_err *err)
{
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    wv_display_duration(&text, call->args->timeout_ms);
    wv_err_set(err, WV_TIMED_OUT, "wovend has not answered within %s (--timeout)",
               wv_strbuf_text(&text));
    return wv_err_hint(err, "`wovenctl migrate status` tells what it is doing");
}

bool wv_call_interrupted(struct wv_err *err)
{
    if (wv_interrupt_terminated())
        wv_interrupt_die();
    return wv_err_set(err, WV_CANCELLED, "cancelled by Ctrl-C");
}

void wv_call_show_waiting(const struct wv_call *call, const char *what, int64_t since)
{
    if (!call->err.live || call->json || call->quiet)
        return;
    struct wv_strbuf line WV_AUTOSTRBUF = WV_STRBUF_INIT;
    wv_strbuf_adds(&line, "\r\033[K");
    if (since > 0) {
        wv_strbuf_addf(&line, "%s  ", what);
        wv_display_duration(&line, (wv_clock_ms() - since) / 1000 * 1000);
    }
    wv_write_err(&line);
}

/* Reads until the answer to `id` is there; notifications are of no interest here. */
static bool await(struct wv_call *call, int64_t id, struct wv_proto_message *message,
                  struct wv_err *err)
{
    int64_t start = wv_clock_ms();
    bool shown = false;
    enum wv_link_status status = WV_LINK_EMPTY;
    for (;;) {
        status = wv_link_next(&call->link, message, err);
        if (status == WV_LINK_FAILED)
            break;
        if (status == WV_LINK_MESSAGE) {
            if (wv_link_answers(message, id) ||
                (message->kind == WV_PROTO_ERROR && json_is_null(message->id)))
                break;
            wv_proto_message_clear(message);
            continue;
        }
        if (wv_clock_ms() >= call->deadline) {
            wv_call_timed_out(call, err);
            break;
        }
        int64_t tick = wv_clock_ms() + 1000;
        status = wv_link_fill(&call->link, tick < call->deadline ? tick : call->deadline, err);
        if (status == WV_LINK_SIGNAL)
            wv_call_interrupted(err);
        if (status == WV_LINK_FAILED || status == WV_LINK_SIGNAL)
            break;
        if (wv_clock_ms() - start >= 900) {
            wv_call_show_waiting(call, "waiting for wovend to answer", start);
            shown = true;
        }
    }
    if (shown)
        wv_call_show_waiting(call, "", 0);
    return status == WV_LINK_MESSAGE;
}

bool wv_call_ask(struct wv_call *call, const char *method, json_t *params, json_t **result,
                 struct wv_err *err)
{
    int64_t id;
    struct wv_proto_message message = {0};
    if (!wv_link_send(&call->link, method, params, call->deadline, &id, err) ||
        !await(call, id, &message, err))
        return false;
    bool ok = message.kind == WV_PROTO_RESULT;
    if (ok)
        *result = WV_STEAL(message.result);
    else
        wv_err_move(err, &message.error);
    wv_proto_message_clear(&message);
    return ok;
}

void wv_call_explain(struct wv_call *call, const char *method, struct wv_err *err)
{
    if (err->code != WV_METHOD_NOT_FOUND || strcmp(method, "daemon.ping") == 0)
        return;
    struct wv_err other WV_AUTOERR = {0};
    json_t *ping = NULL;
    const char *version = NULL;
    if (wv_call_ask(call, "daemon.ping", NULL, &ping, &other))
        version = wv_value_text(ping, "version");
    wv_err_set(err, WV_METHOD_NOT_FOUND, "wovend %s does not know %s, this is wovenctl %s",
               version != NULL ? version : "(of unknown version)", method, WV_VERSION);
    wv_err_hint(err, "install the same version of both and restart wovend");
    json_decref(ping);
}

bool wv_call_do(struct wv_call *call, json_t *params, json_t **result, struct wv_err *err)
{
    return wv_call_do_method(call, call->args->cmd->method, params, result, err);
}

bool wv_call_do_method(struct wv_call *call, const char *method, json_t *params, json_t **result,
                       struct wv_err *err)
{
    if (!wv_call_open(call, err)) {
        json_decref(params);
        return false;
    }
    if (wv_call_ask(call, method, params, result, err))
        return true;
    wv_call_explain(call, method, err);
    return false;
}

/* On a terminal what is not ASCII is escaped: JSON lets through what would steer it. */
static bool print_json(const struct wv_call *call, const json_t *value, size_t form,
                       struct wv_err *err)
{
    size_t flags = form | JSON_ENCODE_ANY | (call->out.tty ? JSON_ENSURE_ASCII : 0);
    char *text = json_dumps(value, flags);
    struct wv_strbuf line WV_AUTOSTRBUF = WV_STRBUF_INIT;
    wv_strbuf_adds(&line, text != NULL ? text : "null");
    wv_strbuf_addc(&line, '\n');
    free(text);
    return wv_write_all(STDOUT_FILENO, &line, err);
}

void wv_call_print_line(const struct wv_call *call, const json_t *value)
{
    struct wv_err ignored WV_AUTOERR = {0};
    (void)!print_json(call, value, JSON_COMPACT, &ignored);
}

int wv_call_fail(struct wv_call *call, const struct wv_err *err)
{
    struct wv_err ignored WV_AUTOERR = {0};
    if (call->json) {
        json_t *document = json_pack("{s:o}", "error", wv_proto_err_json(err));
        (void)!print_json(call, document, JSON_INDENT(2), &ignored);
        json_decref(document);
    } else {
        struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
        wv_render_error(&text, &call->err, err);
        wv_write_err(&text);
    }
    return (int)wv_err_exit(err->code);
}

int wv_call_finish(struct wv_call *call, const json_t *result, const struct wv_strbuf *text,
                   int status)
{
    struct wv_err err WV_AUTOERR = {0};
    bool ok = call->json ? print_json(call, result, JSON_INDENT(2), &err)
                         : wv_write_all(STDOUT_FILENO, text, &err);
    if (ok)
        return status;
    struct wv_strbuf complaint WV_AUTOSTRBUF = WV_STRBUF_INIT;
    wv_render_error(&complaint, &call->err, &err);
    wv_write_err(&complaint);
    return (int)wv_err_exit(err.code);
}

void wv_call_set_value(const struct wv_call *call, json_t *params, const char *key,
                       enum wv_opt_id id)
{
    wv_proto_set_text(params, key, wv_args_value(call->args, id));
}

void wv_call_set_values(const struct wv_call *call, json_t *params, const char *key,
                        enum wv_opt_id id)
{
    if (wv_args_has(call->args, id))
        json_object_set_new(params, key, wv_proto_texts(&call->args->values[id]));
}

void wv_call_set_flag(const struct wv_call *call, json_t *params, const char *key,
                      enum wv_opt_id id)
{
    if (wv_args_has(call->args, id))
        json_object_set_new(params, key, json_true());
}

void wv_call_set_waits(const struct wv_call *call, json_t *params)
{
    if (call->args->timeout_ms > 0)
        json_object_set_new(params, "wait_ms", json_integer(call->args->timeout_ms));
    if (wv_args_has(call->args, WV_OPT_NO_HAND_OVER))
        json_object_set_new(params, "hand_over", json_false());
}
