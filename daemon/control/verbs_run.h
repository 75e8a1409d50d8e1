/* The functions of the method table, and what several of them share. Each takes the request over.
 */
#ifndef WV_VERBS_RUN_H
#define WV_VERBS_RUN_H

#include "control_parts.h"
#include "verbs.h"

typedef void wv_verb_run_daemon(struct wv_control *control, struct wv_request *request);
typedef void wv_verb_run(struct wv_desk *desk, struct wv_request *request);

wv_verb_run_daemon wv_verb_discover;
wv_verb_run_daemon wv_verb_ping;
wv_verb_run_daemon wv_verb_daemon_status;
wv_verb_run_daemon wv_verb_reload;
wv_verb_run_daemon wv_verb_stop;
wv_verb_run wv_verb_step_down;
wv_verb_run wv_verb_status;
wv_verb_run wv_verb_current;
wv_verb_run wv_verb_heads;
wv_verb_run wv_verb_branches;
wv_verb_run wv_verb_history;
wv_verb_run wv_verb_show;
wv_verb_run wv_verb_verify;
wv_verb_run wv_verb_log;
wv_verb_run wv_verb_plan;
wv_verb_run wv_verb_sql;
wv_verb_run wv_verb_job;
wv_verb_run wv_verb_models;
wv_verb_run wv_verb_hold;
wv_verb_run wv_verb_release;
wv_verb_run wv_verb_autogenerate;
wv_verb_run wv_verb_cancel;
/* Where migrate.cancel with a job's number belongs: the number tells, also of a project that the
 * settings do not have any more. NULL: it is another method, or there is no such job. */
struct wv_desk *wv_cancel_desk(const struct wv_control *control, const struct wv_request *request);

wv_verb_run wv_verb_watch;
wv_verb_run wv_verb_wait;
wv_verb_run wv_verb_revision;
wv_verb_run wv_verb_merge;
wv_verb_run wv_verb_squash;
wv_verb_run wv_verb_files;
wv_verb_run wv_verb_rebase;

/* Making a job of a request, for those that do. Whether one may begin now: WV_SHUTTING_DOWN,
 * WV_BUSY. */
bool wv_job_may_begin(struct wv_desk *desk, struct wv_err *err) WV_MUST_CHECK;
/* WV_MSG_JOB with what the request's method, parameters and caller say; the rest is the caller's to
 * fill. */
struct wv_message *wv_job_make(struct wv_desk *desk, const struct wv_request *request);
/* Moves the texts that came to the places of the sides that they are of. `to` is all zero, and the
 * caller's to clear in any case. WV_TEXT_REQUIRED, WV_INVALID_PARAMS (too many, or no memory file),
 * WV_LIMIT_EXCEEDED. */
bool wv_request_take_texts(struct wv_request *request, struct wv_passed_texts *to,
                           struct wv_err *err) WV_MUST_CHECK;
/* Queues it; the request waits for its end. Takes both over. */
void wv_job_begin(struct wv_desk *desk, struct wv_request *request, struct wv_message *message);

/* Why there is no answer from the database: the look's own error, the role's, or that it took too
 * long. */
void wv_verb_unreachable(const struct wv_desk *desk, const struct wv_db_state *state,
                         struct wv_err *err);

#endif
