/* See known.h. */
#include "known.h"

#include <stdlib.h>
#include <string.h>

bool wv_known_needs_ledger(const struct wv_project *project, const struct wv_strlist *rows)
{
    for (size_t i = 0; i < rows->count; i++)
        if (wv_project_find(project, rows->items[i]) == NULL)
            return true;
    return false;
}

/* The declarations of both sources, with lists of edges of our own for the ledger's. */
struct builder {
    const struct wv_project *project;
    const struct wv_graph_decl *extra;
    size_t extra_count;
    const char **extra_ids; /* sorted */
    struct wv_graph_decl *decls;
    size_t count;
    struct wv_strlist *edges; /* two lists for each declaration of the ledger */
};

static int compare_ids(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

static bool exists(const struct builder *builder, const char *id)
{
    return wv_project_find(builder->project, id) != NULL ||
           bsearch(&id, builder->extra_ids, builder->extra_count, sizeof(id), compare_ids) != NULL;
}

/* The ledger of an adopted database may name parents that nobody recorded. */
static const struct wv_strlist *existing(const struct builder *builder,
                                         const struct wv_strlist *names, struct wv_strlist *kept)
{
    for (size_t i = 0; names != NULL && i < names->count; i++)
        if (exists(builder, names->items[i]))
            wv_strlist_add(kept, names->items[i]);
    return kept;
}

static void add_files(struct builder *builder)
{
    for (size_t i = 0; i < builder->project->count; i++)
        builder->decls[builder->count++] = wv_revision_decl(&builder->project->revisions[i]);
}

static void add_extra(struct builder *builder, size_t *extra_of)
{
    for (size_t i = 0; i < builder->extra_count; i++) {
        const struct wv_graph_decl *extra = &builder->extra[i];
        if (wv_project_find(builder->project, extra->id) != NULL)
            continue;
        extra_of[builder->count - builder->project->count] = i;
        builder->decls[builder->count++] = (struct wv_graph_decl){
            .id = extra->id,
            .down = existing(builder, extra->down, &builder->edges[2 * i]),
            .depends_on = existing(builder, extra->depends_on, &builder->edges[2 * i + 1]),
        };
    }
}

static void builder_free(struct builder *builder)
{
    for (size_t i = 0; i < 2 * builder->extra_count; i++)
        wv_strlist_free(&builder->edges[i]);
    free(builder->edges);
    free(builder->decls);
    free(builder->extra_ids);
}

static bool build_both(struct wv_known *known, const struct wv_graph_decl *extra, size_t count,
                       struct wv_err *err)
{
    struct builder builder = {
        .project = known->project,
        .extra = extra,
        .extra_count = count,
        .extra_ids = wv_xcalloc(count, sizeof(char *)),
        .decls = wv_xcalloc(known->project->count + count, sizeof(struct wv_graph_decl)),
        .edges = wv_xcalloc(2 * count, sizeof(struct wv_strlist)),
    };
    for (size_t i = 0; i < count; i++)
        builder.extra_ids[i] = extra[i].id;
    qsort(builder.extra_ids, count, sizeof(char *), compare_ids);
    known->extra_of = wv_xcalloc(count, sizeof(size_t));
    add_files(&builder);
    add_extra(&builder, known->extra_of);
    struct wv_problems problems = {0};
    bool built = wv_graph_build(builder.decls, builder.count, &known->own, &problems);
    if (!built) {
        wv_err_set(err, WV_LOAD_ERROR, "the files and the ledger do not fit together");
        wv_err_hint(err, "the database is ahead of these files: use the newer ones");
        err->problems = problems;
        free(known->extra_of);
    }
    builder_free(&builder);
    return built;
}

bool wv_known_init(struct wv_known *known, const struct wv_project *project,
                   const struct wv_graph_decl *extra, size_t extra_count, struct wv_err *err)
{
    if (!wv_project_check(project, err))
        return false;
    struct wv_known fresh = {.project = project, .graph = project->graph};
    if (extra_count > 0) {
        if (!build_both(&fresh, extra, extra_count, err))
            return false;
        fresh.graph = fresh.own;
    }
    *known = fresh;
    return true;
}

void wv_known_free(struct wv_known *known)
{
    wv_graph_free(known->own);
    free(known->extra_of);
    *known = (struct wv_known){0};
}

const struct wv_revision *wv_known_file(const struct wv_known *known, wv_node node)
{
    return node < known->project->count ? &known->project->revisions[node] : NULL;
}

size_t wv_known_extra(const struct wv_known *known, wv_node node)
{
    return known->extra_of[node - known->project->count];
}
