/* How this daemon shows itself to the others: what the watcher is to write into the ledger, told
 * when it changes. Short jobs and quick steps are not worth a write: bounded to a few in a second.
 * Loop thread. */
#ifndef WV_PRESENCE_H
#define WV_PRESENCE_H

#include <stdint.h>

#include "message.h"

struct wv_desk;

struct wv_presence {
    int64_t due;       /* wv_clock_ms(): when to look again; 0 at once */
    int64_t told;      /* when the watcher was told last */
    int64_t files_due; /* when the files are looked at again */
    enum wv_role role; /* as told */
    struct wv_strlist heads;
    uint64_t job; /* 0: none was told */
    size_t step;
};

void wv_presence_turn(struct wv_desk *desk, int64_t now);
int64_t wv_presence_next(const struct wv_desk *desk);
void wv_presence_clear(struct wv_presence *presence);

#endif
