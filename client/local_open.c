/* See local_open.h. A connection alone proves nothing, since a daemon that is about to end still
 * has one in its backlog: who has answered a ping knows of this client and stays. */
#include "local_open.h"

#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "render.h"
#include "value.h"

enum {
    LOCK_MS = 30000,
    CONNECT_MS = 120000, /* a first start makes a database cluster */
    LOOK_MS = 50,
    SHOW_MS = 900,
};

/* `*edited`: its settings are not what their file says by now. */
static bool greet(struct wv_call *call, bool *edited, struct wv_err *err)
{
    json_t *pong;
    if (!wv_call_ask(call, "daemon.ping", NULL, &pong, err))
        return false;
    *edited = wv_value_true(pong, "settings_edited");
    json_decref(pong);
    return true;
}

static bool reach(struct wv_call *call, const struct wv_local *local, bool *edited,
                  struct wv_err *err)
{
    if (wv_link_open(&call->link, local->socket, call->deadline, err) && greet(call, edited, err))
        return true;
    wv_link_close(&call->link);
    return false;
}

static bool is_connecting(struct wv_call *call)
{
    struct wv_err ignored WV_AUTOERR = {0};
    json_t *status;
    if (!wv_call_ask(call, "daemon.status", NULL, &status, &ignored))
        return false;
    const char *role = wv_value_text(status, "role");
    bool connecting = role != NULL && strcmp(role, "connecting") == 0;
    json_decref(status);
    return connecting;
}

static void await_database(struct wv_call *call)
{
    int64_t start = wv_clock_ms();
    int64_t until = wv_clock_earlier(call->deadline, start + CONNECT_MS);
    bool shown = false;
    while (wv_clock_ms() < until && is_connecting(call)) {
        if (wv_clock_ms() - start >= SHOW_MS) {
            wv_call_show_waiting(call, "waiting for the database to start", start);
            shown = true;
        }
        poll(NULL, 0, LOOK_MS);
    }
    if (shown)
        wv_call_show_waiting(call, "", 0);
}

/* What is about the jobs that run already has to be possible with whatever settings. */
static bool is_about_running(const struct wv_call *call)
{
    static const char *const methods[] = {"migrate.status", "migrate.cancel", "migrate.wait",
                                          "migrate.watch"};
    for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
        if (strcmp(call->args->cmd->method, methods[i]) == 0)
            return true;
    }
    return false;
}

/* The daemon keeps the settings that it has. False: they will not do for this command. */
static bool go_on_with_old(const struct wv_call *call, const struct wv_local *local,
                           struct wv_err *err)
{
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    if (err->code == WV_ACCESS_DENIED) {
        wv_strbuf_addf(&text,
                       "%s was edited; uid %u may not have it read again (access.admin), and the "
                       "settings before stay in force\n",
                       local->conf, (unsigned)geteuid());
    } else if (err->code == WV_CONFIG_ERROR && is_about_running(call)) {
        wv_strbuf_addf(&text, "%s was edited and is not taken; the settings before stay in force\n",
                       local->conf);
        wv_render_error(&text, &call->err, err);
    } else {
        return false;
    }
    wv_write_err(&text);
    wv_err_clear(err);
    return true;
}

/* Nobody else reads them again for a private daemon, and the command is meant as they are now. */
static bool take_settings(struct wv_call *call, const struct wv_local *local, struct wv_err *err)
{
    json_t *result;
    if (!wv_call_ask(call, "daemon.reload", NULL, &result, err))
        return go_on_with_old(call, local, err);
    json_decref(result);
    if (!call->quiet && !call->json) {
        struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
        wv_strbuf_addf(&text, "Read %s again, which has changed\n", local->conf);
        wv_write_err(&text);
    }
    await_database(call);
    return true;
}

/* `*child` is written when one was started by us. Another client may have been faster. */
static bool reach_or_start(struct wv_call *call, const struct wv_local *local,
                           struct wv_local_child *child, bool *edited, struct wv_err *err)
{
    int64_t until = wv_clock_earlier(call->deadline, wv_clock_ms() + LOCK_MS);
    int lock = wv_local_lock(local, until, err);
    if (lock < 0)
        return false;
    bool done = reach(call, local, edited, err);
    if (!done && err->code == WV_NO_DAEMON) {
        wv_err_clear(err);
        done = wv_local_start(local, child, err);
    }
    close(lock);
    return done;
}

static void tell_started(const struct wv_call *call, const struct wv_local *local,
                         const struct wv_local_child *child)
{
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    if (call->quiet || call->json)
        return;
    wv_strbuf_addf(&text, "Started a private wovend, pid %d, for %s\n", (int)child->pid,
                   local->conf);
    wv_write_err(&text);
}

static bool not_started(const struct wv_local *local, struct wv_err *err)
{
    wv_err_set(err, WV_NO_DAEMON, "no private wovend runs for %s", local->conf);
    return wv_err_hint(err, "a command of `wovenctl migrate` starts one");
}

bool wv_local_open(struct wv_call *call, const struct wv_local *local, struct wv_err *err)
{
    struct wv_local_child child = {0};
    bool edited = false;
    bool of_daemon = strcmp(call->args->cmd->group, "daemon") == 0;
    if (reach(call, local, &edited, err))
        return of_daemon || !edited || take_settings(call, local, err);
    if (err->code != WV_NO_DAEMON)
        return false;
    if (of_daemon)
        return not_started(local, err);
    wv_err_clear(err);
    if (!reach_or_start(call, local, &child, &edited, err))
        return false;
    if (child.pid == 0)
        return !edited || take_settings(call, local, err);
    if (!reach(call, local, &edited, err))
        return wv_local_explain(local, &child, err);
    tell_started(call, local, &child);
    await_database(call);
    return true;
}
