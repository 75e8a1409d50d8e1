/* Questions to the watcher: what does the database look like now? Requests wait here for the
 * answer. One question is under way at a time; who asks meanwhile gets the answer to the next one,
 * so that a thousand clients cost one query each turn and nobody sees what was before his request.
 * Loop thread. */
#ifndef WV_ASKS_H
#define WV_ASKS_H

#include "message.h"
#include "request.h"

struct wv_desk;

/* How long a request waits for an answer before it goes on without one, and the watcher for the
 * database: a little less, so that it can say what was wrong. */
enum { WV_ASK_MS = 3000, WV_LOOK_MS = 2500 };

/* What to do with the request, which it takes over. `state` is NULL when the answer did not come in
 * time; `project` are the files that the question went out with. */
typedef void wv_ask_then(struct wv_desk *desk, struct wv_request *request,
                         struct wv_project *project, const struct wv_db_state *state);

struct wv_ask {
    struct wv_request *request;
    wv_ask_then *then;
    int64_t deadline;
};

/* One question and who waits for its answer. */
struct wv_question {
    uint64_t number; /* 0: not under way */
    struct wv_project *project;
    bool with_sql; /* somebody wants the SQL of what only the ledger has */
    struct wv_ask *items;
    size_t count;
    size_t capacity;
};

struct wv_asks {
    struct wv_question current;
    struct wv_question next;
    uint64_t last_number;
};

/* Takes the request (may be NULL) over; `then` is called in a later turn, exactly once,
 * unless the daemon stops: then the request is told so. */
void wv_ask(struct wv_desk *desk, struct wv_request *request, wv_ask_then *then);
/* The same, with the SQL of the revisions that only the ledger has. */
void wv_ask_with_sql(struct wv_desk *desk, struct wv_request *request, wv_ask_then *then);
void wv_asks_answer(struct wv_desk *desk, uint64_t number, const struct wv_db_state *state);
/* Goes on with those whose time is over. */
void wv_asks_turn(struct wv_desk *desk, int64_t now);
int64_t wv_asks_next(const struct wv_asks *asks);
/* The watcher has ended: who still waits is answered with this error. */
void wv_asks_clear(struct wv_asks *asks, const struct wv_err *why);

#endif
