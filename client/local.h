/* A private daemon for the project of the current folder, started by the first client that wants
 * one, as tmux starts its server. Main thread; knows no method. */
#ifndef WV_LOCAL_H
#define WV_LOCAL_H

#include <sys/types.h>

#include "err.h"

/* The project and the places that belong to its daemon. */
struct wv_local {
    char *conf;   /* woven.conf, absolute, without links */
    char *socket; /* in a folder of ours that nobody else can enter */
    char *lock;   /* beside it: held while a daemon is started */
    char *log;    /* in the state directory */
};

enum wv_local_found {
    WV_LOCAL_NONE,   /* there is no project here, or it is the host's own */
    WV_LOCAL_FOUND,  /* `out` is the caller's */
    WV_LOCAL_FAILED, /* `err` is set: somebody else's file, or no safe place for the socket */
};

/* Looks for woven.conf, then migrations/woven.conf, in the current folder and those above it, up to
 * one that has .git, or the root. Files under /etc are the host's own. A file that,
 * or whose folder, belongs to another user than us and root, or that everybody may write, is
 * refused: WV_ACCESS_DENIED. */
enum wv_local_found wv_local_find(struct wv_local *out, struct wv_err *err);
void wv_local_clear(struct wv_local *local);

/* Keeps other clients from starting one at the same time. A descriptor to close; -1: WV_TIMED_OUT
 * at the deadline, WV_IO_ERROR. */
int wv_local_lock(const struct wv_local *local, int64_t deadline, struct wv_err *err);

struct wv_local_child {
    pid_t pid;
    off_t log_start; /* where its part of the log begins */
};

/* Starts wovend with a socket on which one can connect from now on. Call with the lock held.
 * WV_NO_DAEMON: there is no such program; WV_IO_ERROR. */
bool wv_local_start(const struct wv_local *local, struct wv_local_child *out,
                    struct wv_err *err) WV_MUST_CHECK;
/* It closed the connection before it answered: makes `err` say what it wrote to its log. Returns
 * false. */
bool wv_local_explain(const struct wv_local *local, const struct wv_local_child *child,
                      struct wv_err *err);

#endif
