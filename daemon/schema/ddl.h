/* Statements that lead from one schema to another, in the order in which they have to run, with
 * what each may do to a database that is in use. Not shared between threads. */
#ifndef WV_DDL_H
#define WV_DDL_H

#include <stdbool.h>
#include <stddef.h>

#include "catalog.h"
#include "xalloc.h"

/* X(code, its stable name, what it says to a reader) */
#define WV_HAZARDS(X)                                                                              \
    X(DATA_LOSS, "data-loss", "data is lost")                                                      \
    X(REWRITE, "rewrite", "the table is rewritten while nobody can use it")                        \
    X(SCAN, "scan-under-lock", "the table is read whole under its lock")                           \
    X(LOCK, "lock", "a lock that others wait for")                                                 \
    X(MAY_FAIL, "may-fail-on-data", "fails when the rows do not allow it")                         \
    X(NOT_TRANSACTIONAL, "not-transactional", "cannot be rolled back")                             \
    X(BREAKS_READERS, "breaks-readers", "programs that use it as it was fail")                     \
    X(WIDENS_PRIVILEGES, "widens-privileges", "somebody may do more than before")                  \
    X(GAP, "gap", "it is away until a later transaction makes it again")                           \
    X(UNTRACKED, "untracked-dependency", "bodies of functions that name it are not followed")      \
    X(EXTENSION, "extension-change", "an extension's own script runs")

enum wv_hazard_code {
#define X(code, name, text) WV_HAZARD_##code,
    WV_HAZARDS(X)
#undef X
};

const char *wv_hazard_name(enum wv_hazard_code code);
const char *wv_hazard_text(enum wv_hazard_code code);

struct wv_difference;

struct wv_hazard {
    enum wv_hazard_code code;
    char *detail; /* which table and lock, what is lost; may be NULL */
};

/* Where a statement may run. */
enum wv_statement_mode {
    WV_STATEMENT_IN_TRANSACTION,
    WV_STATEMENT_ALONE, /* outside any transaction: CREATE INDEX CONCURRENTLY */
};

/* Transactions that follow each other: what reads whole tables holds no lock by which somebody else
 * waits, be it of its own or of what came before. */
enum wv_statement_turn {
    WV_TURN_FIRST,
    WV_TURN_VALIDATE, /* VALIDATE CONSTRAINT, and nothing else */
    WV_TURN_AFTER,    /* what relies on that */
    WV_TURN_ANALYZE,  /* reads samples of tables that the others have changed */
    WV_TURN_COUNT,
};

struct wv_ddl_statement {
    char *sql; /* without the semicolon */
    enum wv_statement_mode mode;
    enum wv_statement_turn turn;
    bool copies_rows;   /* those of the table that `object` is, into the one that takes its place */
    bool commits_after; /* what it makes may be used after its commit only: a new enum value */
    bool joins;         /* may be one with its neighbours that do the like to the same table */
    size_t action;      /* of ALTER TABLE: where in `sql` stands what is done to it */
    const struct wv_object *object;  /* what it is about; borrowed of a catalog */
    const struct wv_object **tables; /* of which its hazards are besides, borrowed as well */
    size_t table_count;
    struct wv_hazard *hazards;
    size_t hazard_count;
};

/* What is not known any more of the values of a column, or of a table. */
struct wv_lost_statistics {
    const struct wv_object *table;
    const struct wv_object *column; /* NULL: the whole */
};

struct wv_ddl {
    struct wv_ddl_statement *statements;
    size_t count;
    size_t capacity;
    bool is_plain; /* the short forms: no CONCURRENTLY, no NOT VALID */
    const struct wv_difference *difference;
    const struct wv_catalog *before; /* the schema that the statements start from */
    const struct wv_catalog *after;  /* the one that they lead to */
    const struct wv_object *object;  /* that is written now: statements are about it */
    struct wv_lost_statistics *lost;
    size_t lost_count;
    size_t lost_capacity;
    char *unwritten; /* why it cannot be written, when some change cannot; else NULL */
};

void wv_ddl_clear(struct wv_ddl *ddl);
#define WV_AUTODDL __attribute__((cleanup(wv_ddl_clear)))
void wv_ddl_statement_clear(struct wv_ddl_statement *statement);

/* Adds a statement; the result is for the hazards and flags, and valid until the next is added. */
struct wv_ddl_statement *wv_ddl_add(struct wv_ddl *ddl, const char *format, ...) WV_PRINTF(2, 3);
/* Adds a hazard, unless the statement has it already. */
void wv_ddl_hazard(struct wv_ddl_statement *statement, enum wv_hazard_code code, const char *format,
                   ...) WV_PRINTF(3, 4);
/* A change that no statement of ours makes: the whole script is refused with this reason (the
 * first one given stays). */
void wv_ddl_refuse(struct wv_ddl *ddl, const char *format, ...) WV_PRINTF(2, 3);
/* Is the object (by kind and identity) in the schema that the statements start from, and stays?
 * Online forms are for what exists; what is new is locked by nobody. */
bool wv_ddl_existed(const struct wv_ddl *ddl, const struct wv_object *object);

#endif
