/* Following a job on the connection: progress on standard error, deadlines, Ctrl-C. */
#ifndef WV_FOLLOW_H
#define WV_FOLLOW_H

#include "progress.h"
#include "run.h"

enum wv_follow_end {
    WV_FOLLOW_RESULT, /* the answer is there */
    WV_FOLLOW_ERROR,  /* `err` is set: refused, timed out, daemon gone, left at the second Ctrl-C */
    WV_FOLLOW_LEFT,   /* a watcher's Ctrl-C */
    WV_FOLLOW_REACHED /* the event `until` came: `reached` */
};

struct wv_follow {
    struct wv_call *call;
    struct wv_progress progress;
    struct wv_strbuf lines; /* not yet written */
    bool live_shown;
    bool bound;        /* the job ends with this client, which then cannot just leave it */
    const char *until; /* an event at which following ends; NULL: none */
    json_t *reached;   /* what that event said (a reference) */
    bool waiter;  /* no job is followed: the daemon tells what it waits for, and ends the wait */
    int64_t calm; /* no live line before: what is quick does not flicker */
    int64_t beat; /* when the next redraw, off a terminal the next sign of life, is due */
    int64_t request;
    int64_t cancel;      /* id of the cancel request; 0 not sent */
    unsigned interrupts; /* already seen to */
};

/* Catches SIGINT and SIGTERM from here on. */
void wv_follow_init(struct wv_follow *follow, struct wv_call *call, bool watcher);
void wv_follow_free(struct wv_follow *follow);

/* Sends the request and follows it to its answer, which is handed over on WV_FOLLOW_RESULT. A first
 * Ctrl-C asks the daemon to cancel, a second leaves; SIGTERM ends the program at once, and neither
 * it nor the second Ctrl-C cancels what runs. */
enum wv_follow_end wv_follow_run(struct wv_follow *follow, const char *method, json_t *params,
                                 json_t **result, struct wv_err *err);

/* Between two requests: shows `text` as what is waited for and sleeps for `ms`. False: `*end` says
 * how it ends, at the deadline or by a signal. */
bool wv_follow_pause(struct wv_follow *follow, const char *text, int64_t ms,
                     enum wv_follow_end *end, struct wv_err *err);

/* A signal has come that was not seen to yet. */
bool wv_follow_interrupted(const struct wv_follow *follow);

#endif
