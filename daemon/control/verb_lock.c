/* lock.hold becomes a job like others, which ends when the client says by lock.release how its
 * command ended, or goes away. The daemon never sees the command itself. */
#include "lock.h"

#include <string.h>

#include "log.h"
#include "verbs_run.h"

enum { PROGRAM_BYTES = 255, EXIT_STATUS_MAX = 255, SIGNAL_MAX = 64 };

static bool check_program(const char *program, struct wv_err *err)
{
    size_t length = strlen(program);
    if (length > 0 && length <= PROGRAM_BYTES)
        return true;
    return wv_err_set(err, WV_INVALID_PARAMS, "\"program\" is a name of 1 to %d bytes",
                      PROGRAM_BYTES);
}

void wv_verb_hold(struct wv_desk *desk, struct wv_request *request)
{
    struct wv_err err WV_AUTOERR = {0};
    const char *program = wv_request_text(request, "program");
    if (!check_program(program, &err) || !wv_job_may_begin(desk, &err)) {
        wv_request_fail(request, &err);
        return;
    }
    struct wv_message *message = wv_job_make(desk, request);
    message->job.program = wv_xstrdup(program);
    wv_job_begin(desk, request, message);
}

/* The job by which this client holds the lock. */
static bool holds(const struct wv_desk *desk, const struct wv_request *request, uint64_t wanted)
{
    const struct wv_board_job *job = wv_board_find(&desk->board, wanted);
    uint64_t own = 0;
    size_t at = 0;
    while ((own = wv_parked_next_of(&desk->parked, request->session, &at)) != 0)
        if (own == wanted)
            return job != NULL && job->held;
    return false;
}

struct wv_desk *wv_lock_desk(const struct wv_control *control, const struct wv_request *request)
{
    uint64_t job = (uint64_t)wv_request_number(request, "job", 0);
    for (size_t i = 0; request->verb->run == wv_verb_release && i < control->desk_count; i++)
        if (holds(control->desks[i], request, job))
            return control->desks[i];
    return NULL;
}

static bool has(const struct wv_request *request, const char *name)
{
    return json_object_get(request->params, name) != NULL;
}

static bool check_end(const struct wv_request *request, struct wv_err *err)
{
    int ends = has(request, "exit_status") + has(request, "signal") + has(request, "fault");
    if (ends != 1)
        return wv_err_set(err, WV_INVALID_PARAMS,
                          "one of \"exit_status\", \"signal\" and \"fault\" tells how it ended");
    if (wv_request_number(request, "exit_status", 0) > EXIT_STATUS_MAX)
        return wv_err_set(err, WV_INVALID_PARAMS, "there is no such exit status");
    int64_t signal = wv_request_number(request, "signal", 1);
    if (signal < 1 || signal > SIGNAL_MAX)
        return wv_err_set(err, WV_INVALID_PARAMS, "there is no such signal");
    return true;
}

static bool check_release(const struct wv_desk *desk, const struct wv_request *request,
                          uint64_t job, struct wv_err *err)
{
    if (!check_end(request, err))
        return false;
    if (holds(desk, request, job))
        return true;
    wv_err_set(err, WV_NO_SUCH_JOB, "this client does not hold the lock by job %llu",
               (unsigned long long)job);
    return wv_err_hint(err, "the job may have ended; only the connection that asked for it can "
                            "release its lock");
}

void wv_verb_release(struct wv_desk *desk, struct wv_request *request)
{
    struct wv_err err WV_AUTOERR = {0};
    uint64_t job = (uint64_t)wv_request_number(request, "job", 0);
    if (!check_release(desk, request, job, &err)) {
        wv_request_fail(request, &err);
        return;
    }
    struct wv_message *message = wv_message_new(WV_MSG_RELEASE);
    message->release =
        (struct wv_release){.job_id = job,
                            .exit_status = (int)wv_request_number(request, "exit_status", 0),
                            .signal = (int)wv_request_number(request, "signal", 0),
                            .fault = wv_xstrdup(wv_request_text(request, "fault"))};
    wv_mailbox_put(desk->to_migrator, message);
    wv_request_finish(request, json_pack("{s:I}", "job", (json_int_t)job));
}

void wv_lock_gone(struct wv_desk *desk, uint64_t session)
{
    uint64_t id = 0;
    size_t at = 0;
    while ((id = wv_parked_next_of(&desk->parked, session, &at)) != 0) {
        const struct wv_board_job *job = wv_board_find(&desk->board, id);
        if (job == NULL || job->kind != WV_JOB_RUN_LOCKED)
            continue;
        wv_log(WV_LOG_NOTICE, "jobs", "job %llu: its client has gone", (unsigned long long)id);
        struct wv_message *message = wv_message_new(WV_MSG_RELEASE);
        message->release = (struct wv_release){.job_id = id, .gone = true};
        wv_mailbox_put(desk->to_migrator, message);
    }
}
