/* The one crossing between threads: a queue of messages with an eventfd that wakes its reader.
 * Posting hands the message over; the reader owns what it takes. Safe from any thread; one reader.
 * The reader polls wv_mailbox_fd(). */
#ifndef WV_MAILBOX_H
#define WV_MAILBOX_H

#include "message.h"

struct wv_mailbox;

/* Where the loop and the threads of one project meet. */
struct wv_mailboxes {
    struct wv_mailbox *to_migrator;
    struct wv_mailbox *to_watcher;
    struct wv_mailbox *to_proof;
    struct wv_mailbox *to_loop;
};

/* `capacity` bounds wv_mailbox_post() and wv_mailbox_deliver(). */
struct wv_mailbox *wv_mailbox_new(size_t capacity);
/* Frees the messages left in it. No thread may use it any more. */
void wv_mailbox_free(struct wv_mailbox *box);

/* Posts unless the box is full. False: full, and the message is still the caller's. */
bool wv_mailbox_post(struct wv_mailbox *box, struct wv_message *message) WV_MUST_CHECK;
/* Posts whatever the fill: for jobs, cancel and stop, which are bounded by their sender, the loop,
 * that never waits. */
void wv_mailbox_put(struct wv_mailbox *box, struct wv_message *message);
/* Waits for room, then posts: for events, of which a migration may make any number. The reader must
 * never wait for the caller, and go on reading until the caller has ended. */
void wv_mailbox_deliver(struct wv_mailbox *box, struct wv_message *message);

/* The oldest message, or NULL at once when there is none. */
struct wv_message *wv_mailbox_take(struct wv_mailbox *box);
/* The oldest message of one kind, which thus jumps the queue, or NULL. */
struct wv_message *wv_mailbox_take_kind(struct wv_mailbox *box, enum wv_message_kind kind);
/* The WV_MSG_JOB with this id, taken out of the queue, or NULL. */
struct wv_message *wv_mailbox_take_job(struct wv_mailbox *box, uint64_t job_id);
bool wv_mailbox_has_kind(struct wv_mailbox *box, enum wv_message_kind kind);
/* Readable while the box is not empty. Borrowed: never read or close it. */
int wv_mailbox_fd(const struct wv_mailbox *box);
size_t wv_mailbox_count(struct wv_mailbox *box);

#endif
