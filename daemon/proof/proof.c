/* See proof.h: what comes before and after the story of a job. */
#include "proof.h"

#include "check.h"
#include "findings.h"

bool wv_proof_look_at_target(struct wv_proof *proof, struct wv_err *err)
{
    struct wv_err why WV_AUTOERR = {0};
    struct wv_pg *pg = NULL;
    struct wv_pg_wait wait = *proof->wait;
    int64_t deadline = wv_clock_ms() + proof->settings->timeouts.connect;
    if (deadline < wait.deadline)
        wait.deadline = deadline;
    bool done = wv_pg_connect(&pg,
                              &(struct wv_pg_options){.database = proof->settings->database,
                                                      .application_name = "wovend (schema)"},
                              &wait, &why) &&
                wv_scratch_like_read(&proof->like, pg, &wait, &why);
    wv_pg_close(pg);
    if (!done && why.code == WV_CANCELLED) {
        wv_err_move(err, &why);
        return false;
    }
    if (!done)
        wv_findings_note(proof->findings,
                         "the database was not reached, so its locale and roles are not known to "
                         "the scratch databases: %s",
                         why.message);
    return true;
}

static bool carry_out(struct wv_proof *proof, struct wv_err *err)
{
    if (!wv_project_check(proof->job->project, err) || !wv_proof_look_at_target(proof, err))
        return false;
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

void wv_proof_run(struct wv_proof *proof, struct wv_job_result *result)
{
    result->findings = wv_xcalloc(1, sizeof(*result->findings));
    proof->findings = result->findings;
    result->outcome = WV_OUTCOME_DONE;
    if (!carry_out(proof, &result->error))
        result->outcome =
            result->error.code == WV_CANCELLED ? WV_OUTCOME_CANCELLED : WV_OUTCOME_FAILED;
    wv_scratch_like_clear(&proof->like);
}
