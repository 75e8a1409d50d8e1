/* Stamp: the ledger is told what is applied, nothing is run. Migrator thread. */
#ifndef WV_STAMP_H
#define WV_STAMP_H

#include "story.h"

/* Moves the rows as the plan says and records or forgets the revisions in between, in one
 * synchronous transaction. */
bool wv_stamp_run(struct wv_story *story, struct wv_err *err) WV_MUST_CHECK;

#endif
