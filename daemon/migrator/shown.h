/* How this daemon shows itself in the ledger: written when it changes, and now and then so that the
 * others see that it lives. Watcher thread. */
#ifndef WV_SHOWN_H
#define WV_SHOWN_H

#include "ledger_instance.h"

struct wv_shown {
    struct wv_instance self; /* role NULL: nothing to show yet */
    int64_t taken;           /* wv_clock_ms() when it was as `self` says */
    int64_t due;             /* of the next write; WV_NEVER: none */
};

/* Nothing to show yet. */
void wv_shown_init(struct wv_shown *shown);
void wv_shown_clear(struct wv_shown *shown);
/* Moves `self`. Only a daemon that works with the database is shown. */
void wv_shown_take(struct wv_shown *shown, struct wv_instance *self);
/* Writes it, and sets when to write again, also when that fails. */
bool wv_shown_write(struct wv_shown *shown, struct wv_ledger *ledger, struct wv_pg *pg,
                    const struct wv_pg_wait *wait, struct wv_err *err) WV_MUST_CHECK;
/* It could not be written for now. */
void wv_shown_later(struct wv_shown *shown);

#endif
