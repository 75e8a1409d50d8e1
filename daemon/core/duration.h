/* Durations as people write them. Pure, any thread. */
#ifndef WV_DURATION_H
#define WV_DURATION_H

#include <stdbool.h>
#include <stdint.h>

#include "xalloc.h"

/* "500ms", "2s", "5min", "1h"; "0" alone needs no unit. Milliseconds; at most 24 days, which
 * is what PostgreSQL's time limits can hold. */
bool wv_duration_parse(const char *text, int64_t *ms) WV_MUST_CHECK;

#endif
