/* Keys: what an index holds equal values off with. They are built while others write, and replaced
 * beside the old one. Internal to the folder. */
#ifndef WV_KEY_H
#define WV_KEY_H

#include <stdbool.h>

#include "ddl.h"
#include "kind.h"

/* A key whose index is built while others write, and then taken over. */
struct wv_key {
    const char *quoted;
    const char *type;       /* PRIMARY KEY, UNIQUE */
    const char *definition; /* begins with the type */
    const char *deferral;
};

/* Is it a constraint that an index, and no exclusion, keeps? */
bool wv_is_key(const struct wv_object *constraint);
/* Is it another key under the same name, of a table that is not partitioned? */
bool wv_replaces_key(const struct wv_change *change);
/* Is the key of the new schema not there before, or another then? */
bool wv_is_key_made(const struct wv_difference *difference, const struct wv_object *key);
/* A key of a partitioned table in use whose index is built partition by partition. */
bool wv_is_key_by_partition(const struct wv_ddl *ddl, const struct wv_object *constraint);

/* The index is built while others write; the constraint then takes it over. */
void wv_build_key(struct wv_ddl *ddl, const struct wv_object *table, const struct wv_key *key);
void wv_create_key(struct wv_ddl *ddl, const struct wv_object *constraint);
/* The old one refuses equal values until the new one does. */
void wv_replace_key(struct wv_ddl *ddl, const struct wv_change *change);

#endif
