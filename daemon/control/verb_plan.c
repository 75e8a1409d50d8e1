/* migrate.plan: from given revisions without a database, else from what the database has now.
 * migrate.sql: a plan from what its target names, as SQL for psql; no database either. */
#include <string.h>

#include "offline.h"
#include "plan.h"
#include "proto.h"
#include "verbs_run.h"
#include "view.h"

static enum wv_plan_kind kind_of(const struct wv_request *request)
{
    const char *word = wv_request_text(request, "direction");
    if (word != NULL && strcmp(word, "downgrade") == 0)
        return WV_PLAN_DOWNGRADE;
    return word != NULL && strcmp(word, "stamp") == 0 ? WV_PLAN_STAMP : WV_PLAN_UPGRADE;
}

static json_t *view_plan(const struct wv_plan *plan, const struct wv_standing *standing)
{
    json_t *steps = json_array();
    for (size_t i = 0; i < plan->count; i++) {
        const struct wv_step *step = &plan->steps[i];
        json_t *object = json_object();
        wv_proto_set_text(object, "revision", step->id);
        wv_proto_set_text(object, "direction", step->up ? "up" : "down");
        wv_proto_set_text(object, "message", wv_standing_message(standing, step->node));
        json_array_append_new(steps, object);
    }
    json_t *result = json_object();
    json_object_set_new(result, "current", wv_proto_texts(&plan->rows_before));
    json_object_set_new(result, "steps", steps);
    json_object_set_new(result, "heads_after", wv_proto_texts(&plan->heads_after));
    return result;
}

static void make(struct wv_request *request, const struct wv_standing *standing,
                 const struct wv_strlist *rows)
{
    struct wv_err err WV_AUTOERR = {0};
    struct wv_strlist targets WV_AUTOSTRLIST = {0};
    struct wv_plan plan WV_AUTOPLAN = {0};
    wv_request_list(request, "target", &targets);
    struct wv_plan_request wanted = {.kind = kind_of(request),
                                     .current = rows,
                                     .targets = &targets,
                                     .purge = wv_request_flag(request, "purge", false)};
    if (wanted.kind == WV_PLAN_DOWNGRADE && targets.count != 1)
        wv_err_set(&err, WV_INVALID_PARAMS, "a downgrade has one target");
    else if (wv_plan_make(standing->known.graph, &wanted, &plan, &err)) {
        wv_request_finish(request, view_plan(&plan, standing));
        return;
    }
    wv_request_fail(request, &err);
}

static void plan_offline(struct wv_desk *desk, struct wv_request *request)
{
    struct wv_err err WV_AUTOERR = {0};
    struct wv_strlist from WV_AUTOSTRLIST = {0};
    struct wv_strlist rows WV_AUTOSTRLIST = {0};
    struct wv_standing standing WV_AUTOSTANDING;
    struct wv_project *project = wv_files_fresh(desk->files);
    wv_standing_init(&standing, project, NULL);
    wv_request_list(request, "from", &from);
    bool done = wv_project_check(project, &err);
    for (size_t i = 0; done && i < from.count; i++)
        done = wv_target_start(project->graph, from.items[i], &rows, &err);
    if (done)
        make(request, &standing, &rows);
    else
        wv_request_fail(request, &err);
}

static void answer(struct wv_desk *desk, struct wv_request *request, struct wv_project *project,
                   const struct wv_db_state *state)
{
    struct wv_err err WV_AUTOERR = {0};
    struct wv_standing standing WV_AUTOSTANDING;
    wv_standing_init(&standing, project, state);
    if (state == NULL || !state->reachable) {
        wv_verb_unreachable(desk, state, &err);
        wv_err_hint(&err, "`from` plans without a database");
        wv_request_fail(request, &err);
    } else if (!wv_project_check(project, &err)) {
        wv_request_fail(request, &err);
    } else {
        make(request, &standing, &standing.view.rows);
    }
}

void wv_verb_plan(struct wv_desk *desk, struct wv_request *request)
{
    if (json_object_get(request->params, "from") != NULL)
        plan_offline(desk, request);
    else
        wv_ask(desk, request, answer);
}

/* What the target is planned from stands in it ("from:to"), else it is the empty database. */
static bool write_sql(const struct wv_desk *desk, const struct wv_request *request,
                      const struct wv_standing *standing, json_t **result, struct wv_err *err)
{
    struct wv_strlist targets WV_AUTOSTRLIST = {0};
    struct wv_strlist none WV_AUTOSTRLIST = {0};
    struct wv_plan plan WV_AUTOPLAN = {0};
    struct wv_strbuf sql WV_AUTOSTRBUF = WV_STRBUF_INIT;
    wv_request_list(request, "target", &targets);
    struct wv_plan_request wanted = {.kind = kind_of(request),
                                     .current = &none,
                                     .targets = &targets,
                                     .offline = true,
                                     .purge = wv_request_flag(request, "purge", false)};
    if (!wv_plan_make(standing->known.graph, &wanted, &plan, err) ||
        !wv_offline_write(&plan, &wanted, standing->known.project, desk->settings, &sql, err))
        return false;
    *result = view_plan(&plan, standing);
    json_object_set_new(*result, "creates_version_table",
                        json_boolean(wv_offline_creates_table(&plan, &wanted)));
    wv_proto_set_text(*result, "sql", wv_strbuf_text(&sql));
    return true;
}

void wv_verb_sql(struct wv_desk *desk, struct wv_request *request)
{
    struct wv_err err WV_AUTOERR = {0};
    struct wv_standing standing WV_AUTOSTANDING;
    json_t *result;
    struct wv_project *project = wv_files_fresh(desk->files);
    wv_standing_init(&standing, project, NULL);
    if (wv_project_check(project, &err) && write_sql(desk, request, &standing, &result, &err))
        wv_request_finish(request, result);
    else
        wv_request_fail(request, &err);
}
