/* A step outside a transaction: one statement after the other, each with its intent and outcome in
 * the journal, so that after a crash it is known how far it came. Migrator thread. */
#ifndef WV_LOOSE_H
#define WV_LOOSE_H

#include "story.h"

/* Runs the plan's step `index`, or the rest of it when the journal has its beginning. */
bool wv_loose_run(struct wv_story *story, size_t index, struct wv_err *err) WV_MUST_CHECK;

/* WV_STEP_INTERRUPTED when an earlier step is open, and the plan does not simply go on with it, nor
 * tells the database how. */
bool wv_loose_check_interrupted(struct wv_story *story, struct wv_err *err) WV_MUST_CHECK;

/* What is known of the interrupted step, and the choices, as WV_STEP_INTERRUPTED. Returns false. */
bool wv_loose_interrupted(const struct wv_ledger_interrupted *interrupted, struct wv_err *err);

#endif
