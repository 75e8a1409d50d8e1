/* What a job has to tell that holds the lock for a command of its client. Plain values; each owns
 * its strings and may be moved by assignment. Any thread. */
#ifndef WV_HOLD_VALUE_H
#define WV_HOLD_VALUE_H

#include <stdbool.h>
#include <stdint.h>

/* How the command ended, as its client says. */
struct wv_release {
    uint64_t job_id;
    bool gone;       /* the client has gone; nothing else is known */
    int exit_status; /* when it has exited: `signal` 0 and `fault` NULL */
    int signal;      /* that ended it; 0: none did */
    char *fault;     /* why it was not started; NULL: it was */
};

void wv_release_copy(struct wv_release *to, const struct wv_release *from);
void wv_release_clear(struct wv_release *release);
/* It ran, and ended by itself with the exit status 0. */
bool wv_release_is_success(const struct wv_release *release);
/* "alembic ended with exit status 1", "alembic was ended by SIGTERM", ...; the caller's own. */
char *wv_release_text(const struct wv_release *release, const char *program);

/* Part of a job's result. */
struct wv_held {
    bool held;       /* the lock was held; false: what follows is not set */
    int64_t took_us; /* for how long */
    bool released;   /* the client has said how the command ended */
    struct wv_release release;
};

void wv_held_clear(struct wv_held *held);

#endif
