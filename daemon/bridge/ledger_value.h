/* What the ledger tells, as values that cross threads: revisions, edits, the history. Owned by
 * whoever holds them; each clear leaves all zero. */
#ifndef WV_LEDGER_VALUE_H
#define WV_LEDGER_VALUE_H

#include <stdbool.h>
#include <stdint.h>

#include "strlist.h"

/* A revision that the ledger knows. */
struct wv_ledger_revision {
    char *id;
    struct wv_strlist down;
    struct wv_strlist depends_on;
    struct wv_strlist labels;
    char *message;
    char *applied_at; /* ISO time */
    char *applied_by; /* unix user */
    char *up_sql;     /* as executed; NULL unless asked for */
    char *down_sql;   /* NULL unless asked for, or irreversible */
};

struct wv_ledger_revisions {
    struct wv_ledger_revision *items;
    size_t count;
    size_t capacity;
};

/* The next one, all zero, to be filled. */
struct wv_ledger_revision *wv_ledger_revisions_add(struct wv_ledger_revisions *list);
void wv_ledger_revisions_copy(struct wv_ledger_revisions *to,
                              const struct wv_ledger_revisions *from);
void wv_ledger_revisions_clear(struct wv_ledger_revisions *list);

/* An applied revision whose file says something else than the ledger. */
struct wv_edit {
    char *id;
    char *message;
    char *path;
    char *recorded; /* the ledger's checksum in hex; NULL: it has no record of the revision */
    char *now;      /* the file's */
    char *applied_at;
    char *applied_by;
    char *diff; /* unified, from the ledger's SQL to the file's; NULL unless asked for */
};

struct wv_edits {
    struct wv_edit *items;
    size_t count;
    size_t capacity;
};

struct wv_edit *wv_edits_add(struct wv_edits *list);
void wv_edits_clear(struct wv_edits *list);

/* The applied revisions held against the files. */
struct wv_verdict {
    size_t applied; /* how many files are applied */
    struct wv_edits edited;
    struct wv_ledger_revisions missing; /* applied and recorded, but in no file */
    struct wv_strlist unknown;          /* rows that neither files nor ledger know */
    struct wv_strlist unrecorded;       /* applied, but not recorded: by Alembic, before wovend */
};

void wv_verdict_clear(struct wv_verdict *verdict);

/* What of the history is wanted. */
struct wv_log_filter {
    char *revision; /* the beginning of an id; NULL: all */
    char *since;    /* a time or an age, as ledger_read.h has it; NULL: all */
    int64_t before; /* only ids below this one; 0: from the newest */
    int64_t limit;
    bool failed; /* only what was not done */
};

void wv_log_filter_clear(struct wv_log_filter *filter);

/* One row of the history; what does not apply is "". */
struct wv_log_entry {
    int64_t id;
    char *revision;
    char *message; /* of the revision as it is recorded */
    char *kind;    /* "up", "down", "stamp", "repair", "adopt", "run-locked" */
    char *command; /* run-locked: the name of the program */
    char *outcome; /* "done", "failed", "cancelled" */
    char *started_at;
    int64_t took_us;
    char *text; /* the error; of a repair, what was decided; of a command, how it ended */
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

struct wv_log_page {
    struct wv_log_entry *items; /* newest first */
    size_t count;
    size_t capacity;
    bool more; /* older ones follow */
};

struct wv_log_entry *wv_log_page_add(struct wv_log_page *page);
void wv_log_page_clear(struct wv_log_page *page);

#endif
