/* Making, upgrading and adopting the ledger, and taking leadership: one transaction under a lock of
 * its own, because several projects, each with its own leader, may share one ledger. The migrator's
 * thread. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "connection.h"
#include "ledger_instance.h"
#include "ledger_internal.h"
#include "query.h"
#include "quote.h"
#include "strbuf.h"

/* Everything a part of the set-up needs. */
struct setup {
    struct wv_ledger *ledger;
    struct wv_pg *pg;
    const struct wv_pg_wait *wait;
};

/* Waiting for this lock is harmless: it is held for the time of another set-up only, which builds
 * no index concurrently and so waits for no snapshot. lock_timeout bounds it. */
static bool begin(const struct setup *setup, struct wv_err *err)
{
    char *sql WV_AUTOFREE = wv_xasprintf("BEGIN; SET LOCAL client_min_messages = warning;"
                                         " SELECT pg_catalog.pg_advisory_xact_lock(%lld)",
                                         (long long)setup->ledger->upgrade_key);
    return wv_pg_exec(setup->pg, sql, setup->wait, err);
}

static bool ask(const struct setup *setup, const char *sql, bool *yes, struct wv_err *err)
{
    struct wv_pg_result *result WV_AUTORESULT = NULL;
    if (!wv_pg_query_row(setup->pg, sql, 0, NULL, 1, &result, setup->wait, err))
        return false;
    *yes = wv_pg_bool(result, 0, 0);
    return true;
}

/* Does a name exist? `function` is to_regclass or to_regnamespace. */
static bool exists(const struct setup *setup, const char *function, const char *name, bool *yes,
                   struct wv_err *err)
{
    char *text WV_AUTOFREE = wv_quote_literal(name);
    char *sql WV_AUTOFREE = wv_xasprintf("SELECT pg_catalog.%s(%s) IS NOT NULL", function, text);
    return ask(setup, sql, yes, err);
}

static bool read_version(const struct setup *setup, int *version, struct wv_err *err)
{
    struct wv_pg_result *result WV_AUTORESULT = NULL;
    char *meta WV_AUTOFREE = wv_xasprintf("%s.meta", setup->ledger->schema);
    bool there = false;
    *version = 0;
    if (!exists(setup, "to_regclass", meta, &there, err))
        return false;
    if (!there)
        return true;
    char *sql WV_AUTOFREE = wv_xasprintf("SELECT version FROM %s", meta);
    if (!wv_pg_query(setup->pg, sql, 0, NULL, 1, &result, setup->wait, err))
        return false;
    if (wv_pg_rows(result) == 1)
        *version = (int)wv_pg_int(result, 0, 0);
    return true;
}

static bool make_schema(const struct setup *setup, struct wv_err *err)
{
    bool there = false;
    if (!exists(setup, "to_regnamespace", setup->ledger->schema, &there, err) || there)
        return err->code == WV_OK;
    char *sql WV_AUTOFREE = wv_xasprintf("CREATE SCHEMA %s", setup->ledger->schema);
    return wv_pg_exec(setup->pg, sql, setup->wait, err) ||
           wv_err_prefix(err, "cannot make the ledger's schema %s", setup->ledger->schema);
}

static char *with_schema(const char *script, const char *schema)
{
    static const char mark[] = "@schema@";
    struct wv_strbuf sql WV_AUTOSTRBUF = WV_STRBUF_INIT;
    const char *found;
    while ((found = strstr(script, mark)) != NULL) {
        wv_strbuf_add(&sql, script, (size_t)(found - script));
        wv_strbuf_adds(&sql, schema);
        script = found + strlen(mark);
    }
    wv_strbuf_adds(&sql, script);
    return wv_strbuf_take(&sql);
}

static bool upgrade(const struct setup *setup, int from, struct wv_err *err)
{
    const struct wv_ledger *ledger = setup->ledger;
    if (from == 0 && !make_schema(setup, err))
        return false;
    for (int i = from; i < ledger->version; i++) {
        char *sql WV_AUTOFREE = with_schema(ledger->scripts[i], ledger->schema);
        if (!wv_pg_exec(setup->pg, sql, setup->wait, err))
            return wv_err_prefix(err, "cannot bring the ledger to version %d", i + 1);
    }
    if (from == ledger->version)
        return true;
    char *sql WV_AUTOFREE =
        wv_xasprintf("INSERT INTO %s.meta (version, upgraded_by) VALUES (%d, 'wovend " WV_VERSION
                     "') ON CONFLICT (only_row) DO UPDATE SET version = excluded.version,"
                     " upgraded_at = excluded.upgraded_at, upgraded_by = excluded.upgraded_by",
                     ledger->schema, ledger->version);
    return wv_pg_exec(setup->pg, sql, setup->wait, err);
}

static bool bring_up(const struct setup *setup, struct wv_err *err)
{
    int version = 0;
    if (!read_version(setup, &version, err))
        return false;
    if (version <= setup->ledger->version)
        return upgrade(setup, version, err);
    wv_err_set(err, WV_LEDGER_TOO_NEW,
               "the ledger in the database has version %d; this wovend understands version %d",
               version, setup->ledger->version);
    return wv_err_hint(err, "a newer wovend has worked here: install at least its version");
}

/* The first schema of the search path that has the table is where Alembic would find it. */
static bool find_table(const struct setup *setup, bool *there, struct wv_err *err)
{
    struct wv_ledger *ledger = setup->ledger;
    struct wv_pg_result *result WV_AUTORESULT = NULL;
    char *name WV_AUTOFREE = wv_quote_name(ledger->version_schema, ledger->version_table);
    const char *params[] = {ledger->table != NULL ? ledger->table : name};
    if (!wv_pg_query(setup->pg,
                     "SELECT n.nspname FROM pg_catalog.pg_class c"
                     " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
                     " WHERE c.oid = pg_catalog.to_regclass($1)",
                     1, params, 1, &result, setup->wait, err))
        return false;
    *there = wv_pg_rows(result) == 1;
    char *table = *there ? wv_quote_name(wv_pg_text(result, 0, 0), ledger->version_table)
                         : wv_ledger_table(ledger, setup->pg);
    free(ledger->table);
    ledger->table = table;
    return true;
}

/* As Alembic makes it; the constraint's name follows the table's. */
static bool make_table(const struct setup *setup, struct wv_err *err)
{
    char *name WV_AUTOFREE = wv_xasprintf("%s_pkc", setup->ledger->version_table);
    char *constraint WV_AUTOFREE = wv_quote_ident(name);
    char *sql WV_AUTOFREE = wv_xasprintf("CREATE TABLE %s (version_num VARCHAR(32) NOT NULL,"
                                         " CONSTRAINT %s PRIMARY KEY (version_num))",
                                         setup->ledger->table, constraint);
    return wv_pg_exec(setup->pg, sql, setup->wait, err) ||
           wv_err_prefix(err, "cannot make the version table %s", setup->ledger->table);
}

/* Rows that are there before the project's first history row came from somebody else. */
static bool adopt(const struct setup *setup, struct wv_err *err)
{
    struct wv_ledger *ledger = setup->ledger;
    char *sql WV_AUTOFREE = wv_xasprintf(
        "SELECT %s.note($1, 0, 0, v.rows, 'adopt', 'done', 0, NULL, NULL, 'wovend', $2, $3, $4,"
        " $5, NULL) FROM (SELECT pg_catalog.string_agg(version_num, ' ' ORDER BY version_num)"
        " AS rows FROM %s) v WHERE v.rows IS NOT NULL"
        " AND NOT EXISTS (SELECT FROM %s.history h WHERE h.project = $1)",
        ledger->schema, ledger->table, ledger->schema);
    struct wv_ledger_number uid = wv_ledger_number(getuid());
    struct wv_ledger_number pid = wv_ledger_number(getpid());
    const char *params[] = {ledger->project, uid.text, pid.text, ledger->host, WV_VERSION};
    return wv_pg_query(setup->pg, sql, 5, params, 1, NULL, setup->wait, err);
}

static bool refuse_table(const struct wv_ledger *ledger, const char *owner, struct wv_err *err)
{
    char *name WV_AUTOFREE = wv_quote_literal(owner);
    wv_err_set(err, WV_PROJECT_CONFLICT,
               "the version table %s is that of project \"%s\", and this is project \"%s\"",
               ledger->table, owner, ledger->project);
    return wv_err_hint(err,
                       "give one of them a version_table or version_table_schema of its own; where"
                       " the project was only renamed: DELETE FROM %s.version_table WHERE project"
                       " = %s",
                       ledger->schema, name);
}

/* The settings may name one database in two ways, so that only the database can tell that two
 * projects would share a table. What this project had before is free again. */
static bool claim_table(const struct setup *setup, struct wv_err *err)
{
    enum { FIRST_WITH_CLAIMS = 6 };
    const struct wv_ledger *ledger = setup->ledger;
    struct wv_pg_result *result WV_AUTORESULT = NULL;
    if (ledger->version < FIRST_WITH_CLAIMS)
        return true;
    char *sql WV_AUTOFREE = wv_xasprintf(
        "WITH former AS (DELETE FROM %s.version_table v WHERE v.project = $1 AND v.name <> $2),"
        " claim AS (INSERT INTO %s.version_table (name, project) VALUES ($2, $1)"
        " ON CONFLICT (name) DO NOTHING)"
        " SELECT v.project FROM %s.version_table v WHERE v.name = $2 AND v.project <> $1",
        ledger->schema, ledger->schema, ledger->schema);
    const char *params[] = {ledger->project, ledger->table};
    if (!wv_pg_query(setup->pg, sql, 2, params, 1, &result, setup->wait, err))
        return false;
    return wv_pg_rows(result) == 0 || refuse_table(ledger, wv_pg_text(result, 0, 0), err);
}

static bool bring_table(const struct setup *setup, struct wv_err *err)
{
    bool there = false;
    if (!find_table(setup, &there, err) || !claim_table(setup, err))
        return false;
    return there ? adopt(setup, err) : make_table(setup, err);
}

static bool lead(const struct setup *setup, int64_t *token, struct wv_err *err)
{
    struct wv_ledger *ledger = setup->ledger;
    struct wv_pg_result *result WV_AUTORESULT = NULL;
    char *sql WV_AUTOFREE =
        wv_xasprintf("INSERT INTO %s.leader AS l (project, token, host, pid, instance)"
                     " VALUES ($1, 1, $2, $3, $4)"
                     " ON CONFLICT (project) DO UPDATE SET token = l.token + 1,"
                     " instance = excluded.instance, host = excluded.host, pid = excluded.pid,"
                     " backend_pid = excluded.backend_pid, since = excluded.since RETURNING token",
                     ledger->schema);
    struct wv_ledger_number pid = wv_ledger_number(getpid());
    const char *params[] = {ledger->project, ledger->host, pid.text, ledger->instance.text};
    if (!wv_pg_query_row(setup->pg, sql, 4, params, 1, &result, setup->wait, err))
        return false;
    *token = wv_pg_int(result, 0, 0);
    return true;
}

/* What to do about a set-up that failed. */
static void advise(struct wv_err *err)
{
    static const struct {
        const char *sqlstate;
        const char *hint;
    } hints[] = {
        {"25006", "wovend needs the primary server: add target_session_attrs=read-write to"
                  " `database` in the settings"},
        {"42501", "the role of `database` needs CREATE on the database for the ledger, and on the"
                  " schema of the version table"},
        {"3F000", "make that schema, or name one that exists with version_table_schema"},
    };
    for (size_t i = 0; i < sizeof(hints) / sizeof(hints[0]); i++)
        if (strcmp(err->sqlstate, hints[i].sqlstate) == 0)
            wv_err_hint(err, "%s", hints[i].hint);
}

bool wv_ledger_prepare(struct wv_ledger *ledger, struct wv_pg *pg, int64_t *token,
                       const struct wv_pg_wait *wait, struct wv_err *err)
{
    struct setup setup = {ledger, pg, wait};
    int64_t taken = 0;
    if (!begin(&setup, err) || !bring_up(&setup, err) || !bring_table(&setup, err) ||
        !lead(&setup, &taken, err) || !wv_pg_exec(pg, "COMMIT", wait, err)) {
        wv_pg_rollback(pg);
        advise(err);
        return false;
    }
    ledger->has_table = true;
    ledger->depth = WV_LEDGER_ALL_OURS;
    *token = taken;
    return true;
}
