/* See state.h. */
#include "state.h"

#include "walk.h"

static bool find_rows(struct wv_state *state, const struct wv_strlist *rows, struct wv_err *err)
{
    for (size_t i = 0; i < rows->count; i++) {
        wv_node node;
        if (!wv_graph_find(state->graph, rows->items[i], &node)) {
            wv_err_set(err, WV_REVISION_NOT_FOUND,
                       "the database is at revision %s, which is not among the known revisions",
                       rows->items[i]);
            err->revision = wv_xstrdup(rows->items[i]);
            return wv_err_hint(err,
                               "bring the file of %s here (a newer release of the files may "
                               "have it), or set the rows anew with stamp --purge",
                               rows->items[i]);
        }
        wv_nodes_add(&state->rows, node);
    }
    wv_graph_sort_id(state->graph, &state->rows);
    return true;
}

/* A row is redundant when something applied follows it. */
static void find_heads(struct wv_state *state)
{
    for (size_t i = 0; i < state->rows.count; i++) {
        struct wv_span up = wv_graph_followers(state->graph, state->rows.items[i]);
        bool tip = true;
        for (size_t k = 0; tip && k < up.count; k++)
            tip = !wv_nodeset_has(&state->applied, up.items[k]);
        if (tip)
            wv_nodes_add(&state->heads, state->rows.items[i]);
    }
}

bool wv_state_init(struct wv_state *state, const struct wv_graph *graph,
                   const struct wv_strlist *rows, struct wv_err *err)
{
    struct wv_state made = {.graph = graph};
    if (rows != NULL && !find_rows(&made, rows, err)) {
        wv_state_free(&made);
        return false;
    }
    wv_nodeset_init(&made.applied, wv_graph_count(graph));
    wv_walk_close(graph, &made.applied, (struct wv_span){made.rows.items, made.rows.count},
                  WV_EDGES_PARENTS);
    find_heads(&made);
    *state = made;
    return true;
}

void wv_state_free(struct wv_state *state)
{
    wv_nodes_free(&state->rows);
    wv_nodes_free(&state->heads);
    wv_nodeset_free(&state->applied);
}
