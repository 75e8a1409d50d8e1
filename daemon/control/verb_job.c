/* migrate.upgrade, downgrade, stamp and repair become jobs of the migrator, check and its like jobs
 * of the proof thread; cancel and watch are
 * about such jobs. The answer waits for the job's end. Refuses to know what a job does. */
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "log.h"
#include "new_file.h"
#include "target.h"
#include "unit.h"
#include "verbs_run.h"
#include "view.h"

bool wv_job_may_begin(struct wv_desk *desk, struct wv_err *err)
{
    if (desk->stop.strength != WV_SERVING)
        return wv_err_set(err, WV_SHUTTING_DOWN, "the daemon stops and takes no new jobs");
    if (wv_board_waiting(&desk->board) >= (size_t)desk->settings->limits.jobs) {
        wv_err_set(err, WV_BUSY, "%d jobs wait already", desk->settings->limits.jobs);
        return wv_err_hint(err, "try again later, or raise limits.jobs");
    }
    return true;
}

/* Which files to accept has to be said, and nothing else has to do with files. */
static bool check_repair(const struct wv_job *job, struct wv_err *err)
{
    bool accept = job->repair == WV_REPAIR_ACCEPT;
    if (accept && (job->targets.count > 0) == job->all)
        return wv_err_set(err, WV_INVALID_PARAMS, "accept needs either \"revision\" or \"all\"");
    if (!accept && (job->targets.count > 0 || job->all || job->dry_run))
        return wv_err_set(err, WV_INVALID_PARAMS,
                          "\"revision\", \"all\" and \"dry_run\" are for the action accept");
    return true;
}

/* Only the grammar (those of proof jobs have words of their own, and ask no ledger): what a target
 * means depends on what the ledger knows when the job runs. */
static bool check_targets(const struct wv_job *job, struct wv_err *err)
{
    if (job->kind == WV_JOB_REPAIR && !check_repair(job, err))
        return false;
    if (job->kind == WV_JOB_DOWNGRADE && job->targets.count != 1)
        return wv_err_set(err, WV_INVALID_PARAMS, "a downgrade has one target");
    if (job->kind == WV_JOB_DIFF && job->targets.count != 2)
        return wv_err_set(err, WV_INVALID_PARAMS, "a diff has two sides");
    if (job->kind == WV_JOB_DUMP && job->targets.count != 1)
        return wv_err_set(err, WV_INVALID_PARAMS, "a dump is of one schema");
    for (size_t i = 0; i < job->targets.count && !wv_job_is_proof(job->kind); i++) {
        struct wv_target target WV_AUTOTARGET = {0};
        if (!wv_target_parse(&target, job->project->graph, job->targets.items[i], err))
            return false;
    }
    return true;
}

static enum wv_repair repair_of(const struct wv_request *request)
{
    const char *word = wv_request_text(request, "action");
    if (word == NULL)
        return WV_REPAIR_NONE;
    if (strcmp(word, "done") == 0)
        return WV_REPAIR_DONE;
    if (strcmp(word, "again") == 0)
        return WV_REPAIR_AGAIN;
    return strcmp(word, "accept") == 0 ? WV_REPAIR_ACCEPT : WV_REPAIR_ABANDON;
}

static struct wv_wish *make_wish(const struct wv_request *request)
{
    struct wv_wish *wish = wv_xcalloc(1, sizeof(*wish));
    const char *message = wv_request_text(request, "message");
    wv_request_list(request, "head", &wish->heads);
    wv_request_list(request, "depends_on", &wish->depends_on);
    wv_request_list(request, "branch_label", &wish->labels);
    wv_request_list(request, "rename", &wish->renames);
    wish->message = wv_xstrdup(message != NULL ? message : "");
    wish->rev_id = wv_xstrdup(wv_request_text(request, "rev_id"));
    wish->version_path = wv_xstrdup(wv_request_text(request, "version_path"));
    wish->splice = wv_request_flag(request, "splice", false);
    wish->plain = wv_request_flag(request, "plain", false);
    wish->unproven = wv_request_flag(request, "unproven", false);
    return wish;
}

struct wv_message *wv_job_make(struct wv_desk *desk, const struct wv_request *request)
{
    struct wv_message *message = wv_message_new(WV_MSG_JOB);
    struct wv_job *job = &message->job;
    int64_t wait = wv_request_number(request, "wait_ms", 0);
    int64_t now = wv_clock_ms();
    job->kind = request->verb->job;
    wv_request_list(request, "target", &job->targets);
    job->single_transaction = wv_request_flag(request, "single_transaction", false);
    job->purge = wv_request_flag(request, "purge", false);
    job->repair = repair_of(request);
    wv_request_list(request, "revision", &job->targets); /* of repair */
    job->all = wv_request_flag(request, "all", false);
    job->dry_run = wv_request_flag(request, "dry_run", false);
    job->tag = wv_xstrdup(wv_request_text(request, "tag"));
    int64_t until = wait > WV_NEVER - now ? WV_NEVER : now + wait;
    job->wait_until = wait == 0 ? 0 : until;
    job->turn_until = json_object_get(request->params, "wait_ms") != NULL ? until : WV_NEVER;
    job->no_hand_over = !wv_request_flag(request, "hand_over", true);
    job->asked_ms = now;
    job->caller = (struct wv_caller){.uid = request->uid,
                                     .pid = request->pid,
                                     .user = wv_xasprintf("%lu", (unsigned long)request->uid),
                                     .unit = wv_unit_of("/proc", request->pid, request->uid)};
    if (job->kind == WV_JOB_AUTOGENERATE)
        job->wish = make_wish(request);
    job->project = wv_project_ref(wv_files_fresh(desk->files));
    return message;
}

/* For the log. A connection string may hold a password. */
static char *name_targets(const struct wv_job *job)
{
    struct wv_strlist names WV_AUTOSTRLIST = {0};
    for (size_t i = 0; i < job->targets.count; i++) {
        const char *target = job->targets.items[i];
        bool secret = strchr(target, '=') != NULL || strstr(target, "://") != NULL;
        wv_strlist_add(&names, secret ? "(a connection string)" : target);
    }
    return wv_strlist_join(&names, " ");
}

static void announce(struct wv_desk *desk, const struct wv_job *job)
{
    const struct wv_board_job *entry = wv_board_find(&desk->board, job->id);
    size_t position = 0;
    for (const struct wv_board_job *other = desk->board.jobs; other != entry; other = other->next)
        position += wv_job_is_proof(other->kind) == wv_job_is_proof(entry->kind);
    char *targets WV_AUTOFREE = name_targets(job);
    const char *unit = job->caller.unit;
    const char *what = job->program != NULL ? job->program : targets;
    wv_log(WV_LOG_INFO, "jobs", "job %llu: %s%s%s, asked for by uid %s (pid %ld%s%s)",
           (unsigned long long)job->id, wv_job_kind_word(job->kind), what[0] != '\0' ? " " : "",
           what, job->caller.user, (long)job->caller.pid, unit != NULL ? ", " : "",
           unit != NULL ? unit : "");
    json_t *params = wv_view_queued(entry, position);
    wv_parked_tell(&desk->parked, job->id, params, false);
    json_decref(params);
}

/* The migrator's inbox is bounded by the count of waiting jobs, so that the job is put there for
 * certain once it is on the board. */
void wv_job_begin(struct wv_desk *desk, struct wv_request *request, struct wv_message *message)
{
    struct wv_job *job = &message->job;
    job->id = ++desk->control->last_job;
    wv_board_add(&desk->board, job);
    wv_parked_add(&desk->parked,
                  &(struct wv_parked_item){.request = request,
                                           .as = WV_PARKED_CALLER,
                                           .job = job->id,
                                           .progress = wv_request_flag(request, "progress", true)});
    announce(desk, job);
    wv_mailbox_put(wv_desk_box_of(desk, job->kind), message);
}

void wv_verb_job(struct wv_desk *desk, struct wv_request *request)
{
    struct wv_err err WV_AUTOERR = {0};
    if (!wv_job_may_begin(desk, &err)) {
        wv_request_fail(request, &err);
        return;
    }
    struct wv_message *message = wv_job_make(desk, request);
    if (!wv_project_check(message->job.project, &err) || !check_targets(&message->job, &err) ||
        !wv_request_take_texts(request, &message->job.texts, &err)) {
        wv_message_free(message);
        wv_request_fail(request, &err);
        return;
    }
    wv_job_begin(desk, request, message);
}

void wv_verb_autogenerate(struct wv_desk *desk, struct wv_request *request)
{
    struct wv_err err WV_AUTOERR = {0};
    struct wv_new_file named = {0};
    if (wv_new_file_id(&named, wv_request_text(request, "rev_id"), &err))
        wv_verb_job(desk, request);
    else
        wv_request_fail(request, &err);
    wv_new_file_free(&named);
}

struct wv_desk *wv_cancel_desk(const struct wv_control *control, const struct wv_request *request)
{
    uint64_t job = (uint64_t)wv_request_number(request, "job", 0);
    const char *project = wv_request_text(request, "project");
    for (size_t i = 0; request->verb->run == wv_verb_cancel && i < control->desk_count; i++) {
        struct wv_desk *desk = control->desks[i];
        if (wv_board_find(&desk->board, job) != NULL &&
            (project == NULL || strcmp(project, desk->settings->project) == 0))
            return desk;
    }
    return NULL;
}

static const struct wv_board_job *job_to_cancel(const struct wv_desk *desk,
                                                const struct wv_request *request)
{
    if (json_object_get(request->params, "job") != NULL)
        return wv_board_find(&desk->board, (uint64_t)wv_request_number(request, "job", 0));
    const struct wv_board_job *running = wv_board_running(&desk->board);
    if (running == NULL)
        running = wv_board_proving(&desk->board);
    return running != NULL ? running : desk->board.jobs;
}

void wv_verb_cancel(struct wv_desk *desk, struct wv_request *request)
{
    struct wv_err err WV_AUTOERR = {0};
    const struct wv_board_job *job = job_to_cancel(desk, request);
    if (job == NULL) {
        wv_err_set(&err, WV_NO_SUCH_JOB, "there is no such job to cancel");
        wv_err_hint(&err, "it may have ended: `wovenctl migrate status` tells");
        wv_request_fail(request, &err);
        return;
    }
    wv_log(WV_LOG_INFO, "jobs", "job %llu is cancelled by uid %lu (pid %ld)",
           (unsigned long long)job->id, (unsigned long)request->uid, (long)request->pid);
    struct wv_message *message = wv_message_new(WV_MSG_CANCEL);
    message->job_id = job->id;
    wv_parked_add(
        &desk->parked,
        &(struct wv_parked_item){.request = request, .as = WV_PARKED_CANCELLER, .job = job->id});
    wv_mailbox_put(wv_desk_box_of(desk, job->kind), message);
}

void wv_verb_watch(struct wv_desk *desk, struct wv_request *request)
{
    if (desk->board.jobs == NULL && !wv_request_flag(request, "follow", true)) {
        wv_request_finish(request, json_pack("{s:n,s:n}", "job", "outcome"));
        return;
    }
    if (desk->stop.migrator_ended) {
        struct wv_err err WV_AUTOERR = {0};
        wv_stop_refuse(desk, &err);
        wv_request_fail(request, &err);
        return;
    }
    wv_parked_add(
        &desk->parked,
        &(struct wv_parked_item){.request = request, .as = WV_PARKED_WATCHER, .progress = true});
}
