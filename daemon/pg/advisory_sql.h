/* SQL about the project's lock, for the files that ask pg_locks. */
#ifndef WV_ADVISORY_SQL_H
#define WV_ADVISORY_SQL_H

/* Row l of pg_locks is the granted lock with this key (a 64-bit expression). A 64-bit key is shown
 * in two halves, with objsubid 1 (manual, 54.12 "pg_locks"). */
#define WV_ADVISORY_OF_KEY(key)                                                                    \
    "l.locktype = 'advisory' AND l.objsubid = 1 AND l.granted"                                     \
    " AND l.database = (SELECT d.oid FROM pg_catalog.pg_database d"                                \
    "                    WHERE d.datname = pg_catalog.current_database())"                         \
    " AND ((l.classid::bigint << 32) | l.objid::bigint) = " key

#endif
