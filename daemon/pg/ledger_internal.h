/* The inside of a ledger, for the ledger's own files. */
#ifndef WV_LEDGER_INTERNAL_H
#define WV_LEDGER_INTERNAL_H

#include "ledger.h"
#include "ledger_step.h"

struct wv_ledger {
    char *project;
    char *schema;         /* quoted */
    char *version_schema; /* as in the settings */
    char *version_table;  /* as in the settings */
    char *host;
    struct wv_instance_id instance;
    char *channel;
    /* The scripts that make the tables, wv_ledger_scripts; a test may set others or fewer to be an
     * older or newer program. */
    const char *const *scripts;
    int version;         /* how many */
    int64_t upgrade_key; /* of the lock that keeps two upgrades of one schema apart */
    /* What the last look found, so that the next one can be a single query. */
    char *table; /* quoted and qualified, once it was found; else NULL */
    bool has_table;
    int depth;      /* enum wv_ledger_depth */
    bool has_turns; /* the tables of version 2 were there */
};

/* What a look may ask for without failing. */
enum wv_ledger_depth {
    WV_LEDGER_NONE,    /* our schema is not there */
    WV_LEDGER_META,    /* it is there, but not as we know it: only its version is read */
    WV_LEDGER_ALL_OURS /* it is there, as we know it */
};

/* The version table for use in SQL, borrowed from the ledger or made: always the caller's own. */
char *wv_ledger_table(const struct wv_ledger *ledger, const struct wv_pg *pg);

/* ISO time in UTC of a timestamptz expression. */
#define WV_ISO(expression)                                                                         \
    "pg_catalog.to_char((" expression ") AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')"

/* Milliseconds since a timestamptz expression; NULL stays NULL. */
#define WV_AGE_MS(expression)                                                                      \
    "(extract(epoch FROM pg_catalog.clock_timestamp() - (" expression ")) * 1000)::bigint"

/* Row w of the wants counts: its daemon is there, and has refreshed it within `time`. */
#define WV_LEDGER_WANTS(time)                                                                      \
    "w.seen_at > pg_catalog.clock_timestamp() - " time "::interval"                                \
    " AND EXISTS (SELECT FROM pg_catalog.pg_stat_get_activity(w.backend_pid) a"                    \
    " WHERE a.pid IS NOT NULL)"

/* What instance i does, seven columns; wv_ledger_doing() reads them. */
#define WV_LEDGER_DOING                                                                            \
    "i.job, i.revision, i.is_up, i.step, i.steps, " WV_AGE_MS("i.job_at") ", " WV_AGE_MS(          \
        "i.step_at")

struct wv_doing;
void wv_ledger_doing(const struct wv_pg_result *result, size_t row, int column,
                     struct wv_doing *doing);

/* Whether the tables of version 2 are there: asked of the server until they are. */
bool wv_ledger_has_turns(struct wv_ledger *ledger, struct wv_pg *pg, bool *there,
                         const struct wv_pg_wait *wait, struct wv_err *err) WV_MUST_CHECK;
/* After an error: is it that the tables have gone? Then they are asked for again. */
bool wv_ledger_lost_turns(struct wv_ledger *ledger, struct wv_err *err);

/* A number as text, for parameters. */
struct wv_ledger_number {
    char text[24];
};

struct wv_ledger_number wv_ledger_number(int64_t value);

/* Queues the change of the version table's rows; either list may be NULL. */
bool wv_ledger_queue_rows(const struct wv_ledger *ledger, struct wv_pg_batch *batch,
                          const struct wv_strlist *remove,
                          const struct wv_strlist *add) WV_MUST_CHECK;
/* Queues what WV_LEDGER_UP and WV_LEDGER_DOWN do to the recorded revisions. */
bool wv_ledger_queue_revision(const struct wv_ledger *ledger, struct wv_pg_batch *batch,
                              const struct wv_ledger_job *job,
                              const struct wv_ledger_step *step) WV_MUST_CHECK;
bool wv_ledger_queue_commit(struct wv_pg_batch *batch) WV_MUST_CHECK;

/* Runs a statement in a transaction of its own as the connection's own user, whatever role and
 * limits the statements of a migration have left in force; these stay. */
bool wv_ledger_alone(struct wv_pg *pg, const char *sql, size_t param_count,
                     const char *const *params, const struct wv_pg_wait *wait,
                     struct wv_err *err) WV_MUST_CHECK;

/* The same as the last statement of the transaction that is open, which it commits. */
bool wv_ledger_last(struct wv_pg *pg, const char *sql, size_t param_count,
                    const char *const *params, const struct wv_pg_wait *wait,
                    struct wv_err *err) WV_MUST_CHECK;

/* SELECT schema.note(...) and its parameters. */
enum { WV_LEDGER_NOTE_PARAMS = 16 };

struct wv_ledger_note_sql {
    char *sql;
    struct wv_ledger_number numbers[5];
    const char *params[WV_LEDGER_NOTE_PARAMS];
};

void wv_ledger_note_sql(const struct wv_ledger *ledger, const struct wv_ledger_job *job,
                        const struct wv_ledger_note *note, struct wv_ledger_note_sql *out);

#endif
