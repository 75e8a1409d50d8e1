/* The loop's own picture of what the other threads do: role, jobs, the last look at the database. A
 * copy, fed by messages only, so that it can be shown whatever the others are waiting for. The only
 * writer of job states (core/jobstate.h). Loop thread. Knows no JSON and no client. */
#ifndef WV_BOARD_H
#define WV_BOARD_H

#include <time.h>

#include "jobstate.h"
#include "message.h"

/* One job that has not ended. */
struct wv_board_job {
    struct wv_board_job *next;
    uint64_t id;
    enum wv_job_kind kind;
    enum wv_jobstate state;
    struct wv_caller caller;
    char *program;     /* that runs under the lock; NULL: the job is another */
    bool held;         /* it may run, or has run */
    time_t started_at; /* when it was taken; until then when it was asked for */
    int64_t started_ms;
    struct wv_step_values steps;
    bool in_step;
    size_t step;     /* index, when in_step */
    int64_t step_ms; /* wv_clock_ms() when it began */
    bool in_statement;
    size_t statement; /* 1-based, when in_statement */
    size_t statements;
    int64_t statement_ms;
    char *file;
    int line;
    char *text;
    char *waiting; /* NULL or for what */
    bool in_turn;  /* namely for the lead */
    int before;    /* then: who asked for it earlier */
    struct wv_blockers blockers;
    char *blocked_by; /* who was last seen to block this step, for people; NULL: nobody */
    struct wv_progress progress; /* phase NULL: none */
};

struct wv_board {
    struct wv_role_change role;
    time_t role_since;
    int64_t role_ms;
    bool looked; /* there has been an answer */
    struct wv_db_state look;
    int64_t look_ms;
    struct wv_board_job *jobs; /* in the order in which they run */
    struct wv_board_job **last;
};

void wv_board_init(struct wv_board *board);
void wv_board_clear(struct wv_board *board);

/* A job that is about to be posted. */
void wv_board_add(struct wv_board *board, const struct wv_job *job);
/* NULL when it has ended or never was. */
struct wv_board_job *wv_board_find(const struct wv_board *board, uint64_t id);
/* The job that the migrator has taken; the one that the proof thread has; NULL when none. */
const struct wv_board_job *wv_board_running(const struct wv_board *board);
const struct wv_board_job *wv_board_proving(const struct wv_board *board);
/* Jobs that wait for their turn. */
size_t wv_board_waiting(const struct wv_board *board);

/* Who is to go first. */
struct wv_queue {
    int hosts;   /* that ask for the lead; 0 where only the database can tell */
    int before;  /* of those, before this one; -1: this one does not ask */
    size_t jobs; /* of this host that wait for another one of its own */
};

struct wv_queue wv_board_queue(const struct wv_board *board);

/* Each takes the content over where it keeps it; the message is still the caller's to free. False:
 * of a job that is not there. */
void wv_board_take_role(struct wv_board *board, struct wv_role_change *role);
void wv_board_take_look(struct wv_board *board, struct wv_db_state *state);
bool wv_board_take_event(struct wv_board *board, struct wv_job_event *event);
bool wv_board_take_blockers(struct wv_board *board, struct wv_blockers *blockers);
bool wv_board_take_progress(struct wv_board *board, struct wv_progress *progress);
/* The job has ended and leaves the board. */
bool wv_board_take_result(struct wv_board *board, const struct wv_job_result *result);

/* The role in a line for people: "leader", "running job 3: step 2 of 5 (3c1f0a9b7d52)". The
 * caller's own. */
char *wv_board_summary(const struct wv_board *board);

#endif
