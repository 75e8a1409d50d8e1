/* `database = embedded`: a private PostgreSQL that keeps the project's data, started by the
 * migrator and ended with the daemon. */
#ifndef WV_EMBEDDED_H
#define WV_EMBEDDED_H

#include "server.h"
#include "settings.h"

/* Puts the connection string of the private server in the place of the word "embedded" and names
 * its folder in `embedded`; other settings stay as they are. Both threads do so with their copy. */
void wv_embedded_resolve(struct wv_settings *settings);

/* What to say before it runs. */
void wv_embedded_starting(struct wv_err *err);

/* Sees to it that the server runs, when the settings want one: starts it, or another when `*server`
 * has ended, and makes the project's database in it. Errors: see wv_server_start(). */
bool wv_embedded_run(struct wv_server **server, const struct wv_settings *settings,
                     const struct wv_pg_wait *wait, struct wv_err *err) WV_MUST_CHECK;

#endif
