/* The control side of the daemon: the event loop with its sockets, clients, signals and pictures of
 * what the other threads do. Everything here belongs to the thread that calls wv_control_run(); it
 * meets the migrator and the watcher in mailboxes only, and makes no thread itself. */
#ifndef WV_CONTROL_H
#define WV_CONTROL_H

#include "mailbox.h"
#include "settings.h"

struct wv_control;

struct wv_control_hooks {
    /* Reads the configuration again. `*settings` is the caller's own, written on success only.
     * Called in the loop's thread for SIGHUP and `daemon.reload`; false keeps what is in force. */
    bool (*reload)(void *context, struct wv_settings **settings, struct wv_err *err);
    void *context;
};

struct wv_control_options {
    const struct wv_settings *settings; /* copied */
    /* A listening socket, which is then owned; -1: the one of the service manager when it passed
     * one (LISTEN_FDS), else a new one at settings->socket. */
    int listen_fd;
    struct wv_control_hooks hooks;
    /* Borrowed until wv_control_free(): the inboxes of both threads and the loop's own. */
    struct wv_mailbox *to_migrator;
    struct wv_mailbox *to_watcher;
    struct wv_mailbox *to_proof; /* NULL: no such thread */
    struct wv_mailbox *from_threads;
};

/* Opens the socket, reads the project's files and makes the loop; nothing is announced or answered
 * yet. Call before the first thread is made: it changes umask and environment. Signals are handled
 * from here on, in the thread that runs the loop; block SIGTERM, SIGINT and SIGHUP in all others.
 * SIGPIPE is ignored from here on.
 */
struct wv_control *wv_control_new(const struct wv_control_options *options,
                                  struct wv_err *err) WV_MUST_CHECK;

/* Announces READY=1 and serves until SIGTERM or SIGINT has been heard, WV_MSG_STOP was sent to both
 * threads and WV_MSG_EXITED has come back from both. Join the threads after it. */
void wv_control_run(struct wv_control *control);

/* Closes everything and removes the socket file if control made it. NULL is fine. */
void wv_control_free(struct wv_control *control);

#endif
