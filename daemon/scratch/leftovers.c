/* See leftovers.h. Any thread. */
#include "leftovers.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "log.h"
#include "quote.h"

/* The lock may be held in another database of the server than ours. Advisory locks with one bigint
 * key show its halves as classid and objid, and objsubid 1 (manual, "pg_locks"). */
static const char leftovers_sql[] =
    "SELECT d.datname,"
    " EXISTS (SELECT FROM pg_catalog.pg_stat_activity a WHERE a.datid = d.oid)"
    " FROM pg_catalog.pg_database d"
    " WHERE d.datname ~ '^woven_scratch_[0-9a-f]{16}_[0-9]+$'"
    " AND pg_catalog.pg_has_role(d.datdba, 'MEMBER')"
    " AND NOT EXISTS (SELECT FROM pg_catalog.pg_locks l"
    "  WHERE l.locktype = 'advisory' AND l.objsubid = 1 AND l.granted"
    "  AND pg_catalog.lpad(pg_catalog.to_hex((l.classid::bigint << 32) | l.objid::bigint), 16, '0')"
    "   = pg_catalog.substr(d.datname, 15, 16))"
    " ORDER BY 1";

bool wv_leftovers_claim(struct wv_pg *pg, uint64_t token, const struct wv_pg_wait *wait,
                        struct wv_err *err)
{
    char key[32];
    snprintf(key, sizeof(key), "%" PRId64, (int64_t)token);
    const char *params[] = {key};
    struct wv_pg_result *result WV_AUTORESULT = NULL;
    if (!wv_pg_query_row(pg, "SELECT pg_catalog.pg_try_advisory_lock($1::bigint)", 1, params, 1,
                         &result, wait, err))
        return false;
    return wv_pg_bool(result, 0, 0) ||
           wv_err_set(err, WV_INTERNAL, "the number of a scratch database is taken already");
}

char *wv_leftovers_name(uint64_t token, unsigned number)
{
    return wv_xasprintf("woven_scratch_%016" PRIx64 "_%u", token, number);
}

/* Without its slot a subscription is nobody's business but this database's (manual, "DROP
 * SUBSCRIPTION"). */
static const char unsubscribe_sql[] =
    "DO $$ DECLARE s name; BEGIN FOR s IN SELECT subname FROM pg_catalog.pg_subscription"
    " WHERE subdbid = (SELECT oid FROM pg_catalog.pg_database"
    "  WHERE datname = pg_catalog.current_database()) LOOP"
    " EXECUTE pg_catalog.format('ALTER SUBSCRIPTION %I DISABLE', s);"
    " EXECUTE pg_catalog.format('ALTER SUBSCRIPTION %I SET (slot_name = NONE)', s);"
    " EXECUTE pg_catalog.format('DROP SUBSCRIPTION %I', s); END LOOP; END $$";

static bool unsubscribe(const char *conninfo, const char *database, const struct wv_pg_wait *wait,
                        struct wv_err *err)
{
    char *there WV_AUTOFREE = wv_pg_conninfo_with(conninfo, database);
    struct wv_pg *pg = NULL;
    bool done =
        wv_pg_connect(
            &pg, &(struct wv_pg_options){.database = there, .application_name = "wovend (scratch)"},
            wait, err) &&
        wv_pg_exec(pg, unsubscribe_sql, wait, err);
    wv_pg_close(pg);
    return done;
}

bool wv_leftovers_drop(struct wv_pg *pg, const char *conninfo, const char *database,
                       const char *options, const struct wv_pg_wait *wait, struct wv_err *err)
{
    char *name WV_AUTOFREE = wv_quote_ident(database);
    char *sql WV_AUTOFREE = wv_xasprintf("DROP DATABASE IF EXISTS %s%s", name, options);
    if (wv_pg_exec(pg, sql, wait, err))
        return true;
    if (strcmp(err->sqlstate, "55006") != 0 || !unsubscribe(conninfo, database, wait, err))
        return false;
    return wv_pg_exec(pg, sql, wait, err);
}

static void drop(struct wv_pg *pg, const char *conninfo, const char *database,
                 const struct wv_pg_wait *wait)
{
    struct wv_err err WV_AUTOERR = {0};
    if (wv_leftovers_drop(pg, conninfo, database, "", wait, &err))
        wv_log(WV_LOG_INFO, "scratch", "dropped %s, which a dead daemon has left", database);
    else
        wv_log_err(WV_LOG_NOTICE, "scratch", &err);
}

bool wv_leftovers_collect(struct wv_pg *pg, const char *conninfo, size_t *in_use,
                          const struct wv_pg_wait *wait, struct wv_err *err)
{
    struct wv_pg_result *result WV_AUTORESULT = NULL;
    size_t used = 0;
    if (!wv_pg_query(pg, leftovers_sql, 0, NULL, 2, &result, wait, err))
        return false;
    for (size_t i = 0; i < wv_pg_rows(result); i++) {
        if (wv_pg_bool(result, i, 1))
            used++;
        else
            drop(pg, conninfo, wv_pg_text(result, i, 0), wait);
    }
    if (in_use != NULL)
        *in_use = used;
    return true;
}
