/* Which things let go of what they need by being altered, before that goes. Internal to the folder.
 */
#ifndef WV_LETTING_GO_H
#define WV_LETTING_GO_H

#include "difference.h"

/* Is it altered so that it no longer needs the other, before that goes? */
bool wv_lets_go(const struct wv_difference *difference, const struct wv_twin *dependant,
                const struct wv_twin *needed);
/* It holds no values, and can be away for a while. */
bool wv_is_spare(const struct wv_twin *twin);
/* Does it need anything, as it was, that is dropped? */
bool wv_needs_gone(const struct wv_difference *difference, const struct wv_object *old);

#endif
