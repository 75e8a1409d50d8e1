/* The control side running in a thread of its own, on a private socket, with three revisions in a
 * folder; the test plays migrator and watcher by hand, through the mailboxes, and is the client. */
#ifndef RIG_H
#define RIG_H

#include <jansson.h>
#include <pthread.h>

#include "control.h"
#include "frame.h"

struct rig {
    char folder[64];
    struct wv_settings *settings; /* to be changed before rig_start */
    struct wv_mailbox *to_migrator;
    struct wv_mailbox *to_watcher;
    struct wv_mailbox *to_proof;
    struct wv_mailbox *from_threads;
    struct wv_control *control;
    pthread_t thread;
    bool refuse_reload;
    struct wv_settings *next_settings; /* what a reload gives; NULL: a copy of `settings` */
};

struct client {
    int fd;
    struct wv_frame frame;
};

/* setup and teardown of cmocka: *state is a rig, not yet started. */
int rig_set_up(void **state);
int rig_tear_down(void **state);

void rig_start(struct rig *rig);
/* SIGTERM, then plays the threads' part until the loop has ended. */
void rig_stop(struct rig *rig);
void rig_signal(int number);
/* A file of the project: text of `revision` that revises `down` ("" none). */
void rig_write(const struct rig *rig, const char *revision, const char *down);

/* The next message for a thread, which must be of this kind; waits a while. The caller's own. */
struct wv_message *rig_take(struct wv_mailbox *box, enum wv_message_kind kind);
/* True when there is none, but for how the daemon shows itself. */
bool rig_is_quiet(struct wv_mailbox *box);
/* Takes the next question and answers it: the rows, or NULL for "unreachable". */
void rig_answer(struct rig *rig, const char *const *rows);
void rig_role(struct rig *rig, enum wv_role role);
/* Takes the next job and returns its id. */
uint64_t rig_take_job(struct rig *rig);
void rig_event(struct rig *rig, uint64_t job, enum wv_job_event_kind kind, const char *text);
/* PLANNED with the steps "a1" and "b2". */
void rig_planned(struct rig *rig, uint64_t job);
void rig_result(struct rig *rig, uint64_t job, enum wv_outcome outcome);

struct client client_open(const struct rig *rig);
void client_close(struct client *client);
void client_send(struct client *client, const char *text);
/* The next line as JSON, the caller's own; NULL at the end of the stream. Fails after a while. */
json_t *client_read(struct client *client);
/* True when nothing comes for a moment. */
bool client_silent(struct client *client);
/* Sends {"id":1,"method",params} and returns the answer; notifications before it are dropped. */
json_t *client_call(struct client *client, const char *method, const char *params);
/* The word of an error answer, or "none". Borrowed. */
const char *error_word(const json_t *answer);
/* The next notification must be of this event; the params, the caller's own. */
json_t *client_event(struct client *client, const char *event);

#endif
