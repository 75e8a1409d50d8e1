/* Time zones by name, without the process-wide TZ of the C library, which threads share: reads the
 * system's compiled tables (tzfile(5), RFC 8536). */
#ifndef WV_ZONE_H
#define WV_ZONE_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "err.h"

/* The seconds by which the clocks of `zone` are ahead of UTC at `when`. `zone` is "UTC", "local"
 * (the process's own) or a name such as "Europe/Berlin". WV_CONFIG_ERROR when there is no such
 * zone. Any thread; blocks on the disk. */
bool wv_zone_offset(const char *zone, int64_t when, int *offset, struct wv_err *err) WV_MUST_CHECK;

/* The same for the bytes of a table: false when they are none. Pure. */
bool wv_zone_table_offset(const char *data, size_t length, int64_t when, int *offset);
/* The same for a rule as POSIX writes it into TZ ("CET-1CEST,M3.5.0,M10.5.0/3"), in which tables
 * continue after their last entry. Pure. */
bool wv_zone_rule_offset(const char *rule, int64_t when, int *offset);

/* "2026-01-14T10:12:00+01:00", or with "Z" for UTC itself; the caller's own. */
char *wv_zone_iso(int64_t when, int offset);
/* The wall clock. */
struct tm wv_zone_tm(int64_t when, int offset);

#endif
