/* What is dropped and what is made may be one thing by two names: offered, never taken. Pure. */
#ifndef WV_LIKELY_RENAMES_H
#define WV_LIKELY_RENAMES_H

#include "difference.h"
#include "findings.h"

/* Adds to the findings each pair, one against one, of a thing that is dropped and one that is made
 * which are the same but for their names, in the same place. */
void wv_find_likely_renames(struct wv_findings *findings, const struct wv_difference *difference);

#endif
