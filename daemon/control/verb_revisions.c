/* migrate.current, heads, branches, history and show: the files, and what the database has of them.
 * All but `current` answer without the database, too; nothing is known to be applied then. */
#include <fcntl.h>

#include "file_read.h"
#include "graph_query.h"
#include "proto.h"
#include "strbuf.h"
#include "verbs_run.h"
#include "view.h"

/* What a method lists. `reachable`: standing->rows are those of the database. */
typedef bool select_nodes(const struct wv_request *request, const struct wv_standing *standing,
                          bool reachable, struct wv_nodes *nodes, struct wv_err *err);
/* What it adds to each revision; NULL: nothing. */
typedef void add_more(json_t *object, const struct wv_views *views, wv_node node);

static void add_rows_nobody_knows(json_t *list, const struct wv_standing *standing)
{
    wv_node node;
    const struct wv_strlist *rows = &standing->view.rows;
    for (size_t i = 0; i < rows->count; i++) {
        const char *id = rows->items[i];
        if (wv_graph_find(standing->known.graph, id, &node))
            continue;
        json_t *object = json_object();
        wv_proto_set_text(object, "revision", id);
        json_object_set_new(object, "down_revision", json_array());
        json_object_set_new(object, "depends_on", json_array());
        json_object_set_new(object, "branch_labels", json_array());
        json_object_set_new(object, "message", json_string(""));
        json_object_set_new(object, "path", json_null());
        json_object_set_new(object, "create_date", json_null());
        json_object_set_new(object, "source", json_null());
        json_object_set_new(object, "is_current", json_true());
        json_object_set_new(object, "is_applied", json_true());
        json_array_append_new(list, object);
    }
}

static json_t *list_nodes(const struct wv_standing *standing, bool reachable,
                          const struct wv_nodes *nodes, add_more *more)
{
    struct wv_views views;
    json_t *list = json_array();
    wv_views_init(&views, standing, reachable);
    for (size_t i = 0; i < nodes->count; i++) {
        json_t *object = wv_view_revision(&views, nodes->items[i]);
        if (more != NULL)
            more(object, &views, nodes->items[i]);
        json_array_append_new(list, object);
    }
    wv_views_clear(&views);
    return list;
}

static void reply(struct wv_request *request, struct wv_project *project,
                  const struct wv_db_state *state, select_nodes *choose, add_more *more)
{
    struct wv_err err WV_AUTOERR = {0};
    struct wv_nodes nodes WV_AUTONODES = {0};
    struct wv_standing standing WV_AUTOSTANDING;
    bool reachable = state != NULL && state->reachable;
    wv_standing_init(&standing, project, state);
    if (!wv_project_check(project, &err) || !choose(request, &standing, reachable, &nodes, &err)) {
        wv_request_fail(request, &err);
        return;
    }
    json_t *list = list_nodes(&standing, reachable, &nodes, more);
    wv_request_finish(request, json_pack("{s:o}", "revisions", list));
}

/* Whether it is worth asking: a database that is known to be away is not waited for. */
static void ask_or_not(struct wv_desk *desk, struct wv_request *request, wv_ask_then *then,
                       bool with_sql)
{
    if (desk->board.role.role == WV_ROLE_UNREACHABLE)
        then(desk, request, wv_files_fresh(desk->files), NULL);
    else if (with_sql)
        wv_ask_with_sql(desk, request, then);
    else
        wv_ask(desk, request, then);
}

static void answer_current(struct wv_desk *desk, struct wv_request *request,
                           struct wv_project *project, const struct wv_db_state *state)
{
    struct wv_err err WV_AUTOERR = {0};
    struct wv_nodes nodes WV_AUTONODES = {0};
    struct wv_standing standing WV_AUTOSTANDING;
    wv_standing_init(&standing, project, state);
    if (state == NULL || !state->reachable) {
        wv_verb_unreachable(desk, state, &err);
        wv_request_fail(request, &err);
    } else if (!wv_project_check(project, &err) ||
               !wv_query_current(standing.known.graph, &standing.rows, &nodes, &err)) {
        wv_request_fail(request, &err);
    } else {
        json_t *list = list_nodes(&standing, true, &nodes, NULL);
        add_rows_nobody_knows(list, &standing);
        wv_request_finish(request, json_pack("{s:o}", "revisions", list));
    }
}

void wv_verb_current(struct wv_desk *desk, struct wv_request *request)
{
    wv_ask(desk, request, answer_current);
}

static bool select_heads(const struct wv_request *request, const struct wv_standing *standing,
                         bool reachable, struct wv_nodes *nodes, struct wv_err *err)
{
    (void)reachable;
    (void)err;
    const struct wv_graph *graph = standing->known.project->graph;
    bool real = wv_request_flag(request, "resolve_dependencies", false);
    struct wv_span heads = real ? wv_graph_real_heads(graph) : wv_graph_heads(graph);
    for (size_t i = 0; i < heads.count; i++)
        wv_nodes_add(nodes, heads.items[i]);
    return true;
}

static void answer_heads(struct wv_desk *desk, struct wv_request *request,
                         struct wv_project *project, const struct wv_db_state *state)
{
    (void)desk;
    reply(request, project, state, select_heads, NULL);
}

void wv_verb_heads(struct wv_desk *desk, struct wv_request *request)
{
    ask_or_not(desk, request, answer_heads, false);
}

static bool select_branches(const struct wv_request *request, const struct wv_standing *standing,
                            bool reachable, struct wv_nodes *nodes, struct wv_err *err)
{
    (void)request;
    (void)reachable;
    (void)err;
    wv_query_branches(standing->known.project->graph, nodes);
    return true;
}

static void add_followers(json_t *object, const struct wv_views *views, wv_node node)
{
    struct wv_span next = wv_graph_children(views->standing->known.project->graph, node);
    json_t *list = json_array();
    for (size_t i = 0; i < next.count; i++)
        json_array_append_new(list, wv_view_revision(views, next.items[i]));
    json_object_set_new(object, "followers", list);
}

static void answer_branches(struct wv_desk *desk, struct wv_request *request,
                            struct wv_project *project, const struct wv_db_state *state)
{
    (void)desk;
    reply(request, project, state, select_branches, add_followers);
}

void wv_verb_branches(struct wv_desk *desk, struct wv_request *request)
{
    ask_or_not(desk, request, answer_branches, false);
}

static bool select_history(const struct wv_request *request, const struct wv_standing *standing,
                           bool reachable, struct wv_nodes *nodes, struct wv_err *err)
{
    const char *range = wv_request_text(request, "range");
    return wv_query_history(standing->known.graph, reachable ? &standing->rows : NULL, range, nodes,
                            err);
}

static void answer_history(struct wv_desk *desk, struct wv_request *request,
                           struct wv_project *project, const struct wv_db_state *state)
{
    (void)desk;
    reply(request, project, state, select_history, NULL);
}

void wv_verb_history(struct wv_desk *desk, struct wv_request *request)
{
    ask_or_not(desk, request, answer_history, false);
}

static bool select_shown(const struct wv_request *request, const struct wv_standing *standing,
                         bool reachable, struct wv_nodes *nodes, struct wv_err *err)
{
    struct wv_strlist targets WV_AUTOSTRLIST = {0};
    wv_request_list(request, "revision", &targets);
    for (size_t i = 0; i < targets.count; i++)
        if (!wv_query_show(standing->known.graph, reachable ? &standing->rows : NULL,
                           targets.items[i], nodes, err))
            return false;
    return true;
}

/* What the ledger has, in the form of a revision file: saved as one it is the file again. */
static json_t *stored_text(const struct wv_ledger_revision *stored)
{
    if (stored->up_sql == NULL)
        return json_null();
    char *down WV_AUTOFREE = wv_strlist_join(&stored->down, ", ");
    char *depends WV_AUTOFREE = wv_strlist_join(&stored->depends_on, ", ");
    char *labels WV_AUTOFREE = wv_strlist_join(&stored->labels, ", ");
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    wv_strbuf_addf(&text, "-- message: %s\n-- revision: %s\n-- down_revision: %s\n",
                   stored->message, stored->id, down);
    if (*labels != '\0')
        wv_strbuf_addf(&text, "-- branch_labels: %s\n", labels);
    if (*depends != '\0')
        wv_strbuf_addf(&text, "-- depends_on: %s\n", depends);
    wv_strbuf_addf(&text, "\n%s\n", stored->up_sql);
    if (stored->down_sql != NULL)
        wv_strbuf_addf(&text, "\n%s\n", stored->down_sql);
    return wv_proto_text(wv_strbuf_text(&text));
}

/* The file's text as it is now, or what the ledger has; null for a file that has just gone. */
static void add_sql(json_t *object, const struct wv_views *views, wv_node node)
{
    const struct wv_revision *file = wv_known_file(&views->standing->known, node);
    struct wv_file_buffer buffer = {0};
    struct wv_file_stamp stamp;
    size_t length;
    if (file == NULL) {
        size_t index = wv_known_extra(&views->standing->known, node);
        json_object_set_new(object, "sql", stored_text(&views->standing->extra[index]));
    } else if (wv_file_read(AT_FDCWD, file->path, &buffer, &length, &stamp) != 0) {
        json_object_set_new(object, "sql", json_null());
    } else {
        char *text WV_AUTOFREE = wv_xstrndup(buffer.data, length);
        json_object_set_new(object, "sql", wv_proto_text(text));
    }
    wv_file_buffer_free(&buffer);
}

static void answer_show(struct wv_desk *desk, struct wv_request *request,
                        struct wv_project *project, const struct wv_db_state *state)
{
    (void)desk;
    reply(request, project, state, select_shown, add_sql);
}

void wv_verb_show(struct wv_desk *desk, struct wv_request *request)
{
    ask_or_not(desk, request, answer_show, true);
}
