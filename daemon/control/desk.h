/* One project of the daemon as the loop sees it: its settings, its files, the mailboxes of its two
 * threads, the board they fill, and every request that waits for one of them. Desks share nothing
 * but the loop, so that what one database does is felt at its own desk alone. Loop thread. */
#ifndef WV_DESK_H
#define WV_DESK_H

#include "access.h"
#include "asks.h"
#include "board.h"
#include "files.h"
#include "lookups.h"
#include "mailbox.h"
#include "parked.h"
#include "presence.h"
#include "stop.h"
#include "waits.h"

struct event;
struct wv_control;

struct wv_desk {
    struct wv_control *control;   /* the daemon that it belongs to */
    struct wv_settings *settings; /* in force */
    struct wv_mailbox *to_migrator;
    struct wv_mailbox *to_watcher;
    struct wv_mailbox *to_proof;
    struct wv_mailbox *from_threads;
    struct wv_threads *threads; /* who read the first three and write the fourth */
    struct event *mail;         /* wakes the loop for from_threads; the loop's */
    bool removed;               /* no longer in the settings: stops, and is found no more */
    struct wv_rights *rights;
    struct wv_files *files;
    struct wv_board board;
    struct wv_asks asks;
    struct wv_lookups lookups;
    struct wv_parked parked;
    struct wv_waits waits;
    struct wv_presence presence;
    struct wv_stop stop;
};

/* With its threads, which the control's hook makes. `settings` is taken over. */
struct wv_desk *wv_desk_new(struct wv_control *control, struct wv_settings *settings);
/* Joins the threads, which must have ended (wv_stop_over). Requests that still wait here are told
 * that it stops. */
void wv_desk_free(struct wv_desk *desk);

/* Takes `settings` over, and tells the threads of them when there is anything new. Files and users'
 * names are read again in any case. */
void wv_desk_set_settings(struct wv_desk *desk, struct wv_settings *settings);
/* Where jobs of this kind go. */
struct wv_mailbox *wv_desk_box_of(const struct wv_desk *desk, enum wv_job_kind kind);
/* A client has gone. */
void wv_desk_forget(struct wv_desk *desk, uint64_t session);
/* After each turn of the loop: what time or the turn made due. */
void wv_desk_turn(struct wv_desk *desk, int64_t now);
/* When the next turn is due at the latest (wv_clock_ms). */
int64_t wv_desk_next(const struct wv_desk *desk);

#endif
