/* Takes connections from the listening socket, counts them against the limits, and finds out who
 * they are. Out of descriptors, it stops accepting for a moment instead of spinning. Loop thread.
 */
#ifndef WV_LISTENER_H
#define WV_LISTENER_H

#include "sessions.h"
#include "settings.h"

struct wv_listener;

/* Takes the descriptor over. `limits` is copied. */
struct wv_listener *wv_listener_new(struct event_base *base, int fd, struct wv_sessions *sessions,
                                    const struct wv_limits *limits);
/* Closes the socket: nobody can connect any more. NULL is fine. */
void wv_listener_free(struct wv_listener *listener);
void wv_listener_set_limits(struct wv_listener *listener, const struct wv_limits *limits);

#endif
