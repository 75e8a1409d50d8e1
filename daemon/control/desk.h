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
    struct wv_mailbox *to_proof; /* NULL: there is no such thread */
    struct wv_mailbox *from_threads;
    struct event *mail; /* wakes the loop for from_threads; the loop's */
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

struct wv_desk_options {
    struct wv_control *control;
    const struct wv_settings *settings; /* copied */
    /* Borrowed until wv_desk_free(). */
    struct wv_mailbox *to_migrator;
    struct wv_mailbox *to_watcher;
    struct wv_mailbox *to_proof;
    struct wv_mailbox *from_threads;
};

struct wv_desk *wv_desk_new(const struct wv_desk_options *options);
/* Requests that still wait here are answered that the daemon stops. */
void wv_desk_free(struct wv_desk *desk);

/* Takes `settings` over and tells the threads of them. */
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
