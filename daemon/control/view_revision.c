/* Revisions as JSON: those of the files, and those that only the ledger has. */
#include "graph_query.h"
#include "proto.h"
#include "view.h"

void wv_views_init(struct wv_views *views, const struct wv_standing *standing, bool reachable)
{
    struct wv_err ignored WV_AUTOERR = {0};
    const struct wv_graph *graph = standing->known.graph;
    *views = (struct wv_views){.standing = standing, .reachable = reachable};
    views->labels = wv_query_labels(graph);
    if (reachable && !wv_query_current(graph, &standing->rows, &views->current, &ignored))
        views->reachable = false;
}

void wv_views_clear(struct wv_views *views)
{
    if (views->labels != NULL)
        wv_query_labels_free(views->standing->known.graph, views->labels);
    wv_nodes_free(&views->current);
    *views = (struct wv_views){0};
}

static json_t *ids(const struct wv_graph *graph, struct wv_span nodes)
{
    json_t *array = json_array();
    for (size_t i = 0; i < nodes.count; i++)
        json_array_append_new(array, wv_proto_text(wv_graph_id(graph, nodes.items[i])));
    return array;
}

static void set_flag(json_t *object, const char *key, bool value)
{
    json_object_set_new(object, key, json_boolean(value));
}

static void set_if_known(json_t *object, const char *key, bool known, bool value)
{
    json_object_set_new(object, key, known ? json_boolean(value) : json_null());
}

static void add_source(json_t *object, const struct wv_standing *standing, wv_node node)
{
    const struct wv_revision *file = wv_known_file(&standing->known, node);
    wv_proto_set_text(object, "message", wv_standing_message(standing, node));
    json_object_set_new(object, "path", wv_proto_text(file != NULL ? file->path : NULL));
    json_object_set_new(object, "create_date",
                        wv_proto_text(file != NULL ? file->create_date : NULL));
    json_object_set_new(object, "source", json_string(file != NULL ? "file" : "ledger"));
    if (file != NULL)
        return;
    const struct wv_ledger_revision *extra =
        &standing->extra[wv_known_extra(&standing->known, node)];
    wv_proto_set_text(object, "applied_at", extra->applied_at);
    wv_proto_set_text(object, "applied_by", extra->applied_by);
}

json_t *wv_view_revision(const struct wv_views *views, wv_node node)
{
    const struct wv_known *known = &views->standing->known;
    /* To the files, a revision that only the ledger's follow is a head. */
    const struct wv_graph *graph =
        wv_known_file(known, node) != NULL ? known->project->graph : known->graph;
    json_t *object = json_object();
    wv_proto_set_text(object, "revision", wv_graph_id(graph, node));
    json_object_set_new(object, "down_revision", ids(graph, wv_graph_down(graph, node)));
    json_object_set_new(object, "depends_on", ids(graph, wv_graph_depends(graph, node)));
    json_object_set_new(object, "branch_labels", wv_proto_texts(&views->labels[node]));
    add_source(object, views->standing, node);
    json_object_set_new(object, "next", ids(graph, wv_graph_children(graph, node)));
    const struct wv_revision *replacing = wv_known_file(known, node);
    static const struct wv_strlist none;
    json_object_set_new(object, "replaces",
                        wv_proto_texts(replacing != NULL ? &replacing->replaces : &none));
    set_flag(object, "is_head", wv_graph_is_head(graph, node));
    set_flag(object, "is_effective_head",
             wv_graph_is_head(graph, node) && !wv_graph_is_real_head(graph, node));
    set_if_known(object, "is_current", views->reachable, wv_nodes_has(&views->current, node));
    set_flag(object, "is_base", wv_graph_is_base(graph, node));
    set_flag(object, "is_branch_point", wv_graph_is_branch_point(graph, node));
    set_flag(object, "is_merge_point", wv_graph_is_merge_point(graph, node));
    set_if_known(object, "is_applied", views->reachable,
                 wv_nodeset_has(&views->standing->applied, node));
    return object;
}
