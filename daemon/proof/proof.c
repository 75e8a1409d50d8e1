/* See proof.h: what comes before and after the story of a job. */
#include "proof.h"

#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "findings.h"
#include "live.h"
#include "log.h"

enum { END_MS = 10000 };

#define DISK_FULL "53100"

bool wv_proof_look_at_target(struct wv_proof *proof, struct wv_err *err)
{
    struct wv_err why WV_AUTOERR = {0};
    struct wv_pg *pg = NULL;
    bool done = wv_live_connect(&pg, proof, &why) &&
                wv_scratch_like_read(&proof->like, pg, proof->wait, &why);
    wv_pg_close(pg);
    if (!done && why.code == WV_CANCELLED) {
        wv_err_move(err, &why);
        return false;
    }
    proof->reached = done;
    if (!done)
        wv_findings_note(proof->findings,
                         "the database was not reached, so its locale and roles are not known to "
                         "the scratch databases: %s",
                         why.message);
    return true;
}

/* With such a role nothing but care keeps a revision's hidden statements from the real one. */
static void warn_of_power(const struct wv_proof *proof)
{
    if (!wv_scratch_rules(proof->scratch, &proof->like))
        return;
    wv_findings_note(proof->findings,
                     "the role of the setting scratch is a superuser of the server that the "
                     "database itself is on: revisions run there with all rights; see scratch in "
                     "woven.conf(5)");
    wv_log(WV_LOG_WARNING, "scratch",
           "the role of the setting scratch is a superuser of the server that the database itself"
           " is on");
}

static bool carry_out(struct wv_proof *proof, struct wv_err *err)
{
    switch (proof->job->kind) {
    case WV_JOB_CHECK:
        return wv_check_run(proof, err);
    case WV_JOB_AUTOGENERATE:
        return wv_autogenerate_run(proof, err);
    case WV_JOB_DRIFT:
        return wv_drift_run(proof, err);
    case WV_JOB_TEST:
        return wv_test_run(proof, err);
    case WV_JOB_DIFF:
        return wv_diff_run(proof, err);
    case WV_JOB_DUMP:
        return wv_dump_run(proof, err);
    default:
        return wv_err_set(err, WV_INTERNAL, "a job of another thread");
    }
}

/* What of the server is not as it was is a fault of the job, however it went otherwise. Statements
 * that say so are not run; a DO block or a function hides them. */
static bool check_server(struct wv_proof *proof, struct wv_err *err)
{
    struct wv_strlist changed WV_AUTOSTRLIST = {0};
    struct wv_err why WV_AUTOERR = {0};
    struct wv_pg_wait wait = wv_pg_wait_ms(END_MS);
    if (!wv_scratch_end(proof->scratch, &changed, &wait, &why)) {
        wv_log_err(WV_LOG_WARNING, "scratch", &why);
        if (err->code == WV_CONNECTION_LOST)
            wv_scratch_explain(proof->scratch, err);
        return true;
    }
    if (changed.count == 0 || wv_scratch_is_private(proof->scratch))
        return true;
    char *names WV_AUTOFREE = wv_strlist_join(&changed, ", ");
    wv_err_set(&why, WV_SERVER_FAILED,
               "while this ran, what belongs to the whole scratch server changed: %s", names);
    wv_err_hint(&why, "look there: unless somebody else did it at the same time, it was a DO block "
                      "or a function of a revision or a model. A role for the setting scratch that "
                      "only has CREATEDB cannot do such things; scratch = embedded keeps them from "
                      "any other server");
    wv_log_err(WV_LOG_ERROR, "scratch", &why);
    wv_err_move(err, &why);
    return false;
}

static bool carry_out_watched(struct wv_proof *proof, struct wv_err *err)
{
    if (!wv_project_check(proof->job->project, err) || !wv_proof_look_at_target(proof, err) ||
        !wv_scratch_begin(proof->scratch, &proof->like, proof->wait, err))
        return false;
    warn_of_power(proof);
    bool done = carry_out(proof, err);
    if (!done && strcmp(err->sqlstate, DISK_FULL) == 0 && wv_scratch_is_private(proof->scratch))
        wv_err_hint(err,
                    "the private PostgreSQL has its data below %s: make room there, or let "
                    "the setting state_directory name another folder",
                    proof->settings->state_directory);
    return check_server(proof, err) && done;
}

void wv_proof_run(struct wv_proof *proof, struct wv_job_result *result)
{
    proof->findings = result->findings;
    result->outcome = WV_OUTCOME_DONE;
    if (!carry_out_watched(proof, &result->error))
        result->outcome =
            result->error.code == WV_CANCELLED ? WV_OUTCOME_CANCELLED : WV_OUTCOME_FAILED;
    wv_scratch_like_clear(&proof->like);
}
