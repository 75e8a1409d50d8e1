/* Routines of one name that a call may not tell apart. Internal to the folder. */
#ifndef WV_OVERLOAD_H
#define WV_OVERLOAD_H

#include "catalog.h"

/* How many arguments a call of a routine may have. */
struct wv_arity {
    long least;
    long most;
};

struct wv_arity wv_arity_of(const struct wv_object *routine);
/* May a call with some number of arguments mean either? */
bool wv_arities_meet(const struct wv_arity *a, const struct wv_arity *b);

/* Are both routines of the same name, and take the same number of arguments in some call? */
bool wv_is_overload(const struct wv_object *a, const struct wv_object *b);

#endif
