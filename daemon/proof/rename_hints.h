/* Renames that the models ask for: a line comment "-- woven:renamed-from OLD" inside a CREATE
 * statement, on the line on which a column or constraint begins, or before any of them for the
 * object itself. Pure; any thread. */
#ifndef WV_RENAME_HINTS_H
#define WV_RENAME_HINTS_H

#include "model_files.h"
#include "strlist.h"

/* Adds each as "old:new": those of objects before those of their columns, which are named below the
 * new name of their table. The places of such comments that stand elsewhere, and so ask for
 * nothing, go to `strays` as "file:line". */
void wv_rename_hints_find(struct wv_strlist *hints, struct wv_strlist *strays,
                          const struct wv_model_files *files);

#endif
