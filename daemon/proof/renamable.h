/* What one statement gives another name, by what name a user calls it, and what it is besides.
 * Pure. */
#ifndef WV_RENAMABLE_H
#define WV_RENAMABLE_H

#include "catalog.h"

bool wv_is_renamable(const struct wv_object *object);
/* A function or the like, whose name has its arguments' types behind it. */
bool wv_has_arguments(const struct wv_object *object);
/* "public.t.column"; an index, although it is part of a table, by its schema. The caller's own. */
char *wv_own_name(const struct wv_object *object);
/* `name` is that, or the same without "public." or without the arguments. */
bool wv_is_named(const struct wv_object *object, const char *name);
/* How long the name at `text` is, up to one of `ends`, which stand for themselves in quotes. */
size_t wv_name_span(const char *text, const char *ends);
/* All that it is but its name and its place: two that have the same may be one. The caller's own.
 */
char *wv_content_of(const struct wv_object *object);

#endif
