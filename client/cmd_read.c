/* The commands that only look: one request, one answer, one page. */
#include <string.h>

#include "clock.h"
#include "display.h"
#include "render.h"
#include "run.h"
#include "value.h"

/* Asks, and gives NULL after having printed the error, whose status is `*status`. */
static json_t *ask(struct wv_call *call, json_t *params, int *status)
{
    struct wv_err err WV_AUTOERR = {0};
    json_t *result = NULL;
    if (wv_call_do(call, params, &result, &err))
        return result;
    *status = wv_call_fail(call, &err);
    return NULL;
}

static int finish(struct wv_call *call, json_t *result, struct wv_strbuf *text, int status)
{
    status = wv_call_finish(call, result, text, status);
    json_decref(result);
    return status;
}

static bool is_at_head(const json_t *status)
{
    const char *state = wv_value_text(status, "state");
    return state != NULL && strcmp(state, "at-head") == 0;
}

/* A project that may not be asked is an error, one that is not at its heads a no. */
static int status_of_all(const json_t *projects, bool check_heads)
{
    int status = WV_EXIT_DONE;
    size_t index;
    const json_t *project;
    json_array_foreach(projects, index, project)
    {
        const char *code = wv_value_text(wv_value_object(project, "error"), "code");
        if (code != NULL)
            return (int)wv_err_exit(wv_err_from_word(code));
        if (check_heads && !is_at_head(project))
            status = WV_EXIT_NO;
    }
    return status;
}

int wv_run_status(struct wv_call *call)
{
    int status = WV_EXIT_DONE;
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    bool all = wv_args_has(call->args, WV_OPT_ALL);
    bool check_heads = wv_args_has(call->args, WV_OPT_CHECK_HEADS);
    json_t *params = json_object();
    wv_call_set_flag(call, params, "all", WV_OPT_ALL);
    json_t *result = ask(call, params, &status);
    if (result == NULL)
        return status;
    if (all)
        status = status_of_all(wv_value_array(result, "projects"), check_heads);
    else if (check_heads && !is_at_head(result))
        status = WV_EXIT_NO;
    if (!call->json && all)
        wv_render_projects(&text, &call->out, wv_value_array(result, "projects"));
    else if (!call->json)
        wv_render_status(&text, &call->out, result);
    return finish(call, result, &text, status);
}

static bool same_revisions(const json_t *left, const json_t *right)
{
    const json_t *a = wv_value_array(left, "revisions");
    const json_t *b = wv_value_array(right, "revisions");
    if (json_array_size(a) != json_array_size(b))
        return false;
    size_t i, j;
    const json_t *x, *y;
    json_array_foreach(a, i, x)
    {
        bool found = false;
        json_array_foreach(b, j, y) found =
            found || json_equal(json_object_get(x, "revision"), json_object_get(y, "revision"));
        if (!found)
            return false;
    }
    return true;
}

int wv_run_current(struct wv_call *call)
{
    int status = WV_EXIT_DONE;
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    json_t *params = json_object();
    bool verbose = wv_args_has(call->args, WV_OPT_VERBOSE);
    if (verbose)
        json_object_set_new(params, "verbose", json_true());
    json_t *result = ask(call, params, &status);
    if (result == NULL)
        return status;
    if (wv_args_has(call->args, WV_OPT_CHECK_HEADS)) {
        struct wv_err err WV_AUTOERR = {0};
        json_t *heads = NULL;
        if (!wv_call_ask(call, "migrate.heads", NULL, &heads, &err)) {
            json_decref(result);
            return wv_call_fail(call, &err);
        }
        bool at_heads = same_revisions(result, heads);
        json_decref(heads);
        json_object_set_new(result, "at_heads", json_boolean(at_heads));
        status = at_heads ? WV_EXIT_DONE : WV_EXIT_NO;
    }
    wv_render_revisions(&text, &call->out, result, (struct wv_list){.verbose = verbose});
    return finish(call, result, &text, status);
}

/* The form that --format names; false when there is none of that name. */
static bool check_format(const struct wv_call *call, struct wv_err *err)
{
    const char *format = wv_args_value(call->args, WV_OPT_FORMAT);
    if (format == NULL || strcmp(format, "dot") == 0 || strcmp(format, "mermaid") == 0)
        return true;
    wv_err_set(err, WV_USAGE, "--format takes dot or mermaid, not \"%s\"", format);
    return wv_err_hint(err, "--graph draws in the terminal");
}

static void render_history(const struct wv_call *call, const json_t *result, struct wv_strbuf *text)
{
    const struct wv_args *args = call->args;
    const char *format = wv_args_value(args, WV_OPT_FORMAT);
    struct wv_list list = {.parents = true,
                           .current = wv_args_has(args, WV_OPT_INDICATE_CURRENT),
                           .verbose = wv_args_has(args, WV_OPT_VERBOSE)};
    if (format != NULL && strcmp(format, "dot") == 0)
        wv_render_dot(text, result);
    else if (format != NULL)
        wv_render_mermaid(text, result);
    else if (wv_args_has(args, WV_OPT_GRAPH))
        wv_render_graph(text, &call->out, result, list.verbose);
    else
        wv_render_revisions(text, &call->out, result, list);
}

int wv_run_history(struct wv_call *call)
{
    int status = WV_EXIT_DONE;
    struct wv_err err WV_AUTOERR = {0};
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    if (!check_format(call, &err))
        return wv_call_fail(call, &err);
    json_t *params = json_object();
    wv_call_set_value(call, params, "range", WV_OPT_REV_RANGE);
    wv_call_set_flag(call, params, "indicate_current", WV_OPT_INDICATE_CURRENT);
    json_t *result = ask(call, params, &status);
    if (result == NULL)
        return status;
    if (!call->json)
        render_history(call, result, &text);
    return finish(call, result, &text, status);
}

int wv_run_revisions(struct wv_call *call)
{
    int status = WV_EXIT_DONE;
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    json_t *params = json_object();
    wv_call_set_flag(call, params, "resolve_dependencies", WV_OPT_RESOLVE_DEPENDENCIES);
    json_t *result = ask(call, params, &status);
    if (result == NULL)
        return status;
    struct wv_list list = {.current = true,
                           .followers = strcmp(call->args->cmd->name, "branches") == 0,
                           .verbose = wv_args_has(call->args, WV_OPT_VERBOSE)};
    if (!call->json)
        wv_render_revisions(&text, &call->out, result, list);
    return finish(call, result, &text, status);
}

int wv_run_show(struct wv_call *call)
{
    int status = WV_EXIT_DONE;
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    json_t *params = json_object();
    json_object_set_new(params, "revision", wv_proto_texts(&call->args->words));
    json_t *result = ask(call, params, &status);
    if (result == NULL)
        return status;
    if (!call->json)
        wv_render_show(&text, &call->out, result);
    return finish(call, result, &text, status);
}

/* --from values, split at commas; the empty database is an empty list. */
static json_t *from_list(const struct wv_strlist *values)
{
    struct wv_strlist ids WV_AUTOSTRLIST = {0};
    for (size_t i = 0; i < values->count; i++) {
        const char *text = values->items[i];
        while (*text != '\0') {
            size_t length = strcspn(text, ", ");
            if (length > 0 && !(length == 4 && strncmp(text, "base", 4) == 0))
                wv_strlist_addn(&ids, text, length);
            text += length + (text[length] != '\0');
        }
    }
    return wv_proto_texts(&ids);
}

/* Parameters of `plan`: a first word may name the direction. */
static json_t *plan_params(const struct wv_call *call, struct wv_err *err)
{
    const struct wv_strlist *words = &call->args->words;
    static const char *const directions[] = {"upgrade", "downgrade", "stamp"};
    const char *direction = NULL;
    for (size_t i = 0; words->count > 0 && i < 3; i++)
        if (strcmp(words->items[0], directions[i]) == 0)
            direction = directions[i];
    struct wv_strlist targets WV_AUTOSTRLIST = {0};
    for (size_t i = direction != NULL; i < words->count; i++)
        wv_strlist_add(&targets, words->items[i]);
    if (targets.count == 0) {
        if (direction != NULL && strcmp(direction, "upgrade") != 0) {
            wv_err_set(err, WV_USAGE, "`migrate plan %s` needs a TARGET", direction);
            return NULL;
        }
        wv_strlist_add(&targets, "head");
    }
    json_t *params = json_object();
    json_object_set_new(params, "direction",
                        json_string(direction != NULL ? direction : "upgrade"));
    json_object_set_new(params, "target", wv_proto_texts(&targets));
    if (wv_args_has(call->args, WV_OPT_FROM))
        json_object_set_new(params, "from", from_list(&call->args->values[WV_OPT_FROM]));
    wv_call_set_flag(call, params, "purge", WV_OPT_PURGE);
    return params;
}

int wv_run_sql(struct wv_call *call)
{
    struct wv_err err WV_AUTOERR = {0};
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    json_t *params = json_object();
    json_t *result = NULL;
    const struct wv_strlist *words = &call->args->words;
    json_object_set_new(params, "direction", json_string(call->args->cmd->name));
    json_object_set_new(params, "target",
                        words->count > 0 ? wv_proto_texts(words) : json_pack("[s]", "head"));
    wv_call_set_flag(call, params, "purge", WV_OPT_PURGE);
    if (!wv_call_do_method(call, "migrate.sql", params, &result, &err))
        return wv_call_fail(call, &err);
    const char *sql = wv_value_text(result, "sql");
    wv_strbuf_adds(&text, sql != NULL ? sql : "");
    return finish(call, result, &text, WV_EXIT_DONE);
}

int wv_run_plan(struct wv_call *call)
{
    struct wv_err err WV_AUTOERR = {0};
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    json_t *params = plan_params(call, &err);
    if (params == NULL)
        return wv_call_fail(call, &err);
    bool offline = wv_args_has(call->args, WV_OPT_SQL);
    json_t *result = NULL;
    if (!wv_call_do_method(call, offline ? "migrate.sql" : "migrate.plan", params, &result, &err))
        return wv_call_fail(call, &err);
    if (!call->json)
        wv_render_plan(&text, &call->out, result);
    return finish(call, result, &text, WV_EXIT_DONE);
}

int wv_run_daemon_status(struct wv_call *call)
{
    int status = WV_EXIT_DONE;
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    json_t *result = ask(call, NULL, &status);
    if (result == NULL)
        return status;
    if (!call->json)
        wv_render_daemon(&text, &call->out, result);
    return finish(call, result, &text, status);
}

int wv_run_daemon_reload(struct wv_call *call)
{
    int status = WV_EXIT_DONE;
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    json_t *result = ask(call, NULL, &status);
    if (result == NULL)
        return status;
    wv_strbuf_adds(&text, "Reloaded\n");
    wv_render_files(&text, &call->out, result);
    const json_t *restart = wv_value_array(result, "restart_needed");
    if (json_array_size(restart) > 0) {
        wv_render_label(&text, &call->out, "Restart");
        wv_strbuf_adds(&text, "needed for ");
        wv_render_ids(&text, &call->out, WV_YELLOW, restart);
        wv_strbuf_addc(&text, '\n');
    }
    if (call->quiet)
        wv_strbuf_reset(&text);
    return finish(call, result, &text, status);
}

/* The daemon closes the connection last. */
static bool await_end(struct wv_call *call, struct wv_err *err)
{
    struct wv_err gone WV_AUTOERR = {0};
    while (wv_link_fill(&call->link, call->deadline, &gone) != WV_LINK_FAILED)
        if (wv_clock_ms() >= call->deadline)
            return wv_call_timed_out(call, err);
    return true;
}

int wv_run_daemon_stop(struct wv_call *call)
{
    int status = WV_EXIT_DONE;
    struct wv_err err WV_AUTOERR = {0};
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    json_t *result = ask(call, NULL, &status);
    if (result == NULL)
        return status;
    if (!await_end(call, &err)) {
        json_decref(result);
        return wv_call_fail(call, &err);
    }
    if (!call->quiet)
        wv_strbuf_addf(&text, "wovend, pid %lld, has ended\n",
                       (long long)wv_value_int(result, "pid"));
    return finish(call, result, &text, status);
}

int wv_run_daemon_step_down(struct wv_call *call)
{
    int status = WV_EXIT_DONE;
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    json_t *result = ask(call, NULL, &status);
    if (result == NULL)
        return status;
    bool led = wv_value_true(result, "stepped_down");
    wv_strbuf_adds(&text, led ? "Stepped down" : "Did not lead");
    wv_strbuf_adds(&text, "; takes no lead by itself for ");
    wv_display_duration(&text, wv_value_int(result, "rest_ms"));
    wv_strbuf_addc(&text, '\n');
    if (call->quiet)
        wv_strbuf_reset(&text);
    return finish(call, result, &text, led ? WV_EXIT_DONE : WV_EXIT_NO);
}

int wv_run_daemon_ping(struct wv_call *call)
{
    int status = WV_EXIT_DONE;
    int64_t start = wv_clock_us();
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    json_t *result = ask(call, NULL, &status);
    if (result == NULL)
        return status;
    int64_t took = wv_clock_us() - start;
    if (!call->quiet) {
        const char *version = wv_value_text(result, "version");
        wv_strbuf_adds(&text, "wovend ");
        wv_style_text(&text, &call->out, WV_PLAIN, version != NULL ? version : "");
        wv_strbuf_addf(&text, " answers (pid %lld, protocol %lld, %lld.%02lld ms)\n",
                       (long long)wv_value_int(result, "pid"),
                       (long long)wv_value_int(result, "protocol"), (long long)(took / 1000),
                       (long long)(took % 1000 / 10));
    }
    return finish(call, result, &text, status);
}
