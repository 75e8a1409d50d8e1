/* What is run in a scratch database in the place of statements that reach beyond it: the server may
 * be the one that serves the project's own database, a publisher certainly is somebody's. Proof
 * thread. */
#ifndef WV_STAND_IN_H
#define WV_STAND_IN_H

#include "proof.h"
#include "reach.h"

/* `*sql` is what to run instead, the caller's own; as it is, NULL, the statement itself. What is
 * left out is noted in the findings and made an empty SELECT. WV_SQL_ERROR with file and line: it
 * may not run here. */
bool wv_stand_in(struct wv_proof *proof, const char *file, const struct wv_statement *statement,
                 char **sql, struct wv_err *err) WV_MUST_CHECK;

/* Notes that a statement is not run, and why. */
void wv_stand_in_note(struct wv_proof *proof, const char *file,
                      const struct wv_statement *statement, const char *why);

#endif
