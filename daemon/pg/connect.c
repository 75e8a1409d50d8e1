/* Making and ending a connection: asynchronous connect under a deadline, the checks that decide
 * whether we may work there at all, and the session's settings. Any thread; knows no ledger. */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "connection.h"
#include "conninfo.h"
#include "hosts.h"
#include "query.h"
#include "strbuf.h"

enum { OLDEST_SERVER = 130000 };

/* The notice receiver also sees what kills an idle session: kept for whoever finds it dead. */
static void receive_notice(void *arg, const PGresult *result)
{
    struct wv_pg *pg = arg;
    const char *severity = PQresultErrorField(result, PG_DIAG_SEVERITY_NONLOCALIZED);
    char *text WV_AUTOFREE = wv_pg_bounded(PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY));
    if (severity == NULL || text == NULL)
        return;
    if (strcmp(severity, "FATAL") == 0 || strcmp(severity, "PANIC") == 0) {
        free(pg->last_words);
        pg->last_words = WV_STEAL(text);
    } else if (pg->notice != NULL) {
        pg->notice(pg->notice_arg, severity, text);
    }
}

/* One of several hosts; all NULL: those that the options name. */
struct host {
    const char *name;
    const char *address;
    const char *port;
    const char *attributes; /* what it must be, unless the options say so */
};

/* What stands before "dbname" yields to the connection string, what stands after it does not. The
 * keepalives and tcp_user_timeout bound the time until a dead peer is noticed. */
static PGconn *start(const struct wv_pg_options *options, const struct host *host)
{
    const char *const names[] = {"application_name",
                                 "fallback_application_name",
                                 "keepalives",
                                 "keepalives_idle",
                                 "keepalives_interval",
                                 "keepalives_count",
                                 "tcp_user_timeout",
                                 "target_session_attrs",
                                 "dbname",
                                 "client_encoding",
                                 "host",
                                 "hostaddr",
                                 "port",
                                 NULL};
    const char *const values[] = {options->application_name,
                                  options->application_name,
                                  "1",
                                  "3",
                                  "2",
                                  "3",
                                  "5000",
                                  host->attributes,
                                  options->database,
                                  "UTF8",
                                  host->name,
                                  host->address,
                                  host->port,
                                  NULL};
    PGconn *conn = PQconnectStartParams(names, values, 1);
    if (conn == NULL)
        abort();
    return conn;
}

static bool unreachable(const struct wv_pg *pg, const struct wv_pg_options *options, bool before,
                        struct wv_err *err)
{
    /* Before a socket exists the message is about the connection string itself. */
    char *text WV_AUTOFREE = before ? wv_pg_scrub(PQerrorMessage(pg->conn), options->database)
                                    : wv_pg_plain_message(PQerrorMessage(pg->conn));
    wv_err_set(err, WV_DATABASE_UNREACHABLE, "%s", text);
    if (options->database != NULL && options->database[0] == '\0')
        return wv_err_hint(err, "`database` in the settings is empty, which leaves it to libpq's "
                                "environment: name one there, or \"embedded\" for a PostgreSQL of "
                                "the daemon's own");
    return wv_err_hint(err,
                       "check that the server runs and that `database` in the settings names it");
}

static bool too_slow(const struct wv_pg *pg, struct wv_err *err)
{
    const char *host = PQhost(pg->conn);
    const char *port = PQport(pg->conn);
    wv_err_set(err, WV_DATABASE_UNREACHABLE, "no answer in time from host \"%s\", port %s",
               host != NULL ? host : "", port != NULL ? port : "");
    return wv_err_hint(err, "check the network and `connect` under `timeouts` in the settings");
}

static bool establish(struct wv_pg *pg, const struct wv_pg_options *options,
                      const struct wv_pg_wait *wait, struct wv_err *err)
{
    struct wv_pg_call call = wv_pg_call_begin(pg, wait);
    PostgresPollingStatusType wanted = PGRES_POLLING_WRITING;
    if (PQstatus(pg->conn) == CONNECTION_BAD)
        return unreachable(pg, options, true, err);
    while (wanted == PGRES_POLLING_READING || wanted == PGRES_POLLING_WRITING) {
        short events = wanted == PGRES_POLLING_READING ? POLLIN : POLLOUT;
        switch (wv_pg_call_poll(&call, PQsocket(pg->conn), events)) {
        case WV_PG_WOKEN_DEADLINE:
            return too_slow(pg, err);
        case WV_PG_WOKEN_INTERRUPTED:
            return wv_err_set(err, WV_CANCELLED, "cancelled while connecting to PostgreSQL");
        case WV_PG_WOKEN_SOCKET:
            wanted = PQconnectPoll(pg->conn);
            break;
        }
    }
    if (wanted != PGRES_POLLING_OK)
        return unreachable(pg, options, false, err);
    return true;
}

static bool read_facts(struct wv_pg *pg, const struct wv_pg_options *options,
                       const struct wv_pg_wait *wait, struct wv_err *err)
{
    struct wv_pg_result *result WV_AUTORESULT = NULL;
    if (!wv_pg_query_row(pg,
                         "SELECT pg_catalog.pg_backend_pid(), pg_catalog.current_database(),"
                         " current_user, coalesce(pg_catalog.current_schema(), ''),"
                         " pg_catalog.current_setting('search_path'),"
                         " pg_catalog.pg_is_in_recovery(),"
                         " pg_catalog.current_setting('transaction_read_only'),"
                         " (extract(epoch FROM pg_catalog.pg_postmaster_start_time()) * 1000000)"
                         "::bigint",
                         0, NULL, 8, &result, wait, err))
        return false;
    const char *host = PQhost(pg->conn);
    pg->facts = (struct wv_pg_facts){
        .backend_pid = (int)wv_pg_int(result, 0, 0),
        .server_version = PQserverVersion(pg->conn),
        .database = wv_xstrdup(wv_pg_text(result, 0, 1)),
        .user = wv_xstrdup(wv_pg_text(result, 0, 2)),
        .host = wv_xstrdup(host != NULL ? host : ""),
        .schema = wv_xstrdup(wv_pg_text(result, 0, 3)),
        .search_path = wv_xstrdup(wv_pg_text(result, 0, 4)),
        .in_recovery = wv_pg_bool(result, 0, 5),
        .read_only = strcmp(wv_pg_text(result, 0, 6), "on") == 0,
        .server = wv_pg_int(result, 0, 7),
    };
    pg->hides_own =
        options->ledger_schema != NULL && strcmp(pg->facts.user, options->ledger_schema) == 0;
    return true;
}

/* After the session's settings have changed it. */
static bool read_path(struct wv_pg *pg, const struct wv_pg_wait *wait, struct wv_err *err)
{
    struct wv_pg_result *result WV_AUTORESULT = NULL;
    if (!pg->hides_own)
        return true;
    if (!wv_pg_query_row(pg,
                         "SELECT coalesce(pg_catalog.current_schema(), ''),"
                         " pg_catalog.current_setting('search_path')",
                         0, NULL, 2, &result, wait, err))
        return false;
    free((char *)pg->facts.schema);
    free((char *)pg->facts.search_path);
    pg->facts.schema = wv_xstrdup(wv_pg_text(result, 0, 0));
    pg->facts.search_path = wv_xstrdup(wv_pg_text(result, 0, 1));
    return true;
}

static bool check_server(const struct wv_pg *pg, struct wv_err *err)
{
    int version = PQserverVersion(pg->conn);
    if (version >= OLDEST_SERVER)
        return true;
    wv_err_set(err, WV_SERVER_TOO_OLD, "the server is PostgreSQL %d.%d", version / 10000,
               version / 100 % 100);
    return wv_err_hint(err, "PostgreSQL %d or newer is needed", OLDEST_SERVER / 10000);
}

/* A pooler answers the cancel key's process id by a number of its own. */
static bool check_pooler(const struct wv_pg *pg, struct wv_err *err)
{
    if (PQbackendPID(pg->conn) == pg->facts.backend_pid)
        return true;
    wv_err_set(err, WV_POOLER,
               "a connection pooler stands between wovend and PostgreSQL, where a session lock "
               "does not protect anything");
    return wv_err_hint(err, "let `database` in the settings name the PostgreSQL server itself, "
                            "not the pooler (host and port of the server, often 5432)");
}

/* After a fail-over the old primary may answer still, or again. */
static bool check_same(const struct wv_pg *pg, const struct wv_pg_options *options,
                       struct wv_err *err)
{
    if (options->server == 0 || options->server == pg->facts.server)
        return true;
    wv_err_set(err, WV_DATABASE_UNREACHABLE,
               "the server that answers on %s is not the one that this daemon works on",
               pg->facts.host);
    return wv_err_hint(err, "if this lasts, more than one of the hosts in `database` takes changes:"
                            " stop the one that is not the primary");
}

/* One attempt with `conn`, which is taken over. */
static bool attempt(struct wv_pg **out, PGconn *conn, const struct wv_pg_options *options,
                    const struct wv_pg_wait *wait, struct wv_err *err)
{
    struct wv_pg *pg = wv_xcalloc(1, sizeof(*pg));
    pg->notice = options->notice;
    pg->notice_arg = options->notice_arg;
    pg->conn = conn;
    PQsetNoticeReceiver(pg->conn, receive_notice, pg);
    if (!establish(pg, options, wait, err) || !check_server(pg, err)) {
        wv_pg_close(pg);
        return false;
    }
    if (PQsetnonblocking(pg->conn, 1) != 0 || !read_facts(pg, options, wait, err) ||
        !check_same(pg, options, err) || !check_pooler(pg, err) ||
        !wv_pg_first_session(pg, wait, err) || !read_path(pg, wait, err)) {
        if (err->code == WV_CONNECTION_LOST || err->code == WV_TIMED_OUT)
            err->code = WV_DATABASE_UNREACHABLE;
        wv_pg_close(pg);
        return false;
    }
    *out = pg;
    return true;
}

/* Time for the next host: an equal part of what is left, so that none is never come to. */
static struct wv_pg_wait part_of(const struct wv_pg_wait *wait, size_t hosts_left)
{
    struct wv_pg_wait part = *wait;
    if (wait->deadline != WV_NEVER) {
        int64_t now = wv_clock_ms();
        part.deadline = now + (wait->deadline - now) / (int64_t)hosts_left;
    }
    return part;
}

static bool try_each(struct wv_pg **out, const struct wv_pg_hosts *hosts,
                     const struct wv_pg_options *options, const struct wv_pg_wait *wait,
                     struct wv_err *err)
{
    struct wv_strbuf failures WV_AUTOSTRBUF = WV_STRBUF_INIT;
    for (size_t i = 0; i < hosts->count; i++) {
        size_t number = (options->first_host + i) % hosts->count;
        struct host host = {wv_pg_hosts_item(&hosts->host, number),
                            wv_pg_hosts_item(&hosts->hostaddr, number),
                            wv_pg_hosts_item(&hosts->port, number), "read-write"};
        struct wv_pg_wait part = part_of(wait, hosts->count - i);
        wv_err_clear(err);
        if (attempt(out, start(options, &host), options, &part, err)) {
            (*out)->facts.host_number = number;
            return true;
        }
        if (err->code != WV_DATABASE_UNREACHABLE)
            return false;
        wv_strbuf_addf(&failures, "%s%s", i > 0 ? "; " : "", err->message);
    }
    free(err->message);
    err->message = wv_strbuf_take(&failures);
    return false;
}

bool wv_pg_connect(struct wv_pg **out, const struct wv_pg_options *options,
                   const struct wv_pg_wait *wait, struct wv_err *err)
{
    if (!wv_pg_conninfo_check(options->database, err))
        return false;
    struct wv_pg_hosts hosts;
    PGconn *conn = start(options, &(struct host){0});
    wv_pg_hosts_read(&hosts, conn);
    bool done;
    if (hosts.count == 1) {
        done = attempt(out, conn, options, wait, err);
    } else {
        PQfinish(conn);
        done = try_each(out, &hosts, options, wait, err);
    }
    wv_pg_hosts_free(&hosts);
    if (!done && err->code == WV_DATABASE_UNREACHABLE)
        wv_err_prefix(err, "cannot connect to PostgreSQL");
    return done;
}

void wv_pg_close(struct wv_pg *pg)
{
    if (pg == NULL)
        return;
    wv_pg_lost(pg, "");
    wv_pg_position_clear(&pg->position);
    wv_pg_kept_forget(pg);
    free(pg->last_words);
    free(pg->channel);
    free((char *)pg->facts.database);
    free((char *)pg->facts.user);
    free((char *)pg->facts.host);
    free((char *)pg->facts.schema);
    free((char *)pg->facts.search_path);
    free(pg);
}

const struct wv_pg_facts *wv_pg_facts(const struct wv_pg *pg)
{
    return &pg->facts;
}

int wv_pg_fd(const struct wv_pg *pg)
{
    return pg->conn != NULL ? PQsocket(pg->conn) : -1;
}

bool wv_pg_usable(const struct wv_pg *pg)
{
    return pg->conn != NULL && PQstatus(pg->conn) == CONNECTION_OK;
}

enum wv_pg_transaction wv_pg_transaction_status(const struct wv_pg *pg)
{
    switch (PQtransactionStatus(pg->conn)) {
    case PQTRANS_IDLE:
        return WV_PG_TX_IDLE;
    case PQTRANS_INTRANS:
        return WV_PG_TX_OPEN;
    case PQTRANS_INERROR:
        return WV_PG_TX_FAILED;
    case PQTRANS_ACTIVE:
    case PQTRANS_UNKNOWN:
        break;
    }
    return WV_PG_TX_UNKNOWN;
}

bool wv_pg_is_idle_alive(struct wv_pg *pg, struct wv_err *err)
{
    if (pg->conn == NULL)
        return wv_pg_lost_error(pg, err);
    bool alive = PQconsumeInput(pg->conn) == 1;
    /* Parses what has come, the server's last words among it. */
    (void)PQisBusy(pg->conn);
    if (alive && PQstatus(pg->conn) == CONNECTION_OK)
        return true;
    wv_pg_lost(pg, NULL);
    return wv_pg_lost_error(pg, err);
}

bool wv_pg_has_notification(struct wv_pg *pg)
{
    while (pg->notification == NULL && pg->conn != NULL) {
        PGnotify *notify = PQnotifies(pg->conn);
        if (notify == NULL)
            break;
        if (pg->channel != NULL && strcmp(pg->channel, notify->relname) == 0)
            pg->notification = notify;
        else
            PQfreemem(notify);
    }
    return pg->notification != NULL;
}

bool wv_pg_notification(struct wv_pg *pg, struct wv_pg_notification *out)
{
    if (!wv_pg_has_notification(pg))
        return false;
    PGnotify *notify = WV_STEAL(pg->notification);
    *out = (struct wv_pg_notification){.channel = wv_xstrdup(notify->relname),
                                       .payload = wv_xstrdup(notify->extra),
                                       .backend_pid = notify->be_pid};
    PQfreemem(notify);
    return true;
}

void wv_pg_notification_clear(struct wv_pg_notification *notification)
{
    free(notification->channel);
    free(notification->payload);
    *notification = (struct wv_pg_notification){0};
}
