/* Columns that count by themselves: GENERATED ... AS IDENTITY, with all that their sequence has.
 * Internal to the folder. */
#ifndef WV_IDENTITY_H
#define WV_IDENTITY_H

#include "ddl.h"
#include "difference.h"
#include "strbuf.h"

/* "GENERATED ... AS IDENTITY (...)", without what the server does by itself. */
void wv_write_identity(struct wv_strbuf *out, const struct wv_object *column);
/* Is the column of a table that others inherit from? The server adds no identity to their columns:
 * it comes to this one alone, once they have it. */
bool wv_identity_waits(const struct wv_ddl *ddl, const struct wv_object *column);
void wv_write_waiting_identity(struct wv_ddl *ddl, const struct wv_object *column);
/* What the sequence has otherwise than its column and table, and no clause says: its type, whether
 * it is logged. */
void wv_write_own_sequence(struct wv_ddl *ddl, const struct wv_object *column);

void wv_add_identity(struct wv_ddl *ddl, const struct wv_change *change);
void wv_change_identity(struct wv_ddl *ddl, const struct wv_change *change);
/* `old`: the column as it is before. Goes before a new type, which may be none that an identity can
 * have. */
void wv_drop_identity(struct wv_ddl *ddl, const struct wv_object *old);

#endif
