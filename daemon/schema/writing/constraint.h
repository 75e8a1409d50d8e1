/* What constraints of all types share: what they are, their text, and what their indexes have.
 * Internal to the folder. */
#ifndef WV_CONSTRAINT_H
#define WV_CONSTRAINT_H

#include <stdbool.h>

#include "ddl.h"
#include "kind.h"
#include "strbuf.h"

/* CHECK, FOREIGN KEY, PRIMARY KEY, UNIQUE, EXCLUDE. */
bool wv_constraint_is(const struct wv_object *constraint, const char *type);
bool wv_constraint_has_index(const struct wv_object *constraint);
/* " DEFERRABLE..." or nothing. */
const char *wv_constraint_deferral(const struct wv_object *constraint);

/* "CONSTRAINT name CHECK (...)", and what its index has besides. */
void wv_write_constraint(struct wv_strbuf *out, const struct wv_object *constraint);
void wv_write_constraint_rest(struct wv_ddl *ddl, const struct wv_object *constraint);
/* The rest without the marks of index_rest.c. */
void wv_write_constraint_settings(struct wv_ddl *ddl, const struct wv_object *constraint);
/* The rest where it is another than before. */
void wv_change_constraint_rest(struct wv_ddl *ddl, const struct wv_change *change);

#endif
