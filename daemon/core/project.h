/* All version directories of a project, read and checked at once: an immutable snapshot that many
 * threads may hold. */
#ifndef WV_PROJECT_H
#define WV_PROJECT_H

#include <stdatomic.h>

#include "graph.h"
#include "revision_file.h"

struct wv_project {
    /* Sorted by id, then path, whatever the order on disk: node i of the graph is revision i.
     * Without those that another one replaces (squash.h). */
    struct wv_revision *revisions;
    size_t count;
    /* NULL when there are problems. */
    struct wv_graph *graph;
    /* Every fault of every file and of the graph, sorted by file and line. */
    struct wv_problems problems;
    struct wv_strlist dirs;
    /* private */
    atomic_size_t references;
    /* When some revisions replace others (squash.h): all files as they are, and what a database
     * sees that has none of the replacing ones; else NULL. */
    struct wv_project *whole;
    struct wv_project *originals;
};

/* Reads the directories and their sub-folders (names that begin with `.` are ignored, symbolic
 * links followed, each directory visited once) and returns a snapshot with one reference, also when
 * there are problems. With `previous` (NULL: none) files that have not changed since are not read
 * again. Blocks on the disk; any thread. */
struct wv_project *wv_project_load(const struct wv_strlist *dirs,
                                   const struct wv_project *previous);

/* Atomic; the last unref frees. NULL is fine for unref. */
struct wv_project *wv_project_ref(struct wv_project *project);
void wv_project_unref(struct wv_project *project);

/* WV_LOAD_ERROR with all problems, for commands that need the files. */
bool wv_project_check(const struct wv_project *project, struct wv_err *err) WV_MUST_CHECK;

/* Builds the graph of a project's revisions, whose faults go to its problems. For project.c and
 * squash.c. */
void wv_project_build(struct wv_project *project);

/* What a revision declares to the graph; borrowed from it. */
struct wv_graph_decl wv_revision_decl(const struct wv_revision *revision);

/* The revision with this full id, borrowed; NULL when there is none. */
const struct wv_revision *wv_project_find(const struct wv_project *project, const char *id);

#endif
