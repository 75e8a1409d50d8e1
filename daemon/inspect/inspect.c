/* See inspect.h. The frame of a reading: the snapshot, the settings that deparsed text depends on,
 * the order of the parts. */
#include "inspect.h"

#include <stdlib.h>
#include <string.h>

#include "inspect_parts.h"
#include "inspect_scripts.h"
#include "query.h"

/* Text must be the same whatever the role or the database has set, and every name qualified. A
 * scratch database is read before anybody has analyzed its catalogs: what the planner takes for few
 * rows are many, for which a nested loop is the wrong plan. */
static const char begin_sql[] =
    "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;"
    " SELECT pg_catalog.set_config(s.name, s.value, true)"
    "   FROM (VALUES ('search_path', ''), ('quote_all_identifiers', 'off'),"
    "                ('DateStyle', 'ISO'), ('IntervalStyle', 'postgres'), ('TimeZone', 'UTC'),"
    "                ('extra_float_digits', '1'), ('bytea_output', 'hex'), ('xmloption', "
    "'content'),"
    "                ('lc_monetary', 'C'), ('lc_numeric', 'C'), ('lc_time', 'C'),"
    "                ('jit', 'off'), ('max_parallel_workers_per_gather', '0'),"
    "                ('enable_nestloop', 'off'), ('row_security', 'off')) s (name, value)";

static const char facts_sql[] =
    "SELECT pg_catalog.has_column_privilege('pg_catalog.pg_subscription', 'subconninfo', 'SELECT')";

static const char *find_script(const char *name)
{
    for (int i = 0; i < wv_inspect_scripts_count; i++)
        if (strcmp(wv_inspect_scripts_names[i], name) == 0)
            return wv_inspect_scripts[i];
    return NULL;
}

bool wv_reading_ask(struct wv_reading *reading, const char *name, int columns,
                    struct wv_pg_result **out, struct wv_err *err)
{
    const char *script = find_script(name);
    if (script == NULL)
        return wv_err_set(err, WV_INTERNAL, "there is no query %s.sql", name);
    char *sql WV_AUTOFREE = wv_fragment_expand(script, &reading->facts);
    if (wv_pg_query(reading->pg, sql, 0, NULL, columns, out, reading->wait, err))
        return true;
    return wv_err_prefix(err, "reading the catalog (%s)", name);
}

static bool read_facts(struct wv_reading *reading, struct wv_err *err)
{
    struct wv_pg_result *result WV_AUTORESULT = NULL;
    if (!wv_pg_query_row(reading->pg, facts_sql, 0, NULL, 1, &result, reading->wait, err))
        return false;
    reading->facts.server_version = wv_pg_facts(reading->pg)->server_version;
    reading->facts.sees_connections = wv_pg_bool(result, 0, 0);
    return true;
}

static bool read_all(struct wv_reading *reading, struct wv_err *err)
{
    return wv_pg_exec(reading->pg, begin_sql, reading->wait, err) && read_facts(reading, err) &&
           wv_reading_rows(reading, err) && wv_reading_edges(reading, err) &&
           wv_pg_exec(reading->pg, "COMMIT", reading->wait, err);
}

/* The error that is told is the first one. */
static void leave(struct wv_pg *pg)
{
    struct wv_pg_wait wait = wv_pg_wait_ms(5000);
    struct wv_err ignored WV_AUTOERR = {0};
    if (wv_pg_usable(pg) && wv_pg_transaction_status(pg) != WV_PG_TX_IDLE)
        (void)!wv_pg_exec(pg, "ROLLBACK", &wait, &ignored);
}

static bool read_once(struct wv_reading *reading, struct wv_err *err)
{
    if (read_all(reading, err))
        return true;
    leave(reading->pg);
    return false;
}

/* The server deparses what is there now, not what the snapshot shows: an object that somebody drops
 * meanwhile has no definition, or fails as an internal error of the server. */
static bool is_torn(const struct wv_reading *reading, bool is_read, const struct wv_err *err)
{
    return is_read ? reading->is_torn : strcmp(err->sqlstate, "XX000") == 0;
}

static bool make(struct wv_catalog **out, struct wv_reading *reading, struct wv_err *err)
{
    if (!wv_catalog_finish(reading->catalog, err))
        return false;
    wv_reading_ignore(reading);
    *out = WV_STEAL(reading->catalog);
    return true;
}

bool wv_inspect(struct wv_catalog **out, struct wv_pg *pg, const struct wv_inspect_options *options,
                const struct wv_pg_wait *wait, struct wv_err *err)
{
    enum { MOST_TRIES = 5 };
    for (int tries = 0; tries < MOST_TRIES; tries++) {
        struct wv_reading reading = {.pg = pg, .options = options, .wait = wait};
        reading.catalog = wv_catalog_new();
        wv_err_clear(err);
        bool is_read = read_once(&reading, err);
        bool again = is_torn(&reading, is_read, err);
        bool is_done = is_read && !again && make(out, &reading, err);
        wv_catalog_free(reading.catalog);
        if (!again)
            return is_done;
    }
    wv_err_set(err, WV_SQL_ERROR, "the schema changes while it is read");
    return wv_err_hint(err, "try again when nobody alters the schema");
}
