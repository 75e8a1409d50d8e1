/* Scratch databases: made empty or as a copy of one another, used by the schema engine, dropped.
 * They live in a private server that is started for them, or on a server that the settings name.
 * Blocking code with a wait in every call; a struct wv_scratch is used by one thread at a time,
 * which need not be the same always. */
#ifndef WV_SCRATCH_H
#define WV_SCRATCH_H

#include "like.h"

struct wv_scratch;

struct wv_scratch_options {
    const char *where;     /* the setting `scratch`: "off", "embedded", or a connection string */
    const char *state_dir; /* absolute; only used by "embedded", as are the next two */
    const char *bin_dir;   /* the setting postgres_bin; NULL: the newest of this host */
    const char *user;      /* the setting postgres_user; NULL: a uid of its own */
};

/* Starts the private server, or connects to the one named and drops what dead daemons have left
 * there (what they still seem to use, at the next job or at the close). WV_NO_SCRATCH: the setting
 * is off (the message names it); WV_SERVER_FAILED: see server.h; what wv_pg_connect() answers;
 * WV_CANCELLED, WV_TIMED_OUT. */
bool wv_scratch_open(struct wv_scratch **out, const struct wv_scratch_options *options,
                     const struct wv_pg_wait *wait, struct wv_err *err) WV_MUST_CHECK;
/* Drops what is left, ends the private server. NULL is fine. */
void wv_scratch_close(struct wv_scratch *scratch);
/* False when the server is gone: then close it, and open another. Asks nobody. */
bool wv_scratch_usable(const struct wv_scratch *scratch);

/* A job begins. In a private server roles and tablespaces that `like` names are made (NOLOGIN; in
 * place). What belongs to the whole server is remembered, for wv_scratch_end(). */
bool wv_scratch_begin(struct wv_scratch *scratch, const struct wv_scratch_like *like,
                      const struct wv_pg_wait *wait, struct wv_err *err) WV_MUST_CHECK;
/* It has ended, and its databases are gone: names what of that is not as it was ("role alice"),
 * whoever changed it. A private server that was changed is not usable any more: the next job is to
 * find a new one. */
bool wv_scratch_end(struct wv_scratch *scratch, struct wv_strlist *changed,
                    const struct wv_pg_wait *wait, struct wv_err *err) WV_MUST_CHECK;
/* In a private server: makes a role (NOLOGIN) that the job needs, until it ends. WV_SQL_ERROR: it
 * is there, or cannot be made. WV_SERVER_FAILED: the job has got hundreds, as a statement may that
 * names another one each time it is run. */
bool wv_scratch_lend_role(struct wv_scratch *scratch, const char *name,
                          const struct wv_pg_wait *wait, struct wv_err *err) WV_MUST_CHECK;
/* Nobody but us uses the server. */
bool wv_scratch_is_private(const struct wv_scratch *scratch);
/* Whether revisions run with all rights on the very server that `like` is of. */
bool wv_scratch_rules(const struct wv_scratch *scratch, const struct wv_scratch_like *like);

/* Makes an empty database from template0. `like` NULL: in the server's own locale. Roles and
 * tablespaces that `like` names are made in a private server as by wv_scratch_begin(); on another
 * they have to exist, as extensions have to be available on both: WV_SERVER_FAILED names all that
 * are missing. A locale that the server does not know is WV_SQL_ERROR with a hint. Name and
 * connection string (which may hold a password) are the caller's own, each may be NULL. */
bool wv_scratch_create(struct wv_scratch *scratch, const struct wv_scratch_like *like,
                       char **database, char **conninfo, const struct wv_pg_wait *wait,
                       struct wv_err *err) WV_MUST_CHECK;
/* Makes a copy of a scratch database, to which nobody is connected at the moment (else
 * WV_SQL_ERROR, 55006). */
bool wv_scratch_create_copy(struct wv_scratch *scratch, const char *from, char **database,
                            char **conninfo, const struct wv_pg_wait *wait,
                            struct wv_err *err) WV_MUST_CHECK;
/* Drops one and whoever is connected to it; one that is gone is fine. */
bool wv_scratch_drop(struct wv_scratch *scratch, const char *database,
                     const struct wv_pg_wait *wait, struct wv_err *err) WV_MUST_CHECK;

/* The server has gone away: adds the last log lines of one that is private, as detail. */
void wv_scratch_explain(const struct wv_scratch *scratch, struct wv_err *err);

#endif
