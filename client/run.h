/* One run of a command: what every command needs (arguments, connection, outputs), and the commands
 * themselves. */
#ifndef WV_RUN_H
#define WV_RUN_H

#include "args.h"
#include "link.h"
#include "term.h"

struct wv_call {
    const struct wv_args *args;
    struct wv_link link;
    struct wv_look out; /* standard output */
    struct wv_look err; /* standard error */
    bool json;
    bool quiet;
    int64_t deadline;         /* of the whole run; WV_NEVER */
    int texts[WV_LINK_TEXTS]; /* go with the job that is sent next (texts.h) */
    size_t text_count;
};

/* Prepares a call; the arguments stay the caller's. */
void wv_call_init(struct wv_call *call, const struct wv_args *args);
void wv_call_close(struct wv_call *call);

/* Connects. With --project or WOVEN_PROJECT every request names that project. */
bool wv_call_open(struct wv_call *call, struct wv_err *err) WV_MUST_CHECK;
/* Sends a request, waits for its answer and hands its result over. `params` is taken over. */
bool wv_call_ask(struct wv_call *call, const char *method, json_t *params, json_t **result,
                 struct wv_err *err) WV_MUST_CHECK;
/* Opens, asks the command's own method, closes nothing. */
bool wv_call_do(struct wv_call *call, json_t *params, json_t **result,
                struct wv_err *err) WV_MUST_CHECK;
/* The same with another method than the command's. */
bool wv_call_do_method(struct wv_call *call, const char *method, json_t *params, json_t **result,
                       struct wv_err *err) WV_MUST_CHECK;
/* Makes an unknown method of an older daemon readable: names both versions. */
void wv_call_explain(struct wv_call *call, const char *method, struct wv_err *err);
/* Shows on a terminal what is waited for, and since when (wv_clock_ms()); `since` 0 wipes it away.
 */
void wv_call_show_waiting(const struct wv_call *call, const char *what, int64_t since);
/* The deadline has passed: says so. Returns false. */
bool wv_call_timed_out(struct wv_call *call, struct wv_err *err);
/* A signal that is caught came (interrupt.h): SIGTERM ends the program, of Ctrl-C it says so.
 * Returns false. */
bool wv_call_interrupted(struct wv_err *err);

/* Prints the error as text or JSON and returns its exit status. */
int wv_call_fail(struct wv_call *call, const struct wv_err *err);
/* Prints a result as JSON, or `text` without --json; returns `status` unless that fails. Neither is
 * taken over. */
int wv_call_finish(struct wv_call *call, const json_t *result, const struct wv_strbuf *text,
                   int status);

/* A JSON document as one line of standard output, for what has many. */
void wv_call_print_line(const struct wv_call *call, const json_t *value);

/* Parameters from the command line. Sets `key` to the option's last value, to its values, or to
 * true, when it was given. */
void wv_call_set_value(const struct wv_call *call, json_t *params, const char *key,
                       enum wv_opt_id id);
void wv_call_set_values(const struct wv_call *call, json_t *params, const char *key,
                        enum wv_opt_id id);
void wv_call_set_flag(const struct wv_call *call, json_t *params, const char *key,
                      enum wv_opt_id id);

/* Opens, sends a job and follows it to its end, whatever that is; `params` is taken over. */
bool wv_follow_job(struct wv_call *call, const char *method, json_t *params, json_t **result,
                   struct wv_err *err) WV_MUST_CHECK;
/* The exit status that the end of a job stands for; fills `err` when it has one. */
int wv_job_status(const json_t *result, struct wv_err *err);
/* What the daemon may wait for before a job begins. */
void wv_call_set_waits(const struct wv_call *call, json_t *params);

int wv_run_status(struct wv_call *call);
int wv_run_current(struct wv_call *call);
int wv_run_history(struct wv_call *call);
int wv_run_revisions(struct wv_call *call); /* heads, branches */
int wv_run_show(struct wv_call *call);
int wv_run_verify(struct wv_call *call);
int wv_run_log(struct wv_call *call);
int wv_run_plan(struct wv_call *call);
int wv_run_sql(struct wv_call *call); /* upgrade, downgrade, stamp with --sql */
int wv_run_job(struct wv_call *call); /* upgrade, downgrade, stamp */
int wv_run_autogenerate(struct wv_call *call);
/* Asks anew what the revision of `params` would be, once nobody else writes one of the project:
 * `*lock` keeps the others out until it is closed; -1 where the project's folder cannot be locked.
 * The link is open. `params` is taken over. */
bool wv_revision_place(struct wv_call *call, const char *method, json_t *params, int *lock,
                       json_t **place, struct wv_err *err) WV_MUST_CHECK;
/* Writes a new revision's file, as the daemon answered it: {"path","content"}. */
bool wv_write_revision(const json_t *file, struct wv_err *err) WV_MUST_CHECK;
int wv_run_test(struct wv_call *call);
int wv_run_dump(struct wv_call *call);
int wv_run_check(struct wv_call *call);
int wv_run_repair(struct wv_call *call);
int wv_run_revision(struct wv_call *call);
int wv_run_merge(struct wv_call *call);
int wv_run_squash(struct wv_call *call);
int wv_run_edit(struct wv_call *call);
int wv_run_rebase(struct wv_call *call);
int wv_run_init(struct wv_call *call);
int wv_run_import(struct wv_call *call);
int wv_run_locked(struct wv_call *call);
int wv_run_cancel(struct wv_call *call);
int wv_run_watch(struct wv_call *call);
int wv_run_wait(struct wv_call *call);
int wv_run_daemon_status(struct wv_call *call);
int wv_run_daemon_reload(struct wv_call *call);
int wv_run_daemon_stop(struct wv_call *call);
int wv_run_daemon_step_down(struct wv_call *call);
int wv_run_daemon_ping(struct wv_call *call);

#endif
