/* The table, and what it says of a request's parameters. Loop thread. Refuses to know sockets. */
#include "verbs.h"

#include <stdlib.h>
#include <string.h>

#include "gather.h"
#include "verbs_run.h"

static const char *const directions[] = {"upgrade", "downgrade", "stamp", NULL};
static const char *const repairs[] = {"done", "again", "abandon", "accept", NULL};

#define P_END                                                                                      \
    {                                                                                              \
        NULL, WV_PARAM_BOOL, false, NULL                                                           \
    }

static const struct wv_param no_params[] = {P_END};
static const struct wv_param status_params[] = {{"all", WV_PARAM_BOOL, false, NULL}, P_END};
static const struct wv_param current_params[] = {{"verbose", WV_PARAM_BOOL, false, NULL}, P_END};
static const struct wv_param heads_params[] = {{"resolve_dependencies", WV_PARAM_BOOL, false, NULL},
                                               P_END};
static const struct wv_param history_params[] = {
    {"range", WV_PARAM_TEXT, false, NULL}, {"indicate_current", WV_PARAM_BOOL, false, NULL}, P_END};
static const struct wv_param show_params[] = {{"revision", WV_PARAM_LIST, true, NULL}, P_END};
static const struct wv_param plan_params[] = {{"direction", WV_PARAM_TEXT, false, directions},
                                              {"target", WV_PARAM_LIST, true, NULL},
                                              {"from", WV_PARAM_LIST, false, NULL},
                                              {"purge", WV_PARAM_BOOL, false, NULL},
                                              P_END};
static const struct wv_param sql_params[] = {{"direction", WV_PARAM_TEXT, false, directions},
                                             {"target", WV_PARAM_LIST, true, NULL},
                                             {"purge", WV_PARAM_BOOL, false, NULL},
                                             P_END};
static const struct wv_param move_params[] = {{"target", WV_PARAM_LIST, true, NULL},
                                              {"single_transaction", WV_PARAM_BOOL, false, NULL},
                                              {"tag", WV_PARAM_TEXT, false, NULL},
                                              {"wait_ms", WV_PARAM_INT, false, NULL},
                                              {"hand_over", WV_PARAM_BOOL, false, NULL},
                                              {"progress", WV_PARAM_BOOL, false, NULL},
                                              P_END};
static const struct wv_param stamp_params[] = {{"target", WV_PARAM_LIST, true, NULL},
                                               {"purge", WV_PARAM_BOOL, false, NULL},
                                               {"tag", WV_PARAM_TEXT, false, NULL},
                                               {"wait_ms", WV_PARAM_INT, false, NULL},
                                               {"hand_over", WV_PARAM_BOOL, false, NULL},
                                               {"progress", WV_PARAM_BOOL, false, NULL},
                                               P_END};
static const struct wv_param verify_params[] = {{"diff", WV_PARAM_BOOL, false, NULL}, P_END};
static const struct wv_param log_params[] = {
    {"limit", WV_PARAM_INT, false, NULL},     {"before", WV_PARAM_INT, false, NULL},
    {"revision", WV_PARAM_TEXT, false, NULL}, {"since", WV_PARAM_TEXT, false, NULL},
    {"failed", WV_PARAM_BOOL, false, NULL},   P_END};
static const struct wv_param repair_params[] = {{"action", WV_PARAM_TEXT, false, repairs},
                                                {"revision", WV_PARAM_LIST, false, NULL},
                                                {"all", WV_PARAM_BOOL, false, NULL},
                                                {"dry_run", WV_PARAM_BOOL, false, NULL},
                                                {"tag", WV_PARAM_TEXT, false, NULL},
                                                {"wait_ms", WV_PARAM_INT, false, NULL},
                                                {"hand_over", WV_PARAM_BOOL, false, NULL},
                                                {"progress", WV_PARAM_BOOL, false, NULL},
                                                P_END};
static const struct wv_param check_params[] = {{"progress", WV_PARAM_BOOL, false, NULL}, P_END};
static const struct wv_param hold_params[] = {{"program", WV_PARAM_TEXT, true, NULL},
                                              {"tag", WV_PARAM_TEXT, false, NULL},
                                              {"wait_ms", WV_PARAM_INT, false, NULL},
                                              {"hand_over", WV_PARAM_BOOL, false, NULL},
                                              P_END};
static const struct wv_param release_params[] = {{"job", WV_PARAM_INT, true, NULL},
                                                 {"exit_status", WV_PARAM_INT, false, NULL},
                                                 {"signal", WV_PARAM_INT, false, NULL},
                                                 {"fault", WV_PARAM_TEXT, false, NULL},
                                                 P_END};
static const struct wv_param sides_params[] = {
    {"target", WV_PARAM_LIST, true, NULL}, {"progress", WV_PARAM_BOOL, false, NULL}, P_END};
static const struct wv_param test_params[] = {{"revision", WV_PARAM_LIST, false, NULL},
                                              {"all", WV_PARAM_BOOL, false, NULL},
                                              {"progress", WV_PARAM_BOOL, false, NULL},
                                              P_END};
static const struct wv_param autogenerate_params[] = {
    {"message", WV_PARAM_TEXT, false, NULL},      {"rev_id", WV_PARAM_TEXT, false, NULL},
    {"head", WV_PARAM_LIST, false, NULL},         {"splice", WV_PARAM_BOOL, false, NULL},
    {"branch_label", WV_PARAM_LIST, false, NULL}, {"depends_on", WV_PARAM_LIST, false, NULL},
    {"version_path", WV_PARAM_TEXT, false, NULL}, {"rename", WV_PARAM_LIST, false, NULL},
    {"plain", WV_PARAM_BOOL, false, NULL},        {"unproven", WV_PARAM_BOOL, false, NULL},
    {"progress", WV_PARAM_BOOL, false, NULL},     P_END};
static const struct wv_param cancel_params[] = {{"job", WV_PARAM_INT, false, NULL}, P_END};
static const struct wv_param wait_params[] = {{"target", WV_PARAM_LIST, false, NULL},
                                              {"wait_ms", WV_PARAM_INT, false, NULL},
                                              {"progress", WV_PARAM_BOOL, false, NULL},
                                              P_END};
static const struct wv_param watch_params[] = {{"follow", WV_PARAM_BOOL, false, NULL}, P_END};

static const struct wv_param revision_params[] = {
    {"message", WV_PARAM_TEXT, false, NULL},      {"rev_id", WV_PARAM_TEXT, false, NULL},
    {"head", WV_PARAM_LIST, false, NULL},         {"splice", WV_PARAM_BOOL, false, NULL},
    {"branch_label", WV_PARAM_LIST, false, NULL}, {"depends_on", WV_PARAM_LIST, false, NULL},
    {"version_path", WV_PARAM_TEXT, false, NULL}, P_END};
static const struct wv_param merge_params[] = {{"revision", WV_PARAM_LIST, true, NULL},
                                               {"message", WV_PARAM_TEXT, false, NULL},
                                               {"rev_id", WV_PARAM_TEXT, false, NULL},
                                               {"branch_label", WV_PARAM_LIST, false, NULL},
                                               P_END};

static const struct wv_param squash_params[] = {{"range", WV_PARAM_TEXT, true, NULL},
                                                {"message", WV_PARAM_TEXT, false, NULL},
                                                {"rev_id", WV_PARAM_TEXT, false, NULL},
                                                P_END};
static const struct wv_param files_params[] = {{"revision", WV_PARAM_LIST, false, NULL}, P_END};
static const struct wv_param rebase_params[] = {{"revision", WV_PARAM_TEXT, true, NULL},
                                                {"onto", WV_PARAM_TEXT, false, NULL},
                                                {"offline", WV_PARAM_BOOL, false, NULL},
                                                P_END};

const struct wv_verb wv_verbs[] = {
    {"rpc.discover", WV_ACCESS_READ, "the methods, as data", no_params,
     .run_daemon = wv_verb_discover},
    {"daemon.ping", WV_ACCESS_READ, "whether the daemon is there", no_params,
     .run_daemon = wv_verb_ping},
    {"daemon.status", WV_ACCESS_READ, "how the daemon does", no_params,
     .run_daemon = wv_verb_daemon_status},
    {"daemon.reload", WV_ACCESS_ADMIN, "read configuration and files again", no_params,
     .run_daemon = wv_verb_reload},
    {"daemon.stop", WV_ACCESS_ADMIN, "end the daemon, as SIGTERM does", no_params,
     .run_daemon = wv_verb_stop},
    {"daemon.step_down", WV_ACCESS_ADMIN, "give the lead up once no job runs", no_params,
     .run = wv_verb_step_down},
    {"migrate.status", WV_ACCESS_READ, "where the database stands against the files", status_params,
     .run = wv_verb_status, .run_daemon = wv_gather},
    {"migrate.current", WV_ACCESS_READ, "the revisions at which the database is", current_params,
     .run = wv_verb_current},
    {"migrate.heads", WV_ACCESS_READ, "the revisions that nothing revises", heads_params,
     .run = wv_verb_heads},
    {"migrate.branches", WV_ACCESS_READ, "the revisions at which branches begin", no_params,
     .run = wv_verb_branches},
    {"migrate.history", WV_ACCESS_READ, "the revisions, newest first", history_params,
     .run = wv_verb_history},
    {"migrate.show", WV_ACCESS_READ, "revisions with their SQL", show_params, .run = wv_verb_show},
    {"migrate.verify", WV_ACCESS_READ, "the applied revisions that are not what the files say",
     verify_params, .run = wv_verb_verify},
    {"migrate.log", WV_ACCESS_READ, "what was done to the database, newest first", log_params,
     .run = wv_verb_log},
    {"migrate.plan", WV_ACCESS_READ, "what upgrade, downgrade or stamp would do", plan_params,
     .run = wv_verb_plan},
    {"migrate.sql", WV_ACCESS_READ, "the same as SQL for psql, without a database", sql_params,
     .run = wv_verb_sql},
    {"migrate.upgrade", WV_ACCESS_MIGRATE, "apply revisions up to the targets", move_params,
     .run = wv_verb_job, .job = WV_JOB_UPGRADE},
    {"migrate.downgrade", WV_ACCESS_MIGRATE, "take revisions back down to the target", move_params,
     .run = wv_verb_job, .job = WV_JOB_DOWNGRADE},
    {"migrate.stamp", WV_ACCESS_MIGRATE, "record revisions without running them", stamp_params,
     .run = wv_verb_job, .job = WV_JOB_STAMP},
    {"migrate.repair", WV_ACCESS_MIGRATE, "settle a step that was cut off, or edited files",
     repair_params, .run = wv_verb_job, .job = WV_JOB_REPAIR},
    {"migrate.models", WV_ACCESS_MIGRATE,
     "the command that prints the models, for the client to run", no_params, .run = wv_verb_models},
    {"migrate.check", WV_ACCESS_MIGRATE, "what the models and the revisions differ in",
     check_params, .run = wv_verb_job, .job = WV_JOB_CHECK},
    {"lock.hold", WV_ACCESS_MIGRATE, "hold the project's lock for a command of the client",
     hold_params, .run = wv_verb_hold, .job = WV_JOB_RUN_LOCKED},
    {"lock.release", WV_ACCESS_MIGRATE, "tell how that command ended, which ends the job",
     release_params, .run = wv_verb_release},
    {"migrate.autogenerate", WV_ACCESS_MIGRATE,
     "new revisions that lead to the models, proven, not written", autogenerate_params,
     .run = wv_verb_autogenerate, .job = WV_JOB_AUTOGENERATE},
    {"migrate.drift", WV_ACCESS_MIGRATE, "what the database and its applied revisions differ in",
     check_params, .run = wv_verb_job, .job = WV_JOB_DRIFT},
    {"migrate.test", WV_ACCESS_MIGRATE, "which revisions do not come back, up, down and up again",
     test_params, .run = wv_verb_job, .job = WV_JOB_TEST},
    {"migrate.diff", WV_ACCESS_MIGRATE,
     "what two schemas differ in; files and connection strings need admin", sides_params,
     .run = wv_verb_job, .job = WV_JOB_DIFF},
    {"migrate.dump", WV_ACCESS_MIGRATE,
     "a schema as files of models, not written; files and connection strings need admin",
     sides_params, .run = wv_verb_job, .job = WV_JOB_DUMP},
    {"migrate.cancel", WV_ACCESS_MIGRATE, "cancel a job and wait for its end", cancel_params,
     .run = wv_verb_cancel},
    {"migrate.watch", WV_ACCESS_READ, "tell what jobs do, until one ends", watch_params,
     .run = wv_verb_watch},
    {"migrate.wait", WV_ACCESS_READ, "wait until the database has revisions", wait_params,
     .run = wv_verb_wait},
    {"migrate.revision", WV_ACCESS_READ, "name and text of a new revision, not written",
     revision_params, .run = wv_verb_revision},
    {"migrate.merge", WV_ACCESS_READ, "name and text of a revision that joins several",
     merge_params, .run = wv_verb_merge},
    {"migrate.squash", WV_ACCESS_READ, "name and text of a revision that replaces a range",
     squash_params, .run = wv_verb_squash},
    {"migrate.files", WV_ACCESS_READ, "where the files of revisions are, and all faults",
     files_params, .run = wv_verb_files},
    {"migrate.rebase", WV_ACCESS_READ, "whether a revision may move onto another, not written",
     rebase_params, .run = wv_verb_rebase},
};

const size_t wv_verb_count = sizeof(wv_verbs) / sizeof(wv_verbs[0]);

const struct wv_verb *wv_verb_find(const char *name)
{
    for (size_t i = 0; i < wv_verb_count; i++)
        if (strcmp(wv_verbs[i].name, name) == 0)
            return &wv_verbs[i];
    return NULL;
}

const char *wv_param_type_word(enum wv_param_type type)
{
    static const char *const words[] = {"bool", "int", "string", "list"};
    return words[type];
}

static bool is_texts(const json_t *value)
{
    size_t i;
    json_t *item;
    json_array_foreach(value, i, item)
    {
        if (!json_is_string(item))
            return false;
    }
    return true;
}

static bool has_type(const json_t *value, enum wv_param_type type)
{
    switch (type) {
    case WV_PARAM_BOOL:
        return json_is_boolean(value);
    case WV_PARAM_INT:
        return json_is_integer(value) && json_integer_value(value) >= 0;
    case WV_PARAM_TEXT:
        return json_is_string(value);
    case WV_PARAM_LIST:
        return json_is_string(value) || (json_is_array(value) && is_texts(value));
    }
    return false;
}

static bool is_allowed(const json_t *value, const char *const *values)
{
    while (*values != NULL && strcmp(*values, json_string_value(value)) != 0)
        values++;
    return *values != NULL;
}

static const char *type_text(enum wv_param_type type)
{
    static const char *const texts[] = {"true or false", "a number that is not negative",
                                        "a string", "a list of strings"};
    return texts[type];
}

static bool check_param(const struct wv_param *param, const json_t *value, struct wv_err *err)
{
    if (value == NULL && param->required)
        return wv_err_set(err, WV_INVALID_PARAMS, "parameter \"%s\" is missing", param->name);
    if (value == NULL)
        return true;
    if (!has_type(value, param->type))
        return wv_err_set(err, WV_INVALID_PARAMS, "parameter \"%s\" is not %s", param->name,
                          type_text(param->type));
    if (param->required && json_is_array(value) && json_array_size(value) == 0)
        return wv_err_set(err, WV_INVALID_PARAMS, "parameter \"%s\" is empty", param->name);
    if (param->values != NULL && !is_allowed(value, param->values))
        return wv_err_set(err, WV_INVALID_PARAMS, "parameter \"%s\" cannot be \"%s\"", param->name,
                          json_string_value(value));
    return true;
}

static bool is_param(const struct wv_verb *verb, const char *name)
{
    const struct wv_param *param = verb->params;
    while (param->name != NULL && strcmp(param->name, name) != 0)
        param++;
    return param->name != NULL;
}

static void add_side(struct wv_strlist *sides, const json_t *side)
{
    if (json_is_string(side))
        wv_strlist_add(sides, json_string_value(side));
}

void wv_verb_sides(const struct wv_verb *verb, const json_t *params, struct wv_strlist *sides)
{
    const json_t *targets = json_object_get(params, "target");
    size_t i;
    const json_t *side;
    if (verb->run == wv_verb_models || verb->job == WV_JOB_CHECK ||
        verb->job == WV_JOB_AUTOGENERATE)
        wv_strlist_add(sides, "models");
    if (verb->job != WV_JOB_DIFF && verb->job != WV_JOB_DUMP)
        return;
    add_side(sides, targets);
    json_array_foreach(targets, i, side)
    {
        add_side(sides, side);
    }
}

bool wv_verb_check(const struct wv_verb *verb, const json_t *params, struct wv_err *err)
{
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)params, name, value)
    {
        if (!is_param(verb, name))
            return wv_err_set(err, WV_INVALID_PARAMS, "%s has no parameter \"%s\"", verb->name,
                              name);
    }
    for (const struct wv_param *param = verb->params; param->name != NULL; param++)
        if (!check_param(param, json_object_get(params, param->name), err))
            return false;
    return true;
}
