/* What the jobs that work in scratch databases share: check, revision --autogenerate, drift, test,
 * diff, dump. Linear code of a thread of its own beside the migrator: none of them touches the
 * project's database but to read, so that neither the lead nor the lock is needed, and an upgrade
 * never waits for one of them. */
#ifndef WV_PROOF_H
#define WV_PROOF_H

#include "report.h"
#include "scratch.h"

struct wv_proof {
    const struct wv_job *job;
    const struct wv_settings *settings;
    struct wv_scratch *scratch; /* running */
    const struct wv_pg_wait *wait;
    const struct wv_report *report;
    struct wv_scratch_like like; /* the project's database; all zero when it was not reached */
    bool reached;                /* it was */
    struct wv_findings *findings;
};

/* Reads what the scratch databases have to have in common with the project's, and says so in the
 * findings when that cannot be reached. False: cancelled. */
bool wv_proof_look_at_target(struct wv_proof *proof, struct wv_err *err) WV_MUST_CHECK;

/* Runs the job to its end and fills `result` (all zero before). */
void wv_proof_run(struct wv_proof *proof, struct wv_job_result *result);

#endif
