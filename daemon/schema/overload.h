/* Routines of one name that a call may not tell apart. Internal to the folder. */
#ifndef WV_OVERLOAD_H
#define WV_OVERLOAD_H

#include "catalog.h"

/* Are both routines of the same name, and take the same number of arguments in some call? */
bool wv_is_overload(const struct wv_object *a, const struct wv_object *b);

#endif
