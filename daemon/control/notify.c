/* One datagram per message, never waited for: a manager that does not read must not stop the loop.
 * Loop thread. */
#include "notify.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "log.h"

static bool connect_to(int fd, const char *name)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    size_t length = strlen(name);
    if (length < 2 || length >= sizeof(address.sun_path) || (name[0] != '/' && name[0] != '@'))
        return false;
    memcpy(address.sun_path, name, length);
    if (name[0] == '@')
        address.sun_path[0] = '\0'; /* abstract: unix(7) */
    socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
    return connect(fd, (const struct sockaddr *)&address, size) == 0;
}

static int open_socket(const char *name)
{
    if (name == NULL)
        return -1;
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd >= 0 && connect_to(fd, name))
        return fd;
    wv_log(WV_LOG_WARNING, "notify", "cannot reach the service manager at %s: %s", name,
           strerror(errno));
    if (fd >= 0)
        close(fd);
    return -1;
}

/* Half of the time after which the manager loses patience, as sd_watchdog_enabled(3) advises. */
static int64_t watchdog_interval(const char *usec, const char *pid)
{
    if (usec == NULL || (pid != NULL && strtol(pid, NULL, 10) != (long)getpid()))
        return 0;
    long long value = strtoll(usec, NULL, 10);
    if (value <= 0)
        return 0;
    return value < 2000 ? 1 : value / 2000;
}

void wv_notify_open(struct wv_notify *notify)
{
    *notify = (struct wv_notify){.fd = open_socket(getenv("NOTIFY_SOCKET"))};
    if (notify->fd >= 0)
        notify->watchdog_ms = watchdog_interval(getenv("WATCHDOG_USEC"), getenv("WATCHDOG_PID"));
    unsetenv("NOTIFY_SOCKET");
    unsetenv("WATCHDOG_USEC");
    unsetenv("WATCHDOG_PID");
}

void wv_notify_close(struct wv_notify *notify)
{
    if (notify->fd >= 0)
        close(notify->fd);
    free(notify->status);
    *notify = (struct wv_notify){.fd = -1};
}

static void tell(struct wv_notify *notify, const char *text)
{
    if (notify->fd < 0)
        return;
    if (send(notify->fd, text, strlen(text), MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
        wv_log(WV_LOG_DEBUG, "notify", "the service manager did not take %s: %s", text,
               strerror(errno));
}

void wv_notify_ready(struct wv_notify *notify)
{
    tell(notify, "READY=1");
}

void wv_notify_reloading(struct wv_notify *notify)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    long long usec = (long long)now.tv_sec * 1000000 + now.tv_nsec / 1000;
    char *text WV_AUTOFREE = wv_xasprintf("RELOADING=1\nMONOTONIC_USEC=%lld", usec);
    tell(notify, text);
}

void wv_notify_stopping(struct wv_notify *notify)
{
    tell(notify, "STOPPING=1");
}

void wv_notify_status(struct wv_notify *notify, const char *status)
{
    if (notify->fd < 0 || (notify->status != NULL && strcmp(notify->status, status) == 0))
        return;
    free(notify->status);
    notify->status = wv_xstrdup(status);
    char *text WV_AUTOFREE = wv_xasprintf("STATUS=%s", status);
    for (char *p = text; *p != '\0'; p++)
        if (*p == '\n')
            *p = ' '; /* a line of its own would be another variable */
    tell(notify, text);
}

void wv_notify_turn(struct wv_notify *notify, int64_t now)
{
    if (notify->watchdog_ms == 0 || now < notify->watchdog_due)
        return;
    notify->watchdog_due = now + notify->watchdog_ms;
    tell(notify, "WATCHDOG=1");
}

int64_t wv_notify_next(const struct wv_notify *notify)
{
    return notify->watchdog_ms > 0 ? notify->watchdog_due : WV_NEVER;
}
