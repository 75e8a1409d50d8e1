/* See blockers.h. */
#include "blockers.h"

#include <stdio.h>

#include "query.h"

/* Only a statement that waits is asked about: pg_blocking_pids() looks at all locks. */
static const char blockers_sql[] =
    "WITH wanted AS ("
    "  SELECT relation, mode FROM pg_catalog.pg_locks WHERE pid = $1::int AND NOT granted LIMIT "
    "1), "
    "behind AS ("
    "  SELECT count(*) AS sessions FROM pg_catalog.pg_stat_activity"
    "  WHERE wait_event_type = 'Lock' AND pid <> $1::int"
    "    AND $1::int = ANY (pg_catalog.pg_blocking_pids(pid))) "
    "SELECT a.pid, a.usename, a.application_name, a.state, left(a.query, 200),"
    "  coalesce((extract(epoch FROM clock_timestamp() - a.xact_start) * 1000)::bigint, 0),"
    "  (SELECT relation::regclass::text FROM wanted), (SELECT mode FROM wanted),"
    "  (SELECT sessions FROM behind) "
    "FROM unnest(CASE WHEN EXISTS (SELECT FROM wanted)"
    "  THEN pg_catalog.pg_blocking_pids($1::int) ELSE '{}' END) AS blocker(pid) "
    "JOIN pg_catalog.pg_stat_activity AS a ON a.pid = blocker.pid ORDER BY a.xact_start";

static const char progress_sql[] =
    "SELECT 'create index: ' || phase, CASE WHEN tuples_total > 0 THEN tuples_done ELSE"
    "    CASE WHEN blocks_total > 0 THEN blocks_done ELSE lockers_done END END,"
    "  CASE WHEN tuples_total > 0 THEN tuples_total ELSE"
    "    CASE WHEN blocks_total > 0 THEN blocks_total ELSE lockers_total END END "
    "FROM pg_catalog.pg_stat_progress_create_index WHERE pid = $1::int "
    "UNION ALL SELECT lower(command) || ': ' || phase, heap_blks_scanned, heap_blks_total "
    "FROM pg_catalog.pg_stat_progress_cluster WHERE pid = $1::int "
    "UNION ALL SELECT 'vacuum: ' || phase, heap_blks_scanned, heap_blks_total "
    "FROM pg_catalog.pg_stat_progress_vacuum WHERE pid = $1::int LIMIT 1";

static struct wv_blocker read_row(const struct wv_pg_result *result, size_t row)
{
    return (struct wv_blocker){
        .pid = (int)wv_pg_int(result, row, 0),
        .user = wv_xstrdup(wv_pg_text(result, row, 1)),
        .application = wv_xstrdup(wv_pg_text(result, row, 2)),
        .state = wv_xstrdup(wv_pg_text(result, row, 3)),
        .query = wv_xstrdup(wv_pg_text(result, row, 4)),
        .age_ms = wv_pg_int(result, row, 5),
        .relation = wv_xstrdup(wv_pg_text(result, row, 6)),
        .mode = wv_xstrdup(wv_pg_text(result, row, 7)),
    };
}

bool wv_blockers_read(struct wv_pg *pg, int backend_pid, struct wv_blockers *blockers,
                      const struct wv_pg_wait *wait, struct wv_err *err)
{
    char pid[16];
    snprintf(pid, sizeof(pid), "%d", backend_pid);
    const char *params[] = {pid};
    struct wv_pg_result *result WV_AUTORESULT = NULL;
    if (!wv_pg_query(pg, blockers_sql, 1, params, 9, &result, wait, err))
        return false;
    size_t count = wv_pg_rows(result);
    blockers->items = wv_xcalloc(count, sizeof(*blockers->items));
    blockers->count = count;
    for (size_t i = 0; i < count; i++)
        blockers->items[i] = read_row(result, i);
    blockers->blocked_by_us = count > 0 ? (int)wv_pg_int(result, 0, 8) : 0;
    return true;
}

bool wv_progress_read(struct wv_pg *pg, int backend_pid, struct wv_progress *progress,
                      const struct wv_pg_wait *wait, struct wv_err *err)
{
    char pid[16];
    snprintf(pid, sizeof(pid), "%d", backend_pid);
    const char *params[] = {pid};
    struct wv_pg_result *result WV_AUTORESULT = NULL;
    if (!wv_pg_query(pg, progress_sql, 1, params, 3, &result, wait, err))
        return false;
    if (wv_pg_rows(result) == 0)
        return true;
    progress->phase = wv_xstrdup(wv_pg_text(result, 0, 0));
    progress->done = wv_pg_int(result, 0, 1);
    progress->total = wv_pg_int(result, 0, 2);
    return true;
}
