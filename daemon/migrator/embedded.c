/* See embedded.h. Migrator thread, but for wv_embedded_resolve(), which is pure. */
#include "embedded.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "hash.h"
#include "log.h"
#include "query.h"
#include "quote.h"

enum { START_MS = 120000 };

/* A name for people, and a number that keeps projects of one name in different folders apart. */
static char *folder_name(const struct wv_settings *settings)
{
    char *word WV_AUTOFREE = wv_xstrdup(settings->project);
    char *place WV_AUTOFREE = wv_xasprintf("%s\n%s", settings->project, settings->directory);
    for (char *p = word; *p != '\0'; p++)
        *p = isalnum((unsigned char)*p) != 0 ? *p : '_';
    return wv_xasprintf("database-%s-%016" PRIx64, word, wv_hash(place));
}

void wv_embedded_resolve(struct wv_settings *settings)
{
    if (strcmp(settings->database, "embedded") != 0)
        return;
    settings->embedded = folder_name(settings);
    free(settings->database);
    settings->database =
        wv_server_kept_conninfo(settings->state_directory, settings->embedded, settings->project);
}

void wv_embedded_starting(struct wv_err *err)
{
    wv_err_set(err, WV_DATABASE_UNREACHABLE, "the private PostgreSQL is starting");
}

/* The project's own database, as a newcomer expects it. */
static bool make_database(const struct wv_server *server, const char *name,
                          const struct wv_pg_wait *wait, struct wv_err *err)
{
    char *conninfo WV_AUTOFREE = wv_server_conninfo(server, "postgres");
    char *quoted WV_AUTOFREE = wv_quote_ident(name);
    char *sql WV_AUTOFREE = wv_xasprintf("CREATE DATABASE %s", quoted);
    const char *params[] = {name};
    struct wv_pg_options options = {.database = conninfo, .application_name = "wovend (start)"};
    struct wv_pg_result *result WV_AUTORESULT = NULL;
    struct wv_pg *pg = NULL;
    bool done = wv_pg_connect(&pg, &options, wait, err) &&
                wv_pg_query(pg, "SELECT 1 FROM pg_catalog.pg_database WHERE datname = $1", 1,
                            params, 1, &result, wait, err) &&
                (wv_pg_rows(result) > 0 || wv_pg_exec(pg, sql, wait, err));
    wv_pg_close(pg);
    return done;
}

bool wv_embedded_run(struct wv_server **server, const struct wv_settings *settings,
                     const struct wv_pg_wait *wait, struct wv_err *err)
{
    if (settings->embedded == NULL || (*server != NULL && wv_server_runs(*server)))
        return true;
    wv_server_stop(WV_STEAL(*server));
    struct wv_pg_wait limited = *wait;
    int64_t deadline = wv_clock_ms() + START_MS;
    if (deadline < limited.deadline)
        limited.deadline = deadline;
    struct wv_server *started = NULL;
    if (!wv_server_start(&started,
                         &(struct wv_server_options){.state_dir = settings->state_directory,
                                                     .name = settings->embedded,
                                                     .bin_dir = settings->postgres_bin,
                                                     .user = settings->postgres_user},
                         &limited, err))
        return false;
    if (!make_database(started, settings->project, &limited, err)) {
        wv_server_explain(started, err);
        wv_server_stop(started);
        return false;
    }
    *server = started;
    return true;
}
