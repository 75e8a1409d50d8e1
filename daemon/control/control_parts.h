/* The control side's parts that are the whole daemon's, as its own files see them. Everything
 * belongs to the loop's thread. */
#ifndef WV_CONTROL_PARTS_H
#define WV_CONTROL_PARTS_H

#include "control.h"
#include "desk.h"
#include "listener.h"
#include "notify.h"
#include "sessions.h"
#include "shutdown.h"

struct wv_loop;

struct wv_control {
    struct wv_settings *settings; /* in force: socket, limits, log */
    struct wv_control_hooks hooks;
    struct wv_desk **desks; /* in the order of the settings, those added since behind */
    size_t desk_count;
    size_t desk_capacity;
    struct wv_loop *loop;
    struct wv_listener *listener; /* NULL: nobody can connect any more */
    struct wv_sessions *sessions;
    struct wv_rights *rights; /* to what is the daemon's and no project's */
    struct wv_shutdown shutdown;
    struct wv_notify notify;
    char *socket_path; /* of the file that we made; NULL: it is not ours */
    char *host;
    int64_t started_ms;
    uint64_t last_job; /* numbers are the daemon's, so that none is used twice */
};

/* The desk of a project, NULL when there is none; the only one, NULL when there are several; the
 * names of all. One that is no longer in the settings does not count. */
struct wv_desk *wv_control_find(const struct wv_control *control, const char *project);
struct wv_desk *wv_control_only(const struct wv_control *control);
void wv_control_projects(const struct wv_control *control, struct wv_strlist *names);

/* After each turn of the loop: every desk's turn, and the end of those that are no longer in the
 * settings. */
void wv_control_turn(struct wv_control *control, int64_t now);

/* Reads the configuration again and puts it in force, or keeps the old one. `*restart` gets the
 * names of settings that changed and have no effect before a restart. */
bool wv_control_reload(struct wv_control *control, struct wv_strlist *restart,
                       struct wv_err *err) WV_MUST_CHECK;

#endif
