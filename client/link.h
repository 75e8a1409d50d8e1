/* The connection to the daemon: requests out, messages in, each wait with an end. Main thread;
 * knows no method and no output. */
#ifndef WV_LINK_H
#define WV_LINK_H

#include <stdint.h>

#include "frame.h"
#include "proto.h"

enum { WV_LINK_TEXTS = 2 }; /* a diff has two sides */

struct wv_link {
    int fd; /* -1: not open */
    struct wv_frame frame;
    int64_t last_id;
    const char *project; /* which every request names, borrowed; NULL: none */
    const int *texts;    /* descriptors that go with the next request, borrowed */
    size_t text_count;   /* at most WV_LINK_TEXTS */
};

/* Deadlines are wv_clock_ms() values. WV_NO_DAEMON, WV_TIMED_OUT. Close in either case. */
bool wv_link_open(struct wv_link *link, const char *path, int64_t deadline,
                  struct wv_err *err) WV_MUST_CHECK;
/* Sends a request and tells its id. `params` (may be NULL) is taken over. A connection that the
 * daemon has closed is found when reading: it may have said why. */
bool wv_link_send(struct wv_link *link, const char *method, json_t *params, int64_t deadline,
                  int64_t *id, struct wv_err *err) WV_MUST_CHECK;

enum wv_link_status {
    WV_LINK_MESSAGE, /* `message` is set, to be cleared by the caller */
    WV_LINK_EMPTY,   /* nothing is there yet */
    WV_LINK_SIGNAL,  /* a signal came */
    WV_LINK_FAILED,  /* `err` is set */
};

/* The next message of what was read; never waits. */
enum wv_link_status wv_link_next(struct wv_link *link, struct wv_proto_message *message,
                                 struct wv_err *err);
/* Waits until `until` for more to read, and reads it: WV_LINK_EMPTY when something came or the time
 * has. WV_NO_DAEMON when the daemon went away. */
enum wv_link_status wv_link_fill(struct wv_link *link, int64_t until, struct wv_err *err);
/* True when `message` answers the request `id`. */
bool wv_link_answers(const struct wv_proto_message *message, int64_t id);
void wv_link_close(struct wv_link *link);

#endif
