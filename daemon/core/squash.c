/* See squash.h. A view is a project of its own: the revisions that are there, their edges read
 * anew, and the graph of these. */
#include "squash.h"

#include <stdlib.h>
#include <string.h>

#include "state.h"

/* An id, and the revision of the whole project that replaces it. */
struct replaced {
    const char *id;
    size_t by;
};

struct table {
    const struct wv_project *whole;
    struct replaced *items; /* by id */
    size_t count;
    bool *hidden; /* by revision of the whole: it replaces others, and is not there */
};

static int compare(const void *left, const void *right)
{
    const struct replaced *a = left, *b = right;
    int order = strcmp(a->id, b->id);
    return order != 0 ? order : (a->by > b->by) - (a->by < b->by);
}

static int compare_to_id(const void *id, const void *item)
{
    return strcmp(id, ((const struct replaced *)item)->id);
}

static void table_init(struct table *table, const struct wv_project *whole)
{
    size_t capacity = 0;
    *table = (struct table){.whole = whole};
    table->hidden = wv_xcalloc(whole->count + 1, sizeof(*table->hidden));
    for (size_t i = 0; i < whole->count; i++) {
        const struct wv_strlist *replaces = &whole->revisions[i].replaces;
        for (size_t k = 0; k < replaces->count; k++) {
            WV_GROW(table->items, table->count, capacity);
            table->items[table->count++] = (struct replaced){replaces->items[k], i};
        }
    }
    if (table->count > 1)
        qsort(table->items, table->count, sizeof(table->items[0]), compare);
}

static void table_free(struct table *table)
{
    free(table->items);
    free(table->hidden);
}

/* The revision that replaces `id`; NULL when none does. */
static const struct wv_revision *replacer(const struct table *table, const char *id, size_t *index)
{
    const struct replaced *found =
        table->count == 0
            ? NULL
            : bsearch(id, table->items, table->count, sizeof(table->items[0]), compare_to_id);
    if (found == NULL)
        return NULL;
    *index = found->by;
    return &table->whole->revisions[found->by];
}

static const char *last_of(const struct wv_revision *squash)
{
    return squash->replaces.items[squash->replaces.count - 1];
}

/* Only with all old files at hand can a database go the old way. */
static bool has_old_files(const struct wv_project *whole, const struct wv_revision *squash)
{
    for (size_t i = 0; i < squash->replaces.count; i++)
        if (wv_project_find(whole, squash->replaces.items[i]) == NULL)
            return false;
    return true;
}

static size_t index_of(const struct wv_project *whole, const struct wv_revision *revision)
{
    return (size_t)(revision - whole->revisions);
}

/* `id` as it is called in the view. */
static const char *name_in(const struct table *table, const char *id)
{
    size_t by;
    const struct wv_revision *squash = replacer(table, id, &by);
    if (squash != NULL && !table->hidden[by])
        return squash->id;
    const struct wv_revision *self = wv_project_find(table->whole, id);
    bool gone = self != NULL && table->hidden[index_of(table->whole, self)];
    return gone ? last_of(self) : id;
}

static void rename_all(const struct table *table, struct wv_strlist *ids)
{
    struct wv_strlist named = {0};
    for (size_t i = 0; i < ids->count; i++) {
        const char *name = name_in(table, ids->items[i]);
        if (!wv_strlist_has(&named, name))
            wv_strlist_add(&named, name);
    }
    wv_strlist_move(ids, &named);
}

static bool is_there(const struct table *table, size_t index)
{
    size_t by;
    const struct wv_revision *revision = &table->whole->revisions[index];
    bool replaced = replacer(table, revision->id, &by) != NULL && !table->hidden[by];
    return !replaced && !table->hidden[index];
}

static struct wv_project *make_view(const struct table *table)
{
    const struct wv_project *whole = table->whole;
    struct wv_project *view = wv_xcalloc(1, sizeof(*view));
    atomic_init(&view->references, 1);
    wv_strlist_copy(&view->dirs, &whole->dirs);
    view->revisions = wv_xcalloc(whole->count + 1, sizeof(*view->revisions));
    for (size_t i = 0; i < whole->count; i++) {
        if (!is_there(table, i))
            continue;
        struct wv_revision *revision = &view->revisions[view->count++];
        wv_revision_copy(revision, &whole->revisions[i]);
        rename_all(table, &revision->down);
        rename_all(table, &revision->depends_on);
    }
    wv_project_build(view);
    return view;
}

/* -- loading ---------------------------------------------------------------------------------- */

bool wv_squash_any(const struct wv_project *whole)
{
    for (size_t i = 0; i < whole->count; i++)
        if (whole->revisions[i].replaces.count > 0)
            return true;
    return false;
}

static void check_table(const struct table *table, struct wv_problems *problems)
{
    for (size_t i = 0; i < table->count; i++) {
        const struct wv_revision *squash = &table->whole->revisions[table->items[i].by];
        const char *id = table->items[i].id;
        const struct wv_revision *old = wv_project_find(table->whole, id);
        if (i > 0 && strcmp(id, table->items[i - 1].id) == 0)
            wv_problems_add(problems, "bad_replaces", squash->path, squash->replaces_line,
                            "revision %s is replaced by %s and by %s", id,
                            table->whole->revisions[table->items[i - 1].by].id, squash->id);
        if (old != NULL && old->replaces.count > 0)
            wv_problems_add(problems, "bad_replaces", squash->path, squash->replaces_line,
                            old == squash ? "revision %s replaces itself"
                                          : "revision %s is replaced, and replaces others itself",
                            id);
    }
}

/* The last id stands for all, so all others have to come before it. */
static void check_last(const struct wv_project *originals, const struct wv_revision *squash,
                       struct wv_problems *problems)
{
    struct wv_err ignored WV_AUTOERR = {0};
    struct wv_state state WV_AUTOSTATE = {0};
    struct wv_strlist last WV_AUTOSTRLIST = {0};
    wv_node node;
    wv_strlist_add(&last, last_of(squash));
    if (!wv_state_init(&state, originals->graph, &last, &ignored))
        return;
    for (size_t i = 0; i < squash->replaces.count; i++) {
        const char *id = squash->replaces.items[i];
        if (wv_graph_find(originals->graph, id, &node) && !wv_nodeset_has(&state.applied, node))
            wv_problems_add(problems, "bad_replaces", squash->path, squash->replaces_line,
                            "%s, the last id, does not come after %s", last_of(squash), id);
    }
}

static void hide_all(struct table *table)
{
    for (size_t i = 0; i < table->whole->count; i++) {
        const struct wv_revision *revision = &table->whole->revisions[i];
        table->hidden[i] = revision->replaces.count > 0 && has_old_files(table->whole, revision);
    }
}

/* The other side: what a database sees that goes the old way everywhere. */
static void add_originals(struct wv_project *view, struct table *table)
{
    hide_all(table);
    struct wv_project *originals = make_view(table);
    wv_problems_move(&view->problems, &originals->problems);
    for (size_t i = 0; originals->graph != NULL && i < table->whole->count; i++)
        if (table->hidden[i])
            check_last(originals, &table->whole->revisions[i], &view->problems);
    view->originals = originals;
}

struct wv_project *wv_squash_open(struct wv_project *whole)
{
    struct table table;
    struct wv_problems problems = {0};
    table_init(&table, whole);
    check_table(&table, &problems);
    struct wv_project *view = make_view(&table);
    /* What does not replace soundly breaks edges as well: those faults would only follow. */
    if (problems.count > 0)
        wv_problems_free(&view->problems);
    wv_problems_move(&problems, &whole->problems);
    wv_problems_move(&view->problems, &problems);
    if (view->problems.count == 0)
        add_originals(view, &table);
    table_free(&table);
    if (view->problems.count > 0) {
        wv_graph_free(view->graph);
        view->graph = NULL;
    }
    wv_problems_sort(&view->problems);
    view->whole = whole;
    return view;
}

/* -- what a database sees --------------------------------------------------------------------- */

static bool applied_in(const struct wv_state *state, const char *id)
{
    wv_node node;
    return wv_graph_find(state->graph, id, &node) && wv_nodeset_has(&state->applied, node);
}

/* Decides for each S; `table->hidden` says so far which of them could be hidden. */
static bool choose(struct table *table, const struct wv_state *old, bool *any)
{
    bool all_hidden = true;
    *any = false;
    for (size_t i = 0; i < table->whole->count; i++) {
        if (!table->hidden[i])
            continue;
        const struct wv_strlist *replaces = &table->whole->revisions[i].replaces;
        size_t applied = 0;
        for (size_t k = 0; k < replaces->count; k++)
            applied += applied_in(old, replaces->items[k]);
        table->hidden[i] = applied > 0 && applied < replaces->count;
        *any = *any || table->hidden[i];
        all_hidden = all_hidden && table->hidden[i];
    }
    return all_hidden;
}

static bool find_old_state(const struct wv_project *originals, const struct table *table,
                           const struct wv_strlist *rows, struct wv_state *state,
                           struct wv_err *err)
{
    struct wv_strlist known WV_AUTOSTRLIST = {0};
    wv_node node;
    for (size_t i = 0; i < rows->count; i++) {
        const char *name = name_in(table, rows->items[i]);
        if (wv_graph_find(originals->graph, name, &node))
            wv_strlist_add(&known, name);
    }
    return wv_state_init(state, originals->graph, &known, err);
}

/* A row that is no revision of the view, and no last one of what is replaced. */
static bool check_row(const struct table *table, const char *row, struct wv_err *err)
{
    size_t by;
    const struct wv_revision *squash = replacer(table, row, &by);
    if (squash == NULL || has_old_files(table->whole, squash) || strcmp(row, last_of(squash)) == 0)
        return true;
    wv_err_set(err, WV_REVISION_NOT_FOUND,
               "the database is at %s, in the middle of what %s replaces, and the old files are "
               "not all here",
               row, squash->id);
    err->revision = wv_xstrdup(row);
    return wv_err_hint(err,
                       "bring the files of the replaced revisions back, upgrade to %s, and "
                       "delete them then",
                       last_of(squash));
}

/* Old ids become new ones; what another row includes then goes. */
static bool map_rows(struct wv_squash_view *view, const struct table *table,
                     const struct wv_strlist *rows, struct wv_err *err)
{
    struct wv_strlist known WV_AUTOSTRLIST = {0};
    wv_node node;
    for (size_t i = 0; i < rows->count; i++) {
        if (!check_row(table, rows->items[i], err))
            return false;
        const char *name = name_in(table, rows->items[i]);
        view->moved = view->moved || strcmp(name, rows->items[i]) != 0;
        struct wv_strlist *list =
            wv_graph_find(view->project->graph, name, &node) ? &known : &view->rows;
        if (!wv_strlist_has(list, name))
            wv_strlist_add(list, name);
    }
    struct wv_state state WV_AUTOSTATE = {0};
    if (!wv_state_init(&state, view->project->graph, &known, err))
        return false;
    const struct wv_nodes *kept = view->moved ? &state.heads : &state.rows;
    for (size_t i = 0; i < kept->count; i++)
        wv_strlist_add(&view->rows, wv_graph_id(state.graph, kept->items[i]));
    wv_strlist_sort(&view->rows);
    for (size_t i = 0; i < view->project->count; i++) {
        const struct wv_revision *squash = &view->project->revisions[i];
        if (squash->replaces.count == 0 || !wv_nodeset_has(&state.applied, (wv_node)i))
            continue;
        wv_strlist_add(&view->applied, squash->id);
        for (size_t k = 0; k < squash->replaces.count; k++)
            wv_strlist_add(&view->replaced, squash->replaces.items[k]);
    }
    return true;
}

bool wv_squash_view_make(struct wv_squash_view *view, struct wv_project *project,
                         const struct wv_strlist *rows, struct wv_err *err)
{
    struct wv_squash_view made = {0};
    if (project->originals == NULL || rows == NULL) {
        made.project = wv_project_ref(project);
        if (rows != NULL)
            wv_strlist_copy(&made.rows, rows);
        *view = made;
        return true;
    }
    struct table table;
    struct wv_state old WV_AUTOSTATE = {0};
    bool any;
    table_init(&table, project->whole);
    hide_all(&table);
    bool done = find_old_state(project->originals, &table, rows, &old, err);
    if (done) {
        bool all = choose(&table, &old, &any);
        made.project = !any  ? wv_project_ref(project)
                       : all ? wv_project_ref(project->originals)
                             : make_view(&table);
        done = wv_project_check(made.project, err) && map_rows(&made, &table, rows, err);
    }
    table_free(&table);
    if (done)
        *view = made;
    else
        wv_squash_view_free(&made);
    return done;
}

void wv_squash_view_look(struct wv_squash_view *view, struct wv_project *project,
                         const struct wv_strlist *rows)
{
    struct wv_err ignored WV_AUTOERR = {0};
    if (wv_squash_view_make(view, project, rows, &ignored))
        return;
    *view = (struct wv_squash_view){.project = wv_project_ref(project)};
    wv_strlist_copy(&view->rows, rows);
}

void wv_squash_view_free(struct wv_squash_view *view)
{
    wv_project_unref(view->project);
    wv_strlist_free(&view->rows);
    wv_strlist_free(&view->replaced);
    wv_strlist_free(&view->applied);
    *view = (struct wv_squash_view){0};
}
