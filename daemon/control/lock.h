/* Jobs that hold the project's lock for a command of their client (lock.hold, lock.release). They
 * end with their client: without it nobody stops the command. Loop thread. */
#ifndef WV_LOCK_H
#define WV_LOCK_H

#include <stdint.h>

struct wv_control;
struct wv_desk;
struct wv_request;

/* Where lock.release belongs: to the project by which its client holds the lock, which the settings
 * may not have any more. NULL: it is another method, or the client holds no such lock. */
struct wv_desk *wv_lock_desk(const struct wv_control *control, const struct wv_request *request);

/* A client has gone: the jobs that it holds the lock by end, and those by which it would. */
void wv_lock_gone(struct wv_desk *desk, uint64_t session);

#endif
