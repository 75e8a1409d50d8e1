/* See clock.h. */
#include "clock.h"

#include <limits.h>
#include <stdlib.h>
#include <sys/random.h>

int64_t wv_clock_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t wv_clock_ms(void)
{
    return wv_clock_us() / 1000;
}

int wv_clock_left(int64_t deadline)
{
    if (deadline == WV_NEVER)
        return -1;
    int64_t left = deadline - wv_clock_ms();
    if (left <= 0)
        return 0;
    return left > INT_MAX ? INT_MAX : (int)left;
}

int64_t wv_clock_earlier(int64_t left, int64_t right)
{
    return left < right ? left : right;
}

char *wv_clock_iso(time_t when)
{
    struct tm utc;
    char text[32];
    if (gmtime_r(&when, &utc) == NULL || strftime(text, sizeof(text), "%FT%TZ", &utc) == 0)
        return wv_xstrdup("");
    return wv_xstrdup(text);
}

int64_t wv_clock_jitter(int64_t low, int64_t high)
{
    uint64_t random = 0;
    if (getrandom(&random, sizeof(random), GRND_NONBLOCK) != (ssize_t)sizeof(random))
        random = (uint64_t)wv_clock_us();
    if (high <= low)
        return low;
    return low + (int64_t)(random % (uint64_t)(high - low + 1));
}

int64_t wv_clock_random(int64_t low, int64_t high, void *state)
{
    (void)state;
    return wv_clock_jitter(low, high);
}
