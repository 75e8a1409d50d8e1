/* The inside of a connection, for the files of this folder only: libpq is seen here and nowhere
 * else. */
#ifndef WV_CONNECTION_H
#define WV_CONNECTION_H

#include <libpq-fe.h>

#include "pg.h"
#include "place.h"

struct wv_pg {
    PGconn *conn;     /* NULL once dead */
    char *last_words; /* the newest FATAL of the server, or why the connection died */
    void (*notice)(void *arg, const char *severity, const char *text);
    void *notice_arg;
    struct wv_pg_position position; /* of the last error */
    struct wv_pg_facts facts;       /* its strings are owned */
    char *channel;                  /* the one we listen on; NULL: none */
    PGnotify *notification;         /* taken from libpq, not yet from us */
    bool in_batch;
    bool checks_client; /* the server can do client_connection_check_interval */
    bool hides_own;     /* "$user" is the ledger's schema and leaves the search path */
    /* Statements that the server keeps prepared for us; see kept.c. */
    struct wv_pg_kept *kept;
    size_t kept_count;
    size_t kept_capacity;
    unsigned long long kept_next;
};

struct wv_pg_result {
    PGresult *result;
};

/* One call that waits, perhaps several times. */
struct wv_pg_call {
    struct wv_pg *pg;
    struct wv_pg_wait wait;
    int64_t quiet_until;      /* wake_fd is not polled before */
    enum wv_err_code stopped; /* WV_OK, WV_CANCELLED or WV_TIMED_OUT */
    bool cancelling;          /* ask the server to cancel, again and again, until it did */
    int64_t cancel_at;        /* when to ask next */
    int64_t give_up_at;       /* when a stopped call is given up together with the connection */
};

struct wv_pg_call wv_pg_call_begin(struct wv_pg *pg, const struct wv_pg_wait *wait);

enum wv_pg_woken { WV_PG_WOKEN_SOCKET, WV_PG_WOKEN_INTERRUPTED, WV_PG_WOKEN_DEADLINE };

/* Polls `fd` (-1: none) for `events`, the call's wake_fd and its deadline. */
enum wv_pg_woken wv_pg_call_poll(struct wv_pg_call *call, int fd, short events);

/* Flushes and waits until something can be read, and reads it. An interruption or a passed deadline
 * turns into a cancel request; the caller goes on reading until the server is done. False: nothing
 * more will come; results that have arrived can still be read, unless the connection is gone. */
bool wv_pg_call_read(struct wv_pg_call *call) WV_MUST_CHECK;

/* Drops the connection, keeping why in last_words. `why` NULL: libpq's own message. */
void wv_pg_lost(struct wv_pg *pg, const char *why);
/* Sets WV_CONNECTION_LOST, with the last words. Returns false. */
bool wv_pg_lost_error(const struct wv_pg *pg, struct wv_err *err);
/* True when the connection can take a statement; else WV_CONNECTION_LOST. */
bool wv_pg_ready(struct wv_pg *pg, struct wv_err *err) WV_MUST_CHECK;

/* Turns an error result into an error value; keeps the position in the connection. Returns false.
 */
bool wv_pg_result_error(struct wv_pg *pg, const PGresult *result, enum wv_err_code stopped,
                        struct wv_err *err);
/* Sets message, hint, ... of `err` from the fields of an error; the code by SQLSTATE. */
void wv_pg_error_fields(const PGresult *result, enum wv_err_code stopped, struct wv_err *err);
void wv_pg_position_read(const PGresult *result, struct wv_pg_position *position);

/* One SELECT that gives the session our settings; the caller's own. */
char *wv_pg_session_sql(const struct wv_pg *pg);
/* wv_pg_reset_session() on a new connection: also finds out what the server can do. */
bool wv_pg_first_session(struct wv_pg *pg, const struct wv_pg_wait *wait,
                         struct wv_err *err) WV_MUST_CHECK;

/* The name of a statement that the server keeps prepared, as far as we know. A migration may have
 * dropped it (DEALLOCATE ALL, DISCARD): then the server answers 26000. */
struct wv_pg_kept_name {
    char text[32];
};

bool wv_pg_kept_find(const struct wv_pg *pg, const char *sql, struct wv_pg_kept_name *name);
/* A name for PQsendPrepare() that was never used on this connection. */
struct wv_pg_kept_name wv_pg_kept_name(struct wv_pg *pg);
void wv_pg_kept_add(struct wv_pg *pg, const char *sql, const struct wv_pg_kept_name *name);
/* Whenever it is not sure any more that they are there. */
void wv_pg_kept_forget(struct wv_pg *pg);

/* Takes the next notification out of libpq; false when there is none. */
bool wv_pg_has_notification(struct wv_pg *pg) WV_MUST_CHECK;

/* Ends whatever transaction is open, within five seconds; the connection is dead when that fails.
 */
void wv_pg_rollback(struct wv_pg *pg);

/* libpq's message without line breaks and without what looks like a secret; the caller's own. */
char *wv_pg_plain_message(const char *message);
/* A copy that ends after some kilobytes, and then says how much is missing. NULL stays NULL. */
char *wv_pg_bounded(const char *text);

#endif
