/* Errors as values: made once where they happen, given context on the way up, logged once or
 * sent to the client at the boundary. A function that can fail returns bool (true = done), must be
 * checked and takes a trailing `struct wv_err *`; its out-parameters are written only on success.
 *
 * An error owns its strings; it may be moved into a message and cross threads that way. Start from
 * all zero. Setting an error that is set already replaces it. No secret (password, connection
 * string with one) may go into any field. */
#ifndef WV_ERR_H
#define WV_ERR_H

#include <stdbool.h>
#include <stddef.h>

#include "exitcode.h"
#include "xalloc.h"

/* X(name, exit status): the wire word is the name itself, stable for clients. */
#define WV_ERR_CODES(X)                                                                            \
    /* the revision graph and its targets */                                                       \
    X(LOAD_ERROR, WV_EXIT_FAILED)                                                                  \
    X(REVISION_NOT_FOUND, WV_EXIT_FAILED)                                                          \
    X(AMBIGUOUS_REVISION, WV_EXIT_FAILED)                                                          \
    X(MULTIPLE_HEADS, WV_EXIT_FAILED)                                                              \
    X(AMBIGUOUS_WALK, WV_EXIT_FAILED)                                                              \
    X(RELATIVE_OUT_OF_RANGE, WV_EXIT_FAILED)                                                       \
    X(NOT_AN_ANCESTOR, WV_EXIT_FAILED)                                                             \
    X(NOT_IN_BRANCH, WV_EXIT_FAILED)                                                               \
    X(OVERLAPPING, WV_EXIT_FAILED)                                                                 \
    X(NOT_A_HEAD, WV_EXIT_FAILED)                                                                  \
    X(BAD_TARGET, WV_EXIT_FAILED)                                                                  \
    /* running steps */                                                                            \
    X(SQL_ERROR, WV_EXIT_FAILED)                                                                   \
    X(LOCK_TIMEOUT, WV_EXIT_TIMED_OUT)                                                             \
    X(IRREVERSIBLE, WV_EXIT_REFUSED)                                                               \
    X(EDITED_REVISION, WV_EXIT_REFUSED)                                                            \
    X(REVISION_APPLIED, WV_EXIT_REFUSED)                                                           \
    X(FILE_CHANGED, WV_EXIT_FAILED)                                                                \
    X(STEP_INTERRUPTED, WV_EXIT_REFUSED)                                                           \
    X(NOTHING_TO_REPAIR, WV_EXIT_FAILED)                                                           \
    X(SCHEMA_CYCLE, WV_EXIT_FAILED)                                                                \
    X(SCHEMA_UNWRITTEN, WV_EXIT_FAILED)                                                            \
    X(SCHEMA_UNPROVEN, WV_EXIT_FAILED)                                                             \
    X(TRANSACTION_BROKEN, WV_EXIT_FAILED)                                                          \
    X(COMMAND_FAILED, WV_EXIT_FAILED)                                                              \
    X(CANCELLED, WV_EXIT_CANCELLED)                                                                \
    /* the database and the lock */                                                                \
    X(DATABASE_UNREACHABLE, WV_EXIT_FAILED)                                                        \
    X(CONNECTION_LOST, WV_EXIT_FAILED)                                                             \
    X(PROJECT_CONFLICT, WV_EXIT_REFUSED)                                                           \
    X(POOLER, WV_EXIT_REFUSED)                                                                     \
    X(NOT_LEADER, WV_EXIT_REFUSED)                                                                 \
    X(LEDGER_TOO_NEW, WV_EXIT_REFUSED)                                                             \
    X(SERVER_TOO_OLD, WV_EXIT_REFUSED)                                                             \
    /* a PostgreSQL of our own, and throw-away databases */                                        \
    X(SERVER_FAILED, WV_EXIT_FAILED)                                                               \
    X(NO_SCRATCH, WV_EXIT_REFUSED)                                                                 \
    /* the daemon and the protocol */                                                              \
    X(CONFIG_ERROR, WV_EXIT_FAILED)                                                                \
    X(PROJECT_REQUIRED, WV_EXIT_USAGE)                                                             \
    X(PROJECT_NOT_FOUND, WV_EXIT_USAGE)                                                            \
    X(BUSY, WV_EXIT_FAILED)                                                                        \
    X(SHUTTING_DOWN, WV_EXIT_FAILED)                                                               \
    X(ACCESS_DENIED, WV_EXIT_REFUSED)                                                              \
    X(LIMIT_EXCEEDED, WV_EXIT_FAILED)                                                              \
    X(LAGGING, WV_EXIT_FAILED)                                                                     \
    X(NO_SUCH_JOB, WV_EXIT_FAILED)                                                                 \
    X(TEXT_REQUIRED, WV_EXIT_FAILED)                                                               \
    X(PARSE_ERROR, WV_EXIT_FAILED)                                                                 \
    X(INVALID_REQUEST, WV_EXIT_FAILED)                                                             \
    X(METHOD_NOT_FOUND, WV_EXIT_FAILED)                                                            \
    X(INVALID_PARAMS, WV_EXIT_USAGE)                                                               \
    X(INTERNAL, WV_EXIT_FAILED)                                                                    \
    /* the client's own */                                                                         \
    X(USAGE, WV_EXIT_USAGE)                                                                        \
    X(NO_DAEMON, WV_EXIT_NO_DAEMON)                                                                \
    X(TIMED_OUT, WV_EXIT_TIMED_OUT)                                                                \
    X(FILE_EXISTS, WV_EXIT_FAILED)                                                                 \
    X(IO_ERROR, WV_EXIT_FAILED)

enum wv_err_code {
    WV_OK = 0,
#define X(name, status) WV_##name,
    WV_ERR_CODES(X)
#undef X
};

/* One fault of many that are reported at once (files, settings). */
struct wv_problem {
    char *kind; /* a stable word: "cycle", "missing_down_revision", "bad_header", ... */
    char *file; /* NULL when no file is to blame */
    int line;   /* 1-based; 0 unknown */
    int column; /* 1-based, in characters; 0 unknown */
    char *message;
};

struct wv_problems {
    struct wv_problem *items;
    size_t count;
    size_t capacity;
};

struct wv_err {
    enum wv_err_code code; /* WV_OK: not set */
    char *message;         /* what happened; one sentence, no final full stop */
    char *hint;            /* what to do next */
    char sqlstate[6];      /* "" when it does not come from the server */
    char *detail;          /* the server's DETAIL */
    char *context;         /* the server's CONTEXT */
    char *revision;        /* the revision whose step failed */
    char *file;
    int line;   /* 1-based; 0 unknown */
    int column; /* 1-based, in characters; 0 unknown */
    char *statement;
    struct wv_problems problems;
};

/* The stable word of a code ("REVISION_NOT_FOUND"), its exit status, and the code of a word (WV_OK
 * when unknown). */
const char *wv_err_word(enum wv_err_code code);
enum wv_exit wv_err_exit(enum wv_err_code code);
enum wv_err_code wv_err_from_word(const char *word);

/* Sets code and message, and returns false so that `return wv_err_set(...)` reads well. */
bool wv_err_set(struct wv_err *err, enum wv_err_code code, const char *format, ...) WV_PRINTF(3, 4);
/* Adds or replaces what to do next. Returns false. */
bool wv_err_hint(struct wv_err *err, const char *format, ...) WV_PRINTF(2, 3);
/* Puts "text: " before the message: the context that an upper level knows. Returns false. */
bool wv_err_prefix(struct wv_err *err, const char *format, ...) WV_PRINTF(2, 3);
/* Where it happened; copies `file` (NULL keeps what is there). */
void wv_err_at(struct wv_err *err, const char *file, int line, int column);
/* Moves `from` into `to`, whose old content is freed. */
void wv_err_move(struct wv_err *to, struct wv_err *from);
void wv_err_copy(struct wv_err *to, const struct wv_err *from);
void wv_err_clear(struct wv_err *err);

void wv_problems_add(struct wv_problems *list, const char *kind, const char *file, int line,
                     const char *format, ...) WV_PRINTF(5, 6);
/* Adds copies of all of `from`; moves them all. */
void wv_problems_append(struct wv_problems *to, const struct wv_problems *from);
void wv_problems_move(struct wv_problems *to, struct wv_problems *from);
void wv_problems_copy(struct wv_problems *to, const struct wv_problems *from);
/* Orders them by file and line, so that a report is the same on each run. */
void wv_problems_sort(struct wv_problems *list);
void wv_problems_free(struct wv_problems *list);

#define WV_AUTOERR __attribute__((cleanup(wv_err_clear)))

#endif
