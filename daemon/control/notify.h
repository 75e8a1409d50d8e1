/* Messages to the service manager (sd_notify(3)) and the watchdog's clock, by hand. From the loop
 * only, so that a loop that hangs is noticed. Without a manager every call does nothing. */
#ifndef WV_NOTIFY_H
#define WV_NOTIFY_H

#include <stdint.h>

#include "xalloc.h"

struct wv_notify {
    int fd;               /* -1: nobody listens */
    int64_t watchdog_ms;  /* half of WATCHDOG_USEC; 0: no watchdog */
    int64_t watchdog_due; /* wv_clock_ms */
    char *status;         /* the last one told */
};

/* Reads NOTIFY_SOCKET (a path, or an abstract name that begins with @), WATCHDOG_USEC, WATCHDOG_PID
 * and takes them out of the environment. */
void wv_notify_open(struct wv_notify *notify);
void wv_notify_close(struct wv_notify *notify);

void wv_notify_ready(struct wv_notify *notify);
void wv_notify_reloading(struct wv_notify *notify);
void wv_notify_stopping(struct wv_notify *notify);
/* Sent only when it differs from the last one. */
void wv_notify_status(struct wv_notify *notify, const char *status);
/* Feeds the watchdog when it is due. */
void wv_notify_turn(struct wv_notify *notify, int64_t now);
int64_t wv_notify_next(const struct wv_notify *notify);

#endif
