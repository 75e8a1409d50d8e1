/* See duration.h. */
#include "duration.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name;
    int64_t ms;
} units[] = {{"ms", 1}, {"s", 1000}, {"min", 60000}, {"h", 3600000}, {"d", 86400000}};

/* PostgreSQL's time limits are 32-bit milliseconds (manual, 20.11). */
static const int64_t longest = INT32_MAX;

bool wv_duration_parse(const char *text, int64_t *ms)
{
    if (!isdigit((unsigned char)*text))
        return false;
    char *end;
    errno = 0;
    long long number = strtoll(text, &end, 10);
    if (errno != 0)
        return false;
    if (number == 0 && *end == '\0') {
        *ms = 0;
        return true;
    }
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        if (strcmp(units[i].name, end) != 0)
            continue;
        if (number > longest / units[i].ms)
            return false;
        *ms = number * units[i].ms;
        return true;
    }
    return false;
}
