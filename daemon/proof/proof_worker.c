/* See proof_worker.h. The private server is started by the first job that needs it, and ended when
 * none has come for a while. */
#include "proof_worker.h"

#include <string.h>

#include "embedded.h"
#include "ignore_pattern.h"
#include "log.h"
#include "proof.h"

enum { IDLE_MS = 300000 };

struct worker {
    struct wv_mailbox *inbox;
    struct wv_mailbox *outbox;
    struct wv_settings *settings;
    struct wv_scratch *scratch; /* NULL: not open */
    uint64_t job_id;            /* of the running job; 0: none */
    bool cancelled;
    bool stopping;
};

static void emit(void *arg, struct wv_message *message)
{
    struct worker *worker = arg;
    wv_mailbox_deliver(worker->outbox, message);
}

/* With findings from the beginning: an answer has its own shape also when nothing was looked at. */
static struct wv_message *new_result(uint64_t job_id)
{
    struct wv_message *message = wv_message_new(WV_MSG_JOB_RESULT);
    message->result.job_id = job_id;
    message->result.findings = wv_xcalloc(1, sizeof(*message->result.findings));
    return message;
}

/* `err` is moved. */
static void refuse(struct worker *worker, uint64_t job_id, enum wv_outcome outcome,
                   struct wv_err *err)
{
    struct wv_message *message = new_result(job_id);
    message->result.outcome = outcome;
    wv_err_move(&message->result.error, err);
    emit(worker, message);
}

/* A cancel is for the running job, for one that waits in the inbox, or comes too late. */
static void take_cancel(struct worker *worker, uint64_t job_id)
{
    struct wv_err err = {0};
    if (job_id == worker->job_id) {
        struct wv_report report = {emit, worker, job_id};
        if (!worker->cancelled)
            wv_report_cancelling(&report);
        worker->cancelled = true;
        return;
    }
    struct wv_message *queued = wv_mailbox_take_job(worker->inbox, job_id);
    if (queued == NULL)
        return;
    wv_err_set(&err, WV_CANCELLED, "cancelled before it began");
    refuse(worker, job_id, WV_OUTCOME_CANCELLED, &err);
    wv_message_free(queued);
}

static bool job_interrupted(void *arg)
{
    struct worker *worker = arg;
    struct wv_message *message;
    while ((message = wv_mailbox_take_kind(worker->inbox, WV_MSG_CANCEL)) != NULL) {
        take_cancel(worker, message->job_id);
        wv_message_free(message);
    }
    return worker->cancelled || wv_mailbox_has_kind(worker->inbox, WV_MSG_STOP);
}

static void close_scratch(struct worker *worker)
{
    wv_scratch_close(WV_STEAL(worker->scratch));
}

static bool open_scratch(struct worker *worker, const struct wv_report *report,
                         const struct wv_pg_wait *wait, struct wv_err *err)
{
    const struct wv_settings *settings = worker->settings;
    if (worker->scratch != NULL && wv_scratch_usable(worker->scratch))
        return true;
    close_scratch(worker);
    if (strcmp(settings->scratch, "embedded") == 0)
        wv_report_waiting(report, "starting a private PostgreSQL");
    else if (strcmp(settings->scratch, "off") != 0)
        wv_report_waiting(report, "connecting to the server of the setting scratch");
    return wv_scratch_open(&worker->scratch,
                           &(struct wv_scratch_options){.where = settings->scratch,
                                                        .state_dir = settings->state_directory,
                                                        .bin_dir = settings->postgres_bin,
                                                        .user = settings->postgres_user},
                           wait, err);
}

static void try_job(struct worker *worker, const struct wv_job *job, struct wv_job_result *result)
{
    struct wv_report report = {emit, worker, job->id};
    struct wv_pg_wait wait = {.wake_fd = wv_mailbox_fd(worker->inbox),
                              .interrupted = job_interrupted,
                              .arg = worker,
                              .deadline = WV_NEVER};
    struct wv_proof proof = {
        .job = job, .settings = worker->settings, .wait = &wait, .report = &report};
    wv_report_started(&report, &job->caller);
    if (!open_scratch(worker, &report, &wait, &result->error)) {
        result->outcome =
            result->error.code == WV_CANCELLED ? WV_OUTCOME_CANCELLED : WV_OUTCOME_FAILED;
        return;
    }
    proof.scratch = worker->scratch;
    wv_proof_run(&proof, result);
}

static void run_job(struct worker *worker, const struct wv_job *job)
{
    struct wv_message *message = new_result(job->id);
    struct wv_job_result *result = &message->result;
    worker->job_id = job->id;
    worker->cancelled = false;
    try_job(worker, job, result);
    if (result->outcome == WV_OUTCOME_CANCELLED && !worker->cancelled) {
        result->outcome = WV_OUTCOME_FAILED;
        wv_err_set(&result->error, WV_SHUTTING_DOWN, "the daemon stops");
    }
    worker->job_id = 0;
    emit(worker, message);
}

static void take_settings(struct worker *worker, struct wv_settings *settings)
{
    close_scratch(worker);
    wv_settings_free(worker->settings);
    worker->settings = settings;
    wv_embedded_resolve(settings);
}

static void take_job(struct worker *worker, const struct wv_job *job)
{
    struct wv_err err = {0};
    if (!worker->stopping) {
        run_job(worker, job);
        return;
    }
    wv_err_set(&err, WV_SHUTTING_DOWN, "the daemon stops");
    refuse(worker, job->id, WV_OUTCOME_FAILED, &err);
}

static void take_message(struct worker *worker, struct wv_message *message)
{
    switch (message->kind) {
    case WV_MSG_JOB:
        wv_caller_name(&message->job.caller);
        take_job(worker, &message->job);
        break;
    case WV_MSG_CANCEL:
        take_cancel(worker, message->job_id);
        break;
    case WV_MSG_SETTINGS:
        take_settings(worker, WV_STEAL(message->settings));
        break;
    case WV_MSG_STOP:
        worker->stopping = true;
        break;
    default:
        wv_log(WV_LOG_ERROR, "proof", "BUG: a message of kind %d", (int)message->kind);
        break;
    }
    wv_message_free(message);
}

static bool inbox_has_something(void *arg)
{
    struct worker *worker = arg;
    return wv_mailbox_count(worker->inbox) > 0;
}

static void idle(struct worker *worker)
{
    struct wv_err ignored WV_AUTOERR = {0};
    struct wv_pg_wait wait = {.wake_fd = wv_mailbox_fd(worker->inbox),
                              .interrupted = inbox_has_something,
                              .arg = worker,
                              .deadline = WV_NEVER};
    if (worker->scratch != NULL)
        wait.deadline = wv_clock_ms() + IDLE_MS;
    if (wv_pg_idle(NULL, &wait, &ignored) == WV_PG_IDLE_DEADLINE)
        close_scratch(worker);
}

bool wv_proof_check_ignore(const char *pattern, struct wv_err *err)
{
    return wv_ignore_pattern_check(pattern, err);
}

void wv_proof_main(const struct wv_worker_options *options)
{
    wv_log_set_project(options->settings->project);
    struct worker worker = {.inbox = options->inbox, .outbox = options->outbox};
    take_settings(&worker, options->settings);
    while (!worker.stopping || wv_mailbox_count(worker.inbox) > 0) {
        struct wv_message *message = wv_mailbox_take_kind(worker.inbox, WV_MSG_STOP);
        if (message == NULL)
            message = wv_mailbox_take(worker.inbox);
        if (message != NULL)
            take_message(&worker, message);
        else
            idle(&worker);
    }
    close_scratch(&worker);
    wv_settings_free(worker.settings);
    struct wv_message *exited = wv_message_new(WV_MSG_EXITED);
    exited->thread = WV_THREAD_PROOF;
    emit(&worker, exited);
}
