/* migrate.revision, migrate.merge and migrate.squash: the text and the place of a new file. The
 * client writes it, as its own user; here nothing is written. Needs no database. */
#include <stdlib.h>
#include <string.h>

#include "draft.h"
#include "new_file.h"
#include "proto.h"
#include "squash_draft.h"
#include "template.h"
#include "verbs_run.h"

/* What the request asked for, as owned values. */
struct wish {
    struct wv_strlist heads;
    struct wv_strlist depends_on;
    struct wv_strlist labels;
    struct wv_new_file file;
    const char *message;
    bool splice;
    bool merge;
};

static void wish_free(struct wish *wish)
{
    wv_strlist_free(&wish->heads);
    wv_strlist_free(&wish->depends_on);
    wv_strlist_free(&wish->labels);
    wv_new_file_free(&wish->file);
}

static bool take_wish(struct wish *wish, const struct wv_request *request, bool merge,
                      struct wv_err *err)
{
    const char *message = wv_request_text(request, "message");
    *wish = (struct wish){.message = message != NULL ? message : "", .merge = merge};
    wish->splice = wv_request_flag(request, "splice", false);
    wv_request_list(request, merge ? "revision" : "head", &wish->heads);
    wv_request_list(request, "depends_on", &wish->depends_on);
    wv_request_list(request, "branch_label", &wish->labels);
    return wv_new_file_id(&wish->file, wv_request_text(request, "rev_id"), err);
}

static bool render(const struct wv_settings *settings, const struct wish *wish,
                   const struct wv_draft *draft, char **text, struct wv_err *err)
{
    char *template WV_AUTOFREE = NULL;
    if (!wv_template_read(&template, settings->template_file, err))
        return false;
    struct wv_template_values values = {.message = wish->message,
                                        .revision = wish->file.id,
                                        .down = &draft->down,
                                        .labels = &draft->labels,
                                        .depends_on = &draft->depends_on,
                                        .create_date = wish->file.date};
    return wv_template_render(text, template, settings->template_file, &values, err);
}

/* The new id must be free, also among what is replaced already. */
static bool check_id(const struct wv_project *project, const char *id, struct wv_err *err)
{
    const struct wv_project *all = project->whole != NULL ? project->whole : project;
    if (wv_project_find(all, id) == NULL)
        return true;
    return wv_err_set(err, WV_LOAD_ERROR, "there is a revision %s already", id);
}

static bool make_draft(const struct wv_project *project, const struct wish *wish,
                       struct wv_draft *draft, struct wv_err *err)
{
    if (!wv_project_check(project, err) || !check_id(project, wish->file.id, err))
        return false;
    struct wv_draft_request wanted = {.id = wish->file.id,
                                      .heads = &wish->heads,
                                      .depends_on = &wish->depends_on,
                                      .labels = &wish->labels,
                                      .splice = wish->splice,
                                      .merge = wish->merge};
    return wv_draft_make(project->graph, &wanted, draft, err);
}

/* With what a client needs that keeps others from writing one meanwhile: the folder to lock, and
 * the heads as they are before. */
static json_t *view_file(const struct wv_new_file *file, const char *text,
                         const struct wv_strlist *down, const struct wv_desk *desk,
                         const struct wv_project *project)
{
    struct wv_strlist heads WV_AUTOSTRLIST = {0};
    json_t *result = json_object();
    wv_graph_add_heads(project->graph, &heads);
    wv_proto_set_text(result, "revision", file->id);
    wv_proto_set_text(result, "path", file->path);
    wv_proto_set_text(result, "content", text);
    json_object_set_new(result, "down_revision", wv_proto_texts(down));
    json_object_set_new(result, "heads", wv_proto_texts(&heads));
    wv_proto_set_text(result, "folder", desk->settings->directory);
    return result;
}

/* NULL: `err` says why not. Beside what it revises, unless another place is asked for. */
static json_t *new_file(struct wv_desk *desk, const struct wv_request *request, struct wish *wish,
                        struct wv_err *err)
{
    struct wv_draft draft = {0};
    char *text WV_AUTOFREE = NULL;
    json_t *result = NULL;
    const struct wv_project *project = wv_files_fresh(desk->files);
    if (!make_draft(project, wish, &draft, err))
        return NULL;
    const char *beside = draft.down.count > 0 ? draft.down.items[0] : NULL;
    if (wv_new_file_place(&wish->file, desk->settings, project, wish->message, beside,
                          wv_request_text(request, "version_path"), err) &&
        render(desk->settings, wish, &draft, &text, err))
        result = view_file(&wish->file, text, &draft.down, desk, project);
    wv_draft_free(&draft);
    return result;
}

static void finish(struct wv_request *request, json_t *result, const struct wv_err *err)
{
    if (result != NULL)
        wv_request_finish(request, result);
    else
        wv_request_fail(request, err);
}

static void answer(struct wv_desk *desk, struct wv_request *request, bool merge)
{
    struct wv_err err WV_AUTOERR = {0};
    struct wish wish;
    json_t *result = NULL;
    if (take_wish(&wish, request, merge, &err))
        result = new_file(desk, request, &wish, &err);
    finish(request, result, &err);
    wish_free(&wish);
}

void wv_verb_revision(struct wv_desk *desk, struct wv_request *request)
{
    answer(desk, request, false);
}

void wv_verb_merge(struct wv_desk *desk, struct wv_request *request)
{
    answer(desk, request, true);
}

static json_t *squashed(struct wv_desk *desk, const struct wv_request *request,
                        struct wv_new_file *file, struct wv_err *err)
{
    const struct wv_project *project = wv_files_fresh(desk->files);
    const char *range = wv_request_text(request, "range");
    const char *message = wv_request_text(request, "message");
    char *standard WV_AUTOFREE = wv_xasprintf("Squash %s", range);
    struct wv_squash_draft draft = {0};
    message = message != NULL ? message : standard;
    if (!wv_project_check(project, err) ||
        !wv_new_file_id(file, wv_request_text(request, "rev_id"), err) ||
        !check_id(project, file->id, err) ||
        !wv_new_file_place(file, desk->settings, project, message, NULL, NULL, err))
        return NULL;
    char *line WV_AUTOFREE = wv_template_line(message);
    struct wv_squash_request wanted = {
        .range = range, .id = file->id, .message = line, .create_date = file->date};
    if (!wv_squash_draft_make(project, &wanted, &draft, err))
        return NULL;
    json_t *result = NULL;
    const char *last = draft.replaces.items[draft.replaces.count - 1];
    if (wv_new_file_place(file, desk->settings, project, message, last, NULL, err)) {
        result = view_file(file, draft.text, &draft.down, desk, project);
        json_object_set_new(result, "replaces", wv_proto_texts(&draft.replaces));
    }
    wv_squash_draft_free(&draft);
    return result;
}

void wv_verb_squash(struct wv_desk *desk, struct wv_request *request)
{
    struct wv_err err WV_AUTOERR = {0};
    struct wv_new_file file = {0};
    finish(request, squashed(desk, request, &file, &err), &err);
    wv_new_file_free(&file);
}
