/* run-locked: a command of another tool while the daemon holds the project's lock. The daemon says
 * when it has the lock and, each second, that it has it still; here the command is started, watched
 * and, when the daemon does not say so any more, stopped. */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child.h"
#include "clock.h"
#include "display.h"
#include "follow.h"
#include "render.h"
#include "run.h"
#include "value.h"

enum {
    KILL_MS = 10000, /* between SIGTERM and SIGKILL */
    DEAD_MS = 1000,  /* for what was killed to be gone */
    LOOK_MS = 50,    /* whether a group that has lost its first process is gone */
    END_MS = 10000,  /* for the daemon to say how the job ended */
    LEFT_MS = 1000,  /* the same when the lock is lost, about which it has no more to say */
    LEASE_MS = 15000,
    BY_SIGNAL = 128, /* and its number: the exit status, as shells have it */
};

struct locked {
    struct wv_call *call;
    const char *program; /* without its path */
    int64_t request;     /* lock.hold */
    int64_t release;     /* lock.release; 0: not sent */
    int64_t job;
    struct wv_child child;
    int64_t lease_ms;
    int64_t trusted; /* when the daemon last vouched for the lock, wv_clock_ms() */
    bool cut_off;    /* there is nothing more to be read */
    bool suspended;
    bool exited; /* the command; the rest of its group may be there yet */
    int status;  /* as of waitpid(2), once it has exited */
    bool stopping;
    int64_t kill_by; /* stopping: when patience ends */
    bool killed;
    bool foreign;       /* some of it runs as another user, where no signal of ours reaches it */
    struct wv_err lost; /* how the lock was lost; code WV_OK: it was not */
    bool over;          /* the job has ended, before the command or after it */
    json_t *result;     /* J; NULL: the daemon did not say */
};

static void say(const struct locked *locked, const char *format, ...) WV_PRINTF(2, 3);

static void say(const struct locked *locked, const char *format, ...)
{
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    va_list args;
    va_start(args, format);
    char *line WV_AUTOFREE = wv_xvasprintf(format, args);
    va_end(args);
    if (locked->call->quiet || locked->call->json)
        return;
    wv_display_add_line(&text, line);
    wv_strbuf_addc(&text, '\n');
    wv_write_err(&text);
}

/* A command that is stopped itself would not hear of it. */
static void stop(struct locked *locked, const char *why)
{
    if (locked->stopping || locked->exited)
        return;
    locked->stopping = true;
    locked->kill_by = wv_clock_ms() + KILL_MS;
    say(locked, "%s: stopping %s (SIGTERM)", why, locked->program);
    wv_child_kill(&locked->child, SIGTERM);
    wv_child_kill(&locked->child, SIGCONT);
}

static void lose(struct locked *locked)
{
    stop(locked, locked->lost.message);
}

static void take_event(struct locked *locked, const json_t *params)
{
    const char *event = wv_value_text(params, "event");
    if (event == NULL || wv_value_int(params, "job") != locked->job)
        return;
    if (strcmp(event, "beat") == 0) {
        locked->trusted = wv_clock_ms();
    } else if (strcmp(event, "cancelling") == 0) {
        stop(locked, "the job is cancelled");
    } else if (strcmp(event, "lost") == 0) {
        const char *text = wv_value_text(params, "text");
        wv_err_set(&locked->lost, WV_CONNECTION_LOST, "%s",
                   text != NULL ? text : "the lock was lost");
        lose(locked);
    }
}

/* The job's end comes after the release, or in its place: then the lock is not ours any more. */
static void take_end(struct locked *locked, struct wv_proto_message *message)
{
    locked->over = true;
    locked->result = WV_STEAL(message->result);
    if (locked->lost.code != WV_OK || locked->exited)
        return;
    if (message->kind == WV_PROTO_ERROR)
        wv_err_move(&locked->lost, &message->error);
    else
        wv_err_set(&locked->lost, WV_CONNECTION_LOST, "the daemon has given the lock up");
    lose(locked);
}

static void cut_off(struct locked *locked, struct wv_err *err)
{
    locked->cut_off = true;
    if (locked->lost.code != WV_OK || locked->exited)
        return;
    wv_err_prefix(err, "the lock is lost");
    wv_err_move(&locked->lost, err);
    lose(locked);
}

static void take_messages(struct locked *locked)
{
    struct wv_link *link = &locked->call->link;
    struct wv_proto_message message = {0};
    struct wv_err err WV_AUTOERR = {0};
    enum wv_link_status status;
    while ((status = wv_link_next(link, &message, &err)) == WV_LINK_MESSAGE) {
        if (message.kind == WV_PROTO_NOTIFICATION)
            take_event(locked, message.params);
        else if (wv_link_answers(&message, locked->request))
            take_end(locked, &message);
        else if (message.kind == WV_PROTO_ERROR && wv_link_answers(&message, locked->release))
            locked->over = true; /* and what became of the job is not to be learnt */
        wv_proto_message_clear(&message);
    }
    if (status == WV_LINK_FAILED)
        cut_off(locked, &err);
}

/* Reads what is there. */
static void read_link(struct locked *locked)
{
    struct pollfd fd = {.fd = locked->call->link.fd, .events = POLLIN};
    struct wv_err err WV_AUTOERR = {0};
    while (!locked->cut_off && poll(&fd, 1, 0) == 1) {
        if (wv_link_fill(&locked->call->link, wv_clock_ms(), &err) == WV_LINK_FAILED)
            cut_off(locked, &err);
        take_messages(locked);
    }
}

static void check_lease(struct locked *locked, int64_t now)
{
    if (locked->lost.code != WV_OK || locked->exited || now - locked->trusted < locked->lease_ms)
        return;
    wv_err_set(&locked->lost, WV_CONNECTION_LOST,
               "the lock cannot be trusted any more: wovend has said nothing for %lld s",
               (long long)(locked->lease_ms / 1000));
    lose(locked);
}

static void check_patience(struct locked *locked, int64_t now)
{
    if (!locked->stopping || locked->killed || now < locked->kill_by)
        return;
    locked->killed = true;
    if (wv_child_group(&locked->child) == WV_GROUP_OURS)
        say(locked, "%s has not ended within %d s: killed (SIGKILL)", locked->program,
            KILL_MS / 1000);
    wv_child_kill(&locked->child, SIGKILL);
}

/* What our signals do not reach can only be watched. */
static void check_reach(struct locked *locked)
{
    if (!locked->stopping || locked->foreign || wv_child_group(&locked->child) != WV_GROUP_FOREIGN)
        return;
    locked->foreign = true;
    say(locked, "%s cannot be stopped: it runs as another user; waiting for its end",
        locked->program);
}

/* What was started in our place goes on when we do. By then the lock may have gone. */
static void suspend(struct locked *locked)
{
    wv_child_suspend(&locked->child);
    locked->trusted = wv_clock_ms();
    locked->suspended = true;
}

static void look_at_child(struct locked *locked)
{
    if (locked->exited)
        return;
    switch (wv_child_look(&locked->child, &locked->status)) {
    case WV_CHILD_RUNS:
        break;
    case WV_CHILD_STOPPED:
        suspend(locked);
        break;
    case WV_CHILD_ENDED:
        locked->exited = true;
        break;
    }
}

/* Ended by itself, the command is over with its first process; stopped, with all of them. */
static bool is_over(const struct locked *locked, int64_t now)
{
    if (!locked->exited)
        return false;
    if (!locked->stopping)
        return true;
    switch (wv_child_group(&locked->child)) {
    case WV_GROUP_OURS:
        return locked->killed && now >= locked->kill_by + DEAD_MS;
    case WV_GROUP_FOREIGN:
        return false;
    default:
        return true;
    }
}

static int64_t next_due(const struct locked *locked, int64_t now)
{
    int64_t due = WV_NEVER;
    if (!locked->exited && locked->lost.code == WV_OK)
        due = locked->trusted + locked->lease_ms;
    if (locked->stopping && !locked->killed)
        due = wv_clock_earlier(due, locked->kill_by);
    if (locked->exited)
        due = wv_clock_earlier(due, now + LOOK_MS);
    return due;
}

static void wait_for_more(const struct locked *locked, int64_t until)
{
    struct pollfd fds[] = {
        {.fd = locked->child.signals, .events = POLLIN},
        {.fd = locked->cut_off ? -1 : locked->call->link.fd, .events = POLLIN},
    };
    (void)poll(fds, 2, wv_clock_left(until));
}

/* From the start of the command to its end. */
static void watch(struct locked *locked)
{
    take_messages(locked); /* that came with the one that had us begin */
    for (;;) {
        read_link(locked);
        if (locked->suspended && !locked->stopping)
            wv_child_resume(&locked->child);
        locked->suspended = false;
        (void)wv_child_forward(&locked->child);
        look_at_child(locked);
        if (locked->suspended)
            continue;
        int64_t now = wv_clock_ms();
        check_lease(locked, now);
        check_patience(locked, now);
        check_reach(locked);
        if (is_over(locked, now))
            return;
        wait_for_more(locked, next_due(locked, now));
    }
}

/* Takes `params` over: tells how the command ended, and waits for what the daemon makes of it. */
static void release(struct locked *locked, json_t *params)
{
    struct wv_err err WV_AUTOERR = {0};
    int64_t until = wv_clock_ms() + (locked->lost.code != WV_OK ? LEFT_MS : END_MS);
    json_object_set_new(params, "job", json_integer(locked->job));
    if (locked->cut_off || locked->over) {
        json_decref(params);
        return;
    }
    if (!wv_link_send(&locked->call->link, "lock.release", params, until, &locked->release, &err))
        locked->cut_off = true;
    while (!locked->cut_off && !locked->over && wv_clock_ms() < until) {
        wait_for_more(locked, until);
        read_link(locked);
    }
}

static json_t *end_of(const struct locked *locked)
{
    if (WIFSIGNALED(locked->status))
        return json_pack("{s:i}", "signal", WTERMSIG(locked->status));
    return json_pack("{s:i}", "exit_status", WEXITSTATUS(locked->status));
}

static int status_of(const struct locked *locked)
{
    if (WIFSIGNALED(locked->status))
        return BY_SIGNAL + WTERMSIG(locked->status);
    return WEXITSTATUS(locked->status);
}

/* The lock may have been lost while the command was ending: the daemon knows. */
static void take_loss(struct locked *locked)
{
    struct wv_err err WV_AUTOERR = {0};
    const json_t *error = wv_value_object(locked->result, "error");
    if (error == NULL)
        return;
    wv_proto_err_from(error, &err);
    if (err.code == WV_CONNECTION_LOST)
        wv_err_move(&locked->lost, &err);
}

static void tell_end(const struct locked *locked)
{
    struct wv_strbuf time WV_AUTOSTRBUF = WV_STRBUF_INIT;
    const json_t *command = wv_value_object(locked->result, "command");
    if (command == NULL) {
        say(locked, "wovend was not told how %s ended: it has gone", locked->program);
        return;
    }
    wv_display_duration(&time, (int64_t)(wv_value_real(command, "held_seconds") * 1000 + 0.5));
    if (WIFSIGNALED(locked->status))
        say(locked, "%s was ended by signal %d (%s); the lock was held for %s", locked->program,
            WTERMSIG(locked->status), strsignal(WTERMSIG(locked->status)), wv_strbuf_text(&time));
    else
        say(locked, "%s ended with exit status %d; the lock was held for %s", locked->program,
            WEXITSTATUS(locked->status), wv_strbuf_text(&time));
}

static int finish(struct locked *locked)
{
    struct wv_call *call = locked->call;
    struct wv_strbuf nothing WV_AUTOSTRBUF = WV_STRBUF_INIT;
    take_loss(locked);
    bool lost = locked->lost.code != WV_OK;
    if (lost && locked->foreign)
        wv_err_hint(&locked->lost,
                    "some of %s ran as another user and could not be stopped: it went on without"
                    " the lock until it ended",
                    locked->program);
    int status = lost ? WV_EXIT_LOCK_LOST : status_of(locked);
    if (call->json && locked->result != NULL)
        return wv_call_finish(call, locked->result, &nothing, status);
    if (lost)
        (void)wv_call_fail(call, &locked->lost);
    else
        tell_end(locked);
    return status;
}

/* The command could not be started: the lock goes back at once. */
static int give_back(struct locked *locked, const struct wv_err *err, int fault)
{
    release(locked, json_pack("{s:s}", "fault", fault != 0 ? strerror(fault) : err->message));
    int status = wv_call_fail(locked->call, err);
    if (fault == 0)
        return status;
    return fault == ENOENT ? WV_EXIT_NOT_FOUND : WV_EXIT_CANNOT_RUN;
}

static int run_command(struct locked *locked)
{
    const struct wv_strlist *words = &locked->call->args->words;
    struct wv_err err WV_AUTOERR = {0};
    int fault;
    char **argv WV_AUTOFREE = wv_xcalloc(words->count + 1, sizeof(*argv));
    for (size_t i = 0; i < words->count; i++)
        argv[i] = words->items[i];
    struct wv_child_spec spec = {.argv = argv, .connection = locked->call->link.fd, .output = -1};
    if (!wv_child_start(&locked->child, &spec, &fault, &err))
        return give_back(locked, &err, fault);
    watch(locked);
    release(locked, end_of(locked));
    wv_child_end(&locked->child);
    return finish(locked);
}

static const char *name_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL && slash[1] != '\0' ? slash + 1 : path;
}

static json_t *hold_params(const struct wv_call *call, const char *program)
{
    json_t *params = json_object();
    json_object_set_new(params, "program", wv_proto_text(program));
    wv_call_set_value(call, params, "tag", WV_OPT_TAG);
    wv_call_set_waits(call, params);
    return params;
}

/* Until the daemon has the lock; true: the command may be run. */
static bool get_lock(struct locked *locked, struct wv_follow *follow, struct wv_err *err)
{
    json_t *result = NULL;
    json_t *params = hold_params(locked->call, locked->program);
    enum wv_follow_end end = wv_follow_run(follow, "lock.hold", params, &result, err);
    if (end == WV_FOLLOW_RESULT) {
        const json_t *error = wv_value_object(result, "error");
        if (error != NULL)
            wv_proto_err_from(error, err);
        else
            wv_err_set(err, WV_INTERNAL, "the job ended before it had the lock");
        json_decref(result);
    }
    if (end != WV_FOLLOW_REACHED)
        return false;
    /* Somebody wants it stopped already. That this client goes is enough for the daemon. */
    if (follow->progress.cancelling || wv_follow_interrupted(follow))
        return wv_err_set(err, WV_CANCELLED, "stopped before %s was started", locked->program);
    int64_t lease_ms = wv_value_int(follow->reached, "lease_ms");
    locked->job = wv_value_int(follow->reached, "job");
    locked->request = follow->request;
    locked->lease_ms = lease_ms > 0 ? lease_ms : LEASE_MS;
    locked->trusted = wv_clock_ms();
    return true;
}

int wv_run_locked(struct wv_call *call)
{
    struct wv_err err WV_AUTOERR = {0};
    struct locked locked = {.call = call, .program = name_of(call->args->words.items[0])};
    struct wv_follow follow;
    if (!wv_call_open(call, &err))
        return wv_call_fail(call, &err);
    wv_follow_init(&follow, call, false);
    follow.bound = true;
    follow.until = "held";
    bool held = get_lock(&locked, &follow, &err);
    wv_follow_free(&follow);
    if (!held) {
        wv_call_explain(call, "lock.hold", &err);
        return wv_call_fail(call, &err);
    }
    int status = run_command(&locked);
    json_decref(locked.result);
    wv_err_clear(&locked.lost);
    return status;
}
