/* What can be found out about a statement that ran outside of a step's transaction when nobody
 * knows how it ended: from its text alone. Pure. */
#ifndef WV_RECOVERABLE_H
#define WV_RECOVERABLE_H

#include <stdbool.h>

enum wv_recovery {
    WV_RECOVERY_NONE,   /* nothing: somebody has to look */
    WV_RECOVERY_ATOMIC, /* rolled back whole by a crash, if what is told of it is in its transaction
                         */
    WV_RECOVERY_BUILDS, /* CREATE INDEX CONCURRENTLY with a name */
    WV_RECOVERY_DROPS,  /* DROP INDEX CONCURRENTLY */
};

struct wv_recoverable {
    enum wv_recovery how;
    char *index;    /* as it is written: of DROPS with its schema, of BUILDS without */
    char *table;    /* of BUILDS, as it is written */
    bool is_unique; /* of BUILDS */
};

/* What a statement makes of the session that it runs in. */
enum wv_session_effect {
    WV_SESSION_STAYS,
    WV_SESSION_IS_SET,  /* SET, RESET: may be said again in another session */
    WV_SESSION_UNKNOWN, /* what it calls may have left a setting, a temporary table, a lock */
};

/* Of one statement; free it. */
void wv_recoverable_read(struct wv_recoverable *out, const char *statement);
void wv_recoverable_clear(struct wv_recoverable *recoverable);
#define WV_AUTORECOVERABLE __attribute__((cleanup(wv_recoverable_clear)))

enum wv_session_effect wv_session_effect(const char *statement);

#endif
