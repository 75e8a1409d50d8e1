/* See ledger_instance.h. Each call is one short transaction of its own. */
#include "ledger_instance.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ledger_internal.h"
#include "ledger_turn.h"
#include "query.h"

enum { COLUMNS = 15 };

#define AGE WV_AGE_MS("i.seen_at")

/* $8 to $14 are what it does; times go as ages, since the clocks of hosts differ. */
static char *show_sql(const struct wv_ledger *ledger)
{
    return wv_xasprintf(
        "WITH old AS (DELETE FROM %s.instance o WHERE (o.project, o.id) IN"
        " (SELECT i.project, i.id FROM %s.instance i"
        "   WHERE i.seen_at < pg_catalog.clock_timestamp() - $15::interval"
        "     AND NOT EXISTS (SELECT FROM %s.leader l"
        "       WHERE l.project = i.project AND l.instance = i.id)"
        "     FOR UPDATE OF i SKIP LOCKED))"
        " INSERT INTO %s.instance AS i (project, id, host, pid, version, role, heads, job,"
        " revision, is_up, step, steps, job_at, step_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7::text[], $8, $9, $10::boolean, $11::integer,"
        " $12::integer,"
        " pg_catalog.clock_timestamp() - $13::bigint * interval '1 millisecond',"
        " pg_catalog.clock_timestamp() - $14::bigint * interval '1 millisecond')"
        " ON CONFLICT (project, id) DO UPDATE SET role = excluded.role, heads = excluded.heads,"
        " job = excluded.job, revision = excluded.revision, is_up = excluded.is_up,"
        " step = excluded.step, steps = excluded.steps, job_at = excluded.job_at,"
        " step_at = excluded.step_at, seen_at = excluded.seen_at",
        ledger->schema, ledger->schema, ledger->schema, ledger->schema);
}

static bool show(const struct wv_ledger *ledger, struct wv_pg *pg, const struct wv_instance *self,
                 const struct wv_pg_wait *wait, struct wv_err *err)
{
    char *sql WV_AUTOFREE = show_sql(ledger);
    char *heads WV_AUTOFREE = wv_pg_array(&self->heads);
    char *keep WV_AUTOFREE = wv_xasprintf("%d milliseconds", WV_LEDGER_INSTANCE_KEEP_MS);
    const struct wv_doing *doing = &self->doing;
    struct wv_ledger_number pid = wv_ledger_number(getpid());
    struct wv_ledger_number step = wv_ledger_number(doing->step);
    struct wv_ledger_number steps = wv_ledger_number(doing->steps);
    struct wv_ledger_number job_ms = wv_ledger_number(doing->job_ms);
    struct wv_ledger_number step_ms = wv_ledger_number(doing->step_ms);
    bool works = doing->job != NULL;
    const char *params[] = {ledger->project,
                            ledger->instance.text,
                            ledger->host,
                            pid.text,
                            WV_VERSION,
                            self->role,
                            heads,
                            doing->job,
                            doing->revision,
                            doing->up ? "t" : "f",
                            step.text,
                            steps.text,
                            works ? job_ms.text : NULL,
                            doing->revision != NULL ? step_ms.text : NULL,
                            keep};
    return wv_pg_query(pg, sql, 15, params, 0, NULL, wait, err);
}

bool wv_ledger_instance_show(struct wv_ledger *ledger, struct wv_pg *pg,
                             const struct wv_instance *self, const struct wv_pg_wait *wait,
                             struct wv_err *err)
{
    bool there = false;
    if (!wv_ledger_has_turns(ledger, pg, &there, wait, err))
        return false;
    return !there || show(ledger, pg, self, wait, err) || wv_ledger_lost_turns(ledger, err);
}

bool wv_ledger_instance_hide(struct wv_ledger *ledger, struct wv_pg *pg,
                             const struct wv_pg_wait *wait, struct wv_err *err)
{
    if (!ledger->has_turns)
        return true;
    char *sql WV_AUTOFREE =
        wv_xasprintf("DELETE FROM %s.instance WHERE project = $1 AND id = $2", ledger->schema);
    const char *params[] = {ledger->project, ledger->instance.text};
    return wv_pg_query(pg, sql, 2, params, 0, NULL, wait, err) || wv_ledger_lost_turns(ledger, err);
}

void wv_ledger_doing(const struct wv_pg_result *result, size_t row, int column,
                     struct wv_doing *doing)
{
    *doing = (struct wv_doing){.job = wv_xstrdup(wv_pg_value(result, row, column)),
                               .revision = wv_xstrdup(wv_pg_value(result, row, column + 1)),
                               .up = wv_pg_bool(result, row, column + 2),
                               .step = (int)wv_pg_int(result, row, column + 3),
                               .steps = (int)wv_pg_int(result, row, column + 4),
                               .job_ms = wv_pg_int(result, row, column + 5),
                               .step_ms = wv_pg_int(result, row, column + 6)};
}

static void read_instance(const struct wv_ledger *ledger, const struct wv_pg_result *result,
                          size_t row, struct wv_instance *instance)
{
    *instance = (struct wv_instance){.id = wv_xstrdup(wv_pg_text(result, row, 0)),
                                     .host = wv_xstrdup(wv_pg_text(result, row, 1)),
                                     .pid = (pid_t)wv_pg_int(result, row, 2),
                                     .version = wv_xstrdup(wv_pg_text(result, row, 3)),
                                     .role = wv_xstrdup(wv_pg_text(result, row, 4)),
                                     .silent_ms = wv_pg_int(result, row, 6)};
    instance->self = strcmp(instance->id, ledger->instance.text) == 0;
    wv_pg_array_parse(wv_pg_text(result, row, 5), &instance->heads);
    wv_ledger_doing(result, row, 7, &instance->doing);
}

static bool list(const struct wv_ledger *ledger, struct wv_pg *pg, struct wv_instances *instances,
                 const struct wv_pg_wait *wait, struct wv_err *err)
{
    static const char format[] =
        "SELECT i.id, i.host, i.pid, i.version, i.role, i.heads, " AGE ", " WV_LEDGER_DOING
        ", (SELECT pg_catalog.count(*) FROM %s.want w WHERE w.project = $1 AND " WV_LEDGER_WANTS(
            "$3") ") FROM (SELECT 1) o LEFT JOIN %s.instance i ON i.project = $1"
                  " AND i.seen_at > pg_catalog.clock_timestamp() - $2::interval ORDER BY i.host, "
                  "i.pid";
    char *sql WV_AUTOFREE = wv_xasprintf(format, ledger->schema, ledger->schema);
    char *shown WV_AUTOFREE = wv_xasprintf("%d milliseconds", WV_LEDGER_INSTANCE_MS);
    char *counts WV_AUTOFREE = wv_xasprintf("%d milliseconds", WV_LEDGER_TURN_MS);
    const char *params[] = {ledger->project, shown, counts};
    struct wv_pg_result *result WV_AUTORESULT = NULL;
    if (!wv_pg_query(pg, sql, 3, params, COLUMNS, &result, wait, err))
        return false;
    wv_instances_clear(instances);
    instances->asking = (int)wv_pg_int(result, 0, COLUMNS - 1);
    for (size_t row = 0; row < wv_pg_rows(result); row++) {
        if (wv_pg_value(result, row, 0) == NULL)
            break; /* nobody was seen: the row is there for the count */
        WV_GROW(instances->items, instances->count, instances->capacity);
        read_instance(ledger, result, row, &instances->items[instances->count++]);
    }
    return true;
}

bool wv_ledger_instance_list(struct wv_ledger *ledger, struct wv_pg *pg,
                             struct wv_instances *instances, const struct wv_pg_wait *wait,
                             struct wv_err *err)
{
    bool there = false;
    if (!wv_ledger_has_turns(ledger, pg, &there, wait, err))
        return false;
    return !there || list(ledger, pg, instances, wait, err) || wv_ledger_lost_turns(ledger, err);
}
