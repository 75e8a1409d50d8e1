/* The control side's parts, as its own files see them. Everything belongs to the loop's thread. */
#ifndef WV_CONTROL_PARTS_H
#define WV_CONTROL_PARTS_H

#include "access.h"
#include "asks.h"
#include "board.h"
#include "control.h"
#include "files.h"
#include "listener.h"
#include "lookups.h"
#include "notify.h"
#include "parked.h"
#include "presence.h"
#include "sessions.h"
#include "shutdown.h"
#include "waits.h"

struct wv_loop;

struct wv_control {
    struct wv_settings *settings; /* in force */
    struct wv_control_hooks hooks;
    struct wv_mailbox *to_migrator;
    struct wv_mailbox *to_watcher;
    struct wv_mailbox *from_threads;
    struct wv_loop *loop;
    struct wv_listener *listener; /* NULL: nobody can connect any more */
    struct wv_sessions *sessions;
    struct wv_rights *rights;
    struct wv_files *files;
    struct wv_board board;
    struct wv_asks asks;
    struct wv_lookups lookups;
    struct wv_parked parked;
    struct wv_waits waits;
    struct wv_presence presence;
    struct wv_shutdown shutdown;
    struct wv_notify notify;
    char *socket_path; /* of the file that we made; NULL: it is not ours */
    char *host;
    int64_t started_ms;
    uint64_t last_job;
};

/* Reads the configuration again and puts it in force, or keeps the old one. `*restart` gets the
 * names of settings that changed and have no effect before a restart. */
bool wv_control_reload(struct wv_control *control, struct wv_strlist *restart,
                       struct wv_err *err) WV_MUST_CHECK;

#endif
