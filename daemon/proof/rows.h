/* Rows that are put into the tables of a scratch database before new revisions are run in it, and
 * counted after: that nothing is lost but what a hazard says is then seen, and not believed. Proof
 * thread. */
#ifndef WV_ROWS_H
#define WV_ROWS_H

#include "room.h"
#include "told.h"

struct wv_counted_table {
    char *oid; /* a table that is renamed stays what it is, one that is made anew does not: its rows
                  are those of another then */
    char *name;
    struct wv_strlist names; /* its own, and of what it is a partition or an heir of */
    char *file;              /* its relfilenode */
    char *columns;           /* those that hold values of their own, by number: " 1 2 4 " */
    int64_t rows;
};

struct wv_rows {
    struct wv_counted_table *tables;
    size_t count;
    size_t capacity;
    size_t counted;              /* tables that have rows */
    struct wv_strlist uncounted; /* names of those for which none could be made */
};

/* Puts a row into each table but those named in `spared`, and counts all. */
bool wv_rows_seed(struct wv_rows *rows, struct wv_room *room, const struct wv_strlist *spared,
                  struct wv_err *err) WV_MUST_CHECK;
/* Counts again. `*why` stays NULL when rows, tables and columns are there, but those whose loss is
 * told; else it says what is gone, and after what; the caller's own. Tables that were rewritten
 * although nothing told so are added to `rewritten`. */
bool wv_rows_check(struct wv_rows *rows, struct wv_room *room, const struct wv_told *told,
                   const char *after, struct wv_strlist *rewritten, char **why,
                   struct wv_err *err) WV_MUST_CHECK;
void wv_rows_clear(struct wv_rows *rows);
#define WV_AUTOROWS __attribute__((cleanup(wv_rows_clear)))

#endif
