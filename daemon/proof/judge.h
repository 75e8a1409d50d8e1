/* The judge that shares no code with the engine: two schemas are the same when pg_dump says so.
 * Proof thread. */
#ifndef WV_JUDGE_H
#define WV_JUDGE_H

#include "room.h"

/* What pg_dump prints of the room's database, without the project's own tables and what the
 * settings say to ignore (`catalog` is of the same database and tells what that is), as statements
 * in an order that does not depend on the database's past. WV_SERVER_FAILED with its words, or when
 * there is no pg_dump here. */
bool wv_judge_dump(struct wv_room *room, const struct wv_catalog *catalog,
                   struct wv_strlist *statements, struct wv_err *err) WV_MUST_CHECK;
/* The same as it came; the caller's own. */
bool wv_judge_text(struct wv_room *room, char **text, struct wv_err *err) WV_MUST_CHECK;
/* "" when they are the same; else what is in one only, shortened. The caller's own. */
char *wv_judge_compare(const struct wv_strlist *is, const struct wv_strlist *wanted);

#endif
