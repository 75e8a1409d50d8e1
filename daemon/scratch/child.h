/* Programs run by the daemon: fork and exec from a process that has threads, as another user where
 * that is wanted. A child belongs to the thread that started it: when that thread ends, the kernel
 * sends the child its death signal, also when the whole daemon was killed. */
#ifndef WV_CHILD_H
#define WV_CHILD_H

#include <sys/types.h>

#include "pg.h"

/* Who a child is to be. */
struct wv_run_as {
    uid_t uid;
    gid_t gid;
    gid_t *groups;
    size_t group_count;
};

enum { WV_CHILD_VARIABLES = 8 };

struct wv_child_spec {
    const char *const *argv;    /* argv[0] is a path */
    const char *directory;      /* where it runs */
    const struct wv_run_as *as; /* NULL: who we are */
    /* More of its environment, "NAME=value", ended by NULL; they go before the standard ones.
     * NULL: none. At most WV_CHILD_VARIABLES. */
    const char *const *variables;
    int death_signal; /* what it gets when our thread dies */
    int errors;       /* where its standard error goes; 0: where its output goes */
};

struct wv_child {
    pid_t pid;
    int pidfd; /* readable once it has ended */
};

/* Starts it in a session of its own, with an environment that holds nothing of ours, standard
 * output and error on `output`, standard input empty, no other descriptor. WV_SERVER_FAILED: no
 * process could be made. A program that cannot be run says so on `output` and ends with 127. */
bool wv_child_start(struct wv_child *out, const struct wv_child_spec *spec, int output,
                    struct wv_err *err) WV_MUST_CHECK;
void wv_child_signal(const struct wv_child *child, int signal);
/* Waits for its end and takes it from the process table. False: the wait ended first, and the child
 * lives. */
bool wv_child_wait(struct wv_child *child, const struct wv_pg_wait *wait,
                   int *status) WV_MUST_CHECK;
/* Kills it and all of its session, and takes it from the process table. */
void wv_child_kill(struct wv_child *child);

/* Runs it to its end. `*output` (may be NULL) is the caller's. WV_SERVER_FAILED with the last lines
 * of its output as detail when it did not end with 0; WV_CANCELLED and WV_TIMED_OUT when the wait
 * ended first: then it was killed. */
bool wv_child_run(const struct wv_child_spec *spec, char **output, const struct wv_pg_wait *wait,
                  struct wv_err *err) WV_MUST_CHECK;

/* The same with what it writes to standard output alone, of whatever length. The detail is of its
 * standard error. What it has left running is killed. */
bool wv_child_capture(const struct wv_child_spec *spec, char **output, size_t *length,
                      const struct wv_pg_wait *wait, struct wv_err *err) WV_MUST_CHECK;

/* The last lines of a file that a child writes to, the caller's own; "" when it cannot be read. */
char *wv_child_last_lines(int fd);

/* What a wait that ended too early means: WV_CANCELLED or WV_TIMED_OUT. Returns false. */
bool wv_child_stopped(enum wv_pg_idle why, const char *what, struct wv_err *err);

#endif
