/* Statements are tried in a room before they become a section of a revision: what is not known from
 * the catalogs shows then. Proof thread. */
#ifndef WV_TRIAL_H
#define WV_TRIAL_H

#include "ddl_write.h"
#include "room.h"

/* Runs a segment as the step runner will. `*unchecked`: only with check_function_bodies off, since
 * the body of a routine names what is not there yet, or not at all. WV_SQL_ERROR: it fails in any
 * case, err->statement is where. */
bool wv_trial_run(struct wv_room *room, const struct wv_ddl *ddl, const struct wv_segment *segment,
                  bool *unchecked, struct wv_err *err) WV_MUST_CHECK;
/* The same question about a whole script that leads back from what the room is now, which stays.
 * Where a script cannot be tried so, bodies are not checked. */
bool wv_trial_of_way_back(struct wv_room *room, const struct wv_ddl *ddl, bool *unchecked,
                          struct wv_err *err) WV_MUST_CHECK;

#endif
