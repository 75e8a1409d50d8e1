/* The way of a line: envelope, method, project, access, parameters, function. The project is named
 * by the parameter `project`, which every method takes; where there is only one it need not be.
 * Loop thread. Refuses to know what methods do. */
#include <stdlib.h>

#include "control_parts.h"
#include "lock.h"
#include "log.h"
#include "proto.h"
#include "side_word.h"
#include "unit.h"
#include "verbs.h"
#include "verbs_run.h"

/* ACCESS_DENIED, for want of one class; `with`: of what more than the method itself. */
static bool deny(const struct wv_verb *verb, enum wv_access_class access, const char *with,
                 const struct wv_peer *peer, struct wv_err *err)
{
    char *unit WV_AUTOFREE = wv_unit_of("/proc", peer->pid, peer->uid);
    wv_log(WV_LOG_NOTICE, "access", "%s is refused to uid %lu, pid %ld%s%s: not in access.%s",
           verb->name, (unsigned long)peer->uid, (long)peer->pid, unit != NULL ? ", unit " : "",
           unit != NULL ? unit : "", wv_access_word(access));
    wv_err_set(err, WV_ACCESS_DENIED, "uid %lu may not call %s%s", (unsigned long)peer->uid,
               verb->name, with);
    return wv_err_hint(err, "access.%s in the daemon's configuration lists who may",
                       wv_access_word(access));
}

bool wv_verb_allow(const struct wv_verb *verb, const struct wv_rights *rights,
                   const struct wv_peer *peer, struct wv_err *err)
{
    return wv_rights_allow(rights, verb->access, peer) || deny(verb, verb->access, "", peer, err);
}

/* SQL of his own, which runs in scratch, and servers that take the daemon for a friend are an
 * administrator's to name. The parameters are unchecked yet. */
static bool may_bring(const struct wv_request *request, const struct wv_peer *peer,
                      struct wv_err *err)
{
    struct wv_strlist sides WV_AUTOSTRLIST = {0};
    bool printed = request->desk->settings->models_command.count > 0;
    wv_verb_sides(request->verb, request->params, &sides);
    for (size_t i = 0; i < sides.count; i++) {
        const char *side = sides.items[i];
        if (!wv_side_is_foreign(side, printed) ||
            wv_rights_allow(request->desk->rights, WV_ACCESS_ADMIN, peer))
            continue;
        const char *with = wv_side_kind(side) == WV_SIDE_MODELS
                               ? " where models_command prints the models: it is run by the caller"
                               : " with a file or a connection string of his own";
        return deny(request->verb, WV_ACCESS_ADMIN, with, peer, err);
    }
    return true;
}

/* Whether it is asked of all projects at once. */
static bool wants_all(const struct wv_request *request)
{
    return request->verb->run != NULL && request->verb->run_daemon != NULL &&
           wv_request_flag(request, "all", false);
}

static bool refuse_project(const struct wv_control *control, const char *name, struct wv_err *err)
{
    struct wv_strlist names WV_AUTOSTRLIST = {0};
    wv_control_projects(control, &names);
    char *text WV_AUTOFREE = wv_strlist_join(&names, ", ");
    if (name != NULL)
        wv_err_set(err, WV_PROJECT_NOT_FOUND, "this wovend has no project \"%s\"", name);
    else
        wv_err_set(err, WV_PROJECT_REQUIRED, "this wovend has %zu projects, and none is named",
                   names.count);
    return wv_err_hint(err, "name one (wovenctl: --project or WOVEN_PROJECT): %s", text);
}

/* Takes the parameter `project` out of the others. */
static bool choose_project(struct wv_control *control, struct wv_request *request,
                           struct wv_err *err)
{
    json_t *value = json_object_get(request->params, "project");
    bool all = wants_all(request);
    request->desk = wv_lock_desk(control, request);
    if (request->desk == NULL)
        request->desk = wv_cancel_desk(control, request);
    if (request->desk != NULL) {
        json_object_del(request->params, "project");
        return true;
    }
    if (value == NULL) {
        request->desk = wv_control_only(control);
        return request->desk != NULL || request->verb->run == NULL || all ||
               refuse_project(control, NULL, err);
    }
    if (!json_is_string(value))
        return wv_err_set(err, WV_INVALID_PARAMS, "parameter \"project\" is not a string");
    if (all)
        return wv_err_set(err, WV_INVALID_PARAMS, "\"all\" and \"project\" exclude each other");
    request->desk = wv_control_find(control, json_string_value(value));
    if (request->desk == NULL)
        return refuse_project(control, json_string_value(value), err);
    json_object_del(request->params, "project");
    return true;
}

static bool find_verb(struct wv_request *request, const struct wv_proto_message *message,
                      struct wv_err *err)
{
    if (message->kind != WV_PROTO_REQUEST && message->kind != WV_PROTO_NOTIFICATION)
        return wv_err_set(err, WV_INVALID_REQUEST,
                          "the daemon asked nothing that could be answered");
    request->verb = wv_verb_find(message->method);
    if (request->verb != NULL)
        return true;
    wv_err_set(err, WV_METHOD_NOT_FOUND, "there is no method \"%s\"", message->method);
    return wv_err_hint(err, "rpc.discover lists them all");
}

/* Each project is asked by its own rights, all of them by each one's. Who holds the lock may give
 * it back, whatever a reload has made of the rights since. */
static bool may_ask(struct wv_control *control, const struct wv_request *request,
                    const struct wv_peer *peer, struct wv_err *err)
{
    const struct wv_verb *verb = request->verb;
    if (wants_all(request) || wv_lock_desk(control, request) != NULL)
        return true;
    if (verb->run == NULL)
        return wv_verb_allow(verb, control->rights, peer, err);
    return wv_verb_allow(verb, request->desk->rights, peer, err) && may_bring(request, peer, err);
}

/* What makes a job of it knows which texts it needs. All else would keep them for as long as it
 * waits. */
static bool may_have_texts(const struct wv_request *request, struct wv_err *err)
{
    const struct wv_verb *verb = request->verb;
    return request->texts.count == 0 || verb->run == wv_verb_job ||
           verb->run == wv_verb_autogenerate ||
           wv_err_set(err, WV_INVALID_PARAMS, "a text came with the request, and %s needs none",
                      verb->name);
}

static void run(struct wv_control *control, struct wv_request *request)
{
    const struct wv_verb *verb = request->verb;
    struct wv_desk *desk = request->desk;
    if (verb->run == NULL || wants_all(request)) {
        verb->run_daemon(control, request);
        return;
    }
    wv_log_set_project(desk->settings->project);
    verb->run(desk, request);
    wv_log_set_project(NULL);
}

void wv_dispatch(struct wv_control *control, uint64_t session, const char *line, size_t length,
                 struct wv_passed_texts *texts)
{
    struct wv_proto_message message = {0};
    struct wv_err err WV_AUTOERR = {0};
    const struct wv_peer *peer = wv_sessions_peer(control->sessions, session);
    struct wv_request *request = wv_xcalloc(1, sizeof(*request));
    request->sessions = control->sessions;
    request->session = session;
    request->uid = peer->uid;
    request->pid = peer->pid;
    request->texts = *texts;
    *texts = (struct wv_passed_texts){0};
    bool read = wv_proto_read(line, length, &message, &err);
    request->notification = read && message.kind == WV_PROTO_NOTIFICATION;
    request->id = json_incref(message.id);
    request->params = message.params != NULL ? json_incref(message.params) : json_object();
    bool admitted =
        read && find_verb(request, &message, &err) && choose_project(control, request, &err) &&
        may_ask(control, request, peer, &err) &&
        wv_verb_check(request->verb, request->params, &err) && may_have_texts(request, &err);
    wv_proto_message_clear(&message);
    if (admitted)
        run(control, request);
    else
        wv_request_fail(request, &err);
}
