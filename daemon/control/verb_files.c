/* migrate.files and migrate.rebase: where the files of revisions are, whether all files are sound,
 * and whether a revision may be moved. The client writes, as its own user; here nothing is. */
#include <string.h>

#include "graph_query.h"
#include "proto.h"
#include "rebase.h"
#include "verbs_run.h"
#include "view.h"

static void add_file(json_t *list, const char *id, const char *path, const json_t *applied)
{
    json_t *object = json_object();
    json_object_set_new(object, "revision", wv_proto_text(id));
    json_object_set_new(object, "path", wv_proto_text(path));
    json_object_set(object, "is_applied", (json_t *)applied);
    json_array_append_new(list, object);
}

/* Targets against a sound project. */
static bool add_targets(json_t *list, const struct wv_standing *standing, bool reachable,
                        const struct wv_strlist *targets, struct wv_err *err)
{
    struct wv_nodes nodes WV_AUTONODES = {0};
    for (size_t i = 0; i < targets->count; i++)
        if (!wv_query_show(standing->known.graph, reachable ? &standing->rows : NULL,
                           targets->items[i], &nodes, err))
            return false;
    for (size_t i = 0; i < nodes.count; i++) {
        const struct wv_revision *file = wv_known_file(&standing->known, nodes.items[i]);
        const char *id = wv_graph_id(standing->known.graph, nodes.items[i]);
        if (file == NULL) {
            wv_err_set(err, WV_REVISION_NOT_FOUND, "there is no file of revision %s", id);
            return wv_err_hint(err, "only the ledger knows it: `wovenctl migrate show` prints it");
        }
        bool applied = wv_nodeset_has(&standing->applied, nodes.items[i]);
        add_file(list, id, file->path, reachable ? json_boolean(applied) : json_null());
    }
    return true;
}

static bool begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

static bool is_listed(const json_t *list, const char *path)
{
    size_t index;
    const json_t *item;
    json_array_foreach(list, index, item)
    {
        if (strcmp(json_string_value(json_object_get(item, "path")), path) == 0)
            return true;
    }
    return false;
}

/* In a faulty project there is no graph: files whose revision begins so, and faulty ones with this
 * in their names, whose revision may be what cannot be read. */
static void add_beginning(json_t *list, const struct wv_project *project, const char *text)
{
    for (size_t i = 0; i < project->count; i++) {
        const struct wv_revision *revision = &project->revisions[i];
        if (begins(revision->id, text) && !is_listed(list, revision->path))
            add_file(list, revision->id, revision->path, json_null());
    }
    for (size_t i = 0; i < project->problems.count; i++) {
        const char *path = project->problems.items[i].file;
        const char *name = path != NULL ? strrchr(path, '/') : NULL;
        if (name != NULL && strstr(name, text) != NULL && !is_listed(list, path))
            add_file(list, NULL, path, json_null());
    }
}

static bool add_anyhow(json_t *list, const struct wv_project *project,
                       const struct wv_strlist *targets, struct wv_err *err)
{
    for (size_t i = 0; i < targets->count; i++) {
        size_t before = json_array_size(list);
        add_beginning(list, project, targets->items[i]);
        if (json_array_size(list) > before)
            continue;
        /* The faults are the reason why it cannot be found. */
        (void)!wv_project_check(project, err);
        return wv_err_prefix(err, "\"%s\" names no file", targets->items[i]);
    }
    return true;
}

static void answer_files(struct wv_desk *desk, struct wv_request *request,
                         struct wv_project *project, const struct wv_db_state *state)
{
    (void)desk;
    struct wv_err err WV_AUTOERR = {0};
    struct wv_strlist targets WV_AUTOSTRLIST = {0};
    struct wv_standing standing WV_AUTOSTANDING;
    bool reachable = state != NULL && state->reachable;
    json_t *list = json_array();
    wv_standing_init(&standing, project, state);
    wv_request_list(request, "revision", &targets);
    bool done = project->graph != NULL ? add_targets(list, &standing, reachable, &targets, &err)
                                       : add_anyhow(list, project, &targets, &err);
    if (!done) {
        json_decref(list);
        wv_request_fail(request, &err);
        return;
    }
    json_t *result = json_object();
    json_object_set_new(result, "files", list);
    json_object_set_new(result, "problems", wv_proto_problems_json(&project->problems));
    wv_request_finish(request, result);
}

void wv_verb_files(struct wv_desk *desk, struct wv_request *request)
{
    bool asks = json_array_size(json_object_get(request->params, "revision")) > 0 ||
                json_is_string(json_object_get(request->params, "revision"));
    if (!asks || desk->board.role.role == WV_ROLE_UNREACHABLE)
        answer_files(desk, request, wv_files_fresh(desk->files), NULL);
    else
        wv_ask(desk, request, answer_files);
}

/* Whether the database's rows rule the move out. */
static bool check_applied(const struct wv_standing *standing, wv_node node, struct wv_err *err)
{
    const char *id = wv_graph_id(standing->known.graph, node);
    wv_node row;
    for (size_t i = 0; i < standing->ahead.count; i++) {
        if (wv_graph_find(standing->known.graph, standing->ahead.items[i], &row))
            continue;
        wv_err_set(err, WV_REVISION_NOT_FOUND,
                   "the database is at revision %s, which nobody knows: %s may be applied below it",
                   standing->ahead.items[i], id);
        return wv_err_hint(err, "--offline moves it without asking the database");
    }
    if (!wv_nodeset_has(&standing->applied, node))
        return true;
    wv_err_set(err, WV_REVISION_APPLIED, "%s is applied to the database: it stays where it is", id);
    return wv_err_hint(err, "`wovenctl migrate merge` joins heads without moving a revision; or "
                            "take it back with `downgrade` before it is moved");
}

static json_t *node_ids(const struct wv_graph *graph, wv_node node)
{
    json_t *list = json_array();
    if (node != WV_NO_NODE)
        json_array_append_new(list, wv_proto_text(wv_graph_id(graph, node)));
    return list;
}

/* `standing` NULL: the database is not asked. */
static bool rebase(const struct wv_request *request, const struct wv_project *project,
                   const struct wv_standing *standing, json_t **result, struct wv_err *err)
{
    struct wv_rebase move;
    project = standing != NULL ? standing->known.project : project;
    if (!wv_project_check(project, err) ||
        !wv_rebase_make(project->graph, wv_request_text(request, "revision"),
                        wv_request_text(request, "onto"), &move, err))
        return false;
    const struct wv_revision *file = &project->revisions[move.node];
    /* The files' graph and the known one number the files' revisions alike. */
    if (standing != NULL && !check_applied(standing, move.node, err))
        return false;
    *result = json_object();
    wv_proto_set_text(*result, "revision", file->id);
    wv_proto_set_text(*result, "path", file->path);
    json_object_set_new(*result, "line", json_integer(file->down_line));
    json_object_set_new(*result, "was", node_ids(project->graph, move.from));
    json_object_set_new(*result, "down_revision", node_ids(project->graph, move.onto));
    return true;
}

static void answer_rebase(struct wv_request *request, const struct wv_project *project,
                          const struct wv_standing *standing)
{
    struct wv_err err WV_AUTOERR = {0};
    json_t *result;
    if (rebase(request, project, standing, &result, &err))
        wv_request_finish(request, result);
    else
        wv_request_fail(request, &err);
}

static void answer_rebase_asked(struct wv_desk *desk, struct wv_request *request,
                                struct wv_project *project, const struct wv_db_state *state)
{
    struct wv_err err WV_AUTOERR = {0};
    struct wv_standing standing WV_AUTOSTANDING;
    wv_standing_init(&standing, project, state);
    if (state == NULL || !state->reachable) {
        wv_verb_unreachable(desk, state, &err);
        wv_err_prefix(&err, "it cannot be seen whether the revision is applied");
        wv_err_hint(&err, "--offline moves it without asking the database");
        wv_request_fail(request, &err);
        return;
    }
    answer_rebase(request, project, &standing);
}

void wv_verb_rebase(struct wv_desk *desk, struct wv_request *request)
{
    if (wv_request_flag(request, "offline", false))
        answer_rebase(request, wv_files_fresh(desk->files), NULL);
    else
        wv_ask(desk, request, answer_rebase_asked);
}
