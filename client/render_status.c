/* See render.h. The pages of `migrate status` and `daemon status`. */
#include "render.h"

#include <string.h>

#include "display.h"
#include "value.h"

enum { LABEL_WIDTH = 13, LIST_LIMIT = 20 };

void wv_render_label(struct wv_strbuf *out, const struct wv_look *look, const char *label)
{
    wv_style_text(out, look, WV_BOLD, label);
    for (size_t i = strlen(label); i < LABEL_WIDTH; i++)
        wv_strbuf_addc(out, ' ');
}

static void label_text(struct wv_strbuf *out, const struct wv_look *look, const char *label,
                       const char *text)
{
    if (text == NULL)
        return;
    wv_render_label(out, look, label);
    wv_display_add_line(out, text);
    wv_strbuf_addc(out, '\n');
}

static void indent(struct wv_strbuf *out)
{
    wv_strbuf_addf(out, "%*s", LABEL_WIDTH, "");
}

/* A line of an id and, when known, its message, cut to the terminal. */
static void revision_line(struct wv_strbuf *out, const struct wv_look *look, const char *id,
                          const char *message)
{
    wv_style_text(out, look, WV_YELLOW, id);
    if (message != NULL && *message != '\0') {
        wv_strbuf_adds(out, "  ");
        size_t from = out->length;
        wv_display_add_line(out, message);
        if (look->width > 0 && id != NULL)
            wv_display_cut(out, from, look->width - LABEL_WIDTH - 2 - wv_display_width(id));
    }
    wv_strbuf_addc(out, '\n');
}

static void more_line(struct wv_strbuf *out, size_t count, const char *where)
{
    indent(out);
    wv_strbuf_addf(out, "and %zu more; %s\n", count, where);
}

/* Ids below each other, with the messages that the status carries. */
static void add_ids(struct wv_strbuf *out, const struct wv_look *look, const char *label,
                    const json_t *status, const char *key, const char *none)
{
    const json_t *ids = wv_value_array(status, key);
    const json_t *messages = wv_value_object(status, "messages");
    wv_render_label(out, look, label);
    size_t index;
    const json_t *id;
    json_array_foreach(ids, index, id)
    {
        if (index > 0)
            indent(out);
        if (index == LIST_LIMIT) {
            wv_strbuf_addf(out, "and %zu more\n", json_array_size(ids) - index);
            return;
        }
        const char *text = json_string_value(id);
        revision_line(out, look, text, text != NULL ? wv_value_text(messages, text) : NULL);
    }
    if (json_array_size(ids) == 0)
        wv_strbuf_addf(out, "%s\n", none);
}

static void add_pending(struct wv_strbuf *out, const struct wv_look *look, const json_t *status)
{
    const json_t *pending = wv_value_array(status, "pending");
    size_t count = json_array_size(pending);
    if (count == 0)
        return;
    wv_render_label(out, look, "Pending");
    wv_strbuf_addf(out, "%zu revision%s\n", count, count == 1 ? "" : "s");
    size_t index;
    const json_t *item;
    json_array_foreach(pending, index, item)
    {
        if (index == LIST_LIMIT) {
            more_line(out, count - index, "`wovenctl migrate plan` lists all");
            return;
        }
        indent(out);
        revision_line(out, look, wv_value_text(item, "revision"), wv_value_text(item, "message"));
    }
}

static void add_state(struct wv_strbuf *out, const struct wv_look *look, const json_t *status)
{
    const char *state = wv_value_text(status, "state");
    if (state == NULL)
        return;
    bool good = strcmp(state, "at-head") == 0 || strcmp(state, "ahead") == 0;
    bool bad = strcmp(state, "unreachable") == 0 || strcmp(state, "diverged") == 0;
    wv_render_label(out, look, "State");
    wv_style_text(out, look, good ? WV_GREEN : bad ? WV_RED : WV_YELLOW, state);
    size_t pending = wv_value_count(status, "pending");
    size_t ahead = wv_value_count(status, "ahead");
    if (pending > 0)
        wv_strbuf_addf(out, ", %zu pending", pending);
    if (ahead > 0)
        wv_strbuf_addf(out, ", %zu ahead of the files of this host", ahead);
    if (wv_value_true(status, "stale")) {
        wv_strbuf_adds(out, "; as seen ");
        wv_display_duration(out, wv_value_int(status, "age_ms"));
        wv_strbuf_adds(out, " ago");
    }
    wv_strbuf_addc(out, '\n');
}

static void indented_line(struct wv_strbuf *out, const char *before, const char *text)
{
    if (text == NULL || *text == '\0')
        return;
    indent(out);
    wv_display_add_part(out, before, text);
    wv_strbuf_addc(out, '\n');
}

static void unreachable(struct wv_strbuf *out, const struct wv_look *look, const json_t *database)
{
    wv_style_text(out, look, WV_RED, "unreachable");
    wv_display_add_part(out, " since ", wv_value_text(database, "since"));
    int64_t retry = wv_value_int(database, "retry_ms");
    if (retry > 0) {
        wv_strbuf_adds(out, ", tried again in ");
        wv_display_duration(out, retry);
    }
    wv_strbuf_addc(out, '\n');
    const char *error = wv_value_text(database, "error");
    const json_t *details = wv_value_object(database, "error");
    if (error == NULL)
        error = wv_value_text(details, "message");
    indented_line(out, "", error);
    indented_line(out, "hint: ", wv_value_text(details, "hint"));
}

/* 150020 or "150020" or "15.20" as a version that people know. */
static void add_server_version(struct wv_strbuf *out, const json_t *database)
{
    int64_t number = wv_value_int(database, "server_version");
    if (number >= 100000)
        wv_strbuf_addf(out, ", PostgreSQL %lld.%lld", (long long)(number / 10000),
                       (long long)(number % 10000));
    else
        wv_display_add_part(out, ", PostgreSQL ", wv_value_text(database, "server_version"));
}

void wv_render_database(struct wv_strbuf *out, const struct wv_look *look, const json_t *database)
{
    if (database == NULL)
        return;
    wv_render_label(out, look, "Database");
    if (!wv_value_true(database, "reachable")) {
        unreachable(out, look, database);
        return;
    }
    wv_display_add_part(out, "", wv_value_text(database, "name"));
    wv_display_add_part(out, " on ", wv_value_text(database, "host"));
    wv_display_add_part(out, " as ", wv_value_text(database, "user"));
    add_server_version(out, database);
    if (wv_value_true(database, "read_only"))
        wv_style_text(out, look, WV_RED, ", read only");
    wv_strbuf_addc(out, '\n');
    /* Reachable, and yet the daemon may not work there. */
    const json_t *error = wv_value_object(database, "error");
    indented_line(out, "refused: ", wv_value_text(error, "message"));
    indented_line(out, "hint: ", wv_value_text(error, "hint"));
}

/* Somebody who is no daemon: a person's session, another tool. */
static void add_holder(struct wv_strbuf *out, const json_t *holder)
{
    if (holder == NULL)
        return;
    wv_strbuf_addf(out, "; the lock is held by session %lld",
                   (long long)wv_value_int(holder, "pid"));
    wv_display_add_part(out, ", user ", wv_value_text(holder, "user"));
    wv_display_add_part(out, ", application ", wv_value_text(holder, "application"));
    const char *client = wv_value_text(holder, "client");
    if (client != NULL && client[0] != '\0')
        wv_display_add_part(out, ", from ", client);
}

void wv_render_role(struct wv_strbuf *out, const struct wv_look *look, const json_t *status)
{
    const char *role = wv_value_text(status, "role");
    const json_t *leader = wv_value_object(status, "leader");
    if (role == NULL)
        return;
    wv_render_label(out, look, "Role");
    wv_display_add_line(out, role);
    if (leader != NULL && strcmp(role, "leader") != 0) {
        wv_display_add_part(out, "; the leader is ", wv_value_text(leader, "host"));
        int64_t pid = wv_value_int(leader, "pid");
        if (pid > 0)
            wv_strbuf_addf(out, " (pid %lld)", (long long)pid);
    }
    wv_display_add_part(out, ", since ", wv_value_text(leader, "since"));
    add_holder(out, wv_value_object(status, "lock_holder"));
    wv_strbuf_addc(out, '\n');
}

/* "upgrade, step 2 of 5, up 3c1f0a9b7d52, 12s" */
static void add_doing(struct wv_strbuf *out, const json_t *running)
{
    const json_t *step = wv_value_object(running, "step");
    wv_display_add_part(out, "", wv_value_text(running, "kind"));
    if (step != NULL)
        wv_strbuf_addf(out, ", step %lld of %lld", (long long)wv_value_int(step, "index") + 1,
                       (long long)wv_value_int(step, "of"));
    wv_display_add_part(out, ", ", wv_value_text(step, "direction"));
    wv_display_add_part(out, " ", wv_value_text(step, "revision"));
    wv_strbuf_adds(out, ", ");
    wv_display_duration(out, wv_value_int(step != NULL ? step : running, "elapsed_ms"));
}

static void add_instance(struct wv_strbuf *out, const struct wv_look *look, const json_t *instance)
{
    wv_display_add_part(out, "", wv_value_text(instance, "host"));
    wv_strbuf_addf(out, " (pid %lld)", (long long)wv_value_int(instance, "pid"));
    wv_display_add_part(out, ", ", wv_value_text(instance, "role"));
    wv_display_add_part(out, ", wovend ", wv_value_text(instance, "version"));
    wv_strbuf_adds(out, ", files at ");
    if (wv_value_count(instance, "heads") > 0)
        wv_render_ids(out, look, WV_YELLOW, wv_value_array(instance, "heads"));
    else
        wv_strbuf_adds(out, "none");
    wv_strbuf_adds(out, ", seen ");
    wv_display_duration(out, wv_value_int(instance, "seen_ms") / 1000 * 1000);
    wv_strbuf_adds(out, " ago");
    const json_t *running = wv_value_object(instance, "running");
    if (running != NULL) {
        wv_strbuf_adds(out, "; ");
        add_doing(out, running);
    }
    wv_strbuf_addc(out, '\n');
}

/* Alone there is nothing to tell of the others. */
static void add_instances(struct wv_strbuf *out, const struct wv_look *look, const json_t *status)
{
    const json_t *instances = wv_value_array(status, "instances");
    size_t index;
    const json_t *instance;
    if (json_array_size(instances) < 2)
        return;
    wv_render_label(out, look, "Daemons");
    json_array_foreach(instances, index, instance)
    {
        if (index > 0)
            indent(out);
        if (index == LIST_LIMIT) {
            wv_strbuf_addf(out, "and %zu more\n", json_array_size(instances) - index);
            return;
        }
        add_instance(out, look, instance);
    }
}

static void add_interrupted(struct wv_strbuf *out, const struct wv_look *look, const json_t *step)
{
    if (step == NULL)
        return;
    wv_render_label(out, look, "Interrupted");
    wv_style_on(out, look, WV_RED);
    wv_display_add_part(out, "", wv_value_text(step, "direction"));
    wv_display_add_part(out, " ", wv_value_text(step, "revision"));
    wv_style_off(out, look, WV_RED);
    wv_strbuf_addf(out, ": statement %lld of %lld was under way",
                   (long long)wv_value_int(step, "statement"), (long long)wv_value_int(step, "of"));
    wv_display_add_part(out, ", ", wv_value_text(step, "file"));
    int64_t line = wv_value_int(step, "line");
    if (line > 0)
        wv_strbuf_addf(out, ":%lld", (long long)line);
    wv_strbuf_addc(out, '\n');
    const char *text = wv_value_text(step, "text");
    if (text != NULL) {
        indent(out);
        size_t from = out->length;
        wv_display_add_line(out, text);
        wv_display_cut(out, from, look->width > 0 ? look->width - LABEL_WIDTH : 200);
        wv_strbuf_addc(out, '\n');
    }
    indent(out);
    wv_strbuf_adds(out, "look whether it took effect, then one of\n");
    indent(out);
    wv_strbuf_adds(out, "  wovenctl migrate repair --done     it did: go on after it\n");
    indent(out);
    wv_strbuf_adds(out, "  wovenctl migrate repair --again    it did not: run it again\n");
    indent(out);
    wv_strbuf_adds(out,
                   "  wovenctl migrate repair --abandon  give the step up, keep what it did\n");
}

void wv_render_files(struct wv_strbuf *out, const struct wv_look *look, const json_t *files)
{
    if (files == NULL)
        return;
    int64_t revisions = wv_value_int(files, "revisions");
    const json_t *problems = wv_value_array(files, "problems");
    size_t count =
        problems != NULL ? json_array_size(problems) : (size_t)wv_value_int(files, "problems");
    wv_render_label(out, look, "Files");
    wv_strbuf_addf(out, "%lld revision%s", (long long)revisions, revisions == 1 ? "" : "s");
    if (count > 0) {
        wv_strbuf_adds(out, ", ");
        wv_style_on(out, look, WV_RED);
        wv_strbuf_addf(out, "%zu problem%s", count, count == 1 ? "" : "s");
        wv_style_off(out, look, WV_RED);
    }
    wv_strbuf_addc(out, '\n');
    size_t index;
    const json_t *problem;
    json_array_foreach(problems, index, problem)
    {
        if (index == LIST_LIMIT) {
            more_line(out, count - index, "`wovenctl --json migrate status` lists all");
            return;
        }
        indent(out);
        const char *file = wv_value_text(problem, "file");
        int64_t line = wv_value_int(problem, "line");
        wv_display_add_part(out, "", file);
        if (file != NULL && line > 0)
            wv_strbuf_addf(out, ":%lld", (long long)line);
        wv_display_add_part(out, file != NULL ? ": " : "", wv_value_text(problem, "message"));
        wv_strbuf_addc(out, '\n');
    }
}

static void add_edited(struct wv_strbuf *out, const struct wv_look *look, const json_t *status)
{
    if (wv_value_count(status, "edited") == 0)
        return;
    add_ids(out, look, "Edited", status, "edited", "");
    indent(out);
    wv_strbuf_adds(out,
                   "changed since they were applied, so that upgrade refuses; put the files\n");
    indent(out);
    wv_strbuf_adds(out,
                   "back (`wovenctl migrate verify --diff` shows the changes), or accept them:\n");
    indent(out);
    wv_strbuf_adds(out, "  wovenctl migrate repair --accept REV\n");
}

void wv_render_status(struct wv_strbuf *out, const struct wv_look *look, const json_t *status)
{
    label_text(out, look, "Project", wv_value_text(status, "project"));
    add_state(out, look, status);
    wv_render_database(out, look, wv_value_object(status, "database"));
    wv_render_role(out, look, status);
    add_instances(out, look, status);
    const char *state = wv_value_text(status, "state");
    bool known =
        state == NULL || strcmp(state, "unreachable") != 0 || wv_value_count(status, "current") > 0;
    add_ids(out, look, "Current", status, "current", known ? "base (nothing applied)" : "unknown");
    add_ids(out, look, "Heads", status, "heads", "none (no revision files)");
    add_pending(out, look, status);
    if (wv_value_count(status, "ahead") > 0)
        add_ids(out, look, "Ahead", status, "ahead", "");
    add_edited(out, look, status);
    wv_render_files(out, look, wv_value_object(status, "files"));
    wv_render_job(out, look, wv_value_object(status, "job"));
    add_interrupted(out, look, wv_value_object(status, "interrupted"));
}

void wv_render_daemon(struct wv_strbuf *out, const struct wv_look *look, const json_t *status)
{
    wv_render_label(out, look, "Daemon");
    wv_strbuf_adds(out, "wovend");
    wv_display_add_part(out, " ", wv_value_text(status, "version"));
    wv_strbuf_addf(out, ", pid %lld", (long long)wv_value_int(status, "pid"));
    wv_display_add_part(out, " on ", wv_value_text(status, "host"));
    wv_strbuf_adds(out, ", up ");
    wv_display_duration(out, (int64_t)(wv_value_real(status, "uptime_seconds") * 1000));
    wv_strbuf_addc(out, '\n');
    label_text(out, look, "Project", wv_value_text(status, "project"));
    label_text(out, look, "Socket", wv_value_text(status, "socket"));
    if (wv_value_text(status, "project") == NULL && wv_value_count(status, "projects") > 0) {
        wv_render_label(out, look, "Clients");
        wv_strbuf_addf(out, "%lld connected\n\n", (long long)wv_value_int(status, "clients"));
        wv_render_projects(out, look, wv_value_array(status, "projects"));
        return;
    }
    wv_render_role(out, look, status);
    wv_render_database(out, look, wv_value_object(status, "database"));
    wv_render_files(out, look, wv_value_object(status, "files"));
    wv_render_label(out, look, "Clients");
    wv_strbuf_addf(out, "%lld connected, %lld job%s waiting\n",
                   (long long)wv_value_int(status, "clients"),
                   (long long)wv_value_int(status, "jobs_waiting"),
                   wv_value_int(status, "jobs_waiting") == 1 ? "" : "s");
    wv_render_job(out, look, wv_value_object(status, "job"));
}
