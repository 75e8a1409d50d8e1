/* The commands' stories. Each fills the findings; an error means that there is no answer. Proof
 * thread. */
#ifndef WV_CHECK_H
#define WV_CHECK_H

#include "proof.h"

/* Do the models and the revisions make the same schema? */
bool wv_check_run(struct wv_proof *proof, struct wv_err *err) WV_MUST_CHECK;

/* From the revisions to the models: new revision files, proven. */
bool wv_autogenerate_run(struct wv_proof *proof, struct wv_err *err) WV_MUST_CHECK;

/* Is the live database what its applied revisions say? */
bool wv_drift_run(struct wv_proof *proof, struct wv_err *err) WV_MUST_CHECK;
/* Does each revision come back as it was, and go up again? */
bool wv_test_run(struct wv_proof *proof, struct wv_err *err) WV_MUST_CHECK;

/* What two schemas differ in; the job's targets name them (side.h). */
bool wv_diff_run(struct wv_proof *proof, struct wv_err *err) WV_MUST_CHECK;
/* One schema as files of models. */
bool wv_dump_run(struct wv_proof *proof, struct wv_err *err) WV_MUST_CHECK;

#endif
