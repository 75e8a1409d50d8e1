/* See leftovers.h. Any thread. */
#include "leftovers.h"

#include <inttypes.h>
#include <stdio.h>

#include "log.h"
#include "quote.h"

/* The lock may be held in another database of the server than ours. Advisory locks with one bigint
 * key show its halves as classid and objid, and objsubid 1 (manual, "pg_locks"). */
static const char leftovers_sql[] =
    "SELECT d.datname FROM pg_catalog.pg_database d"
    " WHERE d.datname ~ '^woven_scratch_[0-9a-f]{16}_[0-9]+$'"
    " AND pg_catalog.pg_has_role(d.datdba, 'MEMBER')"
    " AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_activity a WHERE a.datid = d.oid)"
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

static void drop(struct wv_pg *pg, const char *database, const struct wv_pg_wait *wait)
{
    char *name WV_AUTOFREE = wv_quote_ident(database);
    char *sql WV_AUTOFREE = wv_xasprintf("DROP DATABASE IF EXISTS %s", name);
    struct wv_err err WV_AUTOERR = {0};
    if (wv_pg_exec(pg, sql, wait, &err))
        wv_log(WV_LOG_INFO, "scratch", "dropped %s, which a dead daemon has left", database);
    else
        wv_log_err(WV_LOG_NOTICE, "scratch", &err);
}

bool wv_leftovers_collect(struct wv_pg *pg, const struct wv_pg_wait *wait, struct wv_err *err)
{
    struct wv_pg_result *result WV_AUTORESULT = NULL;
    if (!wv_pg_query(pg, leftovers_sql, 0, NULL, 1, &result, wait, err))
        return false;
    for (size_t i = 0; i < wv_pg_rows(result); i++)
        drop(pg, wv_pg_text(result, i, 0), wait);
    return true;
}
