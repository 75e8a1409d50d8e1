/* Renames that the models ask for: a line comment "-- woven:renamed-from OLD" inside a CREATE
 * statement, on the line on which a column or constraint begins, or before any of them for the
 * object itself. Pure; any thread. */
#ifndef WV_RENAME_HINTS_H
#define WV_RENAME_HINTS_H

#include "model_files.h"
#include "strlist.h"

/* Adds each as "old:new": those of objects before those of their columns, which are named below the
 * new name of their table. */
void wv_rename_hints_find(struct wv_strlist *hints, const struct wv_model_files *files);

#endif
