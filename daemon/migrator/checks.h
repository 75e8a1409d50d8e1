/* What a job is refused for by what is known before anything is touched. Migrator thread. */
#ifndef WV_CHECKS_H
#define WV_CHECKS_H

#include "story.h"

/* WV_EDITED_REVISION names the applied revisions whose files say something else now; of an upgrade
 * only. */
bool wv_check_edited(const struct wv_story *story, struct wv_err *err) WV_MUST_CHECK;

/* WV_NOT_LEADER says who leads; story->needs_lead is set then. A session may outlive the right to
 * change anything, when its server is being replaced: story->read_only is set then, and the error
 * is that of wv_link_refuse_read_only(). */
bool wv_check_leads(struct wv_story *story, struct wv_err *err) WV_MUST_CHECK;

/* WV_IRREVERSIBLE when the plan takes back a revision that has no down section. */
bool wv_check_reversible(const struct wv_story *story, struct wv_err *err) WV_MUST_CHECK;

#endif
