/* `import`: the migrations of another tool as revisions. What is read from the other tool, and the
 * parts that read it. Main thread; touches no daemon and no database.
 *
 * A tool's reader fills a struct wv_import and reports what cannot be taken over: faults in
 * `problems` (any of them, and nothing is written) and, in `notes`, what is taken over in another
 * way than the tool would. All the rest (checks, writing, the report) is the same for all tools. */
#ifndef WV_IMPORT_H
#define WV_IMPORT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "err.h"
#include "strlist.h"

struct wv_import_section {
    bool present;     /* false: no way back */
    char *sql;        /* NULL: nothing to do */
    char *file;       /* where it comes from, for faults; NULL when !present */
    int line;         /* of the first line of `sql` in that file */
    char *refusal;    /* why the section can do nothing but refuse; `sql` is then its source */
    bool transaction; /* run in one */
};

struct wv_import_revision {
    char *id;
    char *version; /* what the tool's own table calls it */
    char *message;
    char *create_date; /* NULL: unknown */
    char *source;      /* its file, without the folder */
    struct wv_strlist down, depends_on, labels;
    struct wv_strlist aliases; /* other words for `version` that --applied takes */
    struct wv_strlist remarks; /* lines of comment above the sections */
    struct wv_import_section up, undo;
    char *path; /* to be written */
};

struct wv_import_tool;

struct wv_import {
    const struct wv_import_tool *tool;
    const char *directory;
    const char *python; /* that runs Alembic */
    char *tool_version; /* NULL: unknown */
    struct wv_import_revision *items;
    size_t count, capacity;
    struct wv_problems problems;
    struct wv_problems notes;
};

struct wv_import_tool {
    const char *name; /* as in `import NAME` */
    /* Its own question about what is applied; NULL: its table is ours. */
    const char *question;
    /* SQL that a step cannot run becomes a section that refuses, instead of a fault. */
    bool lenient;
    /* psql runs its files: `:name` is a variable. */
    bool psql;
    /* Fills `import`; false only when nothing could be read at all. */
    bool (*read)(struct wv_import *import, struct wv_err *err);
};

/* The tool of this name; NULL when there is none. */
const struct wv_import_tool *wv_import_tool_find(const char *name);

bool wv_import_alembic(struct wv_import *import, struct wv_err *err) WV_MUST_CHECK;
bool wv_import_dbmate(struct wv_import *import, struct wv_err *err) WV_MUST_CHECK;
bool wv_import_flyway(struct wv_import *import, struct wv_err *err) WV_MUST_CHECK;
bool wv_import_golang_migrate(struct wv_import *import, struct wv_err *err) WV_MUST_CHECK;
bool wv_import_goose(struct wv_import *import, struct wv_err *err) WV_MUST_CHECK;
bool wv_import_node_pg_migrate(struct wv_import *import, struct wv_err *err) WV_MUST_CHECK;
bool wv_import_sqitch(struct wv_import *import, struct wv_err *err) WV_MUST_CHECK;

/* A new revision at the end, borrowed until the next one comes. Its id is `version`, so that people
 * find their way, where that is unique for good and can be an id. */
struct wv_import_revision *wv_import_add(struct wv_import *import, const char *version);
/* The same with an id of 12 hex digits made from tool, version and key: the same in each run. */
struct wv_import_revision *wv_import_add_keyed(struct wv_import *import, const char *version,
                                               const char *key);
/* Lets each revision follow the one before it: tools with one line of versions. */
void wv_import_chain(struct wv_import *import);
/* Makes the section's whole content `sql`, which is taken over. */
void wv_import_fill(struct wv_import_section *section, char *sql, const char *file, int line);
void wv_import_free(struct wv_import *import);

/* Looks at every revision: ids, SQL, transactions. Adds to problems and notes. */
void wv_import_check(struct wv_import *import);
/* Gives each revision its path in `directory`; what is in the way becomes a problem. */
bool wv_import_place(struct wv_import *import, const char *directory,
                     struct wv_err *err) WV_MUST_CHECK;
/* Writes all files, or none; makes `directory` where it is missing. */
bool wv_import_write(const struct wv_import *import, const char *directory,
                     struct wv_err *err) WV_MUST_CHECK;
/* The revision for what the tool's table calls `version`; NULL when there is none. */
const struct wv_import_revision *wv_import_find(const struct wv_import *import,
                                                const char *version);

#endif
