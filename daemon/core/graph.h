/* The revision graph: revisions, what they revise and depend on, branch labels.
 *
 * Immutable after the build, so any thread may read it at the same time; nothing in it refers to
 * the declarations it was built from. A node's index is the index of its declaration. The
 * revisions may come from files or from rows of the ledger.
 *
 * Two kinds of edges: a revision *revises* its down revisions and *depends on* others. Heads,
 * bases, branch points and lineages go by the first kind alone; what must be applied before a
 * revision goes by both. An edge that is named twice counts once, and a dependency on a down
 * revision is that down revision.
 *
 * Order. wv_graph_order() is topological and depends on ids and file contents only, never on the
 * order of loading: the revisions that nothing follows are taken in byte order of their ids, and
 * before each revision come its down revisions and then its dependencies, in the order in which its
 * declaration names them (each once). So a branch is finished before the next one begins.
 */
#ifndef WV_GRAPH_H
#define WV_GRAPH_H

#include "err.h"
#include "nodeset.h"
#include "strlist.h"

struct wv_graph;

/* One revision to build from; borrowed during the build. A NULL list is an empty one. */
struct wv_graph_decl {
    const char *id;
    const struct wv_strlist *down;
    const struct wv_strlist *depends_on; /* ids or branch labels */
    const struct wv_strlist *labels;
    const char *file; /* for problems; NULL when there is none */
    int line_revision;
    int line_down;
    int line_depends;
    int line_labels;
};

/* The longest id, in bytes: the width of Alembic's column version_num. */
#define WV_ID_MAX 32

/* True when `id` is 1 to 32 bytes without blanks, control characters, commas and "@-+:", and is
 * none of the words that targets give a meaning to (head, heads, base, current). When it is not,
 * `*reason` (if given) becomes a static text such as "is longer than 32 bytes". */
bool wv_graph_id_ok(const char *id, const char **reason);
/* The same for a branch label, which may be longer and may hold "-" and "+". */
bool wv_graph_label_ok(const char *label, const char **reason);

/* Builds in time linear in revisions and edges, and looks for all faults at once: each is added to
 * `problems` with one of the kinds illegal_id, duplicate_id, illegal_label, duplicate_label,
 * self_loop, dependency_self_loop, missing_down_revision, missing_dependency, cycle,
 * dependency_cycle. Returns false (and leaves `*graph`) when there was one. */
bool wv_graph_build(const struct wv_graph_decl *decls, size_t count, struct wv_graph **graph,
                    struct wv_problems *problems) WV_MUST_CHECK;
/* NULL is fine. */
void wv_graph_free(struct wv_graph *graph);

size_t wv_graph_count(const struct wv_graph *graph);
/* The id, borrowed from the graph. */
const char *wv_graph_id(const struct wv_graph *graph, wv_node node);
/* By full id; false when there is no such revision. */
bool wv_graph_find(const struct wv_graph *graph, const char *id, wv_node *node);
/* By branch label: the revision that declares it. */
bool wv_graph_find_label(const struct wv_graph *graph, const char *label, wv_node *node);
/* Revisions whose id, or whose declared label, of more than 3 bytes begins with `prefix`, each
 * once, in byte order of the matching names, `limit` at most. */
void wv_graph_find_prefix(const struct wv_graph *graph, const char *prefix, size_t limit,
                          struct wv_nodes *found);

/* Spans are borrowed from the graph. */
struct wv_span wv_graph_down(const struct wv_graph *graph, wv_node node);
struct wv_span wv_graph_depends(const struct wv_graph *graph, wv_node node); /* without down */
struct wv_span wv_graph_parents(const struct wv_graph *graph, wv_node node); /* both kinds */
struct wv_span wv_graph_children(const struct wv_graph *graph, wv_node node);
struct wv_span wv_graph_dependents(const struct wv_graph *graph, wv_node node); /* not children */
struct wv_span wv_graph_followers(const struct wv_graph *graph, wv_node node);  /* both kinds */
/* The labels that the node's own declaration gives. */
const struct wv_strlist *wv_graph_labels(const struct wv_graph *graph, wv_node node);

/* Nothing revises it / nothing revises or depends on it / it revises nothing. */
bool wv_graph_is_head(const struct wv_graph *graph, wv_node node);
bool wv_graph_is_real_head(const struct wv_graph *graph, wv_node node);
bool wv_graph_is_base(const struct wv_graph *graph, wv_node node);
/* Revised by several / revises several. */
bool wv_graph_is_branch_point(const struct wv_graph *graph, wv_node node);
bool wv_graph_is_merge_point(const struct wv_graph *graph, wv_node node);

/* Each in byte order of the ids. Real heads are what `heads` means as a target. */
struct wv_span wv_graph_heads(const struct wv_graph *graph);
struct wv_span wv_graph_real_heads(const struct wv_graph *graph);
struct wv_span wv_graph_bases(const struct wv_graph *graph);
/* Adds the ids of the heads, in that order. */
void wv_graph_add_heads(const struct wv_graph *graph, struct wv_strlist *ids);
/* All revisions, each after all that it revises or depends on (see above). */
struct wv_span wv_graph_order(const struct wv_graph *graph);

/* Orders nodes by their places in that order / by byte order of their ids, and drops repeats. */
void wv_graph_sort_rank(const struct wv_graph *graph, struct wv_nodes *nodes);
void wv_graph_sort_id(const struct wv_graph *graph, struct wv_nodes *nodes);
/* "a, b and c", at most 8 ids and then "and N more": for messages. The caller's own. */
char *wv_graph_names(const struct wv_graph *graph, struct wv_span nodes);

#endif
