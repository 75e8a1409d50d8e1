/* See run.h. Read this file first: it is what happens to a migration. The parts are in checks.c,
 * steps.c (in transactions), loose.c (outside of one), stamp.c, repair.c, hold.c. */
#include "run.h"

#include <stdlib.h>
#include <string.h>

#include "adopt.h"
#include "checks.h"
#include "hold.h"
#include "ledger_read.h"
#include "log.h"
#include "loose.h"
#include "repair.h"
#include "source.h"
#include "stamp.h"
#include "steps.h"
#include "story.h"

enum { CLEAN_UP_MS = 5000 };

/* One round trip: the version table, the ledger's state, an interrupted step. */
static bool look_at_database(struct wv_story *story, struct wv_err *err)
{
    const struct wv_link *link = story->run->link;
    if (!wv_ledger_look(link->ledger, link->pg, &story->look, story->run->wait, err))
        return false;
    wv_strlist_copy(&story->result->current, &story->look.rows);
    wv_strlist_copy(&story->result->heads_after, &story->look.rows);
    return true;
}

/* What the ledger remembers of applied revisions that are in no file. */
static bool remember_unknown(struct wv_story *story, struct wv_err *err)
{
    const struct wv_link *link = story->run->link;
    struct wv_project *project = story->view.project;
    if (!wv_known_needs_ledger(project, &story->view.rows))
        return true;
    struct wv_ledger_stored_list all = {0};
    if (!wv_ledger_stored(link->ledger, link->pg, NULL, false, &all, story->run->wait, err))
        return false;
    struct wv_strlist unknown WV_AUTOSTRLIST = {0};
    for (size_t i = 0; i < all.count; i++)
        if (wv_project_find(project, all.items[i].id) == NULL)
            wv_strlist_add(&unknown, all.items[i].id);
    wv_ledger_stored_free(&all);
    return wv_ledger_stored(link->ledger, link->pg, &unknown, true, &story->stored,
                            story->run->wait, err);
}

/* The files, and for a database that is ahead of them also what its ledger remembers. */
static bool know_revisions(struct wv_story *story, struct wv_err *err)
{
    if (!wv_project_check(story->job->project, err) ||
        !wv_squash_view_make(&story->view, story->job->project, &story->result->current, err) ||
        !remember_unknown(story, err))
        return false;
    size_t count = story->stored.count;
    struct wv_graph_decl *extra = wv_xcalloc(count, sizeof(*extra));
    for (size_t i = 0; i < count; i++)
        extra[i] = (struct wv_graph_decl){.id = story->stored.items[i].id,
                                          .down = &story->stored.items[i].down,
                                          .depends_on = &story->stored.items[i].depends_on,
                                          .labels = &story->stored.items[i].labels};
    bool known = wv_known_init(&story->known, story->view.project, extra, count, err);
    free(extra);
    return known;
}

static bool make_plan(struct wv_story *story, struct wv_err *err)
{
    static const enum wv_plan_kind kinds[] = {
        [WV_JOB_UPGRADE] = WV_PLAN_UPGRADE,
        [WV_JOB_DOWNGRADE] = WV_PLAN_DOWNGRADE,
        [WV_JOB_STAMP] = WV_PLAN_STAMP,
    };
    struct wv_plan_request request = {.kind = kinds[story->job->kind],
                                      .current = &story->view.rows,
                                      .targets = &story->job->targets,
                                      .purge = story->job->purge};
    if (!wv_plan_make(story->known.graph, &request, &story->plan, err))
        return false;
    for (size_t i = 0; i < story->plan.count; i++) {
        const struct wv_step *step = &story->plan.steps[i];
        const struct wv_revision *file = wv_known_file(&story->known, step->node);
        const char *message =
            file != NULL ? file->message
                         : story->stored.items[wv_known_extra(&story->known, step->node)].message;
        wv_step_values_add(&story->result->steps, step->id, message, step->up);
    }
    return true;
}

/* The last step from `first` that runs in a transaction like it, plus one. */
static size_t end_of_transactions(const struct wv_story *story, size_t first)
{
    size_t end = first;
    while (end < story->plan.count && wv_source_in_transaction(story, &story->plan.steps[end]))
        end++;
    return end;
}

static bool check_single_transaction(const struct wv_story *story, struct wv_err *err)
{
    if (!story->job->single_transaction)
        return true;
    size_t end = end_of_transactions(story, 0);
    if (end == story->plan.count)
        return true;
    wv_err_set(err, WV_BAD_TARGET, "--single-transaction: revision %s runs outside a transaction",
               story->plan.steps[end].id);
    return wv_err_hint(err, "run without --single-transaction, or up to the revision before it");
}

/* All that can be refused is refused before anything is touched; the last may write down how an
 * interrupted step is gone on with. */
static bool may_run(struct wv_story *story, struct wv_err *err)
{
    return wv_check_leads(story, err) && wv_check_reversible(story, err) &&
           check_single_transaction(story, err) && wv_loose_check_interrupted(story, err);
}

/* Steps in transactions go together, as many as follow each other; the others one by one. */
static bool run_steps(struct wv_story *story, struct wv_err *err)
{
    size_t next = 0;
    while (next < story->plan.count) {
        size_t end = end_of_transactions(story, next);
        bool done =
            end > next ? wv_steps_run(story, next, end, err) : wv_loose_run(story, next, err);
        if (!done)
            return false;
        next = end > next ? end : next + 1;
    }
    return true;
}

/* Puts rows and records right that name what another revision has replaced. */
static bool adopt(struct wv_story *story, struct wv_err *err)
{
    bool waits;
    if (!wv_adopt_find(story, &waits, err))
        return false;
    if (!waits)
        return true;
    struct wv_strlist rows = {0};
    wv_strlist_copy(&rows, &story->view.rows);
    if (!wv_adopt_run(story, err))
        return false;
    wv_strlist_move(&story->result->heads_after, &rows);
    return true;
}

/* The database is at the target; only the names of what it has may be old ones. */
static bool end_with_nothing(struct wv_story *story, struct wv_err *err)
{
    story->begun = true;
    story->result->outcome = WV_OUTCOME_NOTHING;
    return story->run->link->role != WV_ROLE_LEADER || adopt(story, err);
}

static bool carry_out_plan(struct wv_story *story, struct wv_err *err)
{
    if (!know_revisions(story, err) || !make_plan(story, err) || !wv_check_edited(story, err))
        return false;
    if (wv_plan_is_empty(&story->plan))
        return end_with_nothing(story, err);
    story->begun = may_run(story, err);
    if (!story->begun || (!story->job->purge && !adopt(story, err)))
        return false;
    wv_report_planned(&story->run->report, &story->result->steps);
    return story->job->kind == WV_JOB_STAMP ? wv_stamp_run(story, err) : run_steps(story, err);
}

/* Repairing, and holding the lock for a command, run no revision. */
static bool has_plan(const struct wv_job *job)
{
    return job->kind != WV_JOB_REPAIR && job->kind != WV_JOB_RUN_LOCKED;
}

/* The story. True: done, or nothing to do. */
static bool carry_out(struct wv_story *story, struct wv_err *err)
{
    if (!look_at_database(story, err))
        return false;
    if (has_plan(story->job))
        return carry_out_plan(story, err);
    story->begun = wv_check_leads(story, err);
    if (!story->begun)
        return false;
    return story->job->kind == WV_JOB_REPAIR ? wv_repair_run(story, err) : wv_hold_run(story, err);
}

/* The rows as they are now. Only for a job that did not end as planned: what it reads may not come,
 * because the connection breaks, or be the work of somebody else. */
static void read_rows(const struct wv_run *run, struct wv_job_result *result)
{
    struct wv_err ignored WV_AUTOERR = {0};
    struct wv_ledger_look look = {0};
    struct wv_pg_wait wait = wv_pg_wait_ms(CLEAN_UP_MS);
    if (run->link->pg == NULL ||
        !wv_ledger_look(run->link->ledger, run->link->pg, &look, &wait, &ignored))
        return;
    wv_strlist_move(&result->heads_after, &look.rows);
    wv_ledger_look_clear(&look);
}

static void story_clear(struct wv_story *story)
{
    wv_plan_free(&story->plan);
    wv_known_free(&story->known);
    wv_squash_view_free(&story->view);
    wv_ledger_stored_free(&story->stored);
    wv_ledger_look_clear(&story->look);
}

static struct wv_ledger_job ledger_job(const struct wv_job *job, int64_t token)
{
    return (struct wv_ledger_job){.id = job->id,
                                  .token = token,
                                  .user = job->caller.user,
                                  .uid = job->caller.uid,
                                  .pid = job->caller.pid,
                                  .unit = job->caller.unit,
                                  .tag = job->tag};
}

void wv_run_job(struct wv_run *run, const struct wv_job *job, struct wv_job_result *result)
{
    struct wv_story story = {
        .run = run,
        .job = job,
        .result = result,
        .ledger_job = ledger_job(job, run->link->token),
    };
    run->token = run->link->token;
    if (!run->started)
        wv_report_started(&run->report, &job->caller);
    run->started = true;
    result->job_id = job->id;
    result->outcome = WV_OUTCOME_DONE;
    if (!carry_out(&story, &result->error))
        result->outcome =
            result->error.code == WV_CANCELLED ? WV_OUTCOME_CANCELLED : WV_OUTCOME_FAILED;
    if (result->outcome == WV_OUTCOME_DONE && has_plan(job))
        wv_strlist_copy(&result->heads_after, &story.plan.heads_after);
    else if (result->outcome != WV_OUTCOME_NOTHING)
        read_rows(run, result);
    run->needs_lead = story.needs_lead;
    run->read_only = story.read_only;
    run->begun = story.begun;
    wv_strlist_copy(&run->heads, &story.plan.heads_after);
    story_clear(&story);
}

/* A step is done when the history has it from this job; a stamp, when it has one. */
static void take_landed(const struct wv_run *run, const struct wv_job *job,
                        const struct wv_strlist *landed, struct wv_job_result *result)
{
    bool all = true;
    for (size_t i = 0; i < result->steps.count; i++) {
        struct wv_step_value *step = &result->steps.items[i];
        char *entry WV_AUTOFREE = wv_xasprintf("%s %s", step->up ? "up" : "down", step->revision);
        step->done = job->kind == WV_JOB_STAMP ? landed->count > 0 : wv_strlist_has(landed, entry);
        all = all && step->done;
    }
    if (!all || landed->count == 0 || !has_plan(job))
        return;
    wv_log(WV_LOG_NOTICE, "run", "the connection broke, but all was committed before that");
    wv_err_clear(&result->error);
    result->outcome = WV_OUTCOME_DONE;
    /* Others may have moved on since. */
    wv_strlist_copy(&result->heads_after, &run->heads);
}

bool wv_run_reconcile(struct wv_run *run, const struct wv_job *job, struct wv_job_result *result)
{
    struct wv_strlist landed WV_AUTOSTRLIST = {0};
    struct wv_err ignored WV_AUTOERR = {0};
    struct wv_pg_wait wait = wv_pg_wait_ms(CLEAN_UP_MS);
    struct wv_ledger_job ours = ledger_job(job, run->token);
    if (job->kind == WV_JOB_RUN_LOCKED) {
        read_rows(run, result);
        return !result->held.held || wv_hold_record_late(run, job, &ours, result);
    }
    /* Who did not lead has committed nothing. */
    if (run->token != 0 &&
        !wv_ledger_landed(run->link->ledger, run->link->pg, &ours, &landed, &wait, &ignored))
        return false;
    read_rows(run, result);
    wv_err_prefix(&result->error, "the connection broke and is back; the ledger was read again");
    take_landed(run, job, &landed, result);
    return true;
}
