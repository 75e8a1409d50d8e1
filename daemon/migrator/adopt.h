/* A revision that replaces others takes their place in a database that has them all (squash.h): the
 * version table's row and the ledger's records become its own. Nothing of it is run. Migrator
 * thread. */
#ifndef WV_ADOPT_H
#define WV_ADOPT_H

#include "story.h"

/* Whether something waits to be adopted: an old id in a row, or in the ledger. One trip, and none
 * when nothing is replaced. */
bool wv_adopt_find(const struct wv_story *story, bool *waits, struct wv_err *err) WV_MUST_CHECK;
/* Does it, in one synchronous transaction; the history gets an entry "adopt". */
bool wv_adopt_run(const struct wv_story *story, struct wv_err *err) WV_MUST_CHECK;

#endif
