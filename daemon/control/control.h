/* The control side of the daemon: the event loop with its sockets, clients, signals and pictures of
 * what the other threads do. Everything here belongs to the thread that calls wv_control_run(); it
 * meets each project's migrator and watcher in mailboxes only, and has them made by its owner. */
#ifndef WV_CONTROL_H
#define WV_CONTROL_H

#include "mailbox.h"
#include "settings.h"

struct wv_control;

struct wv_threads;

/* What the control side has done for it; all in the loop's thread or that of wv_control_new(). */
struct wv_control_hooks {
    /* Reads the configuration again. `*settings` is the caller's own, written on success only.
     * Called for SIGHUP and `daemon.reload`; false keeps what is in force. */
    bool (*reload)(void *context, struct wv_settings_set *settings, struct wv_err *err);
    /* Makes the threads of a project. The mailboxes are borrowed until `join`. */
    struct wv_threads *(*start)(void *context, const struct wv_settings *settings,
                                const struct wv_mailboxes *boxes);
    /* Both threads have said WV_MSG_EXITED, their last message. */
    void (*join)(void *context, struct wv_threads *threads);
    void *context;
};

struct wv_control_options {
    const struct wv_settings_set *settings; /* copied */
    /* A listening socket, which is then owned; -1: the one of the service manager when it passed
     * one (LISTEN_FDS), else a new one at settings->daemon->socket. */
    int listen_fd;
    struct wv_control_hooks hooks;
};

/* Opens the socket, reads the projects' files, makes the loop and, last, each project's threads;
 * nothing is announced or answered yet. Call while there is no other thread: it changes umask and
 * environment. Signals are handled
 * from here on, in the thread that runs the loop; block SIGTERM, SIGINT and SIGHUP in all others.
 * SIGPIPE is ignored from here on.
 */
struct wv_control *wv_control_new(const struct wv_control_options *options,
                                  struct wv_err *err) WV_MUST_CHECK;

/* Announces READY=1 and serves until SIGTERM or SIGINT has been heard, WV_MSG_STOP was sent to all
 * threads and WV_MSG_EXITED has come back from all. */
void wv_control_run(struct wv_control *control);

/* Joins the threads, closes everything and removes the socket file if control made it. NULL is
 * fine. */
void wv_control_free(struct wv_control *control);

#endif
