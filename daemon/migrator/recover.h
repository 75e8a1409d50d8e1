/* A step outside a transaction that nobody knows the end of: what the catalog and the statement
 * tell of it. Migrator thread. */
#ifndef WV_RECOVER_H
#define WV_RECOVER_H

#include "story.h"

/* When the plan begins with a step that stopped in the middle of a statement, without an answer,
 * decides whether that was done or runs again, where that can be told, as `repair` would. What
 * cannot be told, as when statements before it have changed their session, is left as it is. */
bool wv_recover_interrupted(struct wv_story *story, struct wv_err *err) WV_MUST_CHECK;

/* Drops an invalid index of the name that this statement builds, so that it can be built: what an
 * earlier try has left, its own or anybody's. WV_LOCK_TIMEOUT when another session may be building
 * it just now. */
bool wv_recover_room(const struct wv_story *story, const char *statement,
                     struct wv_err *err) WV_MUST_CHECK;

/* Does the statement belong into one transaction with what the journal says of it? */
bool wv_recover_is_atomic(const char *statement);

#endif
