/* The watcher thread: a second connection that only looks. It answers the loop's questions about
 * the database in one look for all that wait, and while a job runs it tells what blocks the running
 * statement and how far it is. */
#ifndef WV_WATCHER_H
#define WV_WATCHER_H

#include "instance.h"
#include "mailbox.h"
#include "settings.h"

struct wv_watcher_options {
    struct wv_settings *settings; /* taken over */
    struct wv_instance_id instance;
    struct wv_mailbox *inbox;
    struct wv_mailbox *outbox;
};

/* The thread's body; returns after WV_MSG_STOP, with WV_MSG_EXITED posted. */
void wv_watcher_main(const struct wv_watcher_options *options);

#endif
