/* What can be found out about a statement that ran outside of a step's transaction when nobody
 * knows how it ended: from its text alone. Pure. */
#ifndef WV_RECOVERABLE_H
#define WV_RECOVERABLE_H

enum wv_recovery {
    WV_RECOVERY_NONE,   /* nothing: somebody has to look */
    WV_RECOVERY_ATOMIC, /* one transaction holds it, and what is written down about it */
    WV_RECOVERY_BUILDS, /* CREATE INDEX CONCURRENTLY with a name */
    WV_RECOVERY_DROPS,  /* DROP INDEX CONCURRENTLY */
};

struct wv_recoverable {
    enum wv_recovery how;
    char *index; /* as it is written: of DROPS with its schema, of BUILDS without */
    char *table; /* of BUILDS, as it is written */
};

/* Of one statement; free it. */
void wv_recoverable_read(struct wv_recoverable *out, const char *statement);
void wv_recoverable_clear(struct wv_recoverable *recoverable);
#define WV_AUTORECOVERABLE __attribute__((cleanup(wv_recoverable_clear)))

#endif
