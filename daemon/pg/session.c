/* The session's settings. They are SET after connecting, because startup options are refused or
 * lost by a pooler. Any thread; knows no ledger. */
#include <stdio.h>
#include <stdlib.h>

#include "connection.h"
#include "query.h"
#include "strbuf.h"

/* Dead peers are noticed by the server within ten seconds (manual, 20.3.2 "TCP Settings"); on a
 * unix socket the server ignores these. No limit of the role's or database's own ends our session.
 */
static const struct {
    const char *name;
    const char *value;
    int since; /* server version */
} settings[] = {
    {"tcp_keepalives_idle", "3", 0},
    {"tcp_keepalives_interval", "2", 0},
    {"tcp_keepalives_count", "3", 0},
    {"tcp_user_timeout", "5000", 0},
    {"lock_timeout", WV_PG_LOCK_TIMEOUT, 0},
    {"statement_timeout", "0", 0},
    {"idle_in_transaction_session_timeout", "0", 0},
    {"idle_session_timeout", "0", 140000},
    {"transaction_timeout", "0", 170000},
    {"standard_conforming_strings", "on", 0},
    {"client_encoding", "UTF8", 0},
    {"DateStyle", "ISO", 0},
    {"default_transaction_isolation", "read committed", 0},
};

/* The search path without "$user", unless that is all of it. */
static const char path_without_user[] =
    ", pg_catalog.set_config('search_path', coalesce(nullif(pg_catalog.btrim("
    "pg_catalog.regexp_replace(pg_catalog.current_setting('search_path'), "
    "'(^|,)\\s*\"?\\$user\"?\\s*(?=,|$)', '', 'g'), ', '), ''), "
    "pg_catalog.current_setting('search_path')), false)";

static void add(struct wv_strbuf *sql, const char *name, const char *value)
{
    wv_strbuf_addf(sql, "%spg_catalog.set_config('%s', '%s', false)",
                   sql->length == 0 ? "SELECT " : ", ", name, value);
}

char *wv_pg_session_sql(const struct wv_pg *pg)
{
    struct wv_strbuf sql WV_AUTOSTRBUF = WV_STRBUF_INIT;
    for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
        if (pg->facts.server_version >= settings[i].since)
            add(&sql, settings[i].name, settings[i].value);
    }
    /* Without it the server would finish the statement of a client that is dead. */
    if (pg->checks_client)
        add(&sql, "client_connection_check_interval", "500");
    if (pg->hides_own)
        wv_strbuf_adds(&sql, path_without_user);
    return wv_strbuf_take(&sql);
}

/* All that DISCARD ALL does but giving the advisory locks away (manual, "DISCARD"). */
bool wv_pg_reset_session(struct wv_pg *pg, const struct wv_pg_wait *wait, struct wv_err *err)
{
    char *settings_sql WV_AUTOFREE = wv_pg_session_sql(pg);
    struct wv_strbuf sql WV_AUTOSTRBUF = WV_STRBUF_INIT;
    wv_strbuf_addf(&sql,
                   "CLOSE ALL; RESET SESSION AUTHORIZATION; RESET ROLE; RESET ALL;"
                   " DEALLOCATE ALL; UNLISTEN *; DISCARD PLANS; DISCARD TEMP; DISCARD SEQUENCES;"
                   " %s",
                   settings_sql);
    if (pg->channel != NULL)
        wv_strbuf_addf(&sql, "; LISTEN %s", pg->channel);
    wv_pg_kept_forget(pg);
    return wv_pg_exec(pg, wv_strbuf_text(&sql), wait, err);
}

bool wv_pg_listen(struct wv_pg *pg, const char *channel, const struct wv_pg_wait *wait,
                  struct wv_err *err)
{
    char *sql WV_AUTOFREE = wv_xasprintf("LISTEN %s", channel);
    if (!wv_pg_exec(pg, sql, wait, err))
        return false;
    free(pg->channel);
    pg->channel = wv_xstrdup(channel);
    return true;
}

bool wv_pg_first_session(struct wv_pg *pg, const struct wv_pg_wait *wait, struct wv_err *err)
{
    pg->checks_client = pg->facts.server_version >= 140000;
    if (wv_pg_reset_session(pg, wait, err))
        return true;
    /* A server on a platform that cannot watch its clients refuses that one setting. */
    if (err->code != WV_SQL_ERROR || !pg->checks_client)
        return false;
    pg->checks_client = false;
    wv_err_clear(err);
    return wv_pg_reset_session(pg, wait, err);
}

bool wv_pg_set_limits(struct wv_pg *pg, int64_t lock_timeout, int64_t statement_timeout,
                      const struct wv_pg_wait *wait, struct wv_err *err)
{
    char sql[160];
    (void)snprintf(sql, sizeof(sql), "SET lock_timeout = %lld; SET statement_timeout = %lld",
                   (long long)lock_timeout, (long long)statement_timeout);
    return wv_pg_exec(pg, sql, wait, err);
}
