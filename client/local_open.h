/* Reaching the private daemon of a project, started when it does not run. Main thread. */
#ifndef WV_LOCAL_OPEN_H
#define WV_LOCAL_OPEN_H

#include "local.h"
#include "run.h"

/* Connects call->link. A daemon that was started by this is waited for until it knows whether it
 * reaches its database; one whose settings were edited reads them again: WV_CONFIG_ERROR, but what
 * is about running jobs, and a user who may not have them read, goes on with those in force and a
 * warning. The commands of group "daemon" start none: WV_NO_DAEMON; as when one was started and has
 * ended again: then with what it said. WV_TIMED_OUT, WV_IO_ERROR. */
bool wv_local_open(struct wv_call *call, const struct wv_local *local,
                   struct wv_err *err) WV_MUST_CHECK;

#endif
