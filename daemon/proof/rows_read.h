/* What the tables of a scratch database hold: how many rows, and what values by column, as numbers
 * that can be compared with those of another moment. Proof thread. */
#ifndef WV_ROWS_READ_H
#define WV_ROWS_READ_H

#include "room.h"

struct wv_counted_column {
    char *number; /* pg_attribute.attnum, as long as the table is altered and not made anew */
    char *name;
    char *form;     /* how its values read as text; "": what they refer to may be called otherwise
                       at another moment. Only values of one form can be compared */
    int64_t values; /* that are not NULL */
    int64_t digest; /* of them, in any order */
};

struct wv_counted_table {
    char *oid; /* a table that is renamed stays what it is, one that is made anew does not: its rows
                  are those of another then */
    char *name;
    struct wv_strlist names;  /* its own, and of what it is a partition or an heir of */
    struct wv_strlist wholes; /* its own, and of what it is a partition of, the nearest first */
    char *file;               /* its relfilenode */
    bool hides_rows;          /* from its owner, whose rights the room has, by row security */
    int64_t rows;
    struct wv_counted_column *columns; /* those that hold values of their own */
    size_t count;
    size_t capacity;
};

struct wv_rows {
    struct wv_counted_table *tables;
    size_t count;
    size_t capacity;
    size_t counted;              /* tables that have rows */
    struct wv_strlist uncounted; /* names of those for which none could be made */
};

/* Reads all tables but the project's own. `rows` is all zero before. */
bool wv_rows_read(struct wv_rows *rows, struct wv_room *room, struct wv_err *err) WV_MUST_CHECK;
void wv_rows_clear(struct wv_rows *rows);
#define WV_AUTOROWS __attribute__((cleanup(wv_rows_clear)))

/* NULL: there is none. */
const struct wv_counted_table *wv_rows_find(const struct wv_rows *rows, const char *oid);
struct wv_counted_column *wv_counted_column_find(const struct wv_counted_table *table,
                                                 const char *number);
/* Adds one without values. */
struct wv_counted_column *wv_counted_column_add(struct wv_counted_table *table, const char *number,
                                                const char *name, const char *form);
void wv_counted_table_clear(struct wv_counted_table *table);

#endif
