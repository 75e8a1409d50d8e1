/* Runs revisions in a scratch database exactly as they run anywhere else: with the planner, the
 * step runner and a ledger of their own (migrator/run.h), none of which the inspection sees. Proof
 * thread. */
#ifndef WV_REPLAY_H
#define WV_REPLAY_H

#include "link.h"
#include "room.h"

struct wv_replay {
    struct wv_room *room;
    struct wv_project *project; /* borrowed: the revisions */
    struct wv_link link;
    struct wv_strlist heads; /* where the database is by now */
    const char *doing;       /* for those who wait: "replaying" unless it is set; constant */
    size_t steps;            /* of the job that runs */
    int64_t told_at;         /* when its progress was told last */
};

/* Connects to the room's database. */
bool wv_replay_begin(struct wv_replay *replay, struct wv_room *room, struct wv_project *project,
                     struct wv_err *err) WV_MUST_CHECK;
/* Goes up or down to `target`, which is read as on the command line. Errors are those of the step
 * that failed, with revision, file and line. */
bool wv_replay_to(struct wv_replay *replay, enum wv_job_kind kind, const char *target,
                  struct wv_err *err) WV_MUST_CHECK;
/* Disconnects; the database stays. */
void wv_replay_end(struct wv_replay *replay);

/* All three: makes the room and runs all revisions up to `target` in it. */
bool wv_replay_room(struct wv_room *room, struct wv_proof *proof, const char *target,
                    struct wv_err *err) WV_MUST_CHECK;

#endif
