/* The story of one job, from the request to its end: look, know, plan, check, run. An ordinary
 * function without threads, so that a test can call it. Migrator thread. */
#ifndef WV_RUN_H
#define WV_RUN_H

#include "edited.h"
#include "link.h"
#include "report.h"

/* What was said to the running job meanwhile. */
struct wv_orders {
    bool cancelled;
    bool released; /* `release`: of a job that holds the lock for a command */
    struct wv_release release;
};

/* Who may put something else in the place of statements, where they must not run as they are. */
struct wv_stand_in {
    /* `*sql` is what runs instead, the caller's own; as it is, NULL, the statement itself does.
     * False: it must not run at all; `err` has its place. */
    bool (*find)(void *arg, const char *file, const struct wv_statement *statement, char **sql,
                 struct wv_err *err);
    void *arg;
};

struct wv_run {
    struct wv_link *link;           /* connected, leader or standby */
    struct wv_edited *edited;       /* what is known of edited files, kept between jobs */
    const struct wv_pg_wait *wait;  /* interrupted when the job is cancelled */
    const struct wv_orders *orders; /* kept up to date by what `wait` asks */
    struct wv_report report;
    struct wv_stand_in stand_in; /* `find` NULL: each statement runs as it is */
    bool started;                /* the report has said so */
    bool needs_lead; /* out: there is something to do that only the leader may; nothing was done */
    bool begun;      /* out: something may have been done; else the same job may run again */
    bool read_only;  /* out: the server takes no changes any more; nothing was done */
    int64_t token;   /* out: under which the job ran */
    struct wv_strlist heads; /* out: what the whole plan leads to; free it */
};

/* Runs `job` to its end and fills `result` (all zero before) whatever happens. */
void wv_run_job(struct wv_run *run, const struct wv_job *job, struct wv_job_result *result);

/* After the connection was lost in the middle of a job and is back: reads from the ledger what this
 * job committed, whatever others did since, and corrects the result: it is done when all of it is.
 * False: the ledger did not tell; the result is as it was. */
bool wv_run_reconcile(struct wv_run *run, const struct wv_job *job,
                      struct wv_job_result *result) WV_MUST_CHECK;

#endif
