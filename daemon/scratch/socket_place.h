/* Where the socket of a private server is: in its own folder, or, when that path is not fit for one
 * (too long, or with a comma in it), in a folder of /tmp whose name follows from it. Any thread. */
#ifndef WV_SOCKET_PLACE_H
#define WV_SOCKET_PLACE_H

#include "child.h"

/* The folder for the socket of the server in `inner`; the caller's own. */
char *wv_socket_place(const char *inner);
/* Makes it when it is not `inner` itself, for `as` (NULL: us). WV_SERVER_FAILED, also when somebody
 * else has made it. */
bool wv_socket_place_make(const char *place, const char *inner, const struct wv_run_as *as,
                          struct wv_err *err) WV_MUST_CHECK;
/* Removes it when it is not `inner` itself. */
void wv_socket_place_remove(const char *inner);

#endif
