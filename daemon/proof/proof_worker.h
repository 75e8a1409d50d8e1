/* The proof thread: takes jobs that need scratch databases from its inbox, one after the other. It
 * has no part in leading: the migrator works on beside it. */
#ifndef WV_PROOF_WORKER_H
#define WV_PROOF_WORKER_H

#include "worker.h"

/* The thread's body; returns after WV_MSG_STOP, with WV_MSG_EXITED posted. A job that runs then is
 * cancelled at once: nothing of it would be lost. */
void wv_proof_main(const struct wv_worker_options *options);

/* Whether a pattern of the setting `ignore` can mean something. Any thread. */
bool wv_proof_check_ignore(const char *pattern, struct wv_err *err) WV_MUST_CHECK;

#endif
