/* See draft.h. */
#include "draft.h"

#include <string.h>

static bool check_id(const struct wv_graph *graph, const char *id, struct wv_err *err)
{
    const char *reason;
    wv_node node;
    if (!wv_graph_id_ok(id, &reason))
        return wv_err_set(err, WV_LOAD_ERROR, "the revision id \"%s\" %s", id, reason);
    if (wv_graph_find(graph, id, &node))
        return wv_err_set(err, WV_LOAD_ERROR, "there is a revision %s already", id);
    if (wv_graph_find_label(graph, id, &node))
        return wv_err_set(err, WV_LOAD_ERROR, "%s is a branch label of revision %s already", id,
                          wv_graph_id(graph, node));
    return true;
}

static bool check_parent(const struct wv_graph *graph, const struct wv_draft_request *request,
                         const struct wv_strlist *down, wv_node node, struct wv_err *err)
{
    const char *id = wv_graph_id(graph, node);
    if (wv_strlist_has(down, id)) {
        wv_err_set(err, WV_BAD_TARGET, "%s is named twice as a parent", id);
        return wv_err_hint(err, "name each head once");
    }
    if (request->splice || wv_graph_is_head(graph, node))
        return true;
    wv_err_set(err, WV_NOT_A_HEAD, "%s is not a head: a revision on top of it starts a new branch",
               id);
    return wv_err_hint(err, "--splice does that on purpose");
}

static bool add_parents(const struct wv_graph *graph, const struct wv_draft_request *request,
                        struct wv_draft *draft, struct wv_err *err)
{
    struct wv_nodes nodes WV_AUTONODES = {0};
    size_t count = request->heads == NULL ? 0 : request->heads->count;
    for (size_t i = 0; i < count; i++) {
        if (!wv_target_nodes(graph, NULL, request->heads->items[i], &nodes, err))
            return false;
    }
    if (count == 0 && !wv_target_nodes(graph, NULL, "head", &nodes, err))
        return wv_err_hint(err, "say which with --head, or join them with merge");
    for (size_t i = 0; i < nodes.count; i++) {
        if (!check_parent(graph, request, &draft->down, nodes.items[i], err))
            return false;
        wv_strlist_add(&draft->down, wv_graph_id(graph, nodes.items[i]));
    }
    if (!request->merge || nodes.count > 1)
        return true;
    wv_err_set(err, WV_BAD_TARGET, "a merge joins at least two revisions");
    return wv_err_hint(err, "heads shows what there is to merge");
}

static bool add_depends(const struct wv_graph *graph, const struct wv_draft_request *request,
                        struct wv_draft *draft, struct wv_err *err)
{
    for (size_t i = 0; request->depends_on != NULL && i < request->depends_on->count; i++) {
        const char *text = request->depends_on->items[i];
        wv_node node;
        if (wv_graph_find_label(graph, text, &node)) {
            wv_strlist_add(&draft->depends_on, text);
            continue;
        }
        struct wv_nodes found WV_AUTONODES = {0};
        if (!wv_target_nodes(graph, NULL, text, &found, err))
            return false;
        if (found.count != 1)
            return wv_err_set(err, WV_BAD_TARGET, "\"%s\" is not one revision to depend on", text);
        wv_strlist_add(&draft->depends_on, wv_graph_id(graph, found.items[0]));
    }
    return true;
}

static bool add_labels(const struct wv_graph *graph, const struct wv_draft_request *request,
                       struct wv_draft *draft, struct wv_err *err)
{
    for (size_t i = 0; request->labels != NULL && i < request->labels->count; i++) {
        const char *label = request->labels->items[i];
        const char *reason;
        wv_node node;
        if (!wv_graph_label_ok(label, &reason))
            return wv_err_set(err, WV_LOAD_ERROR, "the branch label \"%s\" %s", label, reason);
        if (wv_graph_find_label(graph, label, &node))
            return wv_err_set(err, WV_LOAD_ERROR,
                              "the branch label %s is already used by revision %s", label,
                              wv_graph_id(graph, node));
        if (wv_graph_find(graph, label, &node) || strcmp(label, request->id) == 0 ||
            wv_strlist_has(&draft->labels, label))
            return wv_err_set(err, WV_LOAD_ERROR, "the branch label %s is a name already taken",
                              label);
        wv_strlist_add(&draft->labels, label);
    }
    return true;
}

static void add_heads(const struct wv_graph *graph, const char *id, struct wv_draft *draft)
{
    wv_graph_add_heads(graph, &draft->heads);
    for (size_t i = 0; i < draft->down.count; i++)
        (void)wv_strlist_remove(&draft->heads, draft->down.items[i]);
    wv_strlist_add(&draft->heads, id);
    wv_strlist_sort(&draft->heads);
}

bool wv_draft_make(const struct wv_graph *graph, const struct wv_draft_request *request,
                   struct wv_draft *draft, struct wv_err *err)
{
    struct wv_draft made = {0};
    if (!check_id(graph, request->id, err) || !add_parents(graph, request, &made, err) ||
        !add_depends(graph, request, &made, err) || !add_labels(graph, request, &made, err)) {
        wv_draft_free(&made);
        return false;
    }
    add_heads(graph, request->id, &made);
    *draft = made;
    return true;
}

void wv_draft_free(struct wv_draft *draft)
{
    wv_strlist_free(&draft->down);
    wv_strlist_free(&draft->depends_on);
    wv_strlist_free(&draft->labels);
    wv_strlist_free(&draft->heads);
}
