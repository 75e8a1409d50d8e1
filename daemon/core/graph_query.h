/* Questions to a graph and a database's rows that change nothing. Pure; any thread. Lists of nodes
 * are added to; on failure they are as they were. */
#ifndef WV_GRAPH_QUERY_H
#define WV_GRAPH_QUERY_H

#include "target.h"

/* The revisions that `target` names ("current" included), in the order of the graph. */
bool wv_query_show(const struct wv_graph *graph, const struct wv_strlist *current,
                   const char *target, struct wv_nodes *nodes, struct wv_err *err) WV_MUST_CHECK;
/* The revisions of `range` ("a:b", ends may be left out; NULL: all), newest first. */
bool wv_query_history(const struct wv_graph *graph, const struct wv_strlist *current,
                      const char *range, struct wv_nodes *nodes, struct wv_err *err) WV_MUST_CHECK;
/* The applied revisions that no applied revision revises: the rows, and what became a head of its
 * branch through a dependency. In byte order. */
bool wv_query_current(const struct wv_graph *graph, const struct wv_strlist *current,
                      struct wv_nodes *nodes, struct wv_err *err) WV_MUST_CHECK;
/* True when the rows are exactly the revisions that nothing revises or depends on. Rows that the
 * graph does not know make it false. */
bool wv_query_at_heads(const struct wv_graph *graph, const struct wv_strlist *current);
/* What an upgrade to `heads` would apply, in that order. */
bool wv_query_pending(const struct wv_graph *graph, const struct wv_strlist *current,
                      struct wv_nodes *nodes, struct wv_err *err) WV_MUST_CHECK;
/* All that is applied according to the rows, in the order of the graph. */
bool wv_query_applied(const struct wv_graph *graph, const struct wv_strlist *current,
                      struct wv_nodes *nodes, struct wv_err *err) WV_MUST_CHECK;
/* The ids of `applied` that the graph does not have: by these the database is ahead. */
void wv_query_ahead(const struct wv_graph *graph, const struct wv_strlist *applied,
                    struct wv_strlist *ahead);
/* The branch points, newest first. */
void wv_query_branches(const struct wv_graph *graph, struct wv_nodes *nodes);

/* The branch labels that are shown for each revision: its own, those of what it descends from by
 * down revisions, and, up to the next branch or merge point, those of what descends from it in one
 * line. `labels` has an entry per node; free with wv_query_labels_free. */
struct wv_strlist *wv_query_labels(const struct wv_graph *graph);
void wv_query_labels_free(const struct wv_graph *graph, struct wv_strlist *labels);

#endif
