/* See project.h. Puts what was scanned in order and has the graph built. */
#include "project.h"

#include <stdlib.h>
#include <string.h>

#include "graph.h"
#include "project_scan.h"
#include "squash.h"

static int compare_revisions(const void *left, const void *right)
{
    const struct wv_revision *a = left;
    const struct wv_revision *b = right;
    int order = strcmp(a->id, b->id);
    return order != 0 ? order : strcmp(a->path, b->path);
}

static int compare_to_id(const void *id, const void *item)
{
    const struct wv_revision *revision = item;
    return strcmp(id, revision->id);
}

struct wv_graph_decl wv_revision_decl(const struct wv_revision *revision)
{
    return (struct wv_graph_decl){
        .id = revision->id,
        .down = &revision->down,
        .depends_on = &revision->depends_on,
        .labels = &revision->labels,
        .file = revision->path,
        .line_revision = revision->id_line,
        .line_down = revision->down_line,
        .line_depends = revision->depends_line,
        .line_labels = revision->labels_line,
    };
}

void wv_project_build(struct wv_project *project)
{
    struct wv_graph_decl *decls = wv_xcalloc(project->count + 1, sizeof(*decls));
    for (size_t i = 0; i < project->count; i++)
        decls[i] = wv_revision_decl(&project->revisions[i]);
    struct wv_graph *graph;
    if (wv_graph_build(decls, project->count, &graph, &project->problems)) {
        if (project->problems.count == 0)
            project->graph = graph;
        else
            wv_graph_free(graph);
    }
    free(decls);
}

struct wv_project *wv_project_load(const struct wv_strlist *dirs, const struct wv_project *previous)
{
    struct wv_project *project = wv_xcalloc(1, sizeof(*project));
    atomic_init(&project->references, 1);
    wv_strlist_copy(&project->dirs, dirs);
    wv_project_scan(project,
                    previous != NULL && previous->whole != NULL ? previous->whole : previous);
    if (project->count > 1)
        qsort(project->revisions, project->count, sizeof(project->revisions[0]), compare_revisions);
    if (wv_squash_any(project))
        return wv_squash_open(project);
    wv_project_build(project);
    wv_problems_sort(&project->problems);
    return project;
}

struct wv_project *wv_project_ref(struct wv_project *project)
{
    atomic_fetch_add_explicit(&project->references, 1, memory_order_relaxed);
    return project;
}

void wv_project_unref(struct wv_project *project)
{
    if (project == NULL ||
        atomic_fetch_sub_explicit(&project->references, 1, memory_order_acq_rel) != 1)
        return;
    for (size_t i = 0; i < project->count; i++)
        wv_revision_free(&project->revisions[i]);
    free(project->revisions);
    wv_graph_free(project->graph);
    wv_problems_free(&project->problems);
    wv_strlist_free(&project->dirs);
    wv_project_unref(project->whole);
    wv_project_unref(project->originals);
    free(project);
}

bool wv_project_check(const struct wv_project *project, struct wv_err *err)
{
    if (project->problems.count == 0)
        return true;
    const struct wv_problem *first = &project->problems.items[0];
    if (project->problems.count == 1)
        wv_err_set(err, WV_LOAD_ERROR, "the revision files have a fault: %s", first->message);
    else
        wv_err_set(err, WV_LOAD_ERROR, "the revision files have %zu faults",
                   project->problems.count);
    if (project->problems.count == 1)
        wv_err_at(err, first->file, first->line, first->column);
    wv_problems_copy(&err->problems, &project->problems);
    return wv_err_hint(err, "correct the files and run the command again");
}

const struct wv_revision *wv_project_find(const struct wv_project *project, const char *id)
{
    if (project->count == 0)
        return NULL;
    return bsearch(id, project->revisions, project->count, sizeof(project->revisions[0]),
                   compare_to_id);
}
