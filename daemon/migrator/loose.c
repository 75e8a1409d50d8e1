/* See loose.h. */
#include "loose.h"

#include <string.h>
#include <strings.h>

#include "ledger_journal.h"
#include "log.h"
#include "query.h"
#include "recover.h"
#include "recoverable.h"
#include "retry.h"
#include "source.h"

enum { JOURNAL_MS = 10000 };

/* A loose step under way. */
struct loose {
    struct wv_story *story;
    size_t index;
    const struct wv_step *step;
    struct wv_source source;
};

bool wv_loose_interrupted(const struct wv_ledger_interrupted *interrupted, struct wv_err *err)
{
    const char *known = interrupted->done            ? "it was done, the next one was not begun"
                        : interrupted->error != NULL ? interrupted->error
                                                     : "whether it was done is not known";
    wv_err_set(err, WV_STEP_INTERRUPTED,
               "revision %s %s stopped outside a transaction at statement %d of %d: %s",
               interrupted->revision, interrupted->up ? "up" : "down", interrupted->statement,
               interrupted->total, known);
    wv_err_at(err, interrupted->file, interrupted->line, 0);
    err->revision = wv_xstrdup(interrupted->revision);
    err->statement = wv_xstrdup(interrupted->text);
    return wv_err_hint(err, "look at the database, then `wovenctl migrate repair --done` (the "
                            "statement is done, go on behind it), `--again` (run it again) or "
                            "`--abandon` (forget the step)");
}

/* The journal's step is the plan's next one, and what it knows suffices to go on. */
static bool goes_on(const struct wv_story *story, size_t index)
{
    const struct wv_ledger_interrupted *interrupted = &story->look.interrupted;
    const struct wv_step *step = &story->plan.steps[index];
    return index == 0 && interrupted->revision != NULL && interrupted->done &&
           interrupted->up == step->up && strcmp(interrupted->revision, step->id) == 0;
}

bool wv_loose_check_interrupted(struct wv_story *story, struct wv_err *err)
{
    if (!wv_recover_interrupted(story, err))
        return false;
    if (story->look.interrupted.revision == NULL || (story->plan.count > 0 && goes_on(story, 0)))
        return true;
    return wv_loose_interrupted(&story->look.interrupted, err);
}

static struct wv_ledger_intent intent_of(const struct loose *loose, size_t number, const char *text)
{
    const struct wv_script *script = loose->source.script;
    return (struct wv_ledger_intent){
        .revision = loose->step->id,
        .checksum = loose->source.checksum,
        .up = loose->step->up,
        .statement = (int)number + 1,
        .total = (int)script->statements.count,
        .file = script->path,
        .line = script->statements.items[number].line,
        .text = text,
        .atomic = wv_recover_is_atomic(text),
    };
}

static bool set_limits(const struct loose *loose, const struct wv_statement *statement,
                       struct wv_err *err)
{
    const struct wv_run *run = loose->story->run;
    const struct wv_timeouts *timeouts = &run->link->settings->timeouts;
    const struct wv_script *script = loose->source.script;
    int64_t lock = script->lock_timeout_ms >= 0 ? script->lock_timeout_ms : timeouts->lock;
    if ((statement->flags & WV_STATEMENT_NO_LOCK_TIMEOUT) != 0)
        lock = 0;
    int64_t limit =
        script->statement_timeout_ms >= 0 ? script->statement_timeout_ms : timeouts->statement;
    return wv_pg_set_limits(run->link->pg, lock, limit, run->wait, err);
}

/* In a transaction that stays open, for the journal, which is written whatever the session has
 * become; what fails leaves none. */
static bool run_atomically(const struct wv_run *run, const char *text, struct wv_err *err)
{
    struct wv_pg *pg = run->link->pg;
    struct wv_pg_wait wait = wv_pg_wait_ms(JOURNAL_MS);
    struct wv_err ignored WV_AUTOERR = {0};
    if (!wv_pg_exec(pg, WV_PG_BEGIN, run->wait, err))
        return false;
    /* What is deferred fires now, with the role and the limits of the statement. */
    if (wv_pg_run(pg, text, run->wait, err) &&
        wv_pg_exec(pg, "SET CONSTRAINTS ALL IMMEDIATE", run->wait, err))
        return true;
    if (wv_pg_usable(pg))
        (void)!wv_pg_exec(pg, "ROLLBACK", &wait, &ignored);
    return false;
}

/* Runs one statement alone, again when it could not get a lock: alone it is its own transaction. */
static bool run_alone(const struct loose *loose, const struct wv_statement *statement,
                      const char *text, bool is_atomic, struct wv_err *err)
{
    const struct wv_run *run = loose->story->run;
    struct wv_retry retry;
    wv_retry_init(&retry, run);
    do {
        if (is_atomic ? run_atomically(run, text, err)
                      : wv_pg_run(run->link->pg, text, run->wait, err))
            return true;
        if ((statement->flags & WV_STATEMENT_NO_TRANSACTION) != 0)
            return false;
    } while (wv_retry_again(&retry, loose->index, err));
    return false;
}

/* A failed statement of its own transaction leaves nothing; these may. */
static bool may_leave_something(const struct wv_statement *statement)
{
    return statement->flags != 0 || strncasecmp(statement->text, "CALL", 4) == 0 ||
           strncasecmp(statement->text, "DO", 2) == 0;
}

/* Writes the outcome of a failed statement. The first one of a step that left nothing behind closes
 * the journal: nothing of the step is there, so nothing has to be repaired. */
static void journal_failure(const struct loose *loose, size_t number, const struct wv_err *error)
{
    const struct wv_link *link = loose->story->run->link;
    const struct wv_statement *statement = &loose->source.script->statements.items[number];
    struct wv_pg_wait wait = wv_pg_wait_ms(JOURNAL_MS);
    struct wv_err err WV_AUTOERR = {0};
    if (!wv_pg_usable(link->pg))
        return;
    bool written = wv_ledger_journal_outcome(link->ledger, link->pg, error, &wait, &err);
    if (written && number == 0 && !may_leave_something(statement))
        written = wv_ledger_journal_repair(link->ledger, link->pg, &loose->story->ledger_job,
                                           WV_LEDGER_ABANDON, &wait, &err);
    if (!written)
        wv_log_err(WV_LOG_WARNING, "run", &err);
}

static bool run_statement(const struct loose *loose, size_t number, struct wv_err *err)
{
    const struct wv_story *story = loose->story;
    const struct wv_run *run = story->run;
    const struct wv_link *link = run->link;
    const struct wv_script *script = loose->source.script;
    const struct wv_statement *statement = &script->statements.items[number];
    char *text WV_AUTOFREE = wv_xstrndup(statement->text, statement->length);
    struct wv_ledger_intent intent = intent_of(loose, number, text);
    wv_report_statement(&run->report, loose->index, number + 1, script->statements.count,
                        script->path, statement->line, statement->text, statement->length);
    char *sql WV_AUTOFREE = NULL;
    if (!wv_story_sql(story, script, number, &sql, err))
        return false;
    if (!wv_recover_room(story, sql, err)) {
        wv_source_place_error(&loose->source, loose->step, number, &(struct wv_pg_position){0},
                              err);
        return false;
    }
    if (!set_limits(loose, statement, err) ||
        !wv_ledger_journal_intend(link->ledger, link->pg, &story->ledger_job, &intent, run->wait,
                                  err))
        return false;
    if (!run_alone(loose, statement, sql, intent.atomic, err)) {
        if (wv_pg_usable(link->pg))
            wv_source_place_error(&loose->source, loose->step, number,
                                  wv_pg_last_position(link->pg), err);
        journal_failure(loose, number, err);
        return false;
    }
    /* The statement is done: from here a cancel must not hide that. */
    struct wv_pg_wait wait = wv_pg_wait_ms(JOURNAL_MS);
    if (!intent.atomic)
        return wv_ledger_journal_outcome(link->ledger, link->pg, NULL, &wait, err);
    if (wv_ledger_journal_commit(link->ledger, link->pg, &wait, err))
        return true;
    journal_failure(loose, number, err);
    return false;
}

static bool check_unchanged(const struct loose *loose, struct wv_err *err)
{
    const char *begun = loose->story->look.interrupted.checksum;
    if (begun == NULL || strcmp(begun, loose->source.checksum) == 0)
        return true;
    wv_err_set(err, WV_EDITED_REVISION, "revision %s was edited after its step was interrupted",
               loose->step->id);
    wv_err_at(err, loose->source.script->path, loose->source.script->line, 0);
    return wv_err_hint(err,
                       "put the file back as it was, or forget the step with `wovenctl migrate "
                       "repair --abandon`");
}

static bool finish(const struct loose *loose, int64_t took_us, struct wv_err *err)
{
    const struct wv_story *story = loose->story;
    struct wv_strlist removed WV_AUTOSTRLIST = {0};
    struct wv_strlist added WV_AUTOSTRLIST = {0};
    wv_story_rows(&loose->step->rows, &removed, &added);
    struct wv_ledger_step step = {
        .kind = loose->step->up ? WV_LEDGER_UP : WV_LEDGER_DOWN,
        .record = wv_source_record(&loose->source, loose->step),
        .remove_rows = &removed,
        .add_rows = &added,
        .number = loose->index,
        .first = true,
        .last = true,
        .lock_timeout = story->run->link->settings->timeouts.lock,
    };
    struct wv_pg_wait wait = wv_pg_wait_ms(JOURNAL_MS);
    return wv_ledger_journal_finish(story->run->link->ledger, story->run->link->pg,
                                    &story->ledger_job, &step, took_us, &wait, err);
}

/* What the statements that are done have set goes for the rest, in this session as well. */
static bool set_again(const struct loose *loose, size_t count, struct wv_err *err)
{
    const struct wv_run *run = loose->story->run;
    for (size_t i = 0; i < count; i++) {
        const struct wv_statement *statement = &loose->source.script->statements.items[i];
        char *text WV_AUTOFREE = wv_xstrndup(statement->text, statement->length);
        char *sql WV_AUTOFREE = NULL;
        if (wv_session_effect(text) == WV_SESSION_IS_SET &&
            (!wv_story_sql(loose->story, loose->source.script, i, &sql, err) ||
             !wv_pg_run(run->link->pg, sql, run->wait, err)))
            return false;
    }
    return true;
}

static bool run_all(const struct loose *loose, int64_t began_us, struct wv_err *err)
{
    size_t number = 0;
    if (goes_on(loose->story, loose->index)) {
        if (!check_unchanged(loose, err))
            return false;
        number = (size_t)loose->story->look.interrupted.statement;
        if (!set_again(loose, number, err))
            return false;
    }
    for (; number < loose->source.script->statements.count; number++)
        if (!run_statement(loose, number, err))
            return false;
    return finish(loose, wv_clock_us() - began_us, err);
}

bool wv_loose_run(struct wv_story *story, size_t index, struct wv_err *err)
{
    struct loose loose = {.story = story, .index = index, .step = &story->plan.steps[index]};
    if (!wv_source_read(&loose.source, story, loose.step, err)) {
        wv_source_free(&loose.source);
        return false;
    }
    int64_t began_us = wv_clock_us();
    wv_report_step(&story->run->report, index);
    bool done = run_all(&loose, began_us, err);
    int64_t took_us = wv_clock_us() - began_us;
    if (done) {
        struct wv_step_value *value = &story->result->steps.items[index];
        value->done = true;
        value->took_us = took_us;
        wv_report_step_done(&story->run->report, index, took_us);
    } else {
        if (err->code != WV_CANCELLED)
            wv_err_prefix(err, "revision %s %s", loose.step->id, loose.step->up ? "up" : "down");
        wv_story_note(story, index, took_us, err);
    }
    wv_source_free(&loose.source);
    return done;
}
