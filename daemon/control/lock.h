/* Jobs that hold the project's lock for a command of their client (lock.hold, lock.release). They
 * end with their client: without it nobody stops the command. Loop thread. */
#ifndef WV_LOCK_H
#define WV_LOCK_H

#include <stdint.h>

struct wv_desk;

/* A client has gone: the jobs that it holds the lock by end, and those by which it would. */
void wv_lock_gone(struct wv_desk *desk, uint64_t session);

#endif
