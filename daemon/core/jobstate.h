/* The states of a job and the moves between them, as data: the contract of what the procedure that
 * runs a job may report. The control side is the only one to apply it; a pair without a row is a
 * bug to be logged, never guessed at. Pure; any thread. */
#ifndef WV_JOBSTATE_H
#define WV_JOBSTATE_H

#include <stdbool.h>

#include "strbuf.h"

/* X(name, word, final) */
#define WV_JOBSTATES(X)                                                                            \
    X(QUEUED, "queued", false)                                                                     \
    X(CONNECTING, "connecting", false)                                                             \
    X(LOCKING, "locking", false)                                                                   \
    X(PLANNING, "planning", false)                                                                 \
    X(STEPPING, "stepping", false)                                                                 \
    X(HOLDING, "holding", false)                                                                   \
    X(BACKING_OFF, "backing-off", false)                                                           \
    X(CANCELLING, "cancelling", false)                                                             \
    X(INTERRUPTED, "interrupted", false)                                                           \
    X(RECONCILING, "reconciling", false)                                                           \
    X(DONE, "done", true)                                                                          \
    X(FAILED, "failed", true)                                                                      \
    X(REFUSED, "refused", true)                                                                    \
    X(CANCELLED, "cancelled", true)

enum wv_jobstate {
#define X(name, word, final) WV_JOBSTATE_##name,
    WV_JOBSTATES(X)
#undef X
};

#define WV_JOBEVENTS(X)                                                                            \
    X(TAKEN, "taken")                                                                              \
    X(UP, "up")                                                                                    \
    X(HELD, "held")                                                                                \
    X(STEPS, "steps")                                                                              \
    X(HOLD, "hold")                                                                                \
    X(NOTHING, "nothing")                                                                          \
    X(DRIFT, "drift")                                                                              \
    X(STEP_DONE, "step-done")                                                                      \
    X(LAST_DONE, "last-done")                                                                      \
    X(LOCK_TIMEOUT, "lock-timeout")                                                                \
    X(DUE, "due")                                                                                  \
    X(CANCEL, "cancel")                                                                            \
    X(ROLLED_BACK, "rolled-back")                                                                  \
    X(CONNECTION_LOST, "connection-lost")                                                          \
    X(LANDED, "landed")                                                                            \
    X(NOT_LANDED, "not-landed")                                                                    \
    X(UNDECIDED, "undecided")                                                                      \
    X(REFUSAL, "refusal")                                                                          \
    X(ERROR, "error")

enum wv_jobevent {
#define X(name, word) WV_JOBEVENT_##name,
    WV_JOBEVENTS(X)
#undef X
};

/* The state after `event` in `from`; false when there is no such move (`*to` is left alone). */
bool wv_jobstate_next(enum wv_jobstate from, enum wv_jobevent event, enum wv_jobstate *to);
/* Nothing leaves a final state. */
bool wv_jobstate_is_final(enum wv_jobstate state);
/* Stable words for the protocol. */
const char *wv_jobstate_word(enum wv_jobstate state);
const char *wv_jobevent_word(enum wv_jobevent event);
bool wv_jobstate_from_word(const char *word, enum wv_jobstate *state);
/* The whole table as text, a move a line: "from + event -> to: comment". */
void wv_jobstate_dump(struct wv_strbuf *out);

#endif
