/* Rows, applied revisions, what is pending, what is ahead. Pure. */
#include "standing.h"

#include <stdlib.h>

#include "state.h"

static bool know(struct wv_standing *standing, const struct wv_project *project,
                 const struct wv_db_state *state)
{
    struct wv_err ignored WV_AUTOERR = {0};
    size_t count = state != NULL ? state->unknown.count : 0;
    struct wv_graph_decl *extra WV_AUTOFREE = wv_xcalloc(count + 1, sizeof(*extra));
    for (size_t i = 0; i < count; i++) {
        const struct wv_ledger_revision *unknown = &state->unknown.items[i];
        extra[i] = (struct wv_graph_decl){
            .id = unknown->id, .down = &unknown->down, .depends_on = &unknown->depends_on};
    }
    if (count > 0 && wv_known_init(&standing->known, project, extra, count, &ignored)) {
        standing->extra = state->unknown.items;
        return true;
    }
    /* A ledger that does not fit leaves its rows unknown. */
    return wv_known_init(&standing->known, project, NULL, 0, &ignored);
}

/* True when there is a row that nobody knows. */
static bool sort_rows(struct wv_standing *standing, const struct wv_strlist *rows)
{
    bool strange = false;
    wv_node node;
    for (size_t i = 0; i < rows->count; i++) {
        if (wv_graph_find(standing->known.graph, rows->items[i], &node)) {
            wv_strlist_add(&standing->rows, rows->items[i]);
            continue;
        }
        wv_strlist_add(&standing->ahead, rows->items[i]);
        strange = true;
    }
    return strange;
}

static void find_applied(struct wv_standing *standing)
{
    struct wv_err ignored WV_AUTOERR = {0};
    struct wv_state state;
    if (!wv_state_init(&state, standing->known.graph, &standing->rows, &ignored))
        return;
    struct wv_nodeset applied = state.applied;
    state.applied = standing->applied;
    standing->applied = applied;
    wv_state_free(&state);
}

static void find_pending(struct wv_standing *standing)
{
    struct wv_span order = wv_graph_order(standing->known.project->graph);
    for (size_t i = 0; i < order.count; i++)
        if (!wv_nodeset_has(&standing->applied, order.items[i]))
            wv_nodes_add(&standing->pending, order.items[i]);
}

static void find_ahead(struct wv_standing *standing)
{
    struct wv_span order = wv_graph_order(standing->known.graph);
    for (size_t i = 0; standing->known.own != NULL && i < order.count; i++)
        if (order.items[i] >= standing->known.project->count &&
            wv_nodeset_has(&standing->applied, order.items[i]))
            wv_strlist_add(&standing->ahead, wv_graph_id(standing->known.graph, order.items[i]));
}

/* A record of what is not applied any more says nothing. */
static void find_edited(struct wv_standing *standing, const struct wv_strlist *edited)
{
    wv_node node;
    for (size_t i = 0; i < edited->count; i++)
        if (wv_graph_find(standing->known.graph, edited->items[i], &node) &&
            wv_nodeset_has(&standing->applied, node))
            wv_strlist_add(&standing->edited, edited->items[i]);
}

static const char *judge(const struct wv_standing *standing, const struct wv_db_state *state,
                         bool strange)
{
    if (state->rows.count == 0)
        return standing->known.project->count > 0 ? "empty" : "at-head";
    if (strange || (standing->ahead.count > 0 && standing->pending.count > 0))
        return "diverged";
    if (standing->ahead.count > 0)
        return "ahead";
    return standing->pending.count > 0 ? "behind" : "at-head";
}

void wv_standing_init(struct wv_standing *standing, struct wv_project *project,
                      const struct wv_db_state *state)
{
    *standing = (struct wv_standing){.word = "unreachable"};
    static const struct wv_strlist none;
    bool reachable = state != NULL && state->reachable;
    wv_squash_view_look(&standing->view, project, reachable ? &state->rows : &none);
    standing->sound = know(standing, standing->view.project, reachable ? state : NULL);
    if (reachable && !standing->sound)
        standing->word = state->rows.count == 0 ? "empty" : "diverged";
    if (!standing->sound)
        return;
    wv_nodeset_init(&standing->applied, wv_graph_count(standing->known.graph));
    if (!reachable)
        return;
    bool strange = sort_rows(standing, &standing->view.rows);
    find_applied(standing);
    find_pending(standing);
    find_ahead(standing);
    find_edited(standing, &state->edited);
    standing->word = judge(standing, state, strange);
}

void wv_standing_clear(struct wv_standing *standing)
{
    wv_known_free(&standing->known);
    wv_squash_view_free(&standing->view);
    wv_strlist_free(&standing->rows);
    wv_strlist_free(&standing->ahead);
    wv_strlist_free(&standing->edited);
    wv_nodeset_free(&standing->applied);
    wv_nodes_free(&standing->pending);
}

const char *wv_standing_message(const struct wv_standing *standing, wv_node node)
{
    const struct wv_revision *file = wv_known_file(&standing->known, node);
    const char *message = file != NULL
                              ? file->message
                              : standing->extra[wv_known_extra(&standing->known, node)].message;
    return message != NULL ? message : "";
}
