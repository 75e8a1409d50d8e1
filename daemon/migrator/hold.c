/* See hold.h. The times fit together: a server frees the lock of a session that is cut off after
 * five seconds at the earliest, which this side notices as soon (session.c); a daemon that hangs is
 * put out after 40 at the earliest (ledger_turn.h), by when its client has stopped the command. */
#include "hold.h"

#include "ledger_command.h"
#include "log.h"
#include "turn.h"

enum {
    BEAT_MS = 1000,   /* between two questions to the session that has the lock */
    ASK_MS = 10000,   /* for the answer */
    LEASE_MS = 15000, /* how long a client trusts one answer */
    END_MS = 30000,   /* for the client to end its command */
    RECORD_MS = 5000,
};

struct hold {
    struct wv_story *story;
    const struct wv_orders *orders;
    int64_t end_by; /* when the client must have ended the command; WV_NEVER: not asked to */
};

/* Takes in what was said meanwhile, and goes on with the question. */
static bool listen_only(void *arg)
{
    const struct hold *hold = arg;
    const struct wv_pg_wait *wait = hold->story->run->wait;
    (void)wait->interrupted(wait->arg);
    return false;
}

static bool has_orders(const struct hold *hold)
{
    return hold->orders->released || (hold->orders->cancelled && hold->end_by == WV_NEVER);
}

static bool is_ordered(void *arg)
{
    listen_only(arg);
    return has_orders(arg);
}

static struct wv_pg_wait wait_of(struct hold *hold, bool (*interrupted)(void *arg),
                                 int64_t deadline)
{
    struct wv_pg_wait wait = *hold->story->run->wait;
    wait.interrupted = interrupted;
    wait.arg = hold;
    wait.deadline = deadline;
    return wait;
}

static bool check_lock(struct hold *hold, struct wv_err *err)
{
    const struct wv_link *link = hold->story->run->link;
    struct wv_pg_wait wait = wait_of(hold, listen_only, wv_clock_ms() + ASK_MS);
    bool held = false;
    if (!wv_advisory_held(link->pg, link->lock_key, &held, &wait, err))
        return false;
    return held || wv_err_set(err, WV_NOT_LEADER, "the session does not have it any more");
}

/* Until the command has ended or must have, and whether the lock was held to that end. False: the
 * lock is lost. */
static bool keep(struct hold *hold, struct wv_err *err)
{
    struct wv_link *link = hold->story->run->link;
    int64_t beat = wv_clock_ms() + BEAT_MS;
    while (!hold->orders->released && wv_clock_ms() < hold->end_by) {
        if (has_orders(hold))
            hold->end_by = wv_clock_ms() + END_MS;
        struct wv_pg_wait nap =
            wait_of(hold, is_ordered, beat < hold->end_by ? beat : hold->end_by);
        enum wv_pg_idle end = wv_pg_idle(link->pg, &nap, err);
        if (end == WV_PG_IDLE_LOST)
            return false;
        if (end == WV_PG_IDLE_NOTIFIED)
            wv_turn_hear(link);
        if (end != WV_PG_IDLE_DEADLINE || wv_clock_ms() < beat)
            continue;
        if (!check_lock(hold, err))
            return false;
        wv_report_beat(&hold->story->run->report);
        beat = wv_clock_ms() + BEAT_MS;
    }
    return check_lock(hold, err);
}

/* The client hears of it first. Then this daemon leaves the lock alone until the command has ended:
 * another one may have it already, and does not know of the command either. */
static void lose(struct hold *hold, struct wv_err *why)
{
    const struct wv_run *run = hold->story->run;
    wv_err_prefix(why, "the lock was lost");
    wv_report_lost(&run->report, why);
    wv_log_err(WV_LOG_WARNING, "hold", why);
    struct wv_err copy = {0};
    wv_err_copy(&copy, why);
    wv_link_lost(run->link, &copy);
    if (hold->end_by == WV_NEVER)
        hold->end_by = wv_clock_ms() + END_MS;
    struct wv_err ignored WV_AUTOERR = {0};
    struct wv_pg_wait nap = wait_of(hold, is_ordered, hold->end_by);
    while (!hold->orders->released && wv_clock_ms() < hold->end_by)
        (void)wv_pg_idle(NULL, &nap, &ignored);
}

static bool is_done(const struct wv_held *held)
{
    return held->released && wv_release_is_success(&held->release);
}

/* What to say of the command: what its client said, or that it said nothing. */
static char *text_of(const struct wv_held *held, const char *program)
{
    if (held->released)
        return wv_release_text(&held->release, program);
    return wv_xasprintf("the client did not say within %d s that %s has ended", END_MS / 1000,
                        program);
}

static bool judge(const struct hold *hold, const struct wv_err *lost, struct wv_err *err)
{
    const struct wv_held *held = &hold->story->result->held;
    char *text WV_AUTOFREE = text_of(held, hold->story->job->program);
    if (lost->code != WV_OK) {
        wv_err_set(err, WV_CONNECTION_LOST, "%s; %s", lost->message, text);
        return wv_err_hint(err, "look at what the command left behind before it is run again");
    }
    if (is_done(held))
        return true;
    bool stopped = hold->orders->cancelled && held->released && !held->release.gone &&
                   held->release.fault == NULL;
    return wv_err_set(err, stopped ? WV_CANCELLED : WV_COMMAND_FAILED, "%s", text);
}

static bool record(const struct wv_link *link, const struct wv_job *job,
                   const struct wv_ledger_job *ledger_job, const struct wv_job_result *result,
                   const struct wv_err *error)
{
    char *text WV_AUTOFREE = text_of(&result->held, job->program);
    struct wv_ledger_command command = {
        .program = job->program,
        .outcome = error->code == WV_OK          ? "done"
                   : error->code == WV_CANCELLED ? "cancelled"
                                                 : "failed",
        .text = error->code == WV_OK ? text : error->message,
        .took_us = result->held.took_us,
    };
    struct wv_pg_wait wait = wv_pg_wait_ms(RECORD_MS);
    struct wv_err err WV_AUTOERR = {0};
    if (wv_ledger_record_command(link->ledger, link->pg, ledger_job, &command, &wait, &err))
        return true;
    wv_log_err(WV_LOG_WARNING, "hold", &err);
    return false;
}

bool wv_hold_run(struct wv_story *story, struct wv_err *err)
{
    const struct wv_run *run = story->run;
    struct hold hold = {.story = story, .orders = run->orders, .end_by = WV_NEVER};
    struct wv_held *held = &story->result->held;
    struct wv_err lost WV_AUTOERR = {0};
    int64_t began_us = wv_clock_us();
    wv_report_held(&run->report, LEASE_MS);
    if (!keep(&hold, &lost)) {
        held->took_us = wv_clock_us() - began_us;
        lose(&hold, &lost);
    } else {
        held->took_us = wv_clock_us() - began_us;
    }
    held->held = true;
    held->released = hold.orders->released;
    wv_release_copy(&held->release, &hold.orders->release);
    bool done = judge(&hold, &lost, err);
    /* What a lost session could not take is written when there is another one. */
    if (lost.code == WV_OK)
        (void)record(run->link, story->job, &story->ledger_job, story->result, err);
    return done;
}

bool wv_hold_record_late(const struct wv_run *run, const struct wv_job *job,
                         const struct wv_ledger_job *ledger_job, const struct wv_job_result *result)
{
    return record(run->link, job, ledger_job, result, &result->error);
}
