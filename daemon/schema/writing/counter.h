/* Where a column's values come from, a sequence of its own or of its default, and how the next
 * value outlives a change from one to another. Internal to the folder. */
#ifndef WV_COUNTER_H
#define WV_COUNTER_H

#include "ddl.h"
#include "difference.h"

/* The column, as it is after, that counts by itself what it took from `sequence` before, which is
 * dropped; and the column, as it was before, that counted by itself what comes from the new
 * `sequence` after. NULL: there is none. In both cases the old sequence is renamed, makes room for
 * the new one, and is dropped by whoever makes that. */
const struct wv_object *wv_counter_heir(const struct wv_difference *difference,
                                        const struct wv_object *sequence);
const struct wv_object *wv_counter_origin(const struct wv_difference *difference,
                                          const struct wv_object *sequence);

/* Of a sequence that is dropped: does a new one go on in its place, for a default? */
bool wv_counter_is_followed(const struct wv_difference *difference,
                            const struct wv_object *sequence);

/* The new sequence of a column that became an identity goes on where the old one is. */
void wv_write_identity_counter(struct wv_ddl *ddl, const struct wv_change *column);
/* Of a column that stops to be an identity, and of a sequence that is dropped: it is renamed where
 * another one takes its counter over. False: none does. */
bool wv_put_identity_aside(struct wv_ddl *ddl, const struct wv_object *column);
bool wv_put_sequence_aside(struct wv_ddl *ddl, const struct wv_object *sequence);
/* The new sequence takes the counter over from the identity that was put aside, if there is one. */
void wv_take_identity_over(struct wv_ddl *ddl, const struct wv_object *sequence);
/* Of a table that is made anew: the sequence of its column makes room; what counts the column in
 * the new table goes on from there, or behind the values. */
void wv_put_rebuilt_identity_aside(struct wv_ddl *ddl, const struct wv_object *column);
void wv_write_rebuilt_counter(struct wv_ddl *ddl, const struct wv_change *column);
/* A column that is there takes its values from a new sequence from now on. */
void wv_write_default_counter(struct wv_ddl *ddl, const struct wv_object *new_default);

#endif
