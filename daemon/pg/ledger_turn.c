/* See ledger_turn.h. The migrator's thread; decides nothing. */
#include "ledger_turn.h"

#include <stdlib.h>
#include <string.h>

#include "advisory.h"
#include "advisory_sql.h"
#include "ledger_instance.h"
#include "ledger_internal.h"
#include "query.h"
#include "quote.h"

enum { COLUMNS = 18 };

bool wv_ledger_has_turns(struct wv_ledger *ledger, struct wv_pg *pg, bool *there,
                         const struct wv_pg_wait *wait, struct wv_err *err)
{
    *there = ledger->has_turns;
    if (ledger->has_turns)
        return true;
    char *want WV_AUTOFREE = wv_xasprintf("%s.want", ledger->schema);
    char *instance WV_AUTOFREE = wv_xasprintf("%s.instance", ledger->schema);
    const char *params[] = {want, instance};
    struct wv_pg_result *result WV_AUTORESULT = NULL;
    if (!wv_pg_query_row(pg,
                         "SELECT pg_catalog.to_regclass($1) IS NOT NULL"
                         " AND pg_catalog.to_regclass($2) IS NOT NULL",
                         2, params, 1, &result, wait, err))
        return false;
    *there = ledger->has_turns = wv_pg_bool(result, 0, 0);
    return true;
}

bool wv_ledger_lost_turns(struct wv_ledger *ledger, struct wv_err *err)
{
    if (strcmp(err->sqlstate, "42P01") != 0 && strcmp(err->sqlstate, "3F000") != 0)
        return false;
    ledger->has_turns = false;
    wv_err_clear(err);
    return true;
}

/* The lock alone, for a database without a ledger. */
static bool look_at_lock(struct wv_pg *pg, int64_t lock_key, struct wv_ledger_turn *turn,
                         const struct wv_pg_wait *wait, struct wv_err *err)
{
    struct wv_holder holder = {0};
    if (!wv_advisory_holder(pg, lock_key, &holder, wait, err))
        return false;
    wv_ledger_turn_clear(turn);
    turn->holder = holder.backend_pid;
    turn->stranger = holder;
    return true;
}

/* $1 project, $2 lock key, $3 our ticket, $4 how long a want counts. Our own want counts although
 * its refreshed row is not visible to the statement that refreshes it. */
#define REFRESH                                                                                    \
    "UPDATE %s.want w SET seen_at = pg_catalog.clock_timestamp(),"                                 \
    " backend_pid = pg_catalog.pg_backend_pid() WHERE w.ticket = $3::bigint"                       \
    " AND (w.seen_at < pg_catalog.clock_timestamp() - $4::interval / 8"                            \
    " OR w.backend_pid <> pg_catalog.pg_backend_pid())"

#define LIVE                                                                                       \
    "SELECT w.ticket, w.asked_at FROM %s.want w WHERE w.project = $1"                              \
    " AND (w.ticket = $3::bigint OR (" WV_LEDGER_WANTS("$4") "))"

#define HOLDER                                                                                     \
    "(SELECT l.pid FROM pg_catalog.pg_locks l"                                                     \
    " WHERE " WV_ADVISORY_OF_KEY("$2::bigint") " LIMIT 1)"

#define QUEUE                                                                                      \
    "EXISTS (SELECT FROM live v WHERE v.ticket = $3::bigint), (SELECT pg_catalog.count(*)"         \
    " FROM live v WHERE $3::bigint = 0 OR v.ticket < $3::bigint),"                                 \
    " (SELECT f.ticket FROM first f), (SELECT " WV_AGE_MS("f.asked_at") " FROM first f)"

/* A leader that never was shown is as old as its lead. */
#define LEADER                                                                                     \
    "l.host, l.pid, l.token, " WV_ISO("l.since") ", l.backend_pid, " WV_AGE_MS(                    \
        "coalesce(i.seen_at, l.since)")

static char *look_sql(const struct wv_ledger *ledger)
{
    static const char format[] =
        "WITH seen AS (" REFRESH "), live AS (" LIVE "),"
        " first AS (SELECT f.ticket, f.asked_at FROM live f ORDER BY f.ticket LIMIT 1)"
        " SELECT " HOLDER ", " QUEUE ", " LEADER ", " WV_LEDGER_DOING " FROM (SELECT 1) o"
        " LEFT JOIN %s.leader l ON l.project = $1"
        " LEFT JOIN %s.instance i ON i.project = $1 AND i.id = l.instance";
    const char *schema = ledger->schema;
    return wv_xasprintf(format, schema, schema, schema, schema);
}

/* The row is of who led last. */
static void read_leader(const struct wv_pg_result *result, struct wv_ledger_turn *turn)
{
    int backend_pid = (int)wv_pg_int(result, 0, 9);
    if (turn->holder == 0 || backend_pid != turn->holder)
        return;
    turn->leader = (struct wv_ledger_leader){.host = wv_xstrdup(wv_pg_text(result, 0, 5)),
                                             .pid = (pid_t)wv_pg_int(result, 0, 6),
                                             .token = wv_pg_int(result, 0, 7),
                                             .since = wv_xstrdup(wv_pg_text(result, 0, 8)),
                                             .backend_pid = backend_pid};
    turn->leader_silent_ms = wv_pg_int(result, 0, 10);
    wv_ledger_doing(result, 0, 11, &turn->doing);
}

static void read_turn(const struct wv_pg_result *result, struct wv_ledger_turn *turn)
{
    wv_ledger_turn_clear(turn);
    turn->holder = (int)wv_pg_int(result, 0, 0);
    turn->queue = true;
    turn->asked = wv_pg_bool(result, 0, 1);
    turn->before = (int)wv_pg_int(result, 0, 2);
    turn->first = wv_pg_int(result, 0, 3);
    turn->first_age_ms = wv_pg_int(result, 0, 4);
    read_leader(result, turn);
}

static bool look_at_queue(struct wv_ledger *ledger, struct wv_pg *pg, int64_t lock_key,
                          int64_t ticket, struct wv_ledger_turn *turn,
                          const struct wv_pg_wait *wait, struct wv_err *err)
{
    char *sql WV_AUTOFREE = look_sql(ledger);
    char *counts WV_AUTOFREE = wv_xasprintf("%d milliseconds", WV_LEDGER_TURN_MS);
    struct wv_ledger_number key = wv_ledger_number(lock_key);
    struct wv_ledger_number mine = wv_ledger_number(ticket);
    const char *params[] = {ledger->project, key.text, mine.text, counts};
    struct wv_pg_result *result WV_AUTORESULT = NULL;
    if (!wv_pg_query_row(pg, sql, 4, params, COLUMNS, &result, wait, err))
        return false;
    read_turn(result, turn);
    if (turn->holder == 0 || turn->leader.host != NULL)
        return true;
    return wv_advisory_holder(pg, lock_key, &turn->stranger, wait, err);
}

bool wv_ledger_turn_look(struct wv_ledger *ledger, struct wv_pg *pg, int64_t lock_key,
                         int64_t ticket, struct wv_ledger_turn *turn, const struct wv_pg_wait *wait,
                         struct wv_err *err)
{
    bool there = false;
    if (!wv_ledger_has_turns(ledger, pg, &there, wait, err))
        return false;
    if (there && look_at_queue(ledger, pg, lock_key, ticket, turn, wait, err))
        return true;
    if (there && !wv_ledger_lost_turns(ledger, err))
        return false;
    return look_at_lock(pg, lock_key, turn, wait, err);
}

void wv_ledger_turn_clear(struct wv_ledger_turn *turn)
{
    free(turn->leader.host);
    free(turn->leader.since);
    wv_doing_clear(&turn->doing);
    wv_holder_clear(&turn->stranger);
    *turn = (struct wv_ledger_turn){.leader_silent_ms = -1};
}

/* Rows of the dead are cleared away by who comes next, ten times later than they stopped to count;
 * those that somebody else is clearing away are left to him. */
static char *ask_sql(const struct wv_ledger *ledger)
{
    return wv_xasprintf(
        "WITH old AS (DELETE FROM %s.want w WHERE w.ticket IN (SELECT o.ticket FROM %s.want o"
        " WHERE o.seen_at < pg_catalog.clock_timestamp() - $4::interval * 10"
        " FOR UPDATE SKIP LOCKED)),"
        " fresh AS (INSERT INTO %s.want (project, instance) VALUES ($1, $2) RETURNING ticket)"
        " SELECT ticket, pg_catalog.pg_notify($3, '" WV_LEDGER_WANT "') FROM fresh",
        ledger->schema, ledger->schema, ledger->schema);
}

bool wv_ledger_turn_ask(struct wv_ledger *ledger, struct wv_pg *pg, int64_t *ticket,
                        const struct wv_pg_wait *wait, struct wv_err *err)
{
    bool there = false;
    if (!wv_ledger_has_turns(ledger, pg, &there, wait, err))
        return false;
    *ticket = 0;
    if (!there)
        return true;
    char *sql WV_AUTOFREE = ask_sql(ledger);
    char *counts WV_AUTOFREE = wv_xasprintf("%d milliseconds", WV_LEDGER_TURN_MS);
    const char *params[] = {ledger->project, ledger->instance.text, ledger->channel, counts};
    struct wv_pg_result *result WV_AUTORESULT = NULL;
    if (!wv_pg_query_row(pg, sql, 4, params, 2, &result, wait, err))
        return wv_ledger_lost_turns(ledger, err);
    *ticket = wv_pg_int(result, 0, 0);
    return true;
}

bool wv_ledger_turn_end(const struct wv_ledger *ledger, struct wv_pg *pg, int64_t ticket,
                        const struct wv_pg_wait *wait, struct wv_err *err)
{
    char *sql WV_AUTOFREE = wv_xasprintf("DELETE FROM %s.want WHERE ticket = $1", ledger->schema);
    struct wv_ledger_number mine = wv_ledger_number(ticket);
    const char *params[] = {mine.text};
    return wv_pg_query(pg, sql, 1, params, 0, NULL, wait, err);
}

/* One trip in the usual case: the lock is free before the others hear of it, because they do at the
 * statement's commit. */
bool wv_ledger_turn_pass(const struct wv_ledger *ledger, struct wv_pg *pg, int64_t lock_key,
                         int64_t ticket, const struct wv_pg_wait *wait, struct wv_err *err)
{
    struct wv_ledger_number key = wv_ledger_number(lock_key);
    struct wv_ledger_number first = wv_ledger_number(ticket);
    const char *params[] = {key.text, ledger->channel, first.text};
    return wv_pg_query_row(pg,
                           "SELECT pg_catalog.pg_advisory_unlock($1::bigint),"
                           " pg_catalog.pg_notify($2, '" WV_LEDGER_FREE " ' || $3)",
                           3, params, 2, NULL, wait, err) &&
           wv_advisory_release(pg, lock_key, wait, err);
}

/* Session a has asked nothing since, or does not read what it asked for. */
#define STILL_FOR(ms)                                                                              \
    "(a.state IN ('idle', 'idle in transaction', 'idle in transaction (aborted)')"                 \
    " OR (a.state = 'active' AND a.wait_event = 'ClientWrite'))"                                   \
    " AND a.state_change < pg_catalog.clock_timestamp() - " ms " * interval '1 millisecond'"

/* All conditions again in the statement that acts on them. */
static bool evict_leader(const struct wv_ledger *ledger, struct wv_pg *pg,
                         const struct wv_ledger_turn *turn, struct wv_pg_result **result,
                         const struct wv_pg_wait *wait, struct wv_err *err)
{
    char *sql WV_AUTOFREE = wv_xasprintf(
        "SELECT pg_catalog.pg_terminate_backend(a.pid) FROM %s.leader l"
        " LEFT JOIN %s.instance i ON i.project = l.project AND i.id = l.instance"
        " JOIN pg_catalog.pg_stat_activity a ON a.pid = l.backend_pid"
        " WHERE l.project = $1 AND l.token = $2::bigint AND l.backend_pid = $3::integer"
        " AND coalesce(i.seen_at, l.since)"
        " < pg_catalog.clock_timestamp() - %d * interval '1 millisecond' AND " STILL_FOR("%d"),
        ledger->schema, ledger->schema, WV_LEDGER_SILENT_MS, WV_LEDGER_STILL_MS);
    struct wv_ledger_number token = wv_ledger_number(turn->leader.token);
    struct wv_ledger_number holder = wv_ledger_number(turn->holder);
    const char *params[] = {ledger->project, token.text, holder.text};
    return wv_pg_query(pg, sql, 3, params, 1, result, wait, err);
}

/* A daemon that has the lock asks the next thing at once. */
static bool evict_stranger(const struct wv_ledger *ledger, struct wv_pg *pg, int64_t lock_key,
                           const struct wv_ledger_turn *turn, struct wv_pg_result **result,
                           const struct wv_pg_wait *wait, struct wv_err *err)
{
    char *name WV_AUTOFREE = wv_xasprintf(WV_LEDGER_WORK_NAME, ledger->project);
    struct wv_ledger_number holder = wv_ledger_number(turn->holder);
    struct wv_ledger_number key = wv_ledger_number(lock_key);
    struct wv_ledger_number still = wv_ledger_number(WV_LEDGER_STILL_MS);
    const char *params[] = {holder.text, name, key.text, still.text};
    return wv_pg_query(pg,
                       "SELECT pg_catalog.pg_terminate_backend(a.pid)"
                       " FROM pg_catalog.pg_stat_activity a WHERE a.pid = $1::integer"
                       " AND a.application_name = $2::name::text"
                       " AND EXISTS (SELECT FROM pg_catalog.pg_locks l WHERE l.pid = a.pid"
                       "   AND " WV_ADVISORY_OF_KEY("$3::bigint") ") AND " STILL_FOR("$4::integer"),
                       4, params, 1, result, wait, err);
}

bool wv_ledger_turn_evict(const struct wv_ledger *ledger, struct wv_pg *pg, int64_t lock_key,
                          const struct wv_ledger_turn *turn, bool *ended,
                          const struct wv_pg_wait *wait, struct wv_err *err)
{
    struct wv_pg_result *result WV_AUTORESULT = NULL;
    if (turn->leader.host != NULL ? !evict_leader(ledger, pg, turn, &result, wait, err)
                                  : !evict_stranger(ledger, pg, lock_key, turn, &result, wait, err))
        return false;
    *ended = wv_pg_rows(result) == 1 && wv_pg_bool(result, 0, 0);
    return true;
}
