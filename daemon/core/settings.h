/* Settings as validated values: made by config.c from file, environment and options, one for each
 * project, copied to each thread that needs it. Owns its strings. woven.conf(5) describes each key.
 */
#ifndef WV_SETTINGS_H
#define WV_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "log.h"
#include "revision_file.h"
#include "strlist.h"

/* Who may do what: user names and "@group" names; "*" is everybody. An empty list stands for the
 * default of its class. */
struct wv_access {
    struct wv_strlist read;    /* default: everybody who can open the socket */
    struct wv_strlist migrate; /* default: root and the daemon's own user */
    struct wv_strlist admin;   /* default: root and the daemon's own user */
};

/* All in milliseconds; 0 is "no limit" where that is allowed. */
struct wv_timeouts {
    int64_t connect;    /* one attempt to reach PostgreSQL */
    int64_t lock;       /* lock_timeout of a statement; never 0 */
    int64_t statement;  /* statement_timeout of a statement; 0 none */
    int64_t lock_total; /* how long a step is tried again after lock timeouts */
    int64_t grace;      /* SIGTERM: how long the running job may go on */
    int64_t idle;       /* a client that says nothing and waits for nothing */
    int64_t idle_exit;  /* a daemon without clients and jobs ends after this; 0 never */
};

struct wv_limits {
    int clients;         /* connections at once */
    int clients_per_uid; /* of these, for one user other than root */
    int jobs;            /* jobs waiting for the migrator */
};

struct wv_settings {
    char *config_path;                 /* of the file, also when there is none */
    struct wv_file_stamp config_stamp; /* of the file as it was read, all zero when there is none */
    bool config_is_empty;              /* no setting is in it, or there is none */
    char *directory; /* folder of the project, absolute: the configuration file's */
    char *project;   /* names the lock */
    /* libpq connection string or URI; "" leaves all to libpq's environment; "embedded" until
     * migrator/embedded.c puts the one of the private server there. */
    char *database;
    char *embedded;             /* folder of that server's data, a name; NULL: no private server */
    char *socket;               /* control socket, absolute */
    mode_t socket_mode;         /* for example 0660 */
    char *socket_group;         /* NULL keeps the daemon's group */
    struct wv_strlist versions; /* folders of revision files, absolute; at least one */
    char *models;               /* folder of the models, absolute */
    struct wv_strlist models_command; /* what prints them instead, for the client; may be empty */
    struct wv_strlist ignore;         /* patterns of what is not ours, see ignore_pattern.h */
    char *scratch;                    /* "off", "embedded", or a connection string */
    char *state_directory;            /* data of private servers, absolute */
    char *postgres_bin;         /* folder of the server programs; NULL: the newest of the host */
    char *postgres_user;        /* who runs them when we are root; NULL: postgres, else nobody */
    char *template_file;        /* template of a new revision, absolute */
    char *file_template;        /* of its file's name, see file_name.h */
    size_t slug_length;         /* characters of {slug} in it */
    char *timezone;             /* of its date: "UTC", "local" or a zone's name */
    char *version_table;        /* "alembic_version" */
    char *version_table_schema; /* "" is the first schema of the search path */
    char *ledger_schema;        /* "woven" */
    bool may_lead;              /* leader = auto (true) or never (false) */
    enum wv_log_level log_level;
    struct wv_access access;
    struct wv_timeouts timeouts;
    struct wv_limits limits;
};

/* What a whole configuration says: of the daemon, and of each of its projects. */
struct wv_settings_set {
    /* The top level: socket, limits of clients and log are taken from here, and who may ask for
     * what is no project's. */
    struct wv_settings *daemon;
    struct wv_settings **projects; /* at least one; no two have the same name */
    size_t count;
    size_t capacity;
};

/* A deep copy, the caller's own. */
struct wv_settings *wv_settings_copy(const struct wv_settings *settings);
/* Frees the content and the struct; NULL is fine. */
void wv_settings_free(struct wv_settings *settings);
/* Whether a project is the same by both; what is the whole daemon's is not looked at. */
bool wv_settings_same_project(const struct wv_settings *left, const struct wv_settings *right);

/* Takes `settings` over as one more project. */
void wv_settings_set_add(struct wv_settings_set *set, struct wv_settings *settings);
void wv_settings_set_free(struct wv_settings_set *set);

#endif
