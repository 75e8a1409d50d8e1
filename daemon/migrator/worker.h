/* The migrator thread: takes jobs from its inbox one after the other, keeps the work connection and
 * the lock between them. The story of a job is run.c's. */
#ifndef WV_WORKER_H
#define WV_WORKER_H

#include "instance.h"
#include "mailbox.h"
#include "settings.h"

struct wv_worker_options {
    struct wv_settings *settings; /* taken over */
    struct wv_instance_id instance;
    struct wv_mailbox *inbox;
    struct wv_mailbox *outbox;
    struct wv_mailbox *watcher; /* told which server the work is done on; not of the proof thread */
};

/* The thread's body; returns after WV_MSG_STOP, with WV_MSG_EXITED posted. */
void wv_worker_main(const struct wv_worker_options *options);

#endif
