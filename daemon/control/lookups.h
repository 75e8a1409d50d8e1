/* Questions to the watcher that are one request's own: verify, the history. Unlike a look
 * (asks.h) each has parameters, so each is asked by itself; their number is bounded by the clients'
 * requests in flight. Loop thread. */
#ifndef WV_LOOKUPS_H
#define WV_LOOKUPS_H

#include "message.h"
#include "request.h"

struct wv_desk;

/* How long a request waits, and the watcher for the database: verify reads the whole ledger. */
enum { WV_LOOKUP_MS = 25000, WV_LOOKING_UP_MS = 20000 };

/* What to do with the request, which it takes over. `found` is NULL when the answer did not come in
 * time. */
typedef void wv_lookup_then(struct wv_desk *desk, struct wv_request *request,
                            struct wv_message *found);

struct wv_lookup_item {
    uint64_t number;
    struct wv_request *request;
    wv_lookup_then *then;
    int64_t deadline;
};

struct wv_lookups {
    struct wv_lookup_item *items; /* in the order in which they were asked */
    size_t count;
    size_t capacity;
    uint64_t last_number;
};

/* Posts `message`, a WV_MSG_LOOKUP, and takes both over; `then` is called in a later turn, exactly
 * once, unless the daemon stops: then the request is told so. */
void wv_look_up(struct wv_desk *desk, struct wv_request *request, struct wv_message *message,
                wv_lookup_then *then);
void wv_lookups_found(struct wv_desk *desk, struct wv_message *found);
/* Goes on with those whose time is over. */
void wv_lookups_turn(struct wv_desk *desk, int64_t now);
int64_t wv_lookups_next(const struct wv_lookups *lookups);
/* The watcher has ended: who still waits is answered with this error. */
void wv_lookups_clear(struct wv_lookups *lookups, const struct wv_err *why);

#endif
