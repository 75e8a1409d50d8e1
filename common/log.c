/* See log.h. */
#include "log.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "strbuf.h"

static _Atomic int threshold = WV_LOG_INFO;
static _Atomic bool projects_shown;
static _Thread_local char project_name[64];
static bool journal; /* written once, before threads */

static const struct {
    const char *word;
    enum wv_log_level level;
} levels[] = {
    {"error", WV_LOG_ERROR}, {"warning", WV_LOG_WARNING}, {"notice", WV_LOG_NOTICE},
    {"info", WV_LOG_INFO},   {"debug", WV_LOG_DEBUG},
};

void wv_log_init(enum wv_log_level level)
{
    journal = getenv("JOURNAL_STREAM") != NULL;
    wv_log_set_level(level);
}

void wv_log_set_level(enum wv_log_level level)
{
    atomic_store(&threshold, (int)level);
}

bool wv_log_level_from(const char *word, enum wv_log_level *level)
{
    for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++) {
        if (strcmp(levels[i].word, word) == 0) {
            *level = levels[i].level;
            return true;
        }
    }
    return false;
}

static const char *level_word(enum wv_log_level level)
{
    for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++)
        if (levels[i].level == level)
            return levels[i].word;
    return "?";
}

void wv_log_set_project(const char *project)
{
    snprintf(project_name, sizeof(project_name), "%s", project != NULL ? project : "");
}

void wv_log_show_projects(bool show)
{
    atomic_store(&projects_shown, show);
}

/* A line from a client or the server must not forge another one. */
static void add_escaped(struct wv_strbuf *line, const char *text)
{
    for (const char *p = text; *p != '\0'; p++) {
        unsigned char c = (unsigned char)*p;
        if (c == '\n')
            wv_strbuf_adds(line, "\\n");
        else if (c < 0x20 || c == 0x7f)
            wv_strbuf_addf(line, "\\x%02x", c);
        else
            wv_strbuf_addc(line, *p);
    }
}

static void add_tag(struct wv_strbuf *line, const char *tag)
{
    wv_strbuf_adds(line, tag);
    if (atomic_load(&projects_shown) && project_name[0] != '\0') {
        wv_strbuf_addc(line, '[');
        add_escaped(line, project_name);
        wv_strbuf_addc(line, ']');
    }
    wv_strbuf_adds(line, ": ");
}

static void add_head(struct wv_strbuf *line, enum wv_log_level level, const char *tag)
{
    if (journal) {
        wv_strbuf_addf(line, "<%d>", (int)level);
        add_tag(line, tag);
        return;
    }
    struct timespec now;
    struct tm local;
    char stamp[32] = "";
    clock_gettime(CLOCK_REALTIME, &now);
    if (localtime_r(&now.tv_sec, &local) != NULL)
        strftime(stamp, sizeof(stamp), "%F %T", &local);
    wv_strbuf_addf(line, "%s.%03ld %-7s ", stamp, now.tv_nsec / 1000000, level_word(level));
    add_tag(line, tag);
}

void wv_log(enum wv_log_level level, const char *tag, const char *format, ...)
{
    if ((int)level > atomic_load(&threshold))
        return;
    va_list args;
    va_start(args, format);
    char *text WV_AUTOFREE = wv_xvasprintf(format, args);
    va_end(args);
    struct wv_strbuf line WV_AUTOSTRBUF = WV_STRBUF_INIT;
    add_head(&line, level, tag);
    add_escaped(&line, text);
    wv_strbuf_addc(&line, '\n');
    /* A log that cannot be written has nowhere to complain. */
    ssize_t ignored = write(STDERR_FILENO, line.data, line.length);
    (void)ignored;
}

static void add_place(struct wv_strbuf *text, const char *file, int line)
{
    if (file == NULL)
        return;
    wv_strbuf_adds(text, file);
    if (line > 0)
        wv_strbuf_addf(text, ":%d", line);
    wv_strbuf_adds(text, ": ");
}

void wv_log_err(enum wv_log_level level, const char *tag, const struct wv_err *err)
{
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    add_place(&text, err->file, err->line);
    wv_strbuf_adds(&text, err->message != NULL ? err->message : wv_err_word(err->code));
    if (err->sqlstate[0] != '\0')
        wv_strbuf_addf(&text, " (SQLSTATE %s)", err->sqlstate);
    wv_log(level, tag, "%s", wv_strbuf_text(&text));
    if (err->detail != NULL)
        wv_log(level, tag, "  detail: %s", err->detail);
    if (err->hint != NULL)
        wv_log(level, tag, "  hint: %s", err->hint);
    for (size_t i = 0; i < err->problems.count; i++) {
        const struct wv_problem *problem = &err->problems.items[i];
        wv_strbuf_reset(&text);
        add_place(&text, problem->file, problem->line);
        wv_strbuf_adds(&text, problem->message);
        wv_log(level, tag, "  %s", wv_strbuf_text(&text));
    }
}
