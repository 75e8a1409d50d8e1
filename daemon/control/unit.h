/* The systemd unit in which a process runs, told from its control group. Any thread. */
#ifndef WV_UNIT_H
#define WV_UNIT_H

#include <sys/types.h>

/* The unit of the process `pid` of the user `uid`, the caller's own: "app.service",
 * "session-3.scope"; of what a user's own service manager started, both: "user@1000.service/job.
 * service". NULL: it runs in none, has ended, is another user's by now, or cannot be seen. `proc`
 * is where proc(5) is mounted. Never waits. */
char *wv_unit_of(const char *proc, pid_t pid, uid_t uid);

/* The same, from the text of proc(5)'s file "cgroup". */
char *wv_unit_parse(const char *text);

#endif
