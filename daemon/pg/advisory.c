/* See advisory.h. Any thread, as its connection. It knows a key, no project's tables. */
#include "advisory.h"

#include <stdio.h>
#include <stdlib.h>

#include "advisory_sql.h"
#include "query.h"

int64_t wv_advisory_key(const char *project)
{
    static const char prefix[] = "woven:";
    uint64_t hash = 0xcbf29ce484222325u;
    for (const char *c = prefix; *c != '\0'; c++)
        hash = (hash ^ (unsigned char)*c) * 0x100000001b3u;
    for (const char *c = project; *c != '\0'; c++)
        hash = (hash ^ (unsigned char)*c) * 0x100000001b3u;
    return (int64_t)hash;
}

#define OF_KEY WV_ADVISORY_OF_KEY("$1::bigint")

#define IS_OURS                                                                                    \
    "EXISTS (SELECT FROM pg_catalog.pg_locks l WHERE " OF_KEY                                      \
    " AND l.pid = pg_catalog.pg_backend_pid())"

struct key_text {
    char text[24];
};

static struct key_text key_text(int64_t key)
{
    struct key_text out;
    (void)snprintf(out.text, sizeof(out.text), "%lld", (long long)key);
    return out;
}

static bool ask(struct wv_pg *pg, const char *sql, int64_t key, bool *yes,
                const struct wv_pg_wait *wait, struct wv_err *err)
{
    struct key_text text = key_text(key);
    const char *params[] = {text.text};
    struct wv_pg_result *result WV_AUTORESULT = NULL;
    if (!wv_pg_query_row(pg, sql, 1, params, 1, &result, wait, err))
        return false;
    *yes = wv_pg_bool(result, 0, 0);
    return true;
}

bool wv_advisory_held(struct wv_pg *pg, int64_t key, bool *held, const struct wv_pg_wait *wait,
                      struct wv_err *err)
{
    return ask(pg, "SELECT " IS_OURS, key, held, wait, err);
}

bool wv_advisory_try(struct wv_pg *pg, int64_t key, bool *taken, const struct wv_pg_wait *wait,
                     struct wv_err *err)
{
    bool got = false;
    bool ours = false;
    if (!wv_advisory_held(pg, key, &ours, wait, err))
        return false;
    if (ours) {
        *taken = true;
        return true;
    }
    if (!ask(pg, "SELECT pg_catalog.pg_try_advisory_lock($1::bigint)", key, &got, wait, err))
        return false;
    if (got && !wv_advisory_held(pg, key, &ours, wait, err))
        return false;
    if (got && !ours) {
        wv_err_set(err, WV_POOLER, "the lock that was taken does not belong to this session");
        return wv_err_hint(err, "a connection pooler seems to stand between: let `database` in the "
                                "settings name the PostgreSQL server itself");
    }
    *taken = got;
    return true;
}

bool wv_advisory_release(struct wv_pg *pg, int64_t key, const struct wv_pg_wait *wait,
                         struct wv_err *err)
{
    bool held = true;
    while (held) {
        if (!wv_advisory_held(pg, key, &held, wait, err))
            return false;
        if (held &&
            !ask(pg, "SELECT pg_catalog.pg_advisory_unlock($1::bigint)", key, &held, wait, err))
            return false;
    }
    return true;
}

/* A key of two 32-bit numbers has objsubid 2. A lock that was taken twice is given up once a turn.
 */
bool wv_advisory_release_others(struct wv_pg *pg, int64_t key, const struct wv_pg_wait *wait,
                                struct wv_err *err)
{
    bool more = true;
    while (more) {
        if (!ask(pg,
                 "SELECT count(u.given_up) > 0 FROM (SELECT CASE"
                 " WHEN l.objsubid = 1 AND l.mode = 'ShareLock'"
                 " THEN pg_catalog.pg_advisory_unlock_shared(k.key)"
                 " WHEN l.objsubid = 1 THEN pg_catalog.pg_advisory_unlock(k.key)"
                 " WHEN l.mode = 'ShareLock'"
                 " THEN pg_catalog.pg_advisory_unlock_shared(l.classid::integer, l.objid::integer)"
                 " ELSE pg_catalog.pg_advisory_unlock(l.classid::integer, l.objid::integer)"
                 " END AS given_up FROM pg_catalog.pg_locks l,"
                 " LATERAL (SELECT (l.classid::bigint << 32) | l.objid::bigint) k (key)"
                 " WHERE l.locktype = 'advisory' AND l.granted"
                 " AND l.pid = pg_catalog.pg_backend_pid()"
                 " AND NOT (l.objsubid = 1 AND k.key = $1::bigint)) u",
                 key, &more, wait, err))
            return false;
    }
    return true;
}

bool wv_advisory_holder(struct wv_pg *pg, int64_t key, struct wv_holder *holder,
                        const struct wv_pg_wait *wait, struct wv_err *err)
{
    struct key_text text = key_text(key);
    const char *params[] = {text.text};
    struct wv_pg_result *result WV_AUTORESULT = NULL;
    if (!wv_pg_query_kept(
            pg,
            "SELECT l.pid, a.usename, a.application_name, pg_catalog.host(a.client_addr),"
            " pg_catalog.to_char(a.backend_start AT TIME ZONE 'UTC',"
            " 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')"
            " FROM pg_catalog.pg_locks l"
            " LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid"
            " WHERE " OF_KEY " LIMIT 1",
            1, params, 5, &result, wait, err))
        return false;
    wv_holder_clear(holder);
    if (wv_pg_rows(result) == 0)
        return true;
    *holder = (struct wv_holder){
        .backend_pid = (int)wv_pg_int(result, 0, 0),
        .user = wv_xstrdup(wv_pg_text(result, 0, 1)),
        .application = wv_xstrdup(wv_pg_text(result, 0, 2)),
        .client = wv_xstrdup(wv_pg_text(result, 0, 3)),
        .since = wv_xstrdup(wv_pg_text(result, 0, 4)),
    };
    return true;
}
