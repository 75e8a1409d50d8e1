/* What is known of a job that is followed, fed by its events, and how that looks: lines that stay,
 * and one live line for what runs now. Pure: time is given, nothing is written. */
#ifndef WV_PROGRESS_H
#define WV_PROGRESS_H

#include <jansson.h>

#include "term.h"

struct wv_progress {
    int64_t job;  /* 0: not known yet */
    bool watcher; /* somebody else's job: also say who asked for it and how it ended */
    bool cancelling;
    /* The last event of each kind that still holds (references), NULL: none. */
    json_t *planned;
    json_t *step;
    json_t *statement;
    json_t *measure; /* `progress` */
    json_t *blocked;
    char *waiting; /* NULL: for nothing */
    int64_t since; /* when what runs now began, wv_clock_ms() */
};

void wv_progress_init(struct wv_progress *progress, int64_t now);
void wv_progress_free(struct wv_progress *progress);

/* Takes in the params of a `job` notification; adds to `lines` what is to stay. `look` without
 * `live` also gets lines for what the live line would show. */
void wv_progress_event(struct wv_progress *progress, const json_t *params, int64_t now,
                       const struct wv_look *look, struct wv_strbuf *lines);
/* The live line, at most `columns` wide (0: unlimited), without line end. */
void wv_progress_line(const struct wv_progress *progress, int64_t now, int columns,
                      struct wv_strbuf *out);

#endif
