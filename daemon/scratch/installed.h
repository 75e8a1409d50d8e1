/* The PostgreSQL server programs of this host, and who may run them. Any thread. */
#ifndef WV_INSTALLED_H
#define WV_INSTALLED_H

#include "child.h"

struct wv_installed {
    char *bin_dir;          /* holds postgres and initdb */
    char *version;          /* "15.14" */
    bool becomes;           /* we are root: the server has to be somebody else */
    struct wv_run_as as;    /* who, if so */
    struct wv_run_as maker; /* who runs initdb, which wants a user with a name */
};

/* Finds the newest of this host: /usr/lib/postgresql/N/bin (Debian), /usr/pgsql-N/bin (Red Hat),
 * /usr/local/pgsql/bin, else where PATH has them. `bin_dir` names the folder instead; `major` (0:
 * any) takes only that version. As root the server runs as `user`; NULL: a uid of its own that has
 * no name, follows from `state_dir`, and owns nothing else, so that what runs in the server is as
 * strong as nobody. WV_SERVER_FAILED: nothing found, with the package to install; no such user.
 * Waits for one short run of a program. */
bool wv_installed_find(struct wv_installed *out, const char *bin_dir, const char *user,
                       const char *state_dir, int major, const struct wv_pg_wait *wait,
                       struct wv_err *err) WV_MUST_CHECK;
/* The pg_dump that is to be asked about a server of version `major`, the caller's own: it knows no
 * server that is newer than itself. That of `bin_dir` (may be NULL) where it is new enough, else
 * the oldest of this host that is. WV_SERVER_FAILED: there is none, with the package to install.
 * Waits for short runs of programs. */
bool wv_installed_find_dump(char **path, const char *bin_dir, int major,
                            const struct wv_pg_wait *wait, struct wv_err *err) WV_MUST_CHECK;
/* Who that is, NULL: we ourselves. */
const struct wv_run_as *wv_installed_as(const struct wv_installed *installed);
/* Who makes what that one is given then; the same as a rule. */
const struct wv_run_as *wv_installed_maker(const struct wv_installed *installed);
void wv_installed_clear(struct wv_installed *installed);

#endif
