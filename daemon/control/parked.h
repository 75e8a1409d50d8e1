/* Requests that wait for the migrator: for a job to end (who asked for it, who cancelled it, who
 * watches), or for the lead to be given up. Loop thread. */
#ifndef WV_PARKED_H
#define WV_PARKED_H

#include "message.h"
#include "request.h"

enum wv_parked_as { WV_PARKED_CALLER, WV_PARKED_CANCELLER, WV_PARKED_WATCHER, WV_PARKED_STEPPER };

struct wv_parked_item {
    struct wv_request *request;
    enum wv_parked_as as;
    uint64_t job;  /* 0: any (watchers), none (steppers) */
    bool progress; /* is told what happens */
};

struct wv_parked {
    struct wv_parked_item *items;
    size_t count;
    size_t capacity;
    uint64_t serial; /* of the last notification */
};

/* Takes the request over. */
void wv_parked_add(struct wv_parked *parked, const struct wv_parked_item *item);
/* Sends a "job" notification to all that want to hear of this job; with `but_callers` those that
 * wait for the job's own answer are left out. `params` is borrowed. */
void wv_parked_tell(struct wv_parked *parked, uint64_t job, json_t *params, bool but_callers);
/* The same to nobody but who asked for the job. */
void wv_parked_tell_caller(struct wv_parked *parked, uint64_t job, json_t *params);
/* The job that this session asked for and waits for, from the place `*at` in the list on, which
 * moves behind it; 0: there is no more. */
uint64_t wv_parked_next_of(const struct wv_parked *parked, uint64_t session, size_t *at);
/* Answers all that wait for the end of this job. `result` (J) is borrowed. */
void wv_parked_finish(struct wv_parked *parked, uint64_t job, enum wv_outcome outcome,
                      json_t *result);
/* Answers all that wait for the lead to be given up. `result` is borrowed. */
void wv_parked_stepped(struct wv_parked *parked, json_t *result);
/* Forgets the watchers of a client that has gone. */
void wv_parked_forget(struct wv_parked *parked, uint64_t session);
/* Answers all with this error. */
void wv_parked_clear(struct wv_parked *parked, const struct wv_err *why);

#endif
