/* See recover.h. */
#include "recover.h"

#include <string.h>

#include "ledger_journal.h"
#include "log.h"
#include "query.h"
#include "recoverable.h"
#include "source.h"

/* The index of that name on that table, and who else is at work on the table. The progress of
 * others is not for every role to see, but the lock that a build holds is; autovacuum, which takes
 * the same one and gives way, has no user. */
static const char built_sql[] =
    "SELECT pg_catalog.format('%I.%I', n.nspname, c.relname), i.indisvalid, ("
    "  SELECT pg_catalog.min(l.pid) FROM pg_catalog.pg_locks l"
    "    JOIN pg_catalog.pg_database d ON d.oid = l.database"
    "    JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid AND a.usesysid IS NOT NULL"
    "   WHERE d.datname = pg_catalog.current_database() AND l.locktype = 'relation'"
    "     AND l.relation = i.indrelid AND l.mode = 'ShareUpdateExclusiveLock' AND l.granted"
    "     AND l.pid <> pg_catalog.pg_backend_pid()), i.indisunique"
    "  FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid"
    "  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
    " WHERE i.indrelid = pg_catalog.to_regclass($1) AND c.relkind = 'i'"
    "   AND c.relname = ((pg_catalog.parse_ident($2))[1])::name";

enum field { F_NAME, F_VALID, F_BUILDER, F_UNIQUE, FIELDS };

static bool find_built(const struct wv_run *run, const struct wv_recoverable *statement,
                       struct wv_pg_result **found, struct wv_err *err)
{
    const char *params[] = {statement->table, statement->index};
    return wv_pg_query(run->link->pg, built_sql, 2, params, FIELDS, found, run->wait, err);
}

static bool is_built(const struct wv_run *run, const struct wv_recoverable *statement,
                     bool *is_done, struct wv_err *err)
{
    struct wv_pg_result *found WV_AUTORESULT = NULL;
    if (!find_built(run, statement, &found, err))
        return false;
    *is_done = wv_pg_rows(found) > 0 && wv_pg_bool(found, 0, F_VALID) &&
               wv_pg_bool(found, 0, F_UNIQUE) == statement->is_unique;
    return true;
}

static bool is_dropped(const struct wv_run *run, const struct wv_recoverable *statement,
                       bool *is_done, struct wv_err *err)
{
    struct wv_pg_result *found WV_AUTORESULT = NULL;
    const char *params[] = {statement->index};
    if (!wv_pg_query_row(run->link->pg, "SELECT pg_catalog.to_regclass($1) IS NULL", 1, params, 1,
                         &found, run->wait, err))
        return false;
    *is_done = wv_pg_bool(found, 0, 0);
    return true;
}

/* Is the plan's first step the one that stopped, in a statement that gave no answer? */
static bool is_open(const struct wv_story *story)
{
    const struct wv_ledger_interrupted *interrupted = &story->look.interrupted;
    enum wv_job_kind kind = story->job->kind;
    return (kind == WV_JOB_UPGRADE || kind == WV_JOB_DOWNGRADE) && interrupted->revision != NULL &&
           !interrupted->done && interrupted->error == NULL && story->plan.count > 0 &&
           interrupted->up == story->plan.steps[0].up &&
           strcmp(interrupted->revision, story->plan.steps[0].id) == 0;
}

/* The session that the statements before it have made is gone with the daemon or the connection,
 * and names in the rest would mean something else. */
static bool needs_its_session(const struct wv_story *story, bool *needs, struct wv_err *err)
{
    struct wv_source source;
    if (!wv_source_read(&source, story, &story->plan.steps[0], err)) {
        wv_source_free(&source);
        return false;
    }
    const struct wv_statements *all = &source.script->statements;
    *needs = false;
    for (size_t i = 0; i < all->count && (int)i + 1 < story->look.interrupted.statement; i++) {
        char *text WV_AUTOFREE = wv_xstrndup(all->items[i].text, all->items[i].length);
        *needs = *needs || wv_session_effect(text) != WV_SESSION_STAYS;
    }
    wv_source_free(&source);
    return true;
}

static bool decide(struct wv_story *story, bool is_done, struct wv_err *err)
{
    const struct wv_run *run = story->run;
    const struct wv_link *link = run->link;
    const struct wv_ledger_interrupted *interrupted = &story->look.interrupted;
    wv_log(WV_LOG_INFO, "run",
           "revision %s %s stopped at statement %d of %d, which the database shows to be %s",
           interrupted->revision, interrupted->up ? "up" : "down", interrupted->statement,
           interrupted->total, is_done ? "done" : "not done");
    if (!wv_ledger_journal_repair(link->ledger, link->pg, &story->ledger_job,
                                  is_done ? WV_LEDGER_TAKE_AS_DONE : WV_LEDGER_RUN_AGAIN, run->wait,
                                  err))
        return false;
    wv_ledger_look_clear(&story->look);
    return wv_ledger_look(link->ledger, link->pg, &story->look, run->wait, err);
}

bool wv_recover_interrupted(struct wv_story *story, struct wv_err *err)
{
    struct wv_recoverable statement WV_AUTORECOVERABLE = {0};
    bool is_done = false;
    bool needs_session = false;
    if (!is_open(story))
        return true;
    if (!needs_its_session(story, &needs_session, err))
        return false;
    if (needs_session)
        return true;
    if (story->look.interrupted.atomic)
        return decide(story, false, err);
    wv_recoverable_read(&statement, story->look.interrupted.text);
    if (statement.how != WV_RECOVERY_BUILDS && statement.how != WV_RECOVERY_DROPS)
        return true;
    if (statement.how == WV_RECOVERY_BUILDS && !is_built(story->run, &statement, &is_done, err))
        return false;
    if (statement.how == WV_RECOVERY_DROPS && !is_dropped(story->run, &statement, &is_done, err))
        return false;
    return decide(story, is_done, err);
}

/* To wait behind a build is no way either: each would wait for the other, and the build be ended.
 */
static bool refuse_other_build(const char *index, const char *pid, struct wv_err *err)
{
    wv_err_set(err, WV_LOCK_TIMEOUT,
               "the index %s is not valid, and another session (pid %s) is at work on its table",
               index, pid);
    return wv_err_hint(err, "wait until that session has built the index, or end it; what a broken "
                            "build has left is dropped when this runs again");
}

bool wv_recover_room(const struct wv_story *story, const char *statement, struct wv_err *err)
{
    const struct wv_run *run = story->run;
    struct wv_recoverable build WV_AUTORECOVERABLE = {0};
    struct wv_pg_result *found WV_AUTORESULT = NULL;
    wv_recoverable_read(&build, statement);
    if (build.how != WV_RECOVERY_BUILDS)
        return true;
    if (!find_built(run, &build, &found, err))
        return false;
    if (wv_pg_rows(found) == 0 || wv_pg_bool(found, 0, F_VALID))
        return true;
    const char *name = wv_pg_text(found, 0, F_NAME);
    const char *builder = wv_pg_value(found, 0, F_BUILDER);
    if (builder != NULL)
        return refuse_other_build(name, builder, err);
    char *drop WV_AUTOFREE = wv_xasprintf("DROP INDEX CONCURRENTLY %s", name);
    wv_log(WV_LOG_INFO, "run", "the invalid index %s, which an earlier build left, is dropped",
           name);
    return wv_pg_set_limits(run->link->pg, 0, 0, run->wait, err) &&
           wv_pg_run(run->link->pg, drop, run->wait, err);
}

bool wv_recover_is_atomic(const char *statement)
{
    struct wv_recoverable recoverable WV_AUTORECOVERABLE = {0};
    wv_recoverable_read(&recoverable, statement);
    return recoverable.how == WV_RECOVERY_ATOMIC;
}
