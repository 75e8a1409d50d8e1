/* What the setting `ignore` may say. A pattern is "[KIND ]NAME": a shell pattern for "schema.name",
 * or for the name alone of what is in no schema; with a kind before it only of that kind ("table
 * public.old_*", "schema audit", "extension postgis"). Parts of something (indexes, triggers,
 * policies) are meant only when their kind is named: by "schema.name", or by "schema.owner.name".
 * What has no statement of its own (columns, constraints, owners) cannot be ignored by itself.
 *
 * Pure, any thread. */
#ifndef WV_IGNORE_PATTERN_H
#define WV_IGNORE_PATTERN_H

#include "err.h"

struct wv_object;

/* WV_CONFIG_ERROR when it can mean nothing. */
bool wv_ignore_pattern_check(const char *pattern, struct wv_err *err) WV_MUST_CHECK;
bool wv_ignore_pattern_matches(const char *pattern, const struct wv_object *object);

#endif
