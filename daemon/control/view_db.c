/* The database, its leader and an interrupted step as JSON. */
#include "clock.h"
#include "proto.h"
#include "view.h"

/* 150020 is "15.20" (PQserverVersion). */
static void set_version(json_t *object, int version)
{
    char *text WV_AUTOFREE = wv_xasprintf("%d.%d", version / 10000, version % 10000);
    wv_proto_set_text(object, "server_version", text);
}

static void add_outage(json_t *object, const struct wv_board *board,
                       const struct wv_db_state *state)
{
    const struct wv_role_change *role = &board->role;
    const struct wv_err *error =
        state != NULL && state->error.code != WV_OK ? &state->error : &role->error;
    if (error->code != WV_OK)
        json_object_set_new(object, "error", wv_proto_err_json(error));
    if (role->role != WV_ROLE_UNREACHABLE)
        return;
    char *since WV_AUTOFREE = wv_clock_iso(board->role_since);
    int64_t left = board->role_ms + role->retry_ms - wv_clock_ms();
    wv_proto_set_text(object, "since", since);
    json_object_set_new(object, "retry_ms", json_integer(left > 0 ? left : 0));
}

json_t *wv_view_database(const struct wv_board *board, const struct wv_db_state *state)
{
    bool reachable = state != NULL && state->reachable;
    const struct wv_db_state *facts = reachable ? state : &board->look;
    json_t *object = json_object();
    json_object_set_new(object, "reachable", json_boolean(reachable));
    json_object_set_new(object, "name", wv_proto_text(facts->database));
    json_object_set_new(object, "host", wv_proto_text(facts->host));
    json_object_set_new(object, "user", wv_proto_text(facts->user));
    if (facts->server_version > 0)
        set_version(object, facts->server_version);
    json_object_set_new(object, "read_only", json_boolean(facts->read_only));
    if (!reachable || board->role.role == WV_ROLE_REFUSED)
        add_outage(object, board, state);
    return object;
}

json_t *wv_view_leader(const struct wv_board *board, const struct wv_db_state *state)
{
    const struct wv_leader *leader = &board->role.leader;
    /* Of ourselves we know it first: a look may be older than our taking over. */
    if (state != NULL && state->reachable && board->role.role != WV_ROLE_LEADER)
        leader = &state->leader;
    if (leader->host == NULL)
        return json_null();
    json_t *object = json_object();
    wv_proto_set_text(object, "host", leader->host);
    json_object_set_new(object, "pid", json_integer(leader->pid));
    json_object_set_new(object, "since", wv_proto_text(leader->since));
    return object;
}

json_t *wv_view_holder(const struct wv_holder *holder)
{
    if (holder->backend_pid == 0)
        return json_null();
    json_t *object = json_object();
    json_object_set_new(object, "pid", json_integer(holder->backend_pid));
    json_object_set_new(object, "user", wv_proto_text(holder->user));
    json_object_set_new(object, "application", wv_proto_text(holder->application));
    json_object_set_new(object, "client", wv_proto_text(holder->client));
    json_object_set_new(object, "since", wv_proto_text(holder->since));
    return object;
}

json_t *wv_view_running(const struct wv_db_state *state)
{
    const struct wv_instance *leader = state != NULL ? wv_db_state_leader(state) : NULL;
    return leader != NULL ? wv_view_doing(&leader->doing) : json_null();
}

static json_t *view_instance(const struct wv_instance *instance)
{
    json_t *object = json_object();
    json_object_set_new(object, "host", wv_proto_text(instance->host));
    json_object_set_new(object, "pid", json_integer(instance->pid));
    json_object_set_new(object, "version", wv_proto_text(instance->version));
    json_object_set_new(object, "role", wv_proto_text(instance->role));
    json_object_set_new(object, "heads", wv_proto_texts(&instance->heads));
    json_object_set_new(object, "seen_ms", json_integer(instance->silent_ms));
    json_object_set_new(object, "self", json_boolean(instance->self));
    json_object_set_new(object, "running", wv_view_doing(&instance->doing));
    return object;
}

json_t *wv_view_instances(const struct wv_db_state *state)
{
    json_t *array = json_array();
    for (size_t i = 0; state != NULL && i < state->instances.count; i++)
        json_array_append_new(array, view_instance(&state->instances.items[i]));
    return array;
}

json_t *wv_view_interrupted(const struct wv_interrupted *interrupted)
{
    if (interrupted->revision == NULL)
        return json_null();
    json_t *object = json_object();
    wv_proto_set_text(object, "revision", interrupted->revision);
    wv_proto_set_text(object, "direction", interrupted->up ? "up" : "down");
    json_object_set_new(object, "statement", json_integer(interrupted->statement));
    json_object_set_new(object, "of", json_integer(interrupted->total));
    json_object_set_new(object, "file", wv_proto_text(interrupted->file));
    json_object_set_new(object, "line", json_integer(interrupted->line));
    json_object_set_new(object, "text", wv_proto_text(interrupted->text));
    json_object_set_new(object, "started_at", wv_proto_text(interrupted->started_at));
    return object;
}
