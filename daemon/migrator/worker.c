/* See worker.h. */
#include "worker.h"

#include <string.h>

#include "log.h"
#include "run.h"
#include "turn.h"

enum {
    REGAIN_MS = 15000,
    MOST_LOSSES = 3, /* of sessions, before a job begins */
    REFRESH_MS = 5000,
    REST_LOW_MS = 10000, /* after a step-down */
    REST_HIGH_MS = 20000,
};

struct worker {
    struct wv_mailbox *inbox;
    struct wv_mailbox *outbox;
    struct wv_mailbox *watcher;
    int64_t server; /* that the watcher was told of */
    struct wv_link link;
    struct wv_edited edited;
    struct wv_report report; /* of the running job; job_id 0: none */
    struct wv_orders orders; /* for the running job */
    bool stopping;
};

static void emit(void *arg, struct wv_message *message)
{
    struct worker *worker = arg;
    wv_mailbox_deliver(worker->outbox, message);
}

/* The watcher is not to look at another server than the one that is worked on, and not at a private
 * one that does not run. */
static void tell_server(struct worker *worker)
{
    const struct wv_pg *pg = worker->link.pg;
    bool private = worker->link.settings->embedded != NULL;
    int64_t server = pg != NULL ? wv_pg_facts(pg)->server : 0;
    if (server == worker->server && (server != 0 || !private))
        return;
    struct wv_message *message = wv_message_new(WV_MSG_SERVER);
    worker->server = message->server.id = server;
    if (private && server == 0)
        wv_err_copy(&message->server.error, &worker->link.error);
    wv_mailbox_put(worker->watcher, message);
}

static void tell_role(void *arg, const struct wv_link *link)
{
    struct worker *worker = arg;
    struct wv_message *message = wv_message_new(WV_MSG_ROLE);
    if (link->pg == NULL) /* it may be another database next time */
        wv_edited_clear(&worker->edited);
    message->role.role = link->role;
    wv_leader_copy(&message->role.leader, &link->leader);
    message->role.backend_pid = link->pg != NULL ? wv_pg_facts(link->pg)->backend_pid : 0;
    if (link->due != WV_NEVER && link->due > wv_clock_ms())
        message->role.retry_ms = link->due - wv_clock_ms();
    wv_err_copy(&message->role.error, &link->error);
    tell_server(worker);
    emit(worker, message);
}

static void take_notice(void *arg, const char *severity, const char *text)
{
    struct worker *worker = arg;
    if (worker->report.job_id == 0 || strcmp(severity, "DEBUG") == 0) {
        wv_log(WV_LOG_DEBUG, "server", "%s: %s", severity, text);
        return;
    }
    char *line WV_AUTOFREE = wv_xasprintf("%s: %s", severity, text);
    wv_report_notice(&worker->report, line);
}

/* A job ends without having run. `err` is moved. */
static void refuse(struct worker *worker, uint64_t job_id, enum wv_outcome outcome,
                   struct wv_err *err)
{
    struct wv_message *message = wv_message_new(WV_MSG_JOB_RESULT);
    message->result.job_id = job_id;
    message->result.outcome = outcome;
    wv_err_move(&message->result.error, err);
    emit(worker, message);
}

/* A cancel is for the running job, for one that waits in the inbox, or comes too late. */
static void take_cancel(struct worker *worker, uint64_t job_id)
{
    if (job_id == worker->report.job_id) {
        if (!worker->orders.cancelled)
            wv_report_cancelling(&worker->report);
        worker->orders.cancelled = true;
        return;
    }
    struct wv_message *queued = wv_mailbox_take_job(worker->inbox, job_id);
    if (queued == NULL)
        return;
    struct wv_err err = {0};
    wv_err_set(&err, WV_CANCELLED, "cancelled before it began");
    refuse(worker, job_id, WV_OUTCOME_CANCELLED, &err);
    wv_message_free(queued);
}

/* Of a job that holds the lock, or that was to hold it and has lost its client. */
static void take_release(struct worker *worker, struct wv_message *message)
{
    const struct wv_release *release = &message->release;
    if (release->job_id == worker->report.job_id) {
        worker->orders.cancelled = worker->orders.cancelled || release->gone;
        if (!worker->orders.released)
            wv_release_copy(&worker->orders.release, release);
        worker->orders.released = true;
        return;
    }
    struct wv_message *queued = wv_mailbox_take_job(worker->inbox, release->job_id);
    if (queued == NULL)
        return;
    struct wv_err err = {0};
    wv_err_set(&err, WV_CANCELLED, "its client went away before it began");
    refuse(worker, release->job_id, WV_OUTCOME_CANCELLED, &err);
    wv_message_free(queued);
}

static void forget_orders(struct worker *worker)
{
    wv_release_clear(&worker->orders.release);
    worker->orders = (struct wv_orders){0};
}

static void take_orders(struct worker *worker)
{
    struct wv_message *message;
    while ((message = wv_mailbox_take_kind(worker->inbox, WV_MSG_RELEASE)) != NULL) {
        take_release(worker, message);
        wv_message_free(message);
    }
    while ((message = wv_mailbox_take_kind(worker->inbox, WV_MSG_CANCEL)) != NULL) {
        take_cancel(worker, message->job_id);
        wv_message_free(message);
    }
}

/* During a job: only its own cancel stops it. */
static bool job_interrupted(void *arg)
{
    struct worker *worker = arg;
    take_orders(worker);
    return worker->orders.cancelled;
}

/* While connecting with nothing to do: a stop or new settings must not wait for a dead host. */
static bool upkeep_interrupted(void *arg)
{
    struct worker *worker = arg;
    take_orders(worker);
    return wv_mailbox_has_kind(worker->inbox, WV_MSG_STOP) ||
           wv_mailbox_has_kind(worker->inbox, WV_MSG_SETTINGS);
}

static bool inbox_has_something(void *arg)
{
    struct worker *worker = arg;
    return wv_mailbox_count(worker->inbox) > 0;
}

static struct wv_pg_wait wait_with(struct worker *worker, bool (*interrupted)(void *arg),
                                   int64_t deadline)
{
    return (struct wv_pg_wait){.wake_fd = wv_mailbox_fd(worker->inbox),
                               .interrupted = interrupted,
                               .arg = worker,
                               .deadline = deadline};
}

static bool is_connected(const struct wv_link *link)
{
    return link->role == WV_ROLE_LEADER || link->role == WV_ROLE_STANDBY;
}

static bool waits_are_worth_it(const struct wv_link *link, const struct wv_job *job)
{
    return link->role == WV_ROLE_UNREACHABLE && wv_clock_ms() < job->wait_until;
}

/* A job wants the truth of now: a connection that has died is found out, one that is missing is
 * tried at once whatever the pause says. The lead is asked for only when there is something to do.
 */
static bool get_ready(struct worker *worker, const struct wv_job *job, struct wv_err *err)
{
    struct wv_link *link = &worker->link;
    struct wv_pg_wait wait = wait_with(worker, job_interrupted, WV_NEVER);
    struct wv_err lost WV_AUTOERR = {0};
    if (link->pg != NULL && !wv_pg_is_idle_alive(link->pg, &lost))
        wv_link_lost(link, &lost);
    if (!is_connected(link))
        wv_link_advance(link, &wait);
    if (!is_connected(link) && waits_are_worth_it(link, job)) {
        wv_report_waiting(&worker->report, "waiting for the database: %s",
                          link->error.message != NULL ? link->error.message : "");
        struct wv_pg_wait patient = wait_with(worker, job_interrupted, job->wait_until);
        if (!wv_link_regain(link, &patient) && !worker->orders.cancelled)
            wv_log(WV_LOG_INFO, "run", "the database did not come back in time");
    }
    if (worker->orders.cancelled)
        return wv_err_set(err, WV_CANCELLED, "cancelled before it began");
    if (is_connected(link))
        return true;
    wv_err_copy(err, &link->error);
    return false;
}

static bool ran_steps(const struct worker *worker, const struct wv_job_result *result)
{
    return worker->link.role == WV_ROLE_LEADER && result->outcome != WV_OUTCOME_NOTHING &&
           result->steps.count > 0;
}

/* The session after a job: reset when steps ran on it; when it was lost, regained, and the result
 * corrected by what the ledger says. */
static void settle(struct worker *worker, struct wv_run *run, const struct wv_job *job,
                   struct wv_job_result *result)
{
    struct wv_link *link = &worker->link;
    if (run->read_only) {
        struct wv_err err = {0};
        wv_err_copy(&err, &result->error);
        wv_link_lost(link, &err);
        return;
    }
    if (link->pg != NULL && wv_pg_usable(link->pg)) {
        struct wv_pg_wait wait = wv_pg_wait_ms(REFRESH_MS);
        if (ran_steps(worker, result))
            wv_link_refresh(link, &wait);
        return;
    }
    struct wv_err lost WV_AUTOERR = {0};
    wv_err_copy(&lost, &result->error);
    if (lost.code == WV_OK)
        wv_err_set(&lost, WV_CONNECTION_LOST, "the connection was lost");
    wv_link_lost(link, &lost);
    /* Who did not lead has committed nothing that could be asked for. */
    if (result->error.code != WV_CONNECTION_LOST || run->token == 0 || !run->begun)
        return;
    wv_report_waiting(&worker->report, "the connection broke; reading the ledger again");
    int64_t until = wv_clock_ms() + REGAIN_MS;
    bool holds = job->kind == WV_JOB_RUN_LOCKED; /* there is nothing left to go on with */
    if (!holds && until < job->wait_until)
        until = job->wait_until;
    struct wv_pg_wait wait = wait_with(worker, upkeep_interrupted, until);
    if ((!wv_link_regain(link, &wait) || !wv_run_reconcile(run, job, result)) && !holds)
        wv_err_hint(&result->error, "whether the running step was committed is not known yet: "
                                    "`wovenctl migrate status` tells once the database is back");
}

/* Gives the lead up, and leaves it to others for a while. Asks nobody when there is none. */
static void step_down(struct worker *worker)
{
    struct wv_link *link = &worker->link;
    struct wv_message *message = wv_message_new(WV_MSG_STEPPED_DOWN);
    message->stepped_down.led = link->role == WV_ROLE_LEADER;
    message->stepped_down.rest_ms = wv_clock_jitter(REST_LOW_MS, REST_HIGH_MS);
    link->rest_until = wv_clock_ms() + message->stepped_down.rest_ms;
    if (link->role == WV_ROLE_LEADER)
        wv_turn_yield(link);
    emit(worker, message);
}

/* While the lead is somewhere else, neither a stop nor a step-down need wait for it. */
static bool turn_interrupted(void *arg)
{
    struct worker *worker = arg;
    struct wv_message *message;
    while ((message = wv_mailbox_take_kind(worker->inbox, WV_MSG_STEP_DOWN)) != NULL) {
        wv_message_free(message);
        step_down(worker);
    }
    return job_interrupted(worker) || wv_mailbox_has_kind(worker->inbox, WV_MSG_STOP);
}

/* The job cannot go on here without the lead. True: look again. */
static bool wait_for_turn(struct worker *worker, const struct wv_job *job,
                          struct wv_job_result *result)
{
    struct wv_link *link = &worker->link;
    if (job->no_hand_over || !link->settings->may_lead)
        return false;
    struct wv_pg_wait wait = wait_with(worker, turn_interrupted, WV_NEVER);
    struct wv_err err WV_AUTOERR = {0};
    if (wv_turn_wait(link, &worker->report, &wait, job->turn_until, &err) ||
        (!worker->orders.cancelled && waits_are_worth_it(link, job))) {
        wv_job_result_clear(result);
        return true;
    }
    if (err.code == WV_CANCELLED && !worker->orders.cancelled)
        wv_err_set(&err, WV_SHUTTING_DOWN, "the daemon stops; nothing was changed");
    result->outcome = err.code == WV_CANCELLED ? WV_OUTCOME_CANCELLED : WV_OUTCOME_FAILED;
    wv_err_move(&result->error, &err);
    return false;
}

/* Somebody else may have asked for the lead before this job was asked for. */
static void mind_others(struct worker *worker, const struct wv_job *job)
{
    struct wv_link *link = &worker->link;
    if (link->role != WV_ROLE_LEADER || link->pg == NULL)
        return;
    wv_turn_hear(link);
    if (link->wanted)
        wv_turn_mind(link, wv_clock_ms() - job->asked_ms);
}

/* The session ended, or its server takes no changes any more, before anything was begun: another
 * one will do. */
static bool looks_again(const struct wv_run *run, struct wv_job_result *result, int *losses)
{
    bool lost = !run->begun && result->error.code == WV_CONNECTION_LOST;
    if (!run->read_only && (!lost || ++*losses > MOST_LOSSES))
        return false;
    wv_job_result_clear(result);
    return true;
}

static void try_job(struct worker *worker, struct wv_run *run, const struct wv_job *job,
                    struct wv_job_result *result)
{
    int losses = 0;
    do {
        struct wv_err err WV_AUTOERR = {0};
        result->job_id = job->id;
        bool ready = get_ready(worker, job, &err);
        if (ready) {
            mind_others(worker, job);
            /* The question may have cost the connection, as any may. */
            ready = is_connected(&worker->link) || get_ready(worker, job, &err);
        }
        if (!ready) {
            result->outcome = err.code == WV_CANCELLED ? WV_OUTCOME_CANCELLED : WV_OUTCOME_FAILED;
            wv_err_move(&result->error, &err);
            return;
        }
        wv_run_job(run, job, result);
        settle(worker, run, job, result);
    } while (looks_again(run, result, &losses) ||
             (run->needs_lead && wait_for_turn(worker, job, result)));
}

static void run_job(struct worker *worker, const struct wv_job *job)
{
    worker->report = (struct wv_report){.emit = emit, .arg = worker, .job_id = job->id};
    forget_orders(worker);
    struct wv_message *message = wv_message_new(WV_MSG_JOB_RESULT);
    struct wv_pg_wait wait = wait_with(worker, job_interrupted, WV_NEVER);
    struct wv_run run = {.link = &worker->link,
                         .edited = &worker->edited,
                         .wait = &wait,
                         .orders = &worker->orders,
                         .report = worker->report};
    try_job(worker, &run, job, &message->result);
    wv_strlist_free(&run.heads);
    bool moved = ran_steps(worker, &message->result) || message->result.held.held;
    worker->report.job_id = 0;
    emit(worker, message);
    wv_turn_end(&worker->link);
    if (moved)
        wv_turn_tell(&worker->link);
}

static void take_message(struct worker *worker, struct wv_message *message)
{
    switch (message->kind) {
    case WV_MSG_JOB:
        if (worker->stopping) {
            struct wv_err err = {0};
            wv_err_set(&err, WV_SHUTTING_DOWN, "the daemon stops");
            refuse(worker, message->job.id, WV_OUTCOME_FAILED, &err);
        } else {
            wv_caller_name(&message->job.caller);
            run_job(worker, &message->job);
        }
        break;
    case WV_MSG_CANCEL:
        take_cancel(worker, message->job_id);
        break;
    case WV_MSG_RELEASE:
        take_release(worker, message);
        break;
    case WV_MSG_STEP_DOWN:
        step_down(worker);
        break;
    case WV_MSG_SETTINGS:
        wv_link_set_settings(&worker->link, WV_STEAL(message->settings));
        break;
    case WV_MSG_STOP:
        worker->stopping = true;
        break;
    default:
        wv_log(WV_LOG_ERROR, "worker", "BUG: a message of kind %d", (int)message->kind);
        break;
    }
    wv_message_free(message);
}

/* A stop or a step-down is heard before the jobs that wait in front of it. */
static struct wv_message *next_message(struct worker *worker)
{
    struct wv_message *message = wv_mailbox_take_kind(worker->inbox, WV_MSG_STOP);
    if (message == NULL)
        message = wv_mailbox_take_kind(worker->inbox, WV_MSG_STEP_DOWN);
    return message != NULL ? message : wv_mailbox_take(worker->inbox);
}

/* Keeps connection and role. */
static void upkeep(struct worker *worker)
{
    struct wv_link *link = &worker->link;
    struct wv_pg_wait wait = wait_with(worker, upkeep_interrupted, WV_NEVER);
    bool due = link->due <= wv_clock_ms();
    if (link->role == WV_ROLE_LEADER && (due || link->wanted))
        wv_turn_mind(link, 0);
    else if (due)
        wv_link_advance(link, &wait);
}

/* Between jobs: sleeps until there is something to do. */
static void idle(struct worker *worker)
{
    struct wv_link *link = &worker->link;
    upkeep(worker);
    struct wv_pg_wait wait = wait_with(worker, inbox_has_something, link->due);
    struct wv_err lost WV_AUTOERR = {0};
    enum wv_pg_idle end = wv_pg_idle(link->pg, &wait, &lost);
    if (end == WV_PG_IDLE_LOST)
        wv_link_lost(link, &lost);
    else if (end == WV_PG_IDLE_NOTIFIED)
        wv_turn_hear(link);
}

void wv_worker_main(const struct wv_worker_options *options)
{
    wv_log_set_project(options->settings->project);
    struct worker worker = {
        .inbox = options->inbox, .outbox = options->outbox, .watcher = options->watcher};
    wv_link_init(&worker.link, options->settings, &options->instance);
    worker.link.notice = take_notice;
    worker.link.notice_arg = &worker;
    worker.link.changed = tell_role;
    worker.link.changed_arg = &worker;
    while (!worker.stopping || wv_mailbox_count(worker.inbox) > 0) {
        struct wv_message *message = next_message(&worker);
        if (message != NULL)
            take_message(&worker, message);
        else
            idle(&worker);
    }
    if (worker.link.role == WV_ROLE_LEADER && worker.link.pg != NULL)
        wv_turn_yield(&worker.link);
    forget_orders(&worker);
    wv_edited_clear(&worker.edited);
    wv_link_clear(&worker.link);
    struct wv_message *exited = wv_message_new(WV_MSG_EXITED);
    exited->thread = WV_THREAD_MIGRATOR;
    emit(&worker, exited);
}
