/* A command of the user's as a child with a process group of its own, so that all of it can be
 * stopped, and that does not outlive this program: not even when that is killed. What cannot be
 * stopped, because it runs as another user, outlives it with the connection to the daemon open.
 * Signals reach it as if it had been started in our place, and it gets the terminal when it asks
 * for it. Main thread; one child at a time. Knows no daemon. */
#ifndef WV_CHILD_H
#define WV_CHILD_H

#include <stdbool.h>
#include <sys/types.h>

#include "err.h"

struct wv_child {
    pid_t pid;         /* of the command and of its group; 0: none */
    int signals;       /* signalfd(2): SIGCHLD, and those that wv_child_forward() hands on */
    int tty;           /* the terminal; -1: there is none */
    bool had_terminal; /* when it was suspended */
    int leash;         /* its guard's end is closed when this program ends, however that is */
    pid_t guard;
};

struct wv_child_spec {
    char *const *argv; /* searched for in $PATH */
    /* Which the command does not get; it stays open until nothing of its group is there, also when
     * this program is killed: its end tells that the command has ended. -1: none. */
    int connection;
    const char *directory; /* where it runs; NULL: here */
    int output; /* its standard output, and its standard input is empty then; -1: both are ours */
};

/* Starts it with the signals as they were when this program began. WV_COMMAND_FAILED when it cannot
 * be executed: *fault is the errno then, 0 when it is the folder that cannot be entered.
 * WV_IO_ERROR: *fault is 0. */
bool wv_child_start(struct wv_child *child, const struct wv_child_spec *spec, int *fault,
                    struct wv_err *err) WV_MUST_CHECK;

enum wv_child_state {
    WV_CHILD_RUNS,
    WV_CHILD_STOPPED, /* and this program has to stop likewise: wv_child_suspend() */
    WV_CHILD_ENDED,   /* `*status` as of waitpid(2) */
};

/* Looks what has become of it; one that asks for the terminal gets it. Never waits. */
enum wv_child_state wv_child_look(struct wv_child *child, int *status);
/* Hands on to its group what signals have come to us since; the last one that is to end us, 0:
 * none. Never waits. */
int wv_child_forward(struct wv_child *child);
void wv_child_kill(const struct wv_child *child, int number);

enum wv_child_group {
    WV_GROUP_GONE,
    WV_GROUP_OURS,
    WV_GROUP_FOREIGN, /* runs as another user (a setuid program): no signal of ours reaches it */
};

/* What of its group is there yet. */
enum wv_child_group wv_child_group(const struct wv_child *child);

/* Stops this program with its job, as the shell expects it; returns when it is to go on. */
void wv_child_suspend(struct wv_child *child);
void wv_child_resume(struct wv_child *child);

/* Once it has ended: takes the terminal back and lets the guard go. */
void wv_child_end(struct wv_child *child);

#endif
