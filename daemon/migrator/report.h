/* What a running job tells: each call makes one event and hands it to `emit`. Values only, so the
 * receiver may be another thread. Migrator thread. */
#ifndef WV_REPORT_H
#define WV_REPORT_H

#include "message.h"

struct wv_report {
    /* Takes the message over. */
    void (*emit)(void *arg, struct wv_message *message);
    void *arg;
    uint64_t job_id;
};

void wv_report_started(const struct wv_report *report, const struct wv_caller *caller);
void wv_report_waiting(const struct wv_report *report, const char *format, ...) WV_PRINTF(2, 3);
/* For the lead, as the queue stands. */
void wv_report_turn(const struct wv_report *report, const struct wv_turn_value *turn);
/* "host a (pid 7) leads: upgrade, step 2 of 5, ...; 1 daemon asked before", the caller's own. */
char *wv_turn_text(const struct wv_turn_value *turn);
/* Copies the steps. */
void wv_report_planned(const struct wv_report *report, const struct wv_step_values *steps);
void wv_report_step(const struct wv_report *report, size_t index);
/* `number` from 1; `text` is cut to its first words. */
void wv_report_statement(const struct wv_report *report, size_t index, size_t number, size_t total,
                         const char *file, int line, const char *text, size_t length);
void wv_report_notice(const struct wv_report *report, const char *text);
void wv_report_retry(const struct wv_report *report, size_t index, int attempt, int64_t delay_ms,
                     const struct wv_err *why);
void wv_report_step_done(const struct wv_report *report, size_t index, int64_t took_us);
void wv_report_cancelling(const struct wv_report *report);
/* Of a job that holds the lock for a command. */
void wv_report_held(const struct wv_report *report, int64_t lease_ms);
void wv_report_beat(const struct wv_report *report);
void wv_report_lost(const struct wv_report *report, const struct wv_err *why);

/* The first words of a statement on one line, the caller's own. */
char *wv_statement_summary(const char *text, size_t length);

#endif
