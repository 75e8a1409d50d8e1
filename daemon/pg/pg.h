/* A PostgreSQL connection for linear code: each call waits with a deadline, can be interrupted from
 * another thread through a file descriptor, cancels from its own thread and drains what is left.
 * Nothing outside this folder sees libpq.
 *
 * A connection belongs to one thread at a time. After a call failed with WV_CONNECTION_LOST, or
 * after an interrupted statement that the server did not stop in time, the connection is dead: each
 * further call fails at once with WV_CONNECTION_LOST, and wv_pg_close() is all that is left to do.
 *
 * No error text holds a password or a connection string. */
#ifndef WV_PG_H
#define WV_PG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "clock.h"
#include "err.h"
#include "strbuf.h"

struct wv_pg;
struct wv_pg_result;

/* How a call may be stopped from outside. When `wake_fd` is readable, `interrupted` is asked (it
 * looks into the caller's inbox; it must not block): true stops the call, which then fails with
 * WV_CANCELLED. A descriptor that stays readable although `interrupted` said false costs one more
 * question each 50 ms, no more. `interrupted` may be asked again during the same call and has to
 * stay true once it was. A statement that is done before the cancel reaches it has succeeded: the
 * call says so, and the next one is stopped. Clean-up after a cancelled call needs a wait of its
 * own, without a wake_fd. */
struct wv_pg_wait {
    int wake_fd;                    /* -1: nothing interrupts */
    bool (*interrupted)(void *arg); /* may be NULL when wake_fd is -1 */
    void *arg;                      /* handed to `interrupted` */
    int64_t deadline;               /* of wv_clock_ms(); WV_NEVER: none */
};

/* A wait that ends after so many milliseconds and is not interruptible. */
struct wv_pg_wait wv_pg_wait_ms(int64_t milliseconds);

struct wv_pg_options {
    const char *database; /* conninfo string, URI, plain name, or "": the environment alone */
    const char
        *application_name; /* shown in pg_stat_activity; the connection string may override */
    /* Each NOTICE, WARNING ... of the server, on the calling thread. `severity` is not localized.
     * May be NULL. */
    void (*notice)(void *arg, const char *severity, const char *text);
    void *notice_arg;
    /* No place for what migrations make: a role that is called like this schema does not find it as
     * "$user" on its search path. NULL: there is none. */
    const char *ledger_schema;
    size_t first_host; /* of several hosts the one to try first; the others follow in their order */
    int64_t server;    /* not 0: no other server than this one (wv_pg_facts.server) will do */
};

/* What is known of a connection from the moment it was made; the strings belong to it. */
struct wv_pg_facts {
    int backend_pid;
    int server_version; /* 150020 */
    const char *database;
    const char *user;
    const char *host;   /* name, address, or the directory of the unix socket */
    const char *schema; /* the first schema of the search path that exists; "" when there is none */
    const char *search_path;
    bool in_recovery;   /* a standby server */
    bool read_only;     /* in recovery, or default_transaction_read_only */
    size_t host_number; /* of several hosts, counted from 0 */
    int64_t server;     /* which running server this is: it ends with the server's process */
};

/* Connects and prepares the session: encoding UTF8, dead-peer detection on both sides (keepalives,
 * tcp_user_timeout, client_connection_check_interval), no time limits, ISO dates. All of libpq's
 * own settings work (several hosts, target_session_attrs, passfile, service, environment). Of
 * several hosts one that takes changes is wanted, unless target_session_attrs says otherwise.
 * WV_DATABASE_UNREACHABLE: refused, failed, or the deadline passed; WV_CANCELLED; WV_POOLER: a
 * connection pooler is between, where a session lock means nothing; WV_SERVER_TOO_OLD: before 13;
 * WV_CONFIG_ERROR: the connection string cannot be parsed.
 * A name lookup happens inside libpq and is bounded by the resolver only. */
bool wv_pg_connect(struct wv_pg **out, const struct wv_pg_options *options,
                   const struct wv_pg_wait *wait, struct wv_err *err) WV_MUST_CHECK;
/* Never blocks on the network for long; NULL is fine. */
void wv_pg_close(struct wv_pg *pg);

/* Is it a connection string that libpq understands? WV_CONFIG_ERROR says what is wrong without
 * repeating any of it. */
bool wv_pg_conninfo_check(const char *database, struct wv_err *err) WV_MUST_CHECK;
/* Does it hold a password (which belongs in a passfile)? False when it cannot be parsed. */
bool wv_pg_conninfo_has_password(const char *database);

/* The same server and user, another database; the caller's own. `conninfo` has passed
 * wv_pg_conninfo_check(). What comes back holds the password that `conninfo` may hold. */
char *wv_pg_conninfo_with(const char *conninfo, const char *database);
/* What a living connection was made with, whatever of it came from the environment or a file,
 * without secrets; the caller's own. For programs whose arguments others can read. */
char *wv_pg_conninfo_of(const struct wv_pg *pg);
/* The password of it; NULL: none. The caller's own. */
char *wv_pg_password_of(const struct wv_pg *pg);
/* Adds keyword='value' to a connection string. */
void wv_pg_conninfo_add(struct wv_strbuf *conninfo, const char *keyword, const char *value);

/* Borrowed until wv_pg_close(). */
const struct wv_pg_facts *wv_pg_facts(const struct wv_pg *pg);
/* The socket, to poll while idle; -1 when dead. It may change only by wv_pg_close(). */
int wv_pg_fd(const struct wv_pg *pg);
/* False once the connection is known to be dead; asks nobody. */
bool wv_pg_usable(const struct wv_pg *pg);

enum wv_pg_transaction {
    WV_PG_TX_IDLE,    /* in no transaction */
    WV_PG_TX_OPEN,    /* in a transaction block */
    WV_PG_TX_FAILED,  /* in one that can only be rolled back */
    WV_PG_TX_UNKNOWN, /* a statement runs, or the connection is dead */
};

enum wv_pg_transaction wv_pg_transaction_status(const struct wv_pg *pg);

/* Reads what arrived on an idle connection, without waiting. False with WV_CONNECTION_LOST, and the
 * server's last words, when it has died. */
bool wv_pg_is_idle_alive(struct wv_pg *pg, struct wv_err *err) WV_MUST_CHECK;

enum wv_pg_idle {
    WV_PG_IDLE_DEADLINE,    /* the wait's deadline has passed */
    WV_PG_IDLE_INTERRUPTED, /* `interrupted` said true */
    WV_PG_IDLE_NOTIFIED,    /* wv_pg_notification() has something; the descriptor can be read */
    WV_PG_IDLE_LOST,        /* the connection died: `err` is set (WV_CONNECTION_LOST) */
};

/* Sleeps on an idle connection (or on none: NULL) until one of these happens. */
enum wv_pg_idle wv_pg_idle(struct wv_pg *pg, const struct wv_pg_wait *wait, struct wv_err *err);

/* Sleeps until `fd` (-1: none) can be read, in the same way; never WV_PG_IDLE_LOST. */
enum wv_pg_idle wv_pg_idle_fd(int fd, const struct wv_pg_wait *wait);

/* Listens on `channel` (a plain identifier), the one of this connection, for as long as it lives.
 * What comes on others, which a migration may have begun to listen on, is thrown away. */
bool wv_pg_listen(struct wv_pg *pg, const char *channel, const struct wv_pg_wait *wait,
                  struct wv_err *err) WV_MUST_CHECK;

struct wv_pg_notification {
    char *channel;
    char *payload;
    int backend_pid; /* of the session that sent it */
};

/* The next notification that has arrived; false when there is none. Never waits. */
bool wv_pg_notification(struct wv_pg *pg, struct wv_pg_notification *out) WV_MUST_CHECK;
void wv_pg_notification_clear(struct wv_pg_notification *notification);

#endif
