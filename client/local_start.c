/* Starting a private daemon; see local.h. The client makes the socket and hands it over as a
 * service manager does (sd_listen_fds(3)), so that a connection waits for the daemon and nobody has
 * to look for it again and again. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "local.h"
#include "newfile.h"
#include "run.h"
#include "usock.h"

enum {
    PASSED_FD = 3, /* the first passed descriptor, by convention */
    LOOK_MS = 20,
    LOG_KEPT = 1024 * 1024,
    LOG_SHOWN = 4000,
    END_MS = 5000,
};

#define IDLE_EXIT "10min"

int wv_local_lock(const struct wv_local *local, int64_t deadline, struct wv_err *err)
{
    int fd = open(local->lock, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) {
        wv_err_set(err, WV_IO_ERROR, "cannot open %s: %s", local->lock, strerror(errno));
        return -1;
    }
    int error = wv_newfile_lock(fd, deadline);
    if (error == 0)
        return fd;
    if (error == EINTR)
        wv_call_interrupted(err);
    else if (error == EWOULDBLOCK)
        wv_err_set(err, WV_TIMED_OUT, "another wovenctl is starting wovend, and does not end");
    else
        wv_err_set(err, WV_IO_ERROR, "cannot lock %s: %s", local->lock, strerror(error));
    close(fd);
    return -1;
}

/* --- the program and its log --- */

/* Where it is from the client's own folder: installed, and in a build. */
static char *find_program(struct wv_err *err)
{
    static const char *const places[] = {"wovend", "../sbin/wovend", "../daemon/wovend"};
    char own[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", own, sizeof(own) - 1);
    own[length > 0 ? length : 0] = '\0';
    char *slash = strrchr(own, '/');
    if (slash != NULL)
        *slash = '\0';
    for (size_t i = 0; slash != NULL && i < sizeof(places) / sizeof(places[0]); i++) {
        char *path = wv_xasprintf("%s/%s", own, places[i]);
        if (access(path, X_OK) == 0)
            return path;
        free(path);
    }
    wv_err_set(err, WV_NO_DAEMON, "there is no wovend beside this wovenctl to start");
    wv_err_hint(err, "install wovend, or name the socket of one that runs with --socket");
    return NULL;
}

static void make_parents(const char *path)
{
    char *copy WV_AUTOFREE = wv_xstrdup(path);
    for (char *slash = strchr(copy + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        /* Root's state directory is passed through by the user who runs its PostgreSQL, whatever
         * the umask is. */
        if (mkdir(copy, 0700) == 0 && geteuid() == 0)
            (void)chmod(copy, 0711);
        *slash = '/';
    }
}

/* Goes on where the last one ended, unless it has grown long. */
static int open_log(const char *path, off_t *start, struct wv_err *err)
{
    struct stat found;
    make_parents(path);
    int fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd >= 0 && fstat(fd, &found) == 0) {
        if (found.st_size > LOG_KEPT && ftruncate(fd, 0) == 0)
            found.st_size = 0;
        *start = found.st_size;
        return fd;
    }
    wv_err_set(err, WV_IO_ERROR, "cannot write the log of a private wovend, %s: %s", path,
               strerror(errno));
    wv_err_hint(err, "WOVEN_STATE_DIRECTORY names another folder for it");
    if (fd >= 0)
        close(fd);
    return -1;
}

/* --- the process --- */

static void set_number(const char *name, long value)
{
    char text[32];
    snprintf(text, sizeof(text), "%ld", value);
    setenv(name, text, 1);
}

static void clean_environment(void)
{
    static const char *const names[] = {"NOTIFY_SOCKET",  "WATCHDOG_PID",   "WATCHDOG_USEC",
                                        "LISTEN_FDNAMES", "JOURNAL_STREAM", "WOVEN_SOCKET"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        unsetenv(names[i]);
    set_number("LISTEN_PID", (long)getpid());
    set_number("LISTEN_FDS", 1);
}

static bool set_descriptors(int socket_fd, int log_fd)
{
    int null = open("/dev/null", O_RDONLY);
    int passed = fcntl(socket_fd, F_DUPFD, PASSED_FD + 3);
    int log = fcntl(log_fd, F_DUPFD, PASSED_FD + 3);
    return null >= 0 && passed >= 0 && log >= 0 && dup2(null, STDIN_FILENO) >= 0 &&
           dup2(log, STDOUT_FILENO) >= 0 && dup2(log, STDERR_FILENO) >= 0 &&
           dup2(passed, PASSED_FD) >= 0 && close_range(PASSED_FD + 1, UINT_MAX, 0) == 0;
}

/* The client has one thread: after fork anything goes. */
static _Noreturn void become_daemon(const struct wv_local *local, const char *program,
                                    int socket_fd, int log_fd)
{
    const char *rest = getenv("WOVEN_IDLE_EXIT");
    const char *const argv[] = {"wovend",
                                "-c",
                                local->conf,
                                "--socket",
                                local->socket,
                                "--idle-exit",
                                rest != NULL ? rest : IDLE_EXIT,
                                NULL};
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(SIGPIPE, SIG_DFL);
    setsid();
    umask(077);
    clean_environment();
    if (set_descriptors(socket_fd, log_fd) && chdir("/") == 0)
        execv(program, (char *const *)argv);
    dprintf(STDERR_FILENO, "cannot run %s: %s\n", program, strerror(errno));
    _exit(127);
}

static bool launch(const struct wv_local *local, const char *program, int log_fd, pid_t *pid,
                   struct wv_err *err)
{
    int socket_fd;
    struct wv_usock_place place = {.path = local->socket, .mode = 0600};
    if (!wv_usock_listen(&place, &socket_fd, err))
        return false;
    *pid = fork();
    if (*pid == 0)
        become_daemon(local, program, socket_fd, log_fd);
    int fault = errno;
    close(socket_fd);
    return *pid > 0 || wv_err_set(err, WV_IO_ERROR, "cannot start wovend: %s", strerror(fault));
}

bool wv_local_start(const struct wv_local *local, struct wv_local_child *out, struct wv_err *err)
{
    struct wv_local_child child = {0};
    char *program WV_AUTOFREE = find_program(err);
    int log_fd = program != NULL ? open_log(local->log, &child.log_start, err) : -1;
    if (log_fd < 0)
        return false;
    bool done = launch(local, program, log_fd, &child.pid, err);
    close(log_fd);
    if (done)
        *out = child;
    return done;
}

/* --- what went wrong --- */

static char *read_log(const struct wv_local *local, off_t start)
{
    char *text = wv_xcalloc(1, LOG_SHOWN + 1);
    int fd = open(local->log, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    ssize_t got = fd >= 0 ? pread(fd, text, LOG_SHOWN, start) : 0;
    if (fd >= 0)
        close(fd);
    while (got > 0 && text[got - 1] == '\n')
        got--;
    text[got > 0 ? got : 0] = '\0';
    return text;
}

/* It closes its socket a moment before it has ended. */
static bool has_ended(pid_t pid)
{
    int64_t until = wv_clock_ms() + END_MS;
    while (waitpid(pid, NULL, WNOHANG) == 0) {
        if (wv_clock_ms() >= until)
            return false;
        poll(NULL, 0, LOOK_MS);
    }
    return true;
}

bool wv_local_explain(const struct wv_local *local, const struct wv_local_child *child,
                      struct wv_err *err)
{
    if (err->code != WV_NO_DAEMON || !has_ended(child->pid))
        return false;
    wv_err_set(err, WV_NO_DAEMON, "the private wovend for %s did not start", local->conf);
    err->detail = read_log(local, child->log_start);
    return wv_err_hint(err, "its log is %s", local->log);
}
