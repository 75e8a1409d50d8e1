/* Repair: a person decides about a step that was cut off outside a transaction, or about edited
 * files. Migrator thread. */
#ifndef WV_REPAIR_H
#define WV_REPAIR_H

#include "story.h"

/* Without a choice in the job: WV_STEP_INTERRUPTED with what is known and the choices.
 * WV_NOTHING_TO_REPAIR when no step is open. */
bool wv_repair_run(struct wv_story *story, struct wv_err *err) WV_MUST_CHECK;

#endif
