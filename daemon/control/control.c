/* Puts the parts together, and takes new settings in force. Loop thread. The boot order: socket (so
 * that a fault of it ends the start), notify, files, loop, sessions. */
#include "control.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "clock.h"
#include "control_parts.h"
#include "log.h"
#include "loop.h"
#include "same.h"
#include "verbs.h"

/* Descriptors besides those of clients. */
enum { SPARE_DESCRIPTORS = 48, DESCRIPTORS_PER_PROJECT = 16, DESCRIPTORS_PER_JOB = 2 };

static void on_line(void *context, uint64_t session, const char *line, size_t length,
                    struct wv_passed_texts *texts)
{
    wv_dispatch(context, session, line, length, texts);
}

/* Texts are an administrator's to send, whatever the project (dispatch.c). */
static bool trusts(void *context, const struct wv_peer *peer)
{
    const struct wv_control *control = context;
    for (size_t i = 0; i < control->desk_count; i++)
        if (wv_rights_allow(control->desks[i]->rights, WV_ACCESS_ADMIN, peer))
            return true;
    return false;
}

static void on_gone(void *context, uint64_t session)
{
    struct wv_control *control = context;
    for (size_t i = 0; i < control->desk_count; i++)
        wv_desk_forget(control->desks[i], session);
}

static bool open_socket(struct wv_control *control, int given, int *fd, struct wv_err *err)
{
    const struct wv_settings *settings = control->settings;
    int inherited = given;
    if (inherited < 0 && !wv_usock_inherited(&inherited, err))
        return false;
    if (inherited >= 0) {
        wv_log(WV_LOG_INFO, "control", "serving on a socket that was passed");
        *fd = inherited;
        return true;
    }
    struct wv_usock_place place = {
        .path = settings->socket, .mode = settings->socket_mode, .group = settings->socket_group};
    if (!wv_usock_listen(&place, fd, err))
        return false;
    control->socket_path = wv_xstrdup(settings->socket);
    wv_log(WV_LOG_INFO, "control", "serving on %s", settings->socket);
    return true;
}

static rlim_t count_descriptors(const struct wv_control *control)
{
    rlim_t count = (rlim_t)control->settings->limits.clients + SPARE_DESCRIPTORS;
    for (size_t i = 0; i < control->desk_count; i++)
        count += DESCRIPTORS_PER_PROJECT +
                 DESCRIPTORS_PER_JOB * (rlim_t)control->desks[i]->settings->limits.jobs;
    return count;
}

static void raise_descriptors(const struct wv_control *control)
{
    struct rlimit limit;
    rlim_t wanted = count_descriptors(control);
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted)
        return;
    limit.rlim_cur = limit.rlim_max < wanted ? limit.rlim_max : wanted;
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur < wanted)
        wv_log(WV_LOG_WARNING, "control",
               "limits.clients and jobs are more than descriptors allow (%llu)",
               (unsigned long long)limit.rlim_cur);
}

static char *host_name(void)
{
    char name[256] = "";
    if (gethostname(name, sizeof(name) - 1) != 0)
        return wv_xstrdup("localhost");
    return wv_xstrdup(name);
}

static struct wv_control *make(const struct wv_control_options *options)
{
    struct wv_control *control = wv_xcalloc(1, sizeof(*control));
    control->settings = wv_settings_copy(options->settings->daemon);
    control->hooks = options->hooks;
    control->started_ms = wv_clock_ms();
    control->host = host_name();
    wv_notify_open(&control->notify);
    return control;
}

/* `settings` is taken over. */
static void add_desk(struct wv_control *control, struct wv_settings *settings)
{
    WV_GROW(control->desks, control->desk_count, control->desk_capacity);
    struct wv_desk *desk = wv_desk_new(control, settings);
    control->desks[control->desk_count++] = desk;
    wv_loop_attach(control->loop, desk);
}

struct wv_control *wv_control_new(const struct wv_control_options *options, struct wv_err *err)
{
    int fd;
    struct wv_control *control = make(options);
    const struct wv_settings *settings = control->settings;
    if (!open_socket(control, options->listen_fd, &fd, err)) {
        wv_control_free(control);
        return NULL;
    }
    struct wv_sessions_owner owner = {
        .line = on_line, .trusts = trusts, .gone = on_gone, .context = control};
    control->rights = wv_rights_new(&settings->access);
    control->loop = wv_loop_new(control);
    struct event_base *base = wv_loop_base(control->loop);
    control->sessions = wv_sessions_new(base, settings->timeouts.idle, &owner);
    control->listener = wv_listener_new(base, fd, control->sessions, &settings->limits);
    wv_log_show_projects(options->settings->count > 1);
    for (size_t i = 0; i < options->settings->count; i++)
        add_desk(control, wv_settings_copy(options->settings->projects[i]));
    raise_descriptors(control);
    return control;
}

struct wv_desk *wv_control_find(const struct wv_control *control, const char *project)
{
    for (size_t i = 0; i < control->desk_count; i++)
        if (!control->desks[i]->removed &&
            strcmp(control->desks[i]->settings->project, project) == 0)
            return control->desks[i];
    return NULL;
}

struct wv_desk *wv_control_only(const struct wv_control *control)
{
    struct wv_desk *only = NULL;
    for (size_t i = 0; i < control->desk_count; i++) {
        if (control->desks[i]->removed)
            continue;
        if (only != NULL)
            return NULL;
        only = control->desks[i];
    }
    return only;
}

void wv_control_projects(const struct wv_control *control, struct wv_strlist *names)
{
    for (size_t i = 0; i < control->desk_count; i++)
        if (!control->desks[i]->removed)
            wv_strlist_add(names, control->desks[i]->settings->project);
}

static size_t count_revisions(const struct wv_control *control)
{
    size_t count = 0;
    for (size_t i = 0; i < control->desk_count; i++)
        count += control->desks[i]->removed ? 0 : wv_files_fresh(control->desks[i]->files)->count;
    return count;
}

void wv_control_run(struct wv_control *control)
{
    wv_notify_ready(&control->notify);
    wv_log(WV_LOG_INFO, "control", "ready: %zu revisions", count_revisions(control));
    wv_loop_run(control->loop);
}

void wv_control_free(struct wv_control *control)
{
    if (control == NULL)
        return;
    wv_listener_free(control->listener);
    if (control->socket_path != NULL)
        wv_usock_remove(control->socket_path);
    for (size_t i = 0; i < control->desk_count; i++) {
        wv_loop_detach(control->desks[i]);
        wv_desk_free(control->desks[i]);
    }
    free(control->desks);
    wv_sessions_free(control->sessions);
    wv_loop_free(control->loop);
    wv_rights_free(control->rights);
    wv_notify_close(&control->notify);
    wv_settings_free(control->settings);
    free(control->socket_path);
    free(control->host);
    free(control);
}

static void find_restarts(const struct wv_settings *old, const struct wv_settings *fresh,
                          struct wv_strlist *restart)
{
    if (!wv_same(old->socket, fresh->socket))
        wv_strlist_add(restart, "socket");
    if (old->socket_mode != fresh->socket_mode)
        wv_strlist_add(restart, "socket_mode");
    if (!wv_same(old->socket_group, fresh->socket_group))
        wv_strlist_add(restart, "socket_group");
    for (size_t i = 0; i < restart->count; i++)
        wv_log(WV_LOG_WARNING, "reload", "%s has changed, which takes effect after a restart",
               restart->items[i]);
}

static void put_daemon_in_force(struct wv_control *control, struct wv_settings *fresh)
{
    wv_settings_free(control->settings);
    control->settings = fresh;
    wv_log_set_level(fresh->log_level);
    wv_rights_free(control->rights);
    control->rights = wv_rights_new(&fresh->access);
    if (control->listener != NULL)
        wv_listener_set_limits(control->listener, &fresh->limits);
    wv_sessions_set_idle(control->sessions, fresh->timeouts.idle);
}

static bool is_among(const struct wv_settings_set *set, const char *project)
{
    for (size_t i = 0; i < set->count; i++)
        if (strcmp(set->projects[i]->project, project) == 0)
            return true;
    return false;
}

/* What it runs may finish, as at the daemon's own stop; it is taken away when it has stopped. */
static void remove_desk(struct wv_desk *desk)
{
    wv_log(WV_LOG_NOTICE, "reload", "project \"%s\" is no longer in the settings",
           desk->settings->project);
    desk->removed = true;
    wv_stop_begin(desk);
}

/* Takes the content of `fresh` over. */
static void put_in_force(struct wv_control *control, struct wv_settings_set *fresh)
{
    put_daemon_in_force(control, WV_STEAL(fresh->daemon));
    for (size_t i = 0; i < control->desk_count; i++)
        if (!control->desks[i]->removed && !is_among(fresh, control->desks[i]->settings->project))
            remove_desk(control->desks[i]);
    for (size_t i = 0; i < fresh->count; i++) {
        struct wv_settings *settings = WV_STEAL(fresh->projects[i]);
        struct wv_desk *desk = wv_control_find(control, settings->project);
        if (desk != NULL) {
            wv_desk_set_settings(desk, settings);
            continue;
        }
        wv_log(WV_LOG_NOTICE, "reload", "project \"%s\" is new", settings->project);
        add_desk(control, settings);
    }
    wv_log_show_projects(fresh->count > 1);
    raise_descriptors(control);
}

void wv_control_turn(struct wv_control *control, int64_t now)
{
    size_t kept = 0;
    for (size_t i = 0; i < control->desk_count; i++) {
        struct wv_desk *desk = control->desks[i];
        wv_desk_turn(desk, now);
        if (!desk->removed || !wv_stop_over(&desk->stop)) {
            control->desks[kept++] = desk;
            continue;
        }
        wv_loop_detach(desk);
        wv_desk_free(desk);
    }
    control->desk_count = kept;
}

/* An editor may empty a file before it writes it. */
static bool was_emptied(const struct wv_control *control, const struct wv_settings *fresh,
                        struct wv_err *err)
{
    if (!fresh->config_is_empty || control->settings->config_is_empty)
        return false;
    wv_err_set(err, WV_CONFIG_ERROR, "%s had settings, and has none now", fresh->config_path);
    wv_err_hint(err, "where this is meant, start the daemon anew");
    return true;
}

static bool read_fresh(struct wv_control *control, struct wv_settings_set *out, struct wv_err *err)
{
    struct wv_settings_set fresh;
    if (!control->hooks.reload(control->hooks.context, &fresh, err))
        return false;
    if (!was_emptied(control, fresh.daemon, err)) {
        *out = fresh;
        return true;
    }
    wv_settings_set_free(&fresh);
    return false;
}

bool wv_control_reload(struct wv_control *control, struct wv_strlist *restart, struct wv_err *err)
{
    struct wv_settings_set fresh;
    if (control->shutdown.begun)
        return wv_err_set(err, WV_SHUTTING_DOWN, "the daemon stops");
    wv_notify_reloading(&control->notify);
    bool taken = read_fresh(control, &fresh, err);
    if (taken) {
        find_restarts(control->settings, fresh.daemon, restart);
        put_in_force(control, &fresh);
        wv_settings_set_free(&fresh);
        wv_log(WV_LOG_NOTICE, "reload", "the configuration was read again: %zu revisions",
               count_revisions(control));
    }
    wv_notify_ready(&control->notify);
    return taken;
}
