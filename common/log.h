/* Log lines on standard error: level, subsystem tag, text; one write(2) per line, so any thread may
 * log. Control characters are escaped. Under the journal (JOURNAL_STREAM, systemd.exec(5)) a line
 * starts with the syslog priority "<N>", elsewhere with a time and a word. Nothing secret goes in.
 */
#ifndef WV_LOG_H
#define WV_LOG_H

#include "err.h"

enum wv_log_level {
    WV_LOG_ERROR = 3, /* the syslog priorities */
    WV_LOG_WARNING = 4,
    WV_LOG_NOTICE = 5,
    WV_LOG_INFO = 6,
    WV_LOG_DEBUG = 7,
};

/* Call before the first thread is made. What is above `level` is dropped. */
void wv_log_init(enum wv_log_level level);
/* May be called at any time, from any thread. */
void wv_log_set_level(enum wv_log_level level);
/* "error", "warning", "notice", "info", "debug"; false for any other word. */
bool wv_log_level_from(const char *word, enum wv_log_level *level) WV_MUST_CHECK;

/* What the calling thread works for from now on, copied; NULL: nothing in particular. It is named
 * beside the tag while names are shown. */
void wv_log_set_project(const char *project);
/* May be called at any time, from any thread. */
void wv_log_show_projects(bool show);

void wv_log(enum wv_log_level level, const char *tag, const char *format, ...) WV_PRINTF(3, 4);
/* The error in full: message, place, SQLSTATE, detail, hint, problems, a line each. */
void wv_log_err(enum wv_log_level level, const char *tag, const struct wv_err *err);

#endif
