/* What the options of a table that hang on its columns stand. Pure, any thread. Internal to the
 * folder. */
#ifndef WV_TABLE_OPTIONS_H
#define WV_TABLE_OPTIONS_H

#include "kind.h"

/* May they stay while the column of their table goes over to another type; while something rewrites
 * the table? */
bool wv_options_endure_column(const struct wv_object *options, const struct wv_change *column);
bool wv_options_endure_rewrite(const struct wv_object *options);

#endif
