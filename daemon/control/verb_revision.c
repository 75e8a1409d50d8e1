/* migrate.revision and migrate.merge: the text and the place of a new file. The client writes it,
 * as its own user; here nothing is written. Needs no database. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "draft.h"
#include "file_name.h"
#include "proto.h"
#include "template.h"
#include "verbs_run.h"
#include "zone.h"

/* What the request asked for, as owned values. */
struct wish {
    struct wv_strlist heads;
    struct wv_strlist depends_on;
    struct wv_strlist labels;
    char id[WV_ID_MAX + 1];
    const char *message;
    bool splice;
    bool merge;
};

static void wish_free(struct wish *wish)
{
    wv_strlist_free(&wish->heads);
    wv_strlist_free(&wish->depends_on);
    wv_strlist_free(&wish->labels);
}

static bool take_id(struct wish *wish, const char *id, struct wv_err *err)
{
    const char *reason;
    if (id == NULL) {
        char fresh[WV_REVISION_ID_NEW];
        wv_revision_id_new(fresh);
        memcpy(wish->id, fresh, sizeof(fresh));
        return true;
    }
    if (!wv_graph_id_ok(id, &reason))
        return wv_err_set(err, WV_INVALID_PARAMS, "\"%s\" %s", id, reason);
    memcpy(wish->id, id, strlen(id) + 1);
    return true;
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
    return take_id(wish, wv_request_text(request, "rev_id"), err);
}

/* The version directory that holds `path`, or equals it; NULL when none does. */
static const char *dir_of(const struct wv_strlist *dirs, const char *path)
{
    for (size_t i = 0; i < dirs->count; i++) {
        size_t length = strlen(dirs->items[i]);
        if (strncmp(dirs->items[i], path, length) == 0 &&
            (path[length] == '/' || path[length] == '\0'))
            return dirs->items[i];
    }
    return NULL;
}

static bool wanted_dir(const struct wv_settings *settings, const char *wanted, char **dir,
                       struct wv_err *err)
{
    char *path =
        wanted[0] == '/' ? wv_xstrdup(wanted) : wv_xasprintf("%s/%s", settings->directory, wanted);
    size_t length = strlen(path);
    while (length > 1 && path[length - 1] == '/')
        path[--length] = '\0';
    if (dir_of(&settings->versions, path) == NULL || strstr(path, "/../") != NULL) {
        char *known WV_AUTOFREE = wv_strlist_join(&settings->versions, ", ");
        wv_err_set(err, WV_INVALID_PARAMS, "%s is in none of the version directories", path);
        wv_err_hint(err, "they are: %s", known);
        free(path);
        return false;
    }
    *dir = path;
    return true;
}

/* Beside what it revises, unless another place is asked for. */
static bool choose_dir(const struct wv_control *control, const struct wv_project *project,
                       const struct wv_draft *draft, const char *wanted, char **dir,
                       struct wv_err *err)
{
    const struct wv_settings *settings = control->settings;
    const char *chosen = settings->versions.items[0];
    if (wanted != NULL)
        return wanted_dir(settings, wanted, dir, err);
    if (draft->down.count > 0) {
        const struct wv_revision *parent = wv_project_find(project, draft->down.items[0]);
        const char *beside = parent != NULL ? dir_of(&settings->versions, parent->path) : NULL;
        chosen = beside != NULL ? beside : chosen;
    }
    *dir = wv_xstrdup(chosen);
    return true;
}

/* The file's content, and its path below a version directory. */
static bool render(const struct wv_settings *settings, const struct wish *wish,
                   const struct wv_draft *draft, char **text, char **name, struct wv_err *err)
{
    char *template WV_AUTOFREE = NULL;
    time_t when = time(NULL);
    int offset;
    if (!wv_zone_offset(settings->timezone, when, &offset, err))
        return false;
    char *now WV_AUTOFREE = wv_zone_iso(when, offset);
    if (!wv_template_read(&template, settings->template_file, err))
        return false;
    struct wv_template_values values = {.message = wish->message,
                                        .revision = wish->id,
                                        .down = &draft->down,
                                        .labels = &draft->labels,
                                        .depends_on = &draft->depends_on,
                                        .create_date = now};
    if (!wv_template_render(text, template, settings->template_file, &values, err))
        return false;
    struct wv_file_name parts = {.template = settings->file_template,
                                 .revision = wish->id,
                                 .message = wish->message,
                                 .slug_limit = settings->slug_length,
                                 .when = wv_zone_tm(when, offset)};
    *name = wv_file_name_make(&parts);
    return true;
}

static bool make_draft(const struct wv_project *project, const struct wish *wish,
                       struct wv_draft *draft, struct wv_err *err)
{
    if (!wv_project_check(project, err))
        return false;
    struct wv_draft_request wanted = {.id = wish->id,
                                      .heads = &wish->heads,
                                      .depends_on = &wish->depends_on,
                                      .labels = &wish->labels,
                                      .splice = wish->splice,
                                      .merge = wish->merge};
    return wv_draft_make(project->graph, &wanted, draft, err);
}

/* NULL: `err` says why not. */
static json_t *new_file(struct wv_control *control, const struct wv_request *request,
                        const struct wish *wish, struct wv_err *err)
{
    struct wv_draft draft = {0};
    char *dir WV_AUTOFREE = NULL;
    char *text WV_AUTOFREE = NULL;
    char *name WV_AUTOFREE = NULL;
    json_t *result = NULL;
    const struct wv_project *project = wv_files_fresh(control->files);
    const char *wanted = wv_request_text(request, "version_path");
    if (!make_draft(project, wish, &draft, err))
        return NULL;
    if (choose_dir(control, project, &draft, wanted, &dir, err) &&
        render(control->settings, wish, &draft, &text, &name, err)) {
        char *path WV_AUTOFREE = wv_xasprintf("%s/%s", dir, name);
        result = json_object();
        wv_proto_set_text(result, "revision", wish->id);
        wv_proto_set_text(result, "path", path);
        wv_proto_set_text(result, "content", text);
        json_object_set_new(result, "down_revision", wv_proto_texts(&draft.down));
    }
    wv_draft_free(&draft);
    return result;
}

static void answer(struct wv_control *control, struct wv_request *request, bool merge)
{
    struct wv_err err WV_AUTOERR = {0};
    struct wish wish;
    json_t *result = NULL;
    if (take_wish(&wish, request, merge, &err))
        result = new_file(control, request, &wish, &err);
    if (result != NULL)
        wv_request_finish(request, result);
    else
        wv_request_fail(request, &err);
    wish_free(&wish);
}

void wv_verb_revision(struct wv_control *control, struct wv_request *request)
{
    answer(control, request, false);
}

void wv_verb_merge(struct wv_control *control, struct wv_request *request)
{
    answer(control, request, true);
}
