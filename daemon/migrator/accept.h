/* Accepting edited files: `repair --accept`. Migrator thread. */
#ifndef WV_ACCEPT_H
#define WV_ACCEPT_H

#include "story.h"

/* Records what the files of the job's targets, or of all edited revisions, say now; the result
 * tells which. WV_NOTHING_TO_REPAIR when a target is not applied or has no file. A dry run changes
 * nothing and adds the diffs. */
bool wv_accept_run(struct wv_story *story, struct wv_err *err) WV_MUST_CHECK;

#endif
