/* migrate.status: asked of the database, so that it is true also when somebody else moved the
 * schema; from the board, marked with its age, when the database does not answer in time. */
#include "clock.h"
#include "proto.h"
#include "verbs_run.h"
#include "view.h"

void wv_verb_unreachable(const struct wv_desk *desk, const struct wv_db_state *state,
                         struct wv_err *err)
{
    if (state != NULL && state->error.code != WV_OK)
        wv_err_copy(err, &state->error);
    else if (desk->board.role.error.code != WV_OK)
        wv_err_copy(err, &desk->board.role.error);
    else
        wv_err_set(err, WV_DATABASE_UNREACHABLE, "the database does not answer");
}

static void add_revisions(json_t *result, const struct wv_standing *standing)
{
    json_t *pending = json_array();
    json_t *heads = json_array();
    const struct wv_project *project = standing->known.project;
    for (size_t i = 0; i < standing->pending.count; i++) {
        const struct wv_revision *revision = &project->revisions[standing->pending.items[i]];
        json_t *object = json_object();
        wv_proto_set_text(object, "revision", revision->id);
        wv_proto_set_text(object, "message", revision->message);
        json_array_append_new(pending, object);
    }
    if (standing->sound) {
        struct wv_span span = wv_graph_real_heads(project->graph);
        for (size_t i = 0; i < span.count; i++)
            json_array_append_new(heads, wv_proto_text(wv_graph_id(project->graph, span.items[i])));
    }
    json_object_set_new(result, "heads", heads);
    json_object_set_new(result, "pending", pending);
    json_object_set_new(result, "ahead", wv_proto_texts(&standing->ahead));
    json_object_set_new(result, "edited", wv_proto_texts(&standing->edited));
}

static void add_message(json_t *messages, const struct wv_standing *standing, const char *id)
{
    wv_node node;
    if (!standing->sound || !wv_graph_find(standing->known.graph, id, &node))
        return;
    wv_proto_set_text(messages, id, wv_standing_message(standing, node));
}

/* What current, heads, ahead and edited are called, so that a page needs no second question. */
static json_t *view_messages(const json_t *status, const struct wv_standing *standing)
{
    static const char *const keys[] = {"current", "heads", "ahead", "edited"};
    json_t *messages = json_object();
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        size_t index;
        const json_t *id;
        json_array_foreach(json_object_get(status, keys[i]), index, id)
        {
            add_message(messages, standing, json_string_value(id));
        }
    }
    return messages;
}

static json_t *view_files(const struct wv_project *project)
{
    json_t *files = json_object();
    json_object_set_new(files, "revisions", json_integer((json_int_t)project->count));
    json_object_set_new(files, "problems", wv_proto_problems_json(&project->problems));
    return files;
}

static json_t *view_status(const struct wv_desk *desk, struct wv_project *project,
                           const struct wv_db_state *state)
{
    const struct wv_board *board = &desk->board;
    const struct wv_board_job *running = wv_board_running(board);
    if (running == NULL)
        running = wv_board_proving(board);
    /* Of ourselves we know it first: a look may be older than our taking over. */
    bool holds = state != NULL && board->role.role != WV_ROLE_LEADER;
    struct wv_standing standing WV_AUTOSTANDING;
    wv_standing_init(&standing, project, state);
    json_t *result = json_object();
    json_object_set_new(result, "project", wv_proto_text(desk->settings->project));
    json_object_set_new(result, "state", json_string(standing.word));
    json_object_set_new(result, "current", wv_proto_texts(&standing.view.rows));
    add_revisions(result, &standing);
    json_object_set_new(result, "messages", view_messages(result, &standing));
    json_object_set_new(result, "role", json_string(wv_role_word(board->role.role)));
    json_object_set_new(result, "leader", wv_view_leader(board, state));
    json_object_set_new(result, "lock_holder",
                        holds ? wv_view_holder(&state->holder) : json_null());
    json_object_set_new(result, "running", wv_view_running(state));
    json_object_set_new(result, "instances", wv_view_instances(state));
    json_object_set_new(result, "database", wv_view_database(board, state));
    json_object_set_new(result, "job", running != NULL ? wv_view_job(running) : json_null());
    json_object_set_new(result, "interrupted",
                        state != NULL ? wv_view_interrupted(&state->interrupted) : json_null());
    json_object_set_new(result, "files", view_files(project));
    return result;
}

static void answer(struct wv_desk *desk, struct wv_request *request, struct wv_project *project,
                   const struct wv_db_state *state)
{
    const struct wv_board *board = &desk->board;
    /* When the migrator knows that the database is away, what was seen before is no answer. */
    bool away = board->role.role == WV_ROLE_UNREACHABLE;
    bool stale = state == NULL && board->looked && !away;
    json_t *result = view_status(desk, project, stale ? &board->look : state);
    if (stale) {
        json_object_set_new(result, "stale", json_true());
        json_object_set_new(result, "age_ms", json_integer(wv_clock_ms() - board->look_ms));
    }
    wv_request_finish(request, result);
}

void wv_verb_status(struct wv_desk *desk, struct wv_request *request)
{
    wv_ask(desk, request, answer);
}
