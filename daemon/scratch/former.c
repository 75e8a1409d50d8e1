/* See former.h. A pid in a file may belong to any process by now: the one that is meant has the
 * data as its working directory, and is held by a descriptor before that is looked at. */
#include "former.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/pidfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "data_dir.h"
#include "log.h"
#include "pg.h"

enum { PATIENCE_MS = 10000 };

static bool works_in(pid_t pid, const char *data)
{
    char *link WV_AUTOFREE = wv_xasprintf("/proc/%d/cwd", (int)pid);
    struct stat its;
    struct stat meant;
    return stat(link, &its) == 0 && stat(data, &meant) == 0 && its.st_dev == meant.st_dev &&
           its.st_ino == meant.st_ino;
}

static bool send(int pidfd, int signal)
{
    struct wv_pg_wait wait = wv_pg_wait_ms(PATIENCE_MS);
    return pidfd_send_signal(pidfd, signal, NULL, 0) != 0 ||
           wv_pg_idle_fd(pidfd, &wait) == WV_PG_IDLE_NOTIFIED;
}

void wv_former_end(const char *inner, int signal)
{
    char *data WV_AUTOFREE = wv_xasprintf("%s/data", inner);
    pid_t pid = (pid_t)wv_data_dir_number(data, "postmaster.pid");
    int pidfd = pid > 0 ? pidfd_open(pid, 0) : -1;
    if (pidfd < 0)
        return;
    if (works_in(pid, data)) {
        wv_log(WV_LOG_INFO, "scratch", "ending PostgreSQL %d in %s, whose daemon is gone", (int)pid,
               data);
        if (!send(pidfd, signal) && !send(pidfd, SIGKILL))
            wv_log(WV_LOG_WARNING, "scratch", "PostgreSQL %d does not end", (int)pid);
    }
    close(pidfd);
}
