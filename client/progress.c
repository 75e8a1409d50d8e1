/* See progress.h. */
#include "progress.h"

#include <stdlib.h>
#include <string.h>

#include "display.h"
#include "render.h"
#include "value.h"

void wv_progress_init(struct wv_progress *progress, int64_t now)
{
    *progress = (struct wv_progress){.since = now};
}

static void drop(json_t **slot)
{
    json_decref(*slot);
    *slot = NULL;
}

static void keep(json_t **slot, const json_t *params)
{
    json_t *old = *slot;
    *slot = json_incref((json_t *)params);
    json_decref(old);
}

static void set_waiting(struct wv_progress *progress, const char *text)
{
    free(progress->waiting);
    progress->waiting = wv_xstrdup(text);
}

void wv_progress_free(struct wv_progress *progress)
{
    drop(&progress->planned);
    drop(&progress->step);
    drop(&progress->statement);
    drop(&progress->measure);
    drop(&progress->blocked);
    set_waiting(progress, NULL);
}

/* "[3/10] up 1f800961f8ae Initial migration"; `step` is an event that has these fields. */
static void add_step(struct wv_strbuf *out, const json_t *step)
{
    wv_strbuf_addf(out, "[%lld/%lld]", (long long)wv_value_int(step, "index") + 1,
                   (long long)wv_value_int(step, "of"));
    wv_display_add_part(out, " ", wv_value_text(step, "direction"));
    wv_display_add_part(out, " ", wv_value_text(step, "revision"));
    wv_display_add_part(out, " ", wv_value_text(step, "message"));
}

static void add_blockers(struct wv_strbuf *out, const json_t *blocked)
{
    const json_t *blockers = wv_value_array(blocked, "blockers");
    size_t index;
    const json_t *blocker;
    json_array_foreach(blockers, index, blocker)
    {
        wv_strbuf_adds(out, index == 0 ? "blocked by " : "; ");
        wv_render_blocker(out, blocker);
    }
    int64_t behind = wv_value_int(blocked, "blocking");
    if (behind > 0)
        wv_strbuf_addf(out, "%s%lld queued behind us", out->length > 0 ? "; " : "",
                       (long long)behind);
}

/* What an event does: changes the picture, adds the lines that stay. */
struct turn {
    struct wv_progress *progress;
    const json_t *params;
    int64_t now;
    const struct wv_look *look;
    struct wv_strbuf *lines;
};

static void on_queued(const struct turn *turn)
{
    int64_t position = wv_value_int(turn->params, "position");
    if (position > 0) {
        struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
        wv_strbuf_addf(&text, "queued, %lld before it", (long long)position);
        set_waiting(turn->progress, wv_strbuf_text(&text));
        if (!turn->look->live)
            wv_strbuf_addf(turn->lines, "job %lld is %s\n", (long long)turn->progress->job,
                           wv_strbuf_text(&text));
    }
}

static void on_started(const struct turn *turn)
{
    set_waiting(turn->progress, NULL);
    turn->progress->since = turn->now;
    if (!turn->progress->watcher)
        return;
    wv_strbuf_addf(turn->lines, "job %lld", (long long)turn->progress->job);
    wv_display_add_part(turn->lines, ": ", wv_value_text(turn->params, "kind"));
    wv_render_caller(turn->lines, wv_value_object(turn->params, "caller"));
    wv_strbuf_addc(turn->lines, '\n');
}

static void on_waiting(const struct turn *turn)
{
    const char *text = wv_value_text(turn->params, "text");
    const char *before = turn->progress->waiting;
    bool same = text != NULL && before != NULL && strcmp(text, before) == 0;
    if (!turn->look->live && !same) {
        wv_display_add_part(turn->lines, "", text);
        wv_strbuf_addc(turn->lines, '\n');
    }
    set_waiting(turn->progress, text);
}

static void on_planned(const struct turn *turn)
{
    keep(&turn->progress->planned, turn->params);
    set_waiting(turn->progress, NULL);
}

static void on_step(const struct turn *turn)
{
    keep(&turn->progress->step, turn->params);
    drop(&turn->progress->statement);
    drop(&turn->progress->measure);
    drop(&turn->progress->blocked);
    set_waiting(turn->progress, NULL);
    turn->progress->since = turn->now;
}

static void on_statement(const struct turn *turn)
{
    keep(&turn->progress->statement, turn->params);
    set_waiting(turn->progress, NULL);
    drop(&turn->progress->measure);
    drop(&turn->progress->blocked);
    turn->progress->since = turn->now;
}

static void on_notice(const struct turn *turn)
{
    wv_display_add_part(turn->lines, "", wv_value_text(turn->params, "text"));
    wv_strbuf_addc(turn->lines, '\n');
}

static void on_retry(const struct turn *turn)
{
    wv_strbuf_addf(turn->lines, "step %lld:", (long long)wv_value_int(turn->params, "index") + 1);
    wv_display_add_part(turn->lines, " ", wv_value_text(turn->params, "text"));
    wv_strbuf_adds(turn->lines, "; trying again in ");
    wv_display_duration(turn->lines, wv_value_int(turn->params, "delay_ms"));
    wv_strbuf_addf(turn->lines, " (attempt %lld)\n",
                   (long long)wv_value_int(turn->params, "attempt"));
    drop(&turn->progress->statement);
    drop(&turn->progress->measure);
    drop(&turn->progress->blocked);
    set_waiting(turn->progress, "waiting to try the step again");
    turn->progress->since = turn->now;
}

static void on_blocked(const struct turn *turn)
{
    if (wv_value_count(turn->params, "blockers") == 0) {
        drop(&turn->progress->blocked);
        return;
    }
    bool news = turn->progress->blocked == NULL;
    keep(&turn->progress->blocked, turn->params);
    if (turn->look->live || !news)
        return;
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    add_blockers(&text, turn->params);
    wv_strbuf_addf(turn->lines, "%s\n", wv_strbuf_text(&text));
}

static void on_progress(const struct turn *turn)
{
    keep(&turn->progress->measure, turn->params);
}

/* The step's own words come from its `step` event, else from the plan. */
static json_t *describe_step(const struct wv_progress *progress, int64_t index)
{
    const json_t *known = progress->step;
    if (known == NULL || wv_value_int(known, "index") != index)
        known = json_array_get(wv_value_array(progress->planned, "steps"), (size_t)index);
    json_t *step = json_object();
    json_object_update(step, (json_t *)known);
    size_t planned = wv_value_count(progress->planned, "steps");
    json_object_set_new(step, "index", json_integer(index));
    if (json_object_get(step, "of") == NULL)
        json_object_set_new(step, "of", json_integer((json_int_t)planned));
    return step;
}

static void on_step_done(const struct turn *turn)
{
    json_t *step = describe_step(turn->progress, wv_value_int(turn->params, "index"));
    if (wv_value_text(step, "revision") == NULL)
        json_object_set(step, "revision", json_object_get(turn->params, "revision"));
    add_step(turn->lines, step);
    json_decref(step);
    wv_strbuf_adds(turn->lines, "  (");
    wv_display_duration(turn->lines,
                        (int64_t)(wv_value_real(turn->params, "seconds") * 1000 + 0.5));
    wv_strbuf_adds(turn->lines, ")\n");
    drop(&turn->progress->step);
    drop(&turn->progress->statement);
    drop(&turn->progress->measure);
    drop(&turn->progress->blocked);
    turn->progress->since = turn->now;
}

static void on_cancelling(const struct turn *turn)
{
    if (!turn->progress->cancelling && !turn->look->live)
        wv_strbuf_adds(turn->lines, "cancelling\n");
    turn->progress->cancelling = true;
}

/* For those who watch: whose command it is. */
static void on_held(const struct turn *turn)
{
    const char *command = wv_value_text(turn->params, "command");
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    wv_strbuf_adds(&text, "the lock is held");
    wv_display_add_part(&text, " for ", command);
    set_waiting(turn->progress, wv_strbuf_text(&text));
    turn->progress->since = turn->now;
    if (turn->progress->watcher && !turn->look->live)
        wv_strbuf_addf(turn->lines, "%s\n", wv_strbuf_text(&text));
}

static void on_finished(const struct turn *turn)
{
    if (turn->progress->watcher) {
        wv_strbuf_addf(turn->lines, "job %lld", (long long)turn->progress->job);
        wv_display_add_part(turn->lines, ": ", wv_value_text(turn->params, "outcome"));
        wv_display_add_part(turn->lines, ": ",
                            wv_value_text(wv_value_object(turn->params, "error"), "message"));
        wv_strbuf_addc(turn->lines, '\n');
    }
    bool watcher = turn->progress->watcher;
    wv_progress_free(turn->progress);
    wv_progress_init(turn->progress, turn->now);
    turn->progress->watcher = watcher;
}

static const struct {
    const char *word;
    void (*take)(const struct turn *turn);
} events[] = {
    {"queued", on_queued},     {"started", on_started},     {"waiting", on_waiting},
    {"planned", on_planned},   {"step", on_step},           {"statement", on_statement},
    {"notice", on_notice},     {"retry", on_retry},         {"blocked", on_blocked},
    {"progress", on_progress}, {"step_done", on_step_done}, {"cancelling", on_cancelling},
    {"held", on_held},         {"lost", on_waiting},        {"finished", on_finished},
};

void wv_progress_event(struct wv_progress *progress, const json_t *params, int64_t now,
                       const struct wv_look *look, struct wv_strbuf *lines)
{
    const char *word = wv_value_text(params, "event");
    int64_t job = wv_value_int(params, "job");
    if (job > 0)
        progress->job = job;
    const struct turn turn = {progress, params, now, look, lines};
    /* A word that is not known comes from a newer daemon: it can be done without. */
    for (size_t i = 0; word != NULL && i < sizeof(events) / sizeof(events[0]); i++)
        if (strcmp(events[i].word, word) == 0)
            events[i].take(&turn);
}

static void add_statement(struct wv_strbuf *out, const struct wv_progress *progress)
{
    const json_t *statement = progress->statement;
    wv_strbuf_addf(out, "  statement %lld/%lld", (long long)wv_value_int(statement, "number"),
                   (long long)wv_value_int(statement, "of"));
    const char *file = wv_value_text(statement, "file");
    const char *slash = file != NULL ? strrchr(file, '/') : NULL;
    if (file != NULL) {
        wv_display_add_part(out, " (", slash != NULL ? slash + 1 : file);
        wv_strbuf_addf(out, ":%lld)", (long long)wv_value_int(statement, "line"));
    }
}

static void add_measure(struct wv_strbuf *out, const json_t *measure)
{
    wv_display_add_part(out, "  ", wv_value_text(measure, "phase"));
    double total = wv_value_real(measure, "total");
    double done = wv_value_real(measure, "done");
    if (total > 0 && done >= 0)
        wv_strbuf_addf(out, " %d%%", done >= total ? 100 : (int)(100 * done / total));
}

void wv_progress_line(const struct wv_progress *progress, int64_t now, int columns,
                      struct wv_strbuf *out)
{
    size_t from = out->length;
    if (progress->cancelling)
        wv_strbuf_adds(out, "cancelling: ");
    if (progress->waiting != NULL)
        wv_display_add_line(out, progress->waiting);
    else if (progress->step != NULL)
        add_step(out, progress->step);
    else if (progress->planned != NULL)
        wv_strbuf_adds(out, "working");
    else
        wv_strbuf_adds(out, progress->watcher ? "watching" : "waiting for wovend to begin");
    wv_strbuf_adds(out, "  ");
    wv_display_duration(out, now - progress->since < 1000 ? now - progress->since
                                                          : (now - progress->since) / 100 * 100);
    if (progress->blocked != NULL) {
        wv_strbuf_adds(out, "  ");
        struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
        add_blockers(&text, progress->blocked);
        wv_strbuf_adds(out, wv_strbuf_text(&text));
    }
    if (progress->measure != NULL)
        add_measure(out, progress->measure);
    if (progress->statement != NULL)
        add_statement(out, progress);
    if (columns > 0)
        wv_display_cut(out, from, columns);
}
