/* Roles that models, dumps and revisions name and nobody has made: a private scratch server lends
 * them to the job. Proof thread. */
#ifndef WV_LENT_ROLE_H
#define WV_LENT_ROLE_H

#include "proof.h"

/* Is `err` that of a statement which names such a role, and is the role there now, so that the
 * statement can be run again? It is noted when the database is known not to have it. */
bool wv_lend_role(struct wv_proof *proof, const struct wv_err *err);

#endif
