/* One row for each table, by trial. Proof thread. */
#ifndef WV_ROWS_INSERT_H
#define WV_ROWS_INSERT_H

#include "room.h"
#include "strlist.h"

/* The values of a row: in each column another, as far as its type goes and no foreign key is on it,
 * so that what is exchanged is seen; or equal ones in columns of equal types, so that a new key
 * holds. */
enum wv_row_values { WV_VALUES_DISTINCT, WV_VALUES_ALIKE };

/* Tries to put a row into every table of the room's database but the project's own and those that
 * are named, or are partitions or heirs of one that is named, in `spared`. False: the database does
 * not go on; that a table takes no row is no error. */
bool wv_rows_insert(struct wv_room *room, enum wv_row_values values,
                    const struct wv_strlist *spared, struct wv_err *err) WV_MUST_CHECK;

/* SQL that is true for the tables `c` (with their schemas `n`) that rows are put into: of users,
 * not of extensions, not the project's own. Its parameters are what wv_rows_params() gives. */
#define WV_ROWS_TABLES                                                                             \
    "c.relkind = 'r' AND c.relpersistence <> 't' AND n.nspname !~ '^pg_' AND n.nspname NOT IN "    \
    "('information_schema', $1) AND NOT (c.relname = $2 AND ($3 = '' OR n.nspname = $3)) AND NOT " \
    "EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid "  \
    "AND d.deptype = 'e')"
enum { WV_ROWS_PARAMS = 3 };

/* SQL of a part of WITH RECURSIVE, and what it tells of the table `c`: the names of all that it is
 * a partition or an heir of, one on each line; a line end within one only hides a hazard of it. */
#define WV_ROWS_ABOVE                                                                              \
    "above (child, at) AS ("                                                                       \
    " SELECT i.inhrelid, i.inhparent FROM pg_inherits i"                                           \
    " UNION"                                                                                       \
    " SELECT u.child, i.inhparent FROM above u JOIN pg_inherits i ON i.inhrelid = u.at)"
#define WV_ROWS_PARENTS                                                                            \
    "(SELECT string_agg(format('%I.%I', m.nspname, p.relname), E'\\n')"                            \
    "   FROM above u JOIN pg_class p ON p.oid = u.at"                                              \
    "   JOIN pg_namespace m ON m.oid = p.relnamespace WHERE u.child = c.oid)"
/* All names of a table: its own, and those lines. */
void wv_rows_names(struct wv_strlist *names, const char *own, const char *parents);
void wv_rows_params(const struct wv_room *room, const char *params[WV_ROWS_PARAMS]);

#endif
