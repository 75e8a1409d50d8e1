/* Reading back what the ledger keeps. Nothing here fails because the ledger does not exist yet: the
 * list is empty then. */
#ifndef WV_LEDGER_READ_H
#define WV_LEDGER_READ_H

#include "ledger_step.h"

/* An applied revision as it was recorded. Owns all. */
struct wv_ledger_stored {
    char *id;
    struct wv_strlist down;
    struct wv_strlist depends_on;
    struct wv_strlist labels;
    char *message;
    char *checksum;
    char *up_sql;     /* NULL unless asked for */
    char *down_sql;   /* NULL unless asked for, or irreversible */
    bool stamped;     /* recorded by a stamp: its SQL was never run by us */
    char *applied_at; /* ISO time */
    char *applied_by; /* unix user who asked */
};

struct wv_ledger_stored_list {
    struct wv_ledger_stored *items;
    size_t count;
    size_t capacity;
};

/* The applied revisions of the project, by id: those named in `ids`, or all (NULL). Ids that the
 * ledger does not know are left out. */
bool wv_ledger_stored(struct wv_ledger *ledger, struct wv_pg *pg, const struct wv_strlist *ids,
                      bool with_sql, struct wv_ledger_stored_list *list,
                      const struct wv_pg_wait *wait, struct wv_err *err) WV_MUST_CHECK;
void wv_ledger_stored_free(struct wv_ledger_stored_list *list);

/* Of the revisions in `ids`, whose checksums are in `checksums` (same order), those that the ledger
 * has with another checksum: the files were edited since. One trip; changes only when
 * wv_ledger_look.last_history or the files change, so callers keep the answer. */
bool wv_ledger_edited(struct wv_ledger *ledger, struct wv_pg *pg, const struct wv_strlist *ids,
                      const struct wv_strlist *checksums, struct wv_strlist *edited,
                      const struct wv_pg_wait *wait, struct wv_err *err) WV_MUST_CHECK;

/* What one job of this daemon has committed, in order, each as "KIND REVISION" ("up
 * 3c1f0a9b7d52"). On disk by the time this returns: nothing that is read here can be lost any more
 * by a crash of the server. A promoted standby may have lost our token and given it to another
 * daemon, whose job has the same number: what is its own is not ours. */
bool wv_ledger_landed(struct wv_ledger *ledger, struct wv_pg *pg, const struct wv_ledger_job *job,
                      struct wv_strlist *landed, const struct wv_pg_wait *wait,
                      struct wv_err *err) WV_MUST_CHECK;

/* One row of the append-only history. Owns all; what does not apply is "". */
struct wv_ledger_entry {
    int64_t id;
    char *revision;
    char *message; /* of the revision as it is recorded; "" when it is not */
    char *kind;    /* "up", "down", "stamp", "repair", "adopt", "run-locked" */
    char *command; /* run-locked: the name of the program */
    char *outcome; /* "done", "failed", "cancelled" */
    char *started_at;
    int64_t took_us;
    char *error;
    char *sqlstate;
    char *user;
    int64_t uid;
    int64_t pid;
    char *unit; /* systemd unit of who asked */
    char *host;
    char *version; /* of the daemon */
    char *tag;
    int64_t job;
};

struct wv_ledger_history {
    struct wv_ledger_entry *items;
    size_t count;
    size_t capacity;
};

struct wv_ledger_filter {
    const char *revision; /* the beginning of an id; NULL: all */
    const char *since; /* an age ("90min", "2 days") or a time that PostgreSQL reads; NULL: all */
    int64_t before;    /* only ids below this one; 0: from the newest */
    int64_t limit;     /* 0: 100 */
    bool failed;       /* only what failed or was cancelled */
};

/* Newest first. WV_INVALID_PARAMS when `since` is neither an age nor a time. */
bool wv_ledger_history(struct wv_ledger *ledger, struct wv_pg *pg,
                       const struct wv_ledger_filter *filter, struct wv_ledger_history *history,
                       const struct wv_pg_wait *wait, struct wv_err *err) WV_MUST_CHECK;
void wv_ledger_history_free(struct wv_ledger_history *history);

#endif
