/* See child.h. Two things end the command when this program is killed: the kernel kills the command
 * itself (PR_SET_PDEATHSIG), and a guard, which only waits for our end of a pipe to close, kills
 * the group, in which the command may have started others. The guard has the connection to the
 * daemon too, and keeps it until the group is gone. */
#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "interrupt.h"

static const int forwarded[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP};

enum {
    FORWARDED = sizeof(forwarded) / sizeof(forwarded[0]),
    LOOK_MS = 50,     /* between two looks whether the group is gone */
    KILLED_MS = 1000, /* for what was killed to be gone: what is left then is nobody's to reap */
};

static bool failed(struct wv_err *err, const char *what)
{
    return wv_err_set(err, WV_IO_ERROR, "cannot %s: %s", what, strerror(errno));
}

static void close_if_open(int fd)
{
    if (fd >= 0)
        close(fd);
}

/* SIGTTOU would stop us when we take the terminal back or write to it from the background. */
static bool catch_signals(struct wv_child *child, struct wv_err *err)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    for (int i = 0; i < FORWARDED; i++)
        sigaddset(&set, forwarded[i]);
    /* Where it is ignored, which is inherited, children are not there to be waited for. */
    struct sigaction wanted = {.sa_handler = SIG_DFL};
    (void)sigaction(SIGCHLD, &wanted, NULL);
    wv_interrupt_hand_over();
    child->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    if (child->signals < 0)
        return failed(err, "watch for signals");
    sigaddset(&set, SIGTTOU);
    (void)sigprocmask(SIG_BLOCK, &set, NULL);
    return true;
}

/* Reads one number; false when the other end has gone. */
static bool read_int(int fd, int *value)
{
    ssize_t count;
    do
        count = read(fd, value, sizeof(*value));
    while (count < 0 && errno == EINTR);
    return count == (ssize_t)sizeof(*value);
}

static bool write_int(int fd, int value)
{
    return write(fd, &value, sizeof(value)) == (ssize_t)sizeof(value);
}

static enum wv_child_group look_at_group(pid_t group)
{
    if (kill(-group, 0) == 0)
        return WV_GROUP_OURS;
    return errno == EPERM ? WV_GROUP_FOREIGN : WV_GROUP_GONE;
}

/* Between two looks: what the daemon still says is read, so that it does not drop us for not
 * reading; what it says is of no use any more. */
static void nap(int *connection)
{
    char heard[1024];
    struct pollfd fd = {.fd = *connection, .events = POLLIN};
    if (poll(&fd, 1, LOOK_MS) == 1 && recv(*connection, heard, sizeof(heard), MSG_DONTWAIT) <= 0)
        *connection = -1;
}

static void end_group(pid_t group, int connection)
{
    int64_t until = wv_clock_ms() + KILLED_MS;
    enum wv_child_group left;
    do {
        (void)kill(-group, SIGKILL);
        nap(&connection);
        left = look_at_group(group);
    } while ((left == WV_GROUP_FOREIGN && connection >= 0) ||
             (left == WV_GROUP_OURS && wv_clock_ms() < until));
}

/* The guard's whole life: first the group, then a second number when all is well, or the end of the
 * pipe. A group of its own keeps it out of what is sent to ours. */
static void guard(int leash, int connection)
{
    sigset_t all;
    int group = 0;
    int dismissed = 0;
    sigfillset(&all);
    (void)sigprocmask(SIG_SETMASK, &all, NULL);
    (void)setpgid(0, 0);
    if (read_int(leash, &group) && !read_int(leash, &dismissed))
        end_group(group, connection);
    _exit(0);
}

static bool start_guard(struct wv_child *child, const struct wv_child_spec *spec,
                        struct wv_err *err)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return failed(err, "make a pipe");
    child->guard = fork();
    if (child->guard == 0) {
        const int others[] = {STDIN_FILENO, STDOUT_FILENO,  STDERR_FILENO, ends[1],
                              child->tty,   child->signals, spec->output};
        for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
            close_if_open(others[i]);
        guard(ends[0], spec->connection);
    }
    close(ends[0]);
    child->leash = ends[1];
    return child->guard > 0 || failed(err, "start a process");
}

static bool redirect(int output)
{
    int null = output >= 0 ? open("/dev/null", O_RDONLY | O_CLOEXEC) : -1;
    return output < 0 ||
           (null >= 0 && dup2(null, STDIN_FILENO) >= 0 && dup2(output, STDOUT_FILENO) >= 0);
}

/* Between fork and exec; returns only by ending. Tells an errno, a negative one for the folder. */
static void become(const struct wv_child_spec *spec, pid_t parent, int report)
{
    (void)setpgid(0, 0);
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(WV_EXIT_CANNOT_RUN);
    wv_interrupt_restore();
    if (spec->directory != NULL && chdir(spec->directory) != 0) {
        (void)write_int(report, -errno);
        _exit(WV_EXIT_CANNOT_RUN);
    }
    if (redirect(spec->output))
        (void)execvp(spec->argv[0], spec->argv);
    (void)write_int(report, errno);
    _exit(WV_EXIT_CANNOT_RUN);
}

static void cannot_run(const struct wv_child_spec *spec, int *fault, struct wv_err *err)
{
    if (*fault > 0) {
        wv_err_set(err, WV_COMMAND_FAILED, "cannot run %s: %s", spec->argv[0], strerror(*fault));
        return;
    }
    wv_err_set(err, WV_COMMAND_FAILED, "cannot enter %s: %s", spec->directory, strerror(-*fault));
    *fault = 0;
}

static bool start_command(struct wv_child *child, const struct wv_child_spec *spec, int *fault,
                          struct wv_err *err)
{
    int ends[2];
    pid_t parent = getpid();
    if (pipe2(ends, O_CLOEXEC) != 0)
        return failed(err, "make a pipe");
    child->pid = fork();
    if (child->pid == 0)
        become(spec, parent, ends[1]);
    close(ends[1]);
    if (child->pid < 0) {
        child->pid = 0;
        close(ends[0]);
        return failed(err, "start a process");
    }
    (void)setpgid(child->pid, child->pid); /* whoever of both comes first */
    bool guarded = write_int(child->leash, child->pid);
    bool refused = read_int(ends[0], fault);
    close(ends[0]);
    if (!refused && guarded)
        return true;
    if (refused)
        cannot_run(spec, fault, err);
    else
        (void)failed(err, "guard the command");
    (void)kill(-child->pid, SIGKILL);
    (void)waitpid(child->pid, NULL, 0);
    return false;
}

bool wv_child_start(struct wv_child *child, const struct wv_child_spec *spec, int *fault,
                    struct wv_err *err)
{
    *child = (struct wv_child){.signals = -1, .tty = -1, .leash = -1};
    *fault = 0;
    child->tty = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    if (catch_signals(child, err) && start_guard(child, spec, err) &&
        start_command(child, spec, fault, err))
        return true;
    wv_child_end(child);
    return false;
}

static bool has_terminal(const struct wv_child *child, pid_t group)
{
    return child->tty >= 0 && tcgetpgrp(child->tty) == group;
}

static void pass_terminal(const struct wv_child *child, pid_t from, pid_t to)
{
    if (has_terminal(child, from))
        (void)tcsetpgrp(child->tty, to);
}

/* A background group that reads from the terminal, or sets it up, is stopped for it. */
static bool give_terminal(const struct wv_child *child, int stopped_by)
{
    if ((stopped_by != SIGTTIN && stopped_by != SIGTTOU) || !has_terminal(child, getpgrp()))
        return false;
    (void)tcsetpgrp(child->tty, child->pid);
    wv_child_kill(child, SIGCONT);
    return true;
}

enum wv_child_state wv_child_look(struct wv_child *child, int *status)
{
    pid_t found = waitpid(child->pid, status, WNOHANG | WUNTRACED);
    if (found != child->pid)
        return WV_CHILD_RUNS;
    if (!WIFSTOPPED(*status))
        return WV_CHILD_ENDED;
    int number = WSTOPSIG(*status);
    bool by_terminal = number == SIGTSTP || number == SIGTTIN || number == SIGTTOU;
    if (child->tty < 0 || !by_terminal || give_terminal(child, number))
        return WV_CHILD_RUNS;
    return WV_CHILD_STOPPED;
}

int wv_child_forward(struct wv_child *child)
{
    struct signalfd_siginfo info;
    int ending = 0;
    while (read(child->signals, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
        int number = (int)info.ssi_signo;
        if (number == SIGCHLD)
            continue;
        wv_child_kill(child, number);
        ending = number != SIGTSTP ? number : ending;
    }
    return ending;
}

void wv_child_kill(const struct wv_child *child, int number)
{
    (void)kill(-child->pid, number);
}

enum wv_child_group wv_child_group(const struct wv_child *child)
{
    return look_at_group(child->pid);
}

/* By the terminal's own signal and not SIGSTOP: the kernel ignores it where there is no shell that
 * could make us go on. */
void wv_child_suspend(struct wv_child *child)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTSTP);
    child->had_terminal = has_terminal(child, child->pid);
    pass_terminal(child, child->pid, getpgrp());
    (void)kill(0, SIGTSTP);
    (void)sigprocmask(SIG_UNBLOCK, &set, NULL); /* here we stop */
    (void)sigprocmask(SIG_BLOCK, &set, NULL);
}

void wv_child_resume(struct wv_child *child)
{
    if (child->had_terminal)
        pass_terminal(child, getpgrp(), child->pid);
    wv_child_kill(child, SIGCONT);
}

void wv_child_end(struct wv_child *child)
{
    if (child->pid > 0)
        pass_terminal(child, child->pid, getpgrp());
    if (child->guard > 0) {
        (void)write_int(child->leash, 0);
        (void)waitpid(child->guard, NULL, 0);
    }
    close_if_open(child->leash);
    close_if_open(child->signals);
    close_if_open(child->tty);
    child->signals = child->tty = child->leash = -1;
    child->guard = 0;
}
