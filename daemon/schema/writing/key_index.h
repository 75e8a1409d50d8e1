/* The index of a key: what it is built with, and one of the old schema that it can take over.
 * Internal to the folder. */
#ifndef WV_KEY_INDEX_H
#define WV_KEY_INDEX_H

#include "ddl.h"

/* The index that goes and is just what the key needs, so that it is not built again; the key that
 * takes the index over. NULL: none. */
const struct wv_object *wv_index_for_key(const struct wv_ddl *ddl, const struct wv_object *key);
const struct wv_object *wv_key_for_index(const struct wv_ddl *ddl, const struct wv_object *index);

#endif
