/* See rebase.h. */
#include "rebase.h"

#include "walk.h"

static bool find_one(const struct wv_graph *graph, const char *text, wv_node *node,
                     struct wv_err *err)
{
    struct wv_nodes found WV_AUTONODES = {0};
    if (!wv_target_nodes(graph, NULL, text, &found, err))
        return false;
    if (found.count > 1) {
        char *names WV_AUTOFREE = wv_graph_names(graph, (struct wv_span){found.items, found.count});
        wv_err_set(err, WV_BAD_TARGET, "\"%s\" is not one revision: %s", text, names);
        return wv_err_hint(err, "name one of them");
    }
    *node = found.count == 1 ? found.items[0] : WV_NO_NODE;
    return true;
}

static bool find_revision(const struct wv_graph *graph, const char *text, struct wv_rebase *rebase,
                          struct wv_err *err)
{
    if (!find_one(graph, text, &rebase->node, err))
        return false;
    if (rebase->node == WV_NO_NODE)
        return wv_err_set(err, WV_BAD_TARGET, "\"%s\" is no revision that could be moved", text);
    struct wv_span down = wv_graph_down(graph, rebase->node);
    if (down.count == 1) {
        rebase->from = down.items[0];
        return true;
    }
    const char *id = wv_graph_id(graph, rebase->node);
    if (down.count == 0) {
        wv_err_set(err, WV_BAD_TARGET, "%s is a base: it revises nothing", id);
        return wv_err_hint(err, "write its down_revision into the file by hand");
    }
    char *names WV_AUTOFREE = wv_graph_names(graph, down);
    wv_err_set(err, WV_BAD_TARGET, "%s is a merge point: it revises %s", id, names);
    return wv_err_hint(err, "only a revision with one parent can be moved; delete the merge, or "
                            "edit its down_revision");
}

static bool only_head(const struct wv_graph *graph, const struct wv_nodeset *above,
                      struct wv_rebase *rebase, struct wv_err *err)
{
    struct wv_span heads = wv_graph_heads(graph);
    struct wv_nodes others WV_AUTONODES = {0};
    const char *id = wv_graph_id(graph, rebase->node);
    for (size_t i = 0; i < heads.count; i++)
        if (!wv_nodeset_has(above, heads.items[i]))
            wv_nodes_add(&others, heads.items[i]);
    if (others.count == 1) {
        rebase->onto = others.items[0];
        return true;
    }
    if (others.count == 0) {
        wv_err_set(err, WV_BAD_TARGET, "there is no other head to move %s onto", id);
        return wv_err_hint(err, "--onto names any revision");
    }
    char *names WV_AUTOFREE = wv_graph_names(graph, (struct wv_span){others.items, others.count});
    wv_err_set(err, WV_MULTIPLE_HEADS, "%s could be moved onto several heads: %s", id, names);
    return wv_err_hint(err, "name one of them with --onto");
}

bool wv_rebase_make(const struct wv_graph *graph, const char *revision, const char *onto,
                    struct wv_rebase *rebase, struct wv_err *err)
{
    struct wv_rebase found = {.onto = WV_NO_NODE};
    struct wv_nodeset above WV_AUTONODESET = {0};
    if (!find_revision(graph, revision, &found, err))
        return false;
    wv_nodeset_init(&above, wv_graph_count(graph));
    wv_walk_close(graph, &above, (struct wv_span){&found.node, 1}, WV_EDGES_FOLLOWERS);
    if (!(onto != NULL ? find_one(graph, onto, &found.onto, err)
                       : only_head(graph, &above, &found, err)))
        return false;
    if (found.onto != WV_NO_NODE && wv_nodeset_has(&above, found.onto)) {
        const char *id = wv_graph_id(graph, found.node);
        const char *there = wv_graph_id(graph, found.onto);
        if (found.onto == found.node)
            return wv_err_set(err, WV_BAD_TARGET, "%s cannot revise itself", id);
        wv_err_set(err, WV_BAD_TARGET, "%s cannot be moved onto %s, which descends from it", id,
                   there);
        return wv_err_hint(err, "`wovenctl migrate history --graph` shows who follows whom");
    }
    *rebase = found;
    return true;
}
