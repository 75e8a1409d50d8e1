/* What a job found in scratch databases, as values that cross threads: what two schemas differ in,
 * the statements that would lead from one to the other, new files. Owned by whoever holds them. */
#ifndef WV_FINDINGS_H
#define WV_FINDINGS_H

#include <stdbool.h>

#include "err.h"
#include "strlist.h"

/* One object that is not the same in both. */
struct wv_found_change {
    char *deed;     /* "create", "drop", "alter", "recreate": what would have to be done */
    char *kind;     /* "table", "column", ... */
    char *identity; /* as SQL names it */
    char *because;  /* recreate: of what it gives way to; NULL: its own change */
    struct wv_strlist attributes; /* that differ */
};

struct wv_found_changes {
    struct wv_found_change *items;
    size_t count;
    size_t capacity;
};

struct wv_found_hazard {
    char *code;
    char *text;
};

struct wv_found_statement {
    char *sql;  /* without its semicolon */
    bool alone; /* outside any transaction */
    struct wv_found_hazard *hazards;
    size_t hazard_count;
    size_t hazard_capacity;
};

struct wv_found_statements {
    struct wv_found_statement *items;
    size_t count;
    size_t capacity;
};

/* A revision file that is to be written. */
struct wv_found_file {
    char *revision;
    char *path;
    char *content;
    struct wv_strlist down;
};

struct wv_found_files {
    struct wv_found_file *items;
    size_t count;
    size_t capacity;
};

/* A revision that was tried up, down, and up again. */
struct wv_found_trial {
    char *revision;
    char *message;
    bool irreversible;               /* tried up only: it has no way back */
    const char *turn;                /* "up", "down", "up again": where it failed; constant */
    char *fault;                     /* what was wrong; NULL: nothing */
    struct wv_err error;             /* with its place, when a statement failed */
    struct wv_found_changes changes; /* when the schema was not what it should have been */
};

struct wv_found_trials {
    struct wv_found_trial *items;
    size_t count;
    size_t capacity;
};

/* What is dropped and made anew, and may have been meant to be renamed. */
struct wv_found_rename {
    char *kind;
    char *from; /* as --rename takes it */
    char *to;
};

struct wv_found_renames {
    struct wv_found_rename *items;
    size_t count;
    size_t capacity;
};

struct wv_findings {
    struct wv_found_renames likely_renames;
    struct wv_found_changes changes;
    struct wv_found_statements statements;
    struct wv_found_trials trials;
    struct wv_found_files files;
    struct wv_strlist heads;          /* of the revisions that the files are made on */
    bool proven;                      /* the files lead where they should, and back */
    char *unproven;                   /* why not; NULL: they are, or there are none */
    size_t rows_counted;              /* tables that had rows while the files were proven */
    struct wv_strlist rows_uncounted; /* names of those that had none */
    struct wv_strlist notes;          /* what a reader should know */
};

struct wv_found_change *wv_findings_change(struct wv_found_changes *changes);
struct wv_found_statement *wv_findings_statement(struct wv_findings *findings);
void wv_findings_hazard(struct wv_found_statement *statement, const char *code, const char *text);
/* Valid until the next is added. */
struct wv_found_trial *wv_findings_trial(struct wv_findings *findings);
struct wv_found_rename *wv_findings_rename(struct wv_findings *findings);
struct wv_found_file *wv_findings_file(struct wv_found_files *files);
/* One that is there already is not told twice. */
void wv_findings_note(struct wv_findings *findings, const char *format, ...) WV_PRINTF(2, 3);
void wv_found_changes_clear(struct wv_found_changes *changes);
void wv_found_files_clear(struct wv_found_files *files);
/* NULL is fine. */
void wv_findings_free(struct wv_findings *findings);

#endif
