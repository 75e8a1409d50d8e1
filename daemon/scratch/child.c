/* See child.h. Between fork and exec there is one thread of what were several: only calls that are
 * async-signal-safe (signal-safety(7)), and the bare system calls where glibc's wrapper would look
 * for the other threads (nptl(7), set*id). */
#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LAST_BYTES = 2000, KILL_MS = 10000 };

/* Nothing of our own environment: NOTIFY_SOCKET, PG* and the like would reach the wrong one. */
static char *const environment[] = {"PATH=/usr/local/bin:/usr/bin:/bin", "LC_ALL=C", "HOME=/",
                                    NULL};

/* Of two of one name the first counts. */
static void add_environment(char **out, const char *const *more)
{
    size_t count = 0;
    for (; more != NULL && more[count] != NULL && count < WV_CHILD_VARIABLES; count++)
        out[count] = (char *)more[count];
    memcpy(out + count, environment, sizeof(environment));
}

static void complain(const char *what)
{
    const char *why = strerrordesc_np(errno);
    const char *parts[] = {"wovend: cannot ", what, ": ", why != NULL ? why : "unknown error",
                           "\n"};
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        if (write(STDERR_FILENO, parts[i], strlen(parts[i])) < 0)
            return;
    }
}

static bool become(const struct wv_run_as *as)
{
    return as == NULL || (syscall(SYS_setgroups, as->group_count, as->groups) == 0 &&
                          syscall(SYS_setresgid, as->gid, as->gid, as->gid) == 0 &&
                          syscall(SYS_setresuid, as->uid, as->uid, as->uid) == 0);
}

/* Ignored signals and the mask would outlive exec; our handlers must not run here. */
static void reset_signals(void)
{
    struct sigaction standard = {.sa_handler = SIG_DFL};
    sigset_t none;
    for (int number = 1; number < NSIG; number++)
        (void)sigaction(number, &standard, NULL);
    sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
}

static bool set_up(const struct wv_child_spec *spec, int null, int output)
{
    return dup2(spec->errors != 0 ? spec->errors : output, STDERR_FILENO) >= 0 &&
           dup2(output, STDOUT_FILENO) >= 0 && dup2(null, STDIN_FILENO) >= 0 &&
           syscall(SYS_close_range, STDERR_FILENO + 1, UINT_MAX, 0) == 0 && setsid() >= 0;
}

/* The death signal is set last, because a change of user takes it away (prctl(2)); a parent that
 * died before is noticed by its pid. */
static _Noreturn void run_child(const struct wv_child_spec *spec, int null, int output,
                                pid_t parent)
{
    reset_signals();
    if (!set_up(spec, null, output))
        complain("set up its descriptors");
    else if (!become(spec->as))
        complain("become the user who is to run it");
    else if (chdir(spec->directory) != 0)
        complain("enter its folder");
    else if (prctl(PR_SET_PDEATHSIG, spec->death_signal) != 0)
        complain("ask for a signal at the daemon's death");
    else if (getppid() == parent) {
        umask(077);
        char *variables[WV_CHILD_VARIABLES + sizeof(environment) / sizeof(environment[0])];
        add_environment(variables, spec->variables);
        execve(spec->argv[0], (char *const *)spec->argv, variables);
        complain("run it");
    }
    _exit(127);
}

static pid_t fork_child(const struct wv_child_spec *spec, int null, int output)
{
    sigset_t all;
    sigset_t before;
    pid_t parent = getpid();
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pid_t pid = fork();
    if (pid == 0)
        run_child(spec, null, output, parent);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return pid;
}

static bool cannot_start(const struct wv_child_spec *spec, struct wv_err *err)
{
    return wv_err_set(err, WV_SERVER_FAILED, "%s cannot be started: %s", spec->argv[0],
                      strerror(errno));
}

bool wv_child_start(struct wv_child *out, const struct wv_child_spec *spec, int output,
                    struct wv_err *err)
{
    int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (null < 0)
        return cannot_start(spec, err);
    struct wv_child child = {.pid = fork_child(spec, null, output), .pidfd = -1};
    if (child.pid > 0)
        child.pidfd = pidfd_open(child.pid, 0);
    int fault = errno;
    close(null);
    if (child.pidfd >= 0) {
        *out = child;
        return true;
    }
    errno = fault;
    cannot_start(spec, err);
    if (child.pid > 0) {
        kill(child.pid, SIGKILL);
        waitpid(child.pid, NULL, 0);
    }
    return false;
}

void wv_child_signal(const struct wv_child *child, int signal)
{
    (void)pidfd_send_signal(child->pidfd, signal, NULL, 0);
}

static void reap(struct wv_child *child, int *status)
{
    while (waitpid(child->pid, status, 0) < 0 && errno == EINTR)
        continue;
    close(child->pidfd);
    *child = (struct wv_child){.pidfd = -1};
}

bool wv_child_wait(struct wv_child *child, const struct wv_pg_wait *wait, int *status)
{
    if (wv_pg_idle_fd(child->pidfd, wait) != WV_PG_IDLE_NOTIFIED)
        return false;
    reap(child, status);
    return true;
}

void wv_child_kill(struct wv_child *child)
{
    int status;
    kill(-child->pid, SIGKILL);
    wv_child_signal(child, SIGKILL);
    reap(child, &status);
}

bool wv_child_stopped(enum wv_pg_idle why, const char *what, struct wv_err *err)
{
    if (why == WV_PG_IDLE_INTERRUPTED)
        return wv_err_set(err, WV_CANCELLED, "%s was cancelled", what);
    return wv_err_set(err, WV_TIMED_OUT, "%s did not end in time", what);
}

char *wv_child_last_lines(int fd)
{
    struct stat status;
    if (fd < 0 || fstat(fd, &status) != 0)
        return wv_xstrdup("");
    off_t start = status.st_size > LAST_BYTES ? status.st_size - LAST_BYTES : 0;
    char *text = wv_xcalloc(1, LAST_BYTES + 1);
    ssize_t got = pread(fd, text, LAST_BYTES, start);
    text[got > 0 ? got : 0] = '\0';
    while (got > 0 && text[got - 1] == '\n')
        text[--got] = '\0';
    char *line = start > 0 ? strchr(text, '\n') : NULL;
    if (line != NULL)
        memmove(text, line + 1, strlen(line));
    return text;
}

/* The whole of what it wrote, with a zero byte behind it. */
static char *read_all(int fd, size_t *length)
{
    struct stat status;
    *length = 0;
    if (fstat(fd, &status) != 0)
        return wv_xstrdup("");
    char *text = wv_xcalloc(1, (size_t)status.st_size + 1);
    while (*length < (size_t)status.st_size) {
        ssize_t got = pread(fd, text + *length, (size_t)status.st_size - *length, (off_t)*length);
        if (got <= 0)
            break;
        *length += (size_t)got;
    }
    text[*length] = '\0';
    return text;
}

static bool failed(const struct wv_child_spec *spec, int status, struct wv_err *err)
{
    if (WIFSIGNALED(status))
        return wv_err_set(err, WV_SERVER_FAILED, "%s was ended by signal %d", spec->argv[0],
                          WTERMSIG(status));
    return wv_err_set(err, WV_SERVER_FAILED, "%s failed with exit status %d", spec->argv[0],
                      WEXITSTATUS(status));
}

/* To its end, and to that of all that it has left behind. */
static bool run_to_end(const struct wv_child_spec *spec, int output, const struct wv_pg_wait *wait,
                       struct wv_err *err)
{
    struct wv_child child;
    int status = 0;
    if (!wv_child_start(&child, spec, output, err))
        return false;
    enum wv_pg_idle why = wv_pg_idle_fd(child.pidfd, wait);
    if (why != WV_PG_IDLE_NOTIFIED) {
        wv_child_kill(&child);
        return wv_child_stopped(why, spec->argv[0], err);
    }
    kill(-child.pid, SIGKILL);
    reap(&child, &status);
    return status == 0 || failed(spec, status, err);
}

bool wv_child_run(const struct wv_child_spec *spec, char **output, const struct wv_pg_wait *wait,
                  struct wv_err *err)
{
    int memory = memfd_create("output", MFD_CLOEXEC);
    size_t length;
    if (memory < 0)
        return cannot_start(spec, err);
    bool done = run_to_end(spec, memory, wait, err);
    if (done && output != NULL)
        *output = read_all(memory, &length);
    else if (!done && err->code == WV_SERVER_FAILED)
        err->detail = wv_child_last_lines(memory);
    close(memory);
    return done;
}

bool wv_child_capture(const struct wv_child_spec *spec, char **output, size_t *length,
                      const struct wv_pg_wait *wait, struct wv_err *err)
{
    int memory = memfd_create("output", MFD_CLOEXEC);
    int errors = memfd_create("errors", MFD_CLOEXEC);
    struct wv_child_spec apart = *spec;
    apart.errors = errors;
    bool done = memory >= 0 && errors >= 0 ? run_to_end(&apart, memory, wait, err)
                                           : cannot_start(spec, err);
    if (done)
        *output = read_all(memory, length);
    else if (err->code == WV_SERVER_FAILED)
        err->detail = wv_child_last_lines(errors);
    if (memory >= 0)
        close(memory);
    if (errors >= 0)
        close(errors);
    return done;
}
