/* See graph_query.h. */
#include "graph_query.h"

#include <stdlib.h>
#include <string.h>

#include "walk.h"

static struct wv_span span_of(const struct wv_nodes *nodes)
{
    return (struct wv_span){nodes->items, nodes->count};
}

static void append(struct wv_nodes *to, const struct wv_nodes *from)
{
    for (size_t i = 0; i < from->count; i++)
        wv_nodes_add(to, from->items[i]);
}

bool wv_query_show(const struct wv_graph *graph, const struct wv_strlist *current,
                   const char *target, struct wv_nodes *nodes, struct wv_err *err)
{
    struct wv_state state WV_AUTOSTATE = {0};
    struct wv_nodes found WV_AUTONODES = {0};
    struct wv_target parsed WV_AUTOTARGET = {0};
    if (!wv_target_parse(&parsed, graph, target, err))
        return false;
    /* Only `current` asks for the rows; a row that nobody knows is no reason to show nothing. */
    bool asks = parsed.symbol != NULL && strcmp(parsed.symbol, "current") == 0;
    if (!wv_state_init(&state, graph, asks ? current : NULL, err) ||
        !wv_target_resolve(graph, &state, &parsed, &found, err))
        return false;
    wv_graph_sort_rank(graph, &found);
    append(nodes, &found);
    return true;
}

/* The ends of a history. */
struct range {
    const struct wv_graph *graph;
    const struct wv_state *state; /* the database's; NULL when the range does not ask for it */
    struct wv_nodes lower;        /* none: from the base */
    struct wv_nodes upper;
    char *branch; /* the lower end's, as typed; NULL for none */
};

static bool find_lower(struct range *range, const char *text, struct wv_err *err)
{
    struct wv_target target WV_AUTOTARGET = {0};
    if (!wv_target_parse(&target, range->graph, text, err))
        return false;
    range->branch = wv_xstrdup(target.branch);
    if (wv_target_resolve(range->graph, range->state, &target, &range->lower, err))
        return true;
    /* More steps below the heads than there are revisions: from the base. */
    if (err->code != WV_RELATIVE_OUT_OF_RANGE || target.symbol != NULL)
        return false;
    wv_err_clear(err);
    return true;
}

/* "+N" counts from the lower end. */
static bool find_upper(struct range *range, const char *text, struct wv_err *err)
{
    if (strcmp(text, "current") == 0)
        return wv_target_nodes(range->graph, range->state, text, &range->upper, err);
    struct wv_strlist rows WV_AUTOSTRLIST = {0};
    for (size_t i = 0; i < range->lower.count; i++)
        wv_strlist_add(&rows, wv_graph_id(range->graph, range->lower.items[i]));
    struct wv_state from WV_AUTOSTATE = {0};
    return wv_state_init(&from, range->graph, &rows, err) &&
           wv_target_upgrade(&from, text, true, &range->upper, err);
}

/* The upper ends that carry the branch's label. A revision stands for the one label that is shown
 * for it; without one, its lineage decides. */
static void keep_branch(struct range *range, wv_node branch)
{
    struct wv_strlist *labels = wv_query_labels(range->graph);
    struct wv_nodeset lineage WV_AUTONODESET = {0};
    wv_node owner;
    const char *label = range->branch;
    if (!wv_graph_find_label(range->graph, label, &owner))
        label = labels[branch].count == 1 ? labels[branch].items[0] : NULL;
    if (label == NULL)
        wv_walk_lineage(range->graph, &lineage, (struct wv_span){&branch, 1}, false);
    size_t kept = 0;
    for (size_t i = 0; i < range->upper.count; i++) {
        wv_node node = range->upper.items[i];
        if (label != NULL ? wv_strlist_has(&labels[node], label) : wv_nodeset_has(&lineage, node))
            range->upper.items[kept++] = node;
    }
    range->upper.count = kept;
    wv_query_labels_free(range->graph, labels);
}

/* Below the upper end, above the lower end by down revisions, the lower end itself included. */
static bool between(const struct range *range, const char *text, struct wv_nodes *nodes,
                    struct wv_err *err)
{
    struct wv_nodeset below WV_AUTONODESET = {0}, above WV_AUTONODESET = {0};
    struct wv_nodeset before WV_AUTONODESET = {0};
    size_t count = wv_graph_count(range->graph);
    wv_nodeset_init(&below, count);
    wv_nodeset_init(&above, count);
    wv_nodeset_init(&before, count);
    wv_walk_close(range->graph, &below, span_of(&range->upper), WV_EDGES_PARENTS);
    wv_walk_close(range->graph, &above, span_of(&range->lower), WV_EDGES_CHILDREN);
    wv_walk_close(range->graph, &before, span_of(&range->lower), WV_EDGES_PARENTS);
    for (size_t i = 0; i < range->lower.count; i++) {
        wv_nodeset_remove(&before, range->lower.items[i]);
        if (wv_nodeset_has(&below, range->lower.items[i]))
            continue;
        wv_err_set(err, WV_NOT_AN_ANCESTOR, "%s does not lie below the end of the range \"%s\"",
                   wv_graph_id(range->graph, range->lower.items[i]), text);
        return wv_err_hint(err, "the older revision comes first: FROM:TO");
    }
    struct wv_span order = wv_graph_order(range->graph);
    for (size_t i = order.count; i-- > 0;) {
        wv_node node = order.items[i];
        if (wv_nodeset_has(&below, node) && !wv_nodeset_has(&before, node) &&
            (range->lower.count == 0 || wv_nodeset_has(&above, node)))
            wv_nodes_add(nodes, node);
    }
    return true;
}

static bool history(struct range *range, const char *text, const char *from, const char *to,
                    struct wv_nodes *nodes, struct wv_err *err)
{
    if (from != NULL && !find_lower(range, from, err))
        return false;
    if (!find_upper(range, to != NULL ? to : "heads", err))
        return false;
    wv_node branch;
    if (range->branch != NULL) {
        if (!wv_target_branch(range->graph, range->branch, &branch, err))
            return false;
        keep_branch(range, branch);
    }
    return between(range, text, nodes, err);
}

bool wv_query_history(const struct wv_graph *graph, const struct wv_strlist *current,
                      const char *text, struct wv_nodes *nodes, struct wv_err *err)
{
    char *from = NULL, *to = NULL;
    if (text != NULL && !wv_target_split(text, &from, &to, err))
        return false;
    char *from_owned WV_AUTOFREE = from, *to_owned WV_AUTOFREE = to;
    struct wv_state state WV_AUTOSTATE = {0};
    bool asks = text != NULL && strstr(text, "current") != NULL;
    if (!wv_state_init(&state, graph, asks ? current : NULL, err))
        return false;
    struct range range = {.graph = graph, .state = &state};
    bool ok = history(&range, text != NULL ? text : ":", from_owned, to_owned, nodes, err);
    wv_nodes_free(&range.lower);
    wv_nodes_free(&range.upper);
    free(range.branch);
    return ok;
}

bool wv_query_current(const struct wv_graph *graph, const struct wv_strlist *current,
                      struct wv_nodes *nodes, struct wv_err *err)
{
    struct wv_state state WV_AUTOSTATE = {0};
    if (!wv_state_init(&state, graph, current, err))
        return false;
    struct wv_nodes tips WV_AUTONODES = {0};
    wv_walk_tips(graph, &state.applied, WV_EDGES_CHILDREN, &tips);
    append(nodes, &tips);
    return true;
}

bool wv_query_at_heads(const struct wv_graph *graph, const struct wv_strlist *current)
{
    struct wv_span heads = wv_graph_real_heads(graph);
    struct wv_nodes rows WV_AUTONODES = {0};
    for (size_t i = 0; i < current->count; i++) {
        wv_node node;
        if (!wv_graph_find(graph, current->items[i], &node))
            return false;
        wv_nodes_add(&rows, node);
    }
    wv_graph_sort_id(graph, &rows);
    return rows.count == heads.count &&
           (rows.count == 0 ||
            memcmp(rows.items, heads.items, rows.count * sizeof(*rows.items)) == 0);
}

/* Those of the graph that are applied, or those that are not, in its order. */
static bool by_applied(const struct wv_graph *graph, const struct wv_strlist *current, bool applied,
                       struct wv_nodes *nodes, struct wv_err *err)
{
    struct wv_state state WV_AUTOSTATE = {0};
    if (!wv_state_init(&state, graph, current, err))
        return false;
    struct wv_span order = wv_graph_order(graph);
    for (size_t i = 0; i < order.count; i++) {
        if (wv_nodeset_has(&state.applied, order.items[i]) == applied)
            wv_nodes_add(nodes, order.items[i]);
    }
    return true;
}

bool wv_query_pending(const struct wv_graph *graph, const struct wv_strlist *current,
                      struct wv_nodes *nodes, struct wv_err *err)
{
    return by_applied(graph, current, false, nodes, err);
}

bool wv_query_applied(const struct wv_graph *graph, const struct wv_strlist *current,
                      struct wv_nodes *nodes, struct wv_err *err)
{
    return by_applied(graph, current, true, nodes, err);
}

void wv_query_ahead(const struct wv_graph *graph, const struct wv_strlist *applied,
                    struct wv_strlist *ahead)
{
    wv_node node;
    for (size_t i = 0; i < applied->count; i++) {
        if (!wv_graph_find(graph, applied->items[i], &node))
            wv_strlist_add(ahead, applied->items[i]);
    }
}

void wv_query_branches(const struct wv_graph *graph, struct wv_nodes *nodes)
{
    struct wv_span order = wv_graph_order(graph);
    for (size_t i = order.count; i-- > 0;) {
        if (wv_graph_is_branch_point(graph, order.items[i]))
            wv_nodes_add(nodes, order.items[i]);
    }
}

/* Below its revision a label is shown as long as there is only one line to belong to. */
static void label_below(const struct wv_graph *graph, wv_node node, const char *label,
                        struct wv_strlist *labels)
{
    while (wv_graph_followers(graph, node).count <= 1 && !wv_graph_is_merge_point(graph, node) &&
           !wv_graph_is_base(graph, node)) {
        node = wv_graph_down(graph, node).items[0];
        if (wv_graph_followers(graph, node).count > 1 || wv_graph_is_merge_point(graph, node))
            break;
        wv_strlist_add(&labels[node], label);
    }
}

struct wv_strlist *wv_query_labels(const struct wv_graph *graph)
{
    size_t count = wv_graph_count(graph);
    struct wv_strlist *labels = wv_xcalloc(count + 1, sizeof(*labels));
    for (size_t n = 0; n < count; n++) {
        const struct wv_strlist *own = wv_graph_labels(graph, (wv_node)n);
        if (own->count == 0)
            continue;
        wv_node node = (wv_node)n;
        struct wv_nodeset above WV_AUTONODESET = {0};
        wv_nodeset_init(&above, count);
        wv_walk_close(graph, &above, (struct wv_span){&node, 1}, WV_EDGES_CHILDREN);
        for (size_t k = 0; k < own->count; k++) {
            for (size_t i = 0; i < count; i++) {
                if (wv_nodeset_has(&above, (wv_node)i))
                    wv_strlist_add(&labels[i], own->items[k]);
            }
            label_below(graph, node, own->items[k], labels);
        }
    }
    for (size_t n = 0; n < count; n++)
        wv_strlist_sort(&labels[n]);
    return labels;
}

void wv_query_labels_free(const struct wv_graph *graph, struct wv_strlist *labels)
{
    for (size_t n = 0; n < wv_graph_count(graph); n++)
        wv_strlist_free(&labels[n]);
    free(labels);
}
