/* See report.h. */
#include "report.h"

#include <ctype.h>
#include <stdlib.h>

#include "strbuf.h"

enum { SUMMARY_BYTES = 120 };

static struct wv_message *event(const struct wv_report *report, enum wv_job_event_kind kind)
{
    struct wv_message *message = wv_message_new(WV_MSG_JOB_EVENT);
    message->event.job_id = report->job_id;
    message->event.kind = kind;
    return message;
}

static void emit(const struct wv_report *report, struct wv_message *message)
{
    report->emit(report->arg, message);
}

void wv_report_started(const struct wv_report *report, const struct wv_caller *caller)
{
    struct wv_message *message = event(report, WV_EVENT_STARTED);
    message->event.text = wv_xstrdup(caller->user);
    emit(report, message);
}

void wv_report_waiting(const struct wv_report *report, const char *format, ...)
{
    struct wv_message *message = event(report, WV_EVENT_WAITING);
    va_list args;
    va_start(args, format);
    message->event.text = wv_xvasprintf(format, args);
    va_end(args);
    emit(report, message);
}

char *wv_turn_text(const struct wv_turn_value *turn)
{
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    char *doing WV_AUTOFREE = wv_doing_text(&turn->doing);
    char *holder WV_AUTOFREE = wv_holder_text(&turn->holder);
    wv_strbuf_adds(&text, "waiting for the lead: ");
    if (turn->host != NULL)
        wv_strbuf_addf(&text, "host %s (pid %d) has it", turn->host, (int)turn->pid);
    else if (holder != NULL)
        wv_strbuf_addf(&text, "its lock is held by %s", holder);
    else
        wv_strbuf_adds(&text, "it is handed over");
    if (doing != NULL)
        wv_strbuf_addf(&text, ", %s", doing);
    if (turn->before > 0)
        wv_strbuf_addf(&text, "; %d asked before", turn->before);
    return wv_strbuf_take(&text);
}

void wv_report_turn(const struct wv_report *report, const struct wv_turn_value *turn)
{
    struct wv_message *message = event(report, WV_EVENT_TURN);
    struct wv_turn_value *to = &message->event.turn;
    message->event.text = wv_turn_text(turn);
    to->before = turn->before;
    to->host = wv_xstrdup(turn->host);
    to->pid = turn->pid;
    wv_doing_copy(&to->doing, &turn->doing);
    wv_holder_copy(&to->holder, &turn->holder);
    emit(report, message);
}

void wv_report_planned(const struct wv_report *report, const struct wv_step_values *steps)
{
    struct wv_message *message = event(report, WV_EVENT_PLANNED);
    wv_step_values_copy(&message->event.steps, steps);
    emit(report, message);
}

void wv_report_step(const struct wv_report *report, size_t index)
{
    struct wv_message *message = event(report, WV_EVENT_STEP);
    message->event.index = index;
    emit(report, message);
}

char *wv_statement_summary(const char *text, size_t length)
{
    struct wv_strbuf line = WV_STRBUF_INIT;
    bool blank = false;
    size_t i = 0;
    for (; i < length && line.length < SUMMARY_BYTES; i++) {
        if (isspace((unsigned char)text[i])) {
            blank = true;
            continue;
        }
        if (blank && line.length > 0)
            wv_strbuf_addc(&line, ' ');
        blank = false;
        wv_strbuf_addc(&line, text[i]);
    }
    /* Never end inside a character: UTF-8 continuation bytes are 10xxxxxx. */
    for (; i < length && ((unsigned char)text[i] & 0xc0) == 0x80; i++)
        wv_strbuf_addc(&line, text[i]);
    if (i < length)
        wv_strbuf_adds(&line, "...");
    return wv_strbuf_take(&line);
}

void wv_report_statement(const struct wv_report *report, size_t index, size_t number, size_t total,
                         const char *file, int line, const char *text, size_t length)
{
    struct wv_message *message = event(report, WV_EVENT_STATEMENT);
    message->event.index = index;
    message->event.number = number;
    message->event.total = total;
    message->event.file = wv_xstrdup(file);
    message->event.line = line;
    message->event.text = wv_statement_summary(text, length);
    emit(report, message);
}

void wv_report_notice(const struct wv_report *report, const char *text)
{
    struct wv_message *message = event(report, WV_EVENT_NOTICE);
    message->event.text = wv_xstrdup(text);
    emit(report, message);
}

void wv_report_retry(const struct wv_report *report, size_t index, int attempt, int64_t delay_ms,
                     const struct wv_err *why)
{
    struct wv_message *message = event(report, WV_EVENT_RETRY);
    message->event.index = index;
    message->event.number = (size_t)attempt;
    message->event.delay_ms = delay_ms;
    message->event.text = wv_xstrdup(why->message);
    emit(report, message);
}

void wv_report_step_done(const struct wv_report *report, size_t index, int64_t took_us)
{
    struct wv_message *message = event(report, WV_EVENT_STEP_DONE);
    message->event.index = index;
    message->event.took_us = took_us;
    emit(report, message);
}

void wv_report_cancelling(const struct wv_report *report)
{
    emit(report, event(report, WV_EVENT_CANCELLING));
}

void wv_report_held(const struct wv_report *report, int64_t lease_ms)
{
    struct wv_message *message = event(report, WV_EVENT_HELD);
    message->event.lease_ms = lease_ms;
    emit(report, message);
}

void wv_report_beat(const struct wv_report *report)
{
    emit(report, event(report, WV_EVENT_BEAT));
}

void wv_report_lost(const struct wv_report *report, const struct wv_err *why)
{
    struct wv_message *message = event(report, WV_EVENT_LOST);
    message->event.text = wv_xstrdup(why->message);
    emit(report, message);
}
