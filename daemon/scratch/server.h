/* A PostgreSQL of our own: a child process on a unix socket in a folder that only its user and root
 * can enter. It ends with the daemon in whatever way that ends: a thread in here is its parent, and
 * the kernel signals it when that thread dies (PR_SET_PDEATHSIG); its folder is locked (flock), and
 * what lies in a folder that nobody holds is collected by the next start.
 *
 * A server is used by one thread at a time; which one does not matter. */
#ifndef WV_SERVER_H
#define WV_SERVER_H

#include "pg.h"

struct wv_server;

struct wv_server_options {
    const char *state_dir; /* absolute; servers live in its folder "postgres" */
    const char *name;      /* NULL: throw-away, without fsync. Else its data is kept under it. */
    const char *bin_dir;   /* of postgres and initdb; NULL: the newest of this host */
    const char *user;      /* who runs it when we are root; NULL: a uid of its own */
};

/* Starts it and waits until it takes connections. WV_SERVER_FAILED: programs missing (with the
 * package to install), refused, or died, with its last log lines as detail; WV_CANCELLED,
 * WV_TIMED_OUT. */
bool wv_server_start(struct wv_server **out, const struct wv_server_options *options,
                     const struct wv_pg_wait *wait, struct wv_err *err) WV_MUST_CHECK;
/* Ends it and waits for that: a throw-away one at once, and its folder goes with it; one that is
 * kept checkpoints, for 30 seconds at most. NULL is fine. */
void wv_server_stop(struct wv_server *server);

/* The connection string of `database` in it; the caller's own. The superuser is "postgres". */
char *wv_server_conninfo(const struct wv_server *server, const char *database);
/* The same before it runs, of one that is kept. */
char *wv_server_kept_conninfo(const char *state_dir, const char *name, const char *database);

/* Readable once it has ended by itself. */
int wv_server_end_fd(const struct wv_server *server);
bool wv_server_runs(const struct wv_server *server);
/* Adds its last log lines to `err`, as detail where that has none. Returns false. */
bool wv_server_explain(const struct wv_server *server, struct wv_err *err);

#endif
