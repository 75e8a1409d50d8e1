/* Connection strings: see wv_pg_conninfo_check() in pg.h; this is for the files of this folder. */
#ifndef WV_CONNINFO_H
#define WV_CONNINFO_H

/* libpq's message about a connection string that could not be used, with each quoted part of that
 * string hidden. The caller's own. */
char *wv_pg_scrub(const char *message, const char *database);

#endif
