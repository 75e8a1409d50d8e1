/* What is written of a table that is made anew with its rows. Internal to the folder. */
#ifndef WV_TABLE_REBUILD_H
#define WV_TABLE_REBUILD_H

#include "ddl.h"
#include "kind.h"

/* Gives the name `aside` to the old one, and frees the names of its identities' sequences. Refuses
 * what cannot be made anew. */
void wv_set_table_aside(struct wv_ddl *ddl, const struct wv_object *old, const char *aside);
/* Copies its rows, and those of its partitions, from the old one, which is called `name` then, and
 * lets what counts its columns go on. */
void wv_copy_rows(struct wv_ddl *ddl, const struct wv_change *table, const char *name);
/* What goes for good with the old one: partitions that the new one does not have, which nobody can
 * call by their names any more. */
void wv_tell_gone_partitions(struct wv_ddl *ddl, struct wv_ddl_statement *statement,
                             const struct wv_object *old);

#endif
