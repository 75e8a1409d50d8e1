/* The daemons of a project as they know of each other. Plain values; each owns its strings and may
 * be moved by assignment. Any thread. */
#ifndef WV_INSTANCE_H
#define WV_INSTANCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "strlist.h"

/* What a daemon is running. */
struct wv_doing {
    char *job;      /* "upgrade", "downgrade", ...; NULL: nothing */
    char *revision; /* of the running step; NULL: none yet */
    bool up;
    int step; /* 1-based; 0: none yet */
    int steps;
    int64_t job_ms; /* how long ago the job began */
    int64_t step_ms;
};

struct wv_instance {
    char *id; /* a uuid, new with each start */
    char *host;
    pid_t pid;
    char *version;
    char *role;              /* word of enum wv_role */
    struct wv_strlist heads; /* of the files on its host */
    int64_t silent_ms;       /* since it was last seen */
    bool self;               /* the daemon that is asked */
    struct wv_doing doing;
};

struct wv_instances {
    struct wv_instance *items;
    size_t count;
    size_t capacity;
    int asking; /* how many of them wait for the lead */
};

/* A session that holds the project's lock. What the server hides from our role is "". */
struct wv_holder {
    int backend_pid; /* 0: nobody holds it */
    char *user;
    char *application;
    char *client; /* address, "" for a unix socket */
    char *since;  /* ISO time when that session began */
};

void wv_holder_copy(struct wv_holder *to, const struct wv_holder *from);
void wv_holder_clear(struct wv_holder *holder);
/* "session 4711, user postgres, application \"psql\", from 10.0.0.7"; the caller's own. NULL when
 * nobody holds it. */
char *wv_holder_text(const struct wv_holder *holder);

/* A daemon's work on one project, from its start to its end: a random uuid (RFC 4122, version 4).
 */
struct wv_instance_id {
    char text[37];
};

struct wv_instance_id wv_instance_id_new(void);

void wv_doing_copy(struct wv_doing *to, const struct wv_doing *from);
void wv_doing_clear(struct wv_doing *doing);
/* "upgrade, step 2 of 5, up 3c1f0a9b7d52, for 12 s"; the caller's own. NULL when nothing runs. */
char *wv_doing_text(const struct wv_doing *doing);
void wv_instance_clear(struct wv_instance *instance);
void wv_instances_clear(struct wv_instances *instances);

#endif
