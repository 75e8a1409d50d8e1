/* See run.h. Read this file first: it is what happens to a migration. The parts are in steps.c (in
 * transactions), loose.c (outside of one), stamp.c, repair.c. */
#include "run.h"

#include <stdlib.h>
#include <string.h>

#include "adopt.h"
#include "hold.h"
#include "ledger_read.h"
#include "log.h"
#include "loose.h"
#include "repair.h"
#include "source.h"
#include "stamp.h"
#include "state.h"
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

/* Of the edited ones those that are applied: a record outlives what Alembic takes back. */
static bool find_edited(const struct wv_story *story, struct wv_strlist *found, struct wv_err *err)
{
    const struct wv_strlist *edited = &story->run->edited->revisions;
    struct wv_state state WV_AUTOSTATE = {0};
    wv_node node;
    if (edited->count == 0)
        return true;
    if (!wv_state_init(&state, story->known.graph, &story->view.rows, err))
        return false;
    for (size_t i = 0; i < edited->count; i++)
        if (wv_graph_find(story->known.graph, edited->items[i], &node) &&
            wv_nodeset_has(&state.applied, node))
            wv_strlist_add(found, edited->items[i]);
    return true;
}

static bool refuse_edited(const struct wv_story *story, const struct wv_strlist *edited,
                          struct wv_err *err)
{
    char *names WV_AUTOFREE = wv_strlist_join(edited, ", ");
    wv_err_set(err, WV_EDITED_REVISION, "edited since %s applied: %s",
               edited->count == 1 ? "it was" : "they were", names);
    wv_err_at(err, wv_project_find(story->view.project, edited->items[0])->path, 0, 0);
    for (size_t i = 0; edited->count > 1 && i < edited->count; i++)
        wv_problems_add(&err->problems, "edited",
                        wv_project_find(story->view.project, edited->items[i])->path, 0,
                        "revision %s is not as it was applied", edited->items[i]);
    return wv_err_hint(err,
                       "put the file back as it was (`wovenctl migrate verify --diff` shows the "
                       "change), or accept it: `wovenctl migrate repair --accept %s`",
                       edited->count == 1 ? edited->items[0] : "REV");
}

static bool check_edited(const struct wv_story *story, struct wv_err *err)
{
    const struct wv_run *run = story->run;
    struct wv_strlist edited WV_AUTOSTRLIST = {0};
    if (story->job->kind != WV_JOB_UPGRADE)
        return true;
    if (!wv_edited_update(run->edited, story->view.project, story->look.last_history,
                          run->link->ledger, run->link->pg, run->wait, err) ||
        !find_edited(story, &edited, err))
        return false;
    return edited.count == 0 || refuse_edited(story, &edited, err);
}

/* A session may outlive the right to change anything: its server is being replaced. */
static bool check_leads(struct wv_story *story, struct wv_err *err)
{
    const struct wv_link *link = story->run->link;
    story->read_only = story->look.read_only;
    if (story->read_only)
        return wv_link_refuse_read_only(link, err);
    if (link->role == WV_ROLE_LEADER)
        return true;
    story->needs_lead = true;
    char *holder WV_AUTOFREE = wv_holder_text(&link->turn.stranger);
    if (link->leader.host != NULL)
        wv_err_set(err, WV_NOT_LEADER, "another daemon leads: host %s, pid %d, since %s",
                   link->leader.host, (int)link->leader.pid, link->leader.since);
    else if (holder != NULL)
        wv_err_set(err, WV_NOT_LEADER, "the lock of project %s is held by %s",
                   link->settings->project, holder);
    else
        wv_err_set(err, WV_NOT_LEADER, "this daemon does not lead project %s",
                   link->settings->project);
    return wv_err_hint(err,
                       link->settings->may_lead
                           ? "without --no-hand-over this daemon asks for the lead"
                           : "this daemon may not lead (leader = \"never\"): run the command on "
                             "another host");
}

static bool check_reversible(const struct wv_story *story, struct wv_err *err)
{
    for (size_t i = 0; i < story->plan.count; i++) {
        const struct wv_step *step = &story->plan.steps[i];
        const struct wv_revision *file = wv_known_file(&story->known, step->node);
        if (step->up || file == NULL || file->has_down)
            continue;
        wv_err_set(err, WV_IRREVERSIBLE, "revision %s cannot be taken back: it has no down section",
                   step->id);
        wv_err_at(err, file->path, 0, 0);
        err->revision = wv_xstrdup(step->id);
        return wv_err_hint(err, "write `-- woven:down` for it, or restore a backup");
    }
    return true;
}

/* All that can be refused is refused before anything is touched. */
static bool may_run(struct wv_story *story, struct wv_err *err)
{
    return check_leads(story, err) && wv_loose_check_interrupted(story, err) &&
           check_reversible(story, err);
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

/* Steps in transactions go together, as many as follow each other; the others one by one. */
static bool run_steps(struct wv_story *story, struct wv_err *err)
{
    if (!check_single_transaction(story, err))
        return false;
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
static bool adopt(struct wv_story *story, bool may, struct wv_err *err)
{
    bool waits;
    if (!may)
        return true;
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

/* The story. True: done, or nothing to do. */
static bool carry_out(struct wv_story *story, struct wv_err *err)
{
    if (!look_at_database(story, err))
        return false;
    if (story->job->kind == WV_JOB_REPAIR || story->job->kind == WV_JOB_RUN_LOCKED) {
        story->begun = check_leads(story, err);
        if (!story->begun)
            return false;
        return story->job->kind == WV_JOB_REPAIR ? wv_repair_run(story, err)
                                                 : wv_hold_run(story, err);
    }
    if (!know_revisions(story, err) || !make_plan(story, err) || !check_edited(story, err))
        return false;
    bool is_empty = wv_plan_is_empty(&story->plan);
    story->begun = is_empty || may_run(story, err);
    if (!story->begun)
        return false;
    if (is_empty) {
        story->result->outcome = WV_OUTCOME_NOTHING;
        return adopt(story, story->run->link->role == WV_ROLE_LEADER, err);
    }
    if (!adopt(story, !story->job->purge, err))
        return false;
    wv_report_planned(&story->run->report, &story->result->steps);
    if (story->job->kind == WV_JOB_STAMP)
        return wv_stamp_run(story, err);
    return run_steps(story, err);
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

static bool has_plan(const struct wv_job *job)
{
    return job->kind != WV_JOB_REPAIR && job->kind != WV_JOB_RUN_LOCKED;
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
