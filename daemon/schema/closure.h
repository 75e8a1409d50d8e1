/* What cannot stay as it is while others change, until nothing more has to give way: it is made
 * anew, or a column goes over to what is. Internal to the folder. */
#ifndef WV_CLOSURE_H
#define WV_CLOSURE_H

#include "difference.h"

/* `difference` has its twins, each with the deed that its own two forms ask for. */
void wv_difference_close(struct wv_difference *difference);

#endif
