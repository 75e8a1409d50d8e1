/* See scratch.h. */
#include "scratch.h"

#include <stdlib.h>
#include <string.h>

#include "leftovers.h"
#include "log.h"
#include "quote.h"
#include "server.h"
#include "shared.h"

enum {
    CLOSE_MS = 15000,
    LOOK_MS = 50,     /* between two looks at what a dead daemon still seems to use */
    LINGER_MS = 3000, /* its sessions end within client_connection_check_interval */
    MOST_LENT = 500,
};

struct wv_scratch {
    struct wv_server *server; /* NULL: on a server that is not ours */
    char *conninfo;           /* of the session that makes databases */
    struct wv_pg *pg;
    uint64_t token;
    unsigned made;
    struct wv_strlist databases; /* made and not dropped */
    struct wv_strlist roles;     /* lent to the job */
    char *system;                /* which cluster; NULL: not known */
    bool superuser;
    const char *strategy;    /* how CREATE DATABASE copies */
    bool spoilt;             /* private, and not as it was when the last job began */
    struct wv_shared shared; /* what belongs to the server, when the job began */
};

static bool is_off(struct wv_err *err)
{
    wv_err_set(err, WV_NO_SCRATCH, "this needs a scratch database, and the setting scratch is off");
    return wv_err_hint(err, "set scratch = embedded in woven.conf (the daemon starts a private"
                            " PostgreSQL when it needs one), or to the connection string of a"
                            " server where it may create databases");
}

/* Copying whole files takes half the time, but two checkpoints, which cost nothing where nothing is
 * synced (CREATE DATABASE in the PostgreSQL manual; the option is of version 15). */
static const char *strategy_of(const struct wv_pg *pg, bool fsync)
{
    return !fsync && wv_pg_facts(pg)->server_version >= 150000 ? " STRATEGY file_copy" : "";
}

static bool connect_to(struct wv_scratch *scratch, const struct wv_pg_wait *wait,
                       struct wv_err *err)
{
    struct wv_pg_result *result WV_AUTORESULT = NULL;
    if (!wv_pg_connect(&scratch->pg,
                       &(struct wv_pg_options){.database = scratch->conninfo,
                                               .application_name = "wovend (scratch)"},
                       wait, err) ||
        !wv_pg_exec(scratch->pg, "SET search_path = pg_catalog, pg_temp", wait, err) ||
        !wv_pg_query_row(scratch->pg,
                         "SELECT rolsuper, current_setting('fsync')::boolean FROM pg_roles "
                         "WHERE rolname = current_user",
                         0, NULL, 2, &result, wait, err))
        return false;
    scratch->superuser = wv_pg_bool(result, 0, 0);
    scratch->strategy = strategy_of(scratch->pg, wv_pg_bool(result, 0, 1));
    scratch->system = wv_shared_system(scratch->pg, wait);
    return true;
}

static bool open_embedded(struct wv_scratch *scratch, const struct wv_scratch_options *options,
                          const struct wv_pg_wait *wait, struct wv_err *err)
{
    if (!wv_server_start(&scratch->server,
                         &(struct wv_server_options){.state_dir = options->state_dir,
                                                     .bin_dir = options->bin_dir,
                                                     .user = options->user},
                         wait, err))
        return false;
    scratch->conninfo = wv_server_conninfo(scratch->server, "postgres");
    return connect_to(scratch, wait, err) || wv_server_explain(scratch->server, err);
}

static bool open_elsewhere(struct wv_scratch *scratch, const char *where,
                           const struct wv_pg_wait *wait, struct wv_err *err)
{
    scratch->conninfo = wv_xstrdup(where);
    if (connect_to(scratch, wait, err) &&
        wv_leftovers_claim(scratch->pg, scratch->token, wait, err) &&
        wv_leftovers_collect(scratch->pg, scratch->conninfo, NULL, wait, err))
        return true;
    if (err->code == WV_DATABASE_UNREACHABLE)
        wv_err_hint(err, "check that the server runs and that `scratch` in the settings names it, "
                         "or set scratch = embedded");
    return wv_err_prefix(err, "the server of the setting scratch");
}

bool wv_scratch_open(struct wv_scratch **out, const struct wv_scratch_options *options,
                     const struct wv_pg_wait *wait, struct wv_err *err)
{
    if (strcmp(options->where, "off") == 0)
        return is_off(err);
    struct wv_scratch *scratch = wv_xcalloc(1, sizeof(*scratch));
    scratch->token = (uint64_t)wv_clock_jitter(1, INT64_MAX - 1);
    bool embedded = strcmp(options->where, "embedded") == 0;
    if (embedded ? open_embedded(scratch, options, wait, err)
                 : open_elsewhere(scratch, options->where, wait, err)) {
        *out = scratch;
        return true;
    }
    wv_scratch_close(scratch);
    return false;
}

/* Once more what dead daemons have left, whose last sessions may have ended by now. */
static void collect_again(struct wv_scratch *scratch)
{
    struct wv_pg_wait wait = wv_pg_wait_ms(CLOSE_MS);
    int64_t until = wv_clock_ms() + LINGER_MS;
    struct wv_err err WV_AUTOERR = {0};
    size_t in_use = 0;
    while (scratch->pg != NULL && wv_pg_usable(scratch->pg) &&
           wv_leftovers_collect(scratch->pg, scratch->conninfo, &in_use, &wait, &err) &&
           in_use > 0 && wv_clock_ms() < until) {
        struct wv_pg_wait look = wv_pg_wait_ms(LOOK_MS);
        (void)wv_pg_idle_fd(-1, &look);
    }
    if (err.code != WV_OK)
        wv_log_err(WV_LOG_NOTICE, "scratch", &err);
    else if (in_use > 0)
        wv_log(WV_LOG_NOTICE, "scratch", "%zu databases that dead daemons have left are in use",
               in_use);
}

/* The databases of a private server go with it. */
static void drop_all(struct wv_scratch *scratch)
{
    struct wv_pg_wait wait = wv_pg_wait_ms(CLOSE_MS);
    while (scratch->databases.count > 0) {
        struct wv_err err WV_AUTOERR = {0};
        char *database WV_AUTOFREE = wv_xstrdup(scratch->databases.items[0]);
        if (!wv_scratch_drop(scratch, database, &wait, &err)) {
            wv_log_err(WV_LOG_WARNING, "scratch", &err);
            wv_strlist_remove(&scratch->databases, database);
        }
    }
}

void wv_scratch_close(struct wv_scratch *scratch)
{
    if (scratch == NULL)
        return;
    if (scratch->server == NULL) {
        drop_all(scratch);
        collect_again(scratch);
    }
    wv_pg_close(scratch->pg);
    wv_server_stop(scratch->server);
    wv_strlist_free(&scratch->databases);
    wv_strlist_free(&scratch->roles);
    wv_shared_clear(&scratch->shared);
    free(scratch->system);
    free(scratch->conninfo);
    free(scratch);
}

bool wv_scratch_usable(const struct wv_scratch *scratch)
{
    return wv_pg_usable(scratch->pg) && !scratch->spoilt &&
           (scratch->server == NULL || wv_server_runs(scratch->server));
}

/* --- what has to be there --- */

static bool run_each(struct wv_scratch *scratch, const struct wv_strlist *names, const char *before,
                     const char *after, const struct wv_pg_wait *wait, struct wv_err *err)
{
    for (size_t i = 0; i < names->count; i++) {
        char *name WV_AUTOFREE = wv_quote_ident(names->items[i]);
        char *sql WV_AUTOFREE = wv_xasprintf("%s %s%s", before, name, after);
        if (!wv_pg_exec(scratch->pg, sql, wait, err))
            return false;
    }
    return true;
}

/* Tablespaces in place need no folder of their own (manual, allow_in_place_tablespaces). */
static bool make_names(struct wv_scratch *scratch, struct wv_scratch_like *missing,
                       const struct wv_pg_wait *wait, struct wv_err *err)
{
    if (!run_each(scratch, &missing->roles, "CREATE ROLE", " NOLOGIN", wait, err))
        return false;
    if (missing->tablespaces.count > 0 &&
        !(wv_pg_exec(scratch->pg, "SET allow_in_place_tablespaces = on", wait, err) &&
          run_each(scratch, &missing->tablespaces, "CREATE TABLESPACE", " LOCATION ''", wait, err)))
        return false;
    wv_strlist_free(&missing->roles);
    wv_strlist_free(&missing->tablespaces);
    return true;
}

static void add_missing(struct wv_strbuf *text, const char *kind, const struct wv_strlist *names)
{
    if (names->count == 0)
        return;
    char *joined WV_AUTOFREE = wv_strlist_join(names, ", ");
    wv_strbuf_addf(text, "%s%s%s %s", text->length > 0 ? "; " : "", kind,
                   names->count > 1 ? "s" : "", joined);
}

static bool refuse_missing(const struct wv_scratch *scratch, const struct wv_scratch_like *missing,
                           struct wv_err *err)
{
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    add_missing(&text, "extension", &missing->extensions);
    add_missing(&text, "role", &missing->roles);
    add_missing(&text, "tablespace", &missing->tablespaces);
    if (text.length == 0)
        return true;
    wv_err_set(err, WV_SERVER_FAILED, "the scratch server does not have what the database uses: %s",
               wv_strbuf_text(&text));
    if (scratch->server != NULL)
        return wv_err_hint(err, "install the extensions' packages on this host");
    return wv_err_hint(err, "make them there, or set scratch = embedded");
}

static bool provide(struct wv_scratch *scratch, const struct wv_scratch_like *like,
                    const struct wv_pg_wait *wait, struct wv_err *err)
{
    struct wv_scratch_like missing = {0};
    if (!wv_scratch_like_missing(like, scratch->pg, &missing, wait, err))
        return false;
    bool done = (scratch->server == NULL || make_names(scratch, &missing, wait, err)) &&
                refuse_missing(scratch, &missing, err);
    wv_scratch_like_clear(&missing);
    return done;
}

/* --- a job, from its beginning to its end --- */

bool wv_scratch_is_private(const struct wv_scratch *scratch)
{
    return scratch->server != NULL;
}

bool wv_scratch_rules(const struct wv_scratch *scratch, const struct wv_scratch_like *like)
{
    return scratch->server == NULL && scratch->superuser && scratch->system != NULL &&
           like->system != NULL && strcmp(scratch->system, like->system) == 0;
}

bool wv_scratch_begin(struct wv_scratch *scratch, const struct wv_scratch_like *like,
                      const struct wv_pg_wait *wait, struct wv_err *err)
{
    wv_shared_clear(&scratch->shared);
    if (scratch->server == NULL)
        return wv_leftovers_collect(scratch->pg, scratch->conninfo, NULL, wait, err) &&
               wv_shared_read(&scratch->shared, scratch->pg, wait, err);
    return provide(scratch, like, wait, err) &&
           wv_shared_read(&scratch->shared, scratch->pg, wait, err);
}

bool wv_scratch_lend_role(struct wv_scratch *scratch, const char *name,
                          const struct wv_pg_wait *wait, struct wv_err *err)
{
    const struct wv_strlist names = {.items = (char *[]){(char *)name}, .count = 1};
    if (scratch->roles.count == MOST_LENT)
        return wv_err_set(err, WV_SERVER_FAILED, "%d roles are lent to the job already", MOST_LENT);
    if (!run_each(scratch, &names, "CREATE ROLE", " NOLOGIN", wait, err))
        return false;
    wv_strlist_add(&scratch->roles, name);
    return true;
}

/* One that cannot be dropped is found by the comparison. */
static void take_roles_back(struct wv_scratch *scratch, const struct wv_pg_wait *wait)
{
    struct wv_err err WV_AUTOERR = {0};
    if (!run_each(scratch, &scratch->roles, "DROP ROLE", "", wait, &err))
        wv_log_err(WV_LOG_NOTICE, "scratch", &err);
    wv_strlist_free(&scratch->roles);
}

bool wv_scratch_end(struct wv_scratch *scratch, struct wv_strlist *changed,
                    const struct wv_pg_wait *wait, struct wv_err *err)
{
    struct wv_shared now = {0};
    take_roles_back(scratch, wait);
    bool done = wv_shared_read(&now, scratch->pg, wait, err);
    if (done)
        wv_shared_compare(&scratch->shared, &now, changed);
    scratch->spoilt = scratch->server != NULL && (!done || changed->count > 0);
    wv_shared_clear(&now);
    return done;
}

/* --- databases --- */

/* Runs CREATE DATABASE and hands out name and connection string. */
static bool create(struct wv_scratch *scratch, const char *name, const char *sql, char **database,
                   char **conninfo, const struct wv_pg_wait *wait, struct wv_err *err)
{
    char *whole WV_AUTOFREE = wv_xasprintf("%s%s", sql, scratch->strategy);
    if (!wv_pg_exec(scratch->pg, whole, wait, err)) {
        wv_err_prefix(err, "cannot make a scratch database");
        if (strcmp(err->sqlstate, "42501") == 0)
            wv_err_hint(err, "give the role of the setting scratch the right to do so (ALTER ROLE "
                             "... CREATEDB), or set scratch = embedded");
        return scratch->server != NULL && !wv_server_runs(scratch->server)
                   ? wv_server_explain(scratch->server, err)
                   : false;
    }
    wv_strlist_add(&scratch->databases, name);
    if (database != NULL)
        *database = wv_xstrdup(name);
    if (conninfo != NULL)
        *conninfo = wv_pg_conninfo_with(scratch->conninfo, name);
    return true;
}

bool wv_scratch_create(struct wv_scratch *scratch, const struct wv_scratch_like *like,
                       char **database, char **conninfo, const struct wv_pg_wait *wait,
                       struct wv_err *err)
{
    static const struct wv_scratch_like anything = {0};
    if (like != NULL && !provide(scratch, like, wait, err))
        return false;
    char *name WV_AUTOFREE = wv_leftovers_name(scratch->token, ++scratch->made);
    char *sql WV_AUTOFREE = wv_scratch_like_sql(like != NULL ? like : &anything, name,
                                                wv_pg_facts(scratch->pg)->server_version);
    if (create(scratch, name, sql, database, conninfo, wait, err))
        return true;
    if (like != NULL && strcmp(err->sqlstate, "42809") == 0)
        wv_err_hint(err,
                    "the scratch server does not know the database's locale (%s): generate it on"
                    " that host (the package locales-all has all), or let scratch name a server"
                    " that has it",
                    like->collate != NULL ? like->collate : "");
    return false;
}

bool wv_scratch_create_copy(struct wv_scratch *scratch, const char *from, char **database,
                            char **conninfo, const struct wv_pg_wait *wait, struct wv_err *err)
{
    char *name WV_AUTOFREE = wv_leftovers_name(scratch->token, ++scratch->made);
    char *to_quoted WV_AUTOFREE = wv_quote_ident(name);
    char *from_quoted WV_AUTOFREE = wv_quote_ident(from);
    char *sql WV_AUTOFREE = wv_xasprintf("CREATE DATABASE %s TEMPLATE %s", to_quoted, from_quoted);
    return create(scratch, name, sql, database, conninfo, wait, err);
}

bool wv_scratch_drop(struct wv_scratch *scratch, const char *database,
                     const struct wv_pg_wait *wait, struct wv_err *err)
{
    if (!wv_leftovers_drop(scratch->pg, scratch->conninfo, database, " WITH (FORCE)", wait, err))
        return wv_err_prefix(err, "cannot drop a scratch database");
    wv_strlist_remove(&scratch->databases, database);
    return true;
}

void wv_scratch_explain(const struct wv_scratch *scratch, struct wv_err *err)
{
    if (scratch->server != NULL)
        wv_server_explain(scratch->server, err);
}
