/* See models_command.h. No connection is held meanwhile: the command may take longer than the
 * daemon keeps a silent client. */
#include "models_command.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child.h"
#include "clock.h"
#include "display.h"
#include "memory_text.h"
#include "usock.h"
#include "value.h"

static const char name[] = "models_command";

struct printer {
    struct wv_call *call;
    const char *program;
    const char *folder;
    struct wv_child child;
    int output; /* our end of the pipe; -1: it has closed its */
    int text;
    int stopped_by; /* the signal that came for us; 0: none */
    bool killed;
    bool left;  /* running */
    int status; /* as of waitpid(2) */
};

/* Whoever owns the socket chooses what is run here: as root, only root may, and else one's own. */
static bool trust_daemon(const struct wv_call *call, struct wv_err *err)
{
    struct wv_peer peer = {0};
    if (!wv_usock_peer(call->link.fd, &peer, err))
        return false;
    uid_t uid = peer.uid;
    wv_peer_clear(&peer);
    if (uid == 0 || uid == geteuid())
        return true;
    wv_err_set(err, WV_ACCESS_DENIED,
               "%s is not run: the socket is uid %lu's, who would choose a program for you to run",
               name, (unsigned long)uid);
    return wv_err_hint(err, "it has to be root's (wovend.socket of systemd) or your own: without a "
                            "socket, in the project's folder, a private wovend is started");
}

static void say_command(const struct wv_call *call, char *const argv[])
{
    struct wv_strbuf line WV_AUTOSTRBUF = WV_STRBUF_INIT;
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    if (call->quiet || call->json)
        return;
    wv_strbuf_addf(&line, "running %s:", name);
    for (size_t i = 0; argv[i] != NULL; i++)
        wv_strbuf_addf(&line, " %s", argv[i]);
    wv_display_add_line(&text, wv_strbuf_text(&line));
    wv_strbuf_addc(&text, '\n');
    wv_write_err(&text);
}

static void stop(struct printer *printer)
{
    printer->killed = true;
    wv_child_kill(&printer->child, SIGKILL);
}

/* The first time it may end as it likes. */
static void pass_signals(struct printer *printer)
{
    int number = wv_child_forward(&printer->child);
    if (number == 0)
        return;
    if (printer->stopped_by != 0)
        stop(printer);
    printer->stopped_by = number;
}

static bool read_output(struct printer *printer, struct wv_err *err)
{
    bool more = true;
    if (printer->output < 0 || printer->killed)
        return true;
    if (!wv_memory_text_copy(printer->text, printer->output, "what it printed", &more, err))
        return false;
    if (!more) {
        close(printer->output);
        printer->output = -1;
    }
    return true;
}

static bool check_time(const struct printer *printer, struct wv_err *err)
{
    if (wv_clock_ms() < printer->call->deadline)
        return true;
    struct wv_strbuf time WV_AUTOSTRBUF = WV_STRBUF_INIT;
    wv_display_duration(&time, printer->call->args->timeout_ms);
    return wv_err_set(err, WV_TIMED_OUT, "%s has not ended within %s (--timeout)", printer->program,
                      wv_strbuf_text(&time));
}

static void wait_for_more(const struct printer *printer)
{
    struct pollfd fds[] = {{.fd = printer->child.signals, .events = POLLIN},
                           {.fd = printer->killed ? -1 : printer->output, .events = POLLIN}};
    (void)poll(fds, 2, printer->killed ? -1 : wv_clock_left(printer->call->deadline));
}

/* It runs as another user (a setuid program), where no signal of ours reaches it. */
static bool cannot_be_killed(const struct printer *printer)
{
    return printer->killed && wv_child_group(&printer->child) == WV_GROUP_FOREIGN;
}

/* To its end, which comes also when `err` is set on the way; what cannot be killed is left. */
static bool watch(struct printer *printer, struct wv_err *err)
{
    bool good = true;
    for (;;) {
        pass_signals(printer);
        if (good && !printer->killed) {
            good = read_output(printer, err) && check_time(printer, err);
            if (!good)
                stop(printer);
        }
        enum wv_child_state state = wv_child_look(&printer->child, &printer->status);
        if (state == WV_CHILD_ENDED)
            return good;
        printer->left = cannot_be_killed(printer);
        if (printer->left)
            return good;
        if (state == WV_CHILD_STOPPED) {
            wv_child_suspend(&printer->child);
            wv_child_resume(&printer->child);
        } else {
            wait_for_more(printer);
        }
    }
}

static bool judge_end(const struct printer *printer, struct wv_err *err)
{
    int number = WIFSIGNALED(printer->status) ? WTERMSIG(printer->status) : 0;
    if (printer->stopped_by != 0 || number == SIGINT)
        return wv_err_set(err, WV_CANCELLED, "%s was stopped, nothing else was begun",
                          printer->program);
    if (number != 0)
        wv_err_set(err, WV_COMMAND_FAILED, "%s was ended by signal %d (%s)", printer->program,
                   number, strsignal(number));
    else if (WEXITSTATUS(printer->status) != 0)
        wv_err_set(err, WV_COMMAND_FAILED, "%s failed with exit status %d", printer->program,
                   WEXITSTATUS(printer->status));
    else
        return true;
    return wv_err_hint(err, "it is run in %s, as you", printer->folder);
}

/* Who stopped us means this program too, and is to see that it ended by the signal. */
static void die_of(int number)
{
    struct sigaction action = {.sa_handler = SIG_DFL};
    (void)sigaction(number, &action, NULL);
    (void)raise(number);
}

/* Starts it with our end of the pipe in `printer`. */
static bool start(struct printer *printer, char *const argv[], struct wv_err *err)
{
    int ends[2];
    int fault;
    if (pipe2(ends, O_CLOEXEC) != 0 || fcntl(ends[0], F_SETFL, O_NONBLOCK) != 0)
        return wv_err_set(err, WV_IO_ERROR, "cannot make a pipe: %s", strerror(errno));
    struct wv_child_spec spec = {
        .argv = argv, .connection = -1, .directory = printer->folder, .output = ends[1]};
    printer->output = ends[0];
    bool started = wv_child_start(&printer->child, &spec, &fault, err);
    close(ends[1]);
    if (!started && err->code == WV_COMMAND_FAILED && fault == 0)
        wv_err_hint(err, "the folder is the one of wovend's settings; it has to be here too, and "
                         "open to you");
    else if (!started && fault == ENOENT)
        wv_err_hint(err, "a name without a slash is looked for in your PATH, a path begins at %s",
                    printer->folder);
    return started;
}

static bool run(struct printer *printer, char *const argv[], struct wv_err *err)
{
    sigset_t mask;
    (void)sigprocmask(SIG_SETMASK, NULL, &mask);
    bool done = start(printer, argv, err);
    if (done) {
        done = watch(printer, err);
        wv_child_kill(&printer->child, SIGKILL);
        done = done && judge_end(printer, err) && read_output(printer, err);
        wv_child_end(&printer->child);
    }
    if (printer->left)
        wv_err_hint(err, "it runs as another user, where it cannot be stopped, and goes on");
    if (printer->output >= 0)
        close(printer->output);
    (void)sigprocmask(SIG_SETMASK, &mask, NULL);
    if (printer->stopped_by != 0 && printer->stopped_by != SIGINT)
        die_of(printer->stopped_by);
    return done && wv_memory_text_seal(printer->text, err);
}

/* False: something among them is no word. */
static bool take_words(char **argv, const json_t *words)
{
    size_t index;
    const json_t *word;
    json_array_foreach(words, index, word)
    {
        argv[index] = (char *)json_string_value(word);
        if (argv[index] == NULL)
            return false;
    }
    return true;
}

static bool print(struct wv_call *call, const json_t *words, const char *folder, int *text,
                  struct wv_err *err)
{
    char **argv WV_AUTOFREE = wv_xcalloc(json_array_size(words) + 1, sizeof(*argv));
    if (!take_words(argv, words) || folder == NULL)
        return wv_err_set(err, WV_INTERNAL, "wovend answered no usable command");
    struct printer printer = {
        .call = call, .program = argv[0], .folder = folder, .text = wv_memory_text_new(err)};
    if (printer.text < 0)
        return false;
    say_command(call, argv);
    if (run(&printer, argv, err)) {
        *text = printer.text;
        return true;
    }
    close(printer.text);
    return wv_err_prefix(err, "%s", name);
}

bool wv_models_command(struct wv_call *call, int *text, struct wv_err *err)
{
    json_t *result = NULL;
    bool done = wv_call_do_method(call, "migrate.models", NULL, &result, err);
    const json_t *words = wv_value_array(result, "command");
    *text = -1;
    if (done && json_array_size(words) > 0)
        done = trust_daemon(call, err);
    wv_link_close(&call->link);
    if (done && json_array_size(words) > 0)
        done = print(call, words, wv_value_text(result, "folder"), text, err);
    json_decref(result);
    return done;
}
