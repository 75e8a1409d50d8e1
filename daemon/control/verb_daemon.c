/* rpc.discover, daemon.ping, daemon.status, daemon.reload, daemon.stop, daemon.step_down. */
#include <unistd.h>

#include "clock.h"
#include "file_read.h"
#include "log.h"
#include "proto.h"
#include "verbs_run.h"
#include "view.h"

static json_t *about(void)
{
    json_t *object = json_object();
    json_object_set_new(object, "service", json_string("wovend"));
    json_object_set_new(object, "version", json_string(WV_VERSION));
    json_object_set_new(object, "protocol", json_integer(WV_PROTO_VERSION));
    return object;
}

static json_t *view_param(const struct wv_param *param)
{
    json_t *object = json_pack("{s:s,s:s,s:b}", "name", param->name, "type",
                               wv_param_type_word(param->type), "required", (int)param->required);
    if (param->values == NULL)
        return object;
    json_t *values = json_array();
    for (const char *const *value = param->values; *value != NULL; value++)
        json_array_append_new(values, json_string(*value));
    json_object_set_new(object, "values", values);
    return object;
}

static json_t *view_verb(const struct wv_verb *verb)
{
    static const struct wv_param project = {"project", WV_PARAM_TEXT, false, NULL};
    json_t *params = json_array();
    for (const struct wv_param *param = verb->params; param->name != NULL; param++)
        json_array_append_new(params, view_param(param));
    json_array_append_new(params, view_param(&project));
    return json_pack("{s:s,s:s,s:s,s:o}", "name", verb->name, "access",
                     wv_access_word(verb->access), "description", verb->description, "params",
                     params);
}

void wv_verb_discover(struct wv_control *control, struct wv_request *request)
{
    (void)control;
    json_t *methods = json_array();
    for (size_t i = 0; i < wv_verb_count; i++)
        json_array_append_new(methods, view_verb(&wv_verbs[i]));
    json_t *result = about();
    json_object_set_new(result, "methods", methods);
    wv_request_finish(request, result);
}

/* Those in force are not what the file says by now. */
static bool is_edited(const struct wv_settings *settings)
{
    struct wv_file_stamp now = wv_file_stamp_at(settings->config_path);
    return !wv_file_stamp_equal(&now, &settings->config_stamp);
}

void wv_verb_ping(struct wv_control *control, struct wv_request *request)
{
    json_t *result = about();
    json_object_set_new(result, "pid", json_integer(getpid()));
    json_object_set_new(result, "settings_edited", json_boolean(is_edited(control->settings)));
    wv_request_finish(request, result);
}

static json_t *heads_of(const struct wv_project *project)
{
    json_t *heads = json_array();
    if (project->graph == NULL)
        return heads;
    struct wv_span span = wv_graph_real_heads(project->graph);
    for (size_t i = 0; i < span.count; i++)
        json_array_append_new(heads, wv_proto_text(wv_graph_id(project->graph, span.items[i])));
    return heads;
}

static json_t *view_files(const struct wv_project *project)
{
    json_t *files = json_object();
    json_object_set_new(files, "revisions", json_integer((json_int_t)project->count));
    json_object_set_new(files, "heads", heads_of(project));
    json_object_set_new(files, "problems", wv_proto_problems_json(&project->problems));
    return files;
}

static const struct wv_db_state *last_look(const struct wv_board *board)
{
    bool connected = board->role.role == WV_ROLE_LEADER || board->role.role == WV_ROLE_STANDBY;
    return connected && board->looked ? &board->look : NULL;
}

/* From the board alone: it answers whatever the database does. Between looks, being leader or
 * standby is what says that it can be reached. */
static json_t *view_database(const struct wv_board *board)
{
    json_t *database = wv_view_database(board, last_look(board));
    bool connected = board->role.role == WV_ROLE_LEADER || board->role.role == WV_ROLE_STANDBY;
    json_object_set_new(database, "reachable", json_boolean(connected));
    return database;
}

/* What the daemon has of one project. */
static json_t *view_desk(const struct wv_desk *desk)
{
    const struct wv_board *board = &desk->board;
    const struct wv_board_job *running = wv_board_running(board);
    if (running == NULL)
        running = wv_board_proving(board);
    json_t *object = json_object();
    json_object_set_new(object, "project", wv_proto_text(desk->settings->project));
    json_object_set_new(object, "role", json_string(wv_role_word(board->role.role)));
    json_object_set_new(object, "leader", wv_view_leader(board, NULL));
    json_object_set_new(object, "database", view_database(board));
    json_object_set_new(object, "files", view_files(wv_files_fresh(desk->files)));
    json_object_set_new(object, "jobs_waiting", json_integer((json_int_t)wv_board_waiting(board)));
    json_object_set_new(object, "job", running != NULL ? wv_view_job(running) : json_null());
    json_object_set_new(object, "stopping", json_boolean(desk->stop.strength != WV_SERVING));
    return object;
}

/* Only its name and the refusal to who may not read it. */
static json_t *view_allowed(const struct wv_desk *desk, const struct wv_request *request)
{
    struct wv_err err WV_AUTOERR = {0};
    const struct wv_peer *peer = wv_sessions_peer(request->sessions, request->session);
    if (wv_verb_allow(request->verb, desk->rights, peer, &err))
        return view_desk(desk);
    json_t *object = json_object();
    json_object_set_new(object, "project", wv_proto_text(desk->settings->project));
    json_object_set_new(object, "error", wv_proto_err_json(&err));
    return object;
}

static json_t *view_desks(const struct wv_control *control, const struct wv_request *request)
{
    json_t *list = json_array();
    for (size_t i = 0; i < control->desk_count; i++)
        json_array_append_new(list, view_allowed(control->desks[i], request));
    return list;
}

/* The members that tell of one project are those of the project that is named, or of the only one;
 * with several, and none named, they are null. */
static void add_project(json_t *result, const struct wv_request *request)
{
    static const char *const keys[] = {"project", "role",         "leader", "database",
                                       "files",   "jobs_waiting", "job"};
    json_t *project = request->desk != NULL ? view_allowed(request->desk, request) : json_object();
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        json_t *value = json_object_get(project, keys[i]);
        json_object_set_new(result, keys[i], value != NULL ? json_incref(value) : json_null());
    }
    json_decref(project);
}

void wv_verb_daemon_status(struct wv_control *control, struct wv_request *request)
{
    json_t *result = json_object();
    json_object_set_new(result, "version", json_string(WV_VERSION));
    json_object_set_new(result, "pid", json_integer(getpid()));
    json_object_set_new(result, "host", wv_proto_text(control->host));
    json_object_set_new(result, "socket", wv_proto_text(control->settings->socket));
    json_object_set_new(result, "uptime_seconds",
                        json_integer((wv_clock_ms() - control->started_ms) / 1000));
    json_object_set_new(result, "clients",
                        json_integer((json_int_t)wv_sessions_count(control->sessions)));
    add_project(result, request);
    json_object_set_new(result, "projects", view_desks(control, request));
    wv_request_finish(request, result);
}

/* The files of all projects, counted, and their faults. */
static void add_files(json_t *result, const struct wv_control *control)
{
    struct wv_problems problems = {0};
    size_t count = 0;
    for (size_t i = 0; i < control->desk_count; i++) {
        if (control->desks[i]->removed)
            continue;
        const struct wv_project *project = wv_files_fresh(control->desks[i]->files);
        count += project->count;
        wv_problems_append(&problems, &project->problems);
    }
    json_object_set_new(result, "revisions", json_integer((json_int_t)count));
    json_object_set_new(result, "problems", wv_proto_problems_json(&problems));
    wv_problems_free(&problems);
}

void wv_verb_reload(struct wv_control *control, struct wv_request *request)
{
    struct wv_err err WV_AUTOERR = {0};
    struct wv_strlist restart WV_AUTOSTRLIST = {0};
    struct wv_strlist names WV_AUTOSTRLIST = {0};
    if (!wv_control_reload(control, &restart, &err)) {
        wv_request_fail(request, &err);
        return;
    }
    json_t *result = json_object();
    json_object_set_new(result, "reloaded", json_true());
    add_files(result, control);
    json_object_set_new(result, "restart_needed", wv_proto_texts(&restart));
    wv_control_projects(control, &names);
    json_object_set_new(result, "projects", wv_proto_texts(&names));
    wv_request_finish(request, result);
}

void wv_verb_stop(struct wv_control *control, struct wv_request *request)
{
    json_t *result = json_object();
    json_object_set_new(result, "stopping", json_true());
    json_object_set_new(result, "pid", json_integer(getpid()));
    wv_log(WV_LOG_NOTICE, "control", "a client has asked the daemon to end");
    wv_request_finish(request, result);
    wv_shutdown_begin(control);
}

void wv_verb_step_down(struct wv_desk *desk, struct wv_request *request)
{
    struct wv_err err WV_AUTOERR = {0};
    if (desk->stop.strength != WV_SERVING) {
        wv_err_set(&err, WV_SHUTTING_DOWN, "the daemon stops, and gives the lead up by that");
        wv_request_fail(request, &err);
        return;
    }
    wv_parked_add(&desk->parked,
                  &(struct wv_parked_item){.request = request, .as = WV_PARKED_STEPPER});
    wv_mailbox_put(desk->to_migrator, wv_message_new(WV_MSG_STEP_DOWN));
}
