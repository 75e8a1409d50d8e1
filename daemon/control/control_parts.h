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
    struct wv_desk **desks;
    size_t desk_count;
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

/* Reads the configuration again and puts it in force, or keeps the old one. `*restart` gets the
 * names of settings that changed and have no effect before a restart. */
bool wv_control_reload(struct wv_control *control, struct wv_strlist *restart,
                       struct wv_err *err) WV_MUST_CHECK;

#endif
