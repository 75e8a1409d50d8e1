/* See shown.h. */
#include "shown.h"

#include <string.h>

enum {
    BEAT_LOW_MS = 10000,
    BEAT_HIGH_MS = 20000,
    LATER_LOW_MS = 2000,
    LATER_HIGH_MS = 4000,
};

void wv_shown_init(struct wv_shown *shown)
{
    *shown = (struct wv_shown){.due = WV_NEVER};
}

void wv_shown_clear(struct wv_shown *shown)
{
    wv_instance_clear(&shown->self);
    wv_shown_init(shown);
}

void wv_shown_take(struct wv_shown *shown, struct wv_instance *self)
{
    wv_instance_clear(&shown->self);
    shown->self = *self;
    *self = (struct wv_instance){0};
    shown->taken = wv_clock_ms();
    bool works =
        strcmp(shown->self.role, "leader") == 0 || strcmp(shown->self.role, "standby") == 0;
    shown->due = works ? shown->taken : WV_NEVER;
}

bool wv_shown_write(struct wv_shown *shown, struct wv_ledger *ledger, struct wv_pg *pg,
                    const struct wv_pg_wait *wait, struct wv_err *err)
{
    struct wv_instance now = shown->self;
    int64_t age = wv_clock_ms() - shown->taken;
    now.doing.job_ms += age;
    now.doing.step_ms += age;
    shown->due = wv_clock_ms() + wv_clock_jitter(BEAT_LOW_MS, BEAT_HIGH_MS);
    return wv_ledger_instance_show(ledger, pg, &now, wait, err);
}

void wv_shown_later(struct wv_shown *shown)
{
    shown->due = wv_clock_ms() + wv_clock_jitter(LATER_LOW_MS, LATER_HIGH_MS);
}
