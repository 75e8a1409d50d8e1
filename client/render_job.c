/* See render.h. Jobs: the running one, plans, and how a job ended. */
#include "render.h"

#include <string.h>

#include "display.h"
#include "value.h"

enum { LABEL_WIDTH = 13 };

static void begin_row(struct wv_strbuf *out)
{
    wv_strbuf_addf(out, "%*s", LABEL_WIDTH, "");
}

void wv_render_blocker(struct wv_strbuf *out, const json_t *blocker)
{
    wv_strbuf_addf(out, "pid %lld", (long long)wv_value_int(blocker, "pid"));
    struct wv_strbuf about WV_AUTOSTRBUF = WV_STRBUF_INIT;
    static const char *const keys[] = {"user", "application", "state"};
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
        wv_display_add_part(&about, about.length > 0 ? ", " : "", wv_value_text(blocker, keys[i]));
    int64_t age = wv_value_int(blocker, "age_ms");
    if (age > 0) {
        wv_strbuf_adds(&about, about.length > 0 ? ", " : "");
        wv_display_duration(&about, age);
    }
    if (about.length > 0)
        wv_strbuf_addf(out, " (%s)", about.data);
}

static void add_statement(struct wv_strbuf *out, const struct wv_look *look,
                          const json_t *statement, const json_t *progress)
{
    if (statement == NULL)
        return;
    begin_row(out);
    wv_strbuf_addf(out, "statement %lld of %lld", (long long)wv_value_int(statement, "number"),
                   (long long)wv_value_int(statement, "of"));
    wv_display_add_part(out, ", ", wv_value_text(statement, "file"));
    if (wv_value_int(statement, "line") > 0)
        wv_strbuf_addf(out, ":%lld", (long long)wv_value_int(statement, "line"));
    wv_strbuf_adds(out, ", for ");
    wv_display_duration(out, wv_value_int(statement, "elapsed_ms"));
    wv_display_add_part(out, ", ", wv_value_text(progress, "phase"));
    int64_t total = wv_value_int(progress, "total");
    if (total > 0)
        wv_strbuf_addf(out, " %d%%",
                       (int)(100.0 * wv_value_real(progress, "done") / (double)total));
    wv_strbuf_addc(out, '\n');
    begin_row(out);
    size_t from = out->length;
    wv_display_add_part(out, "  ", wv_value_text(statement, "text"));
    wv_display_cut(out, from, look->width > 0 ? look->width - LABEL_WIDTH : 200);
    wv_strbuf_addc(out, '\n');
}

static void add_blockers(struct wv_strbuf *out, const struct wv_look *look, const json_t *blockers)
{
    size_t index;
    const json_t *blocker;
    json_array_foreach(blockers, index, blocker)
    {
        begin_row(out);
        size_t from = out->length;
        wv_strbuf_adds(out, "blocked by ");
        wv_render_blocker(out, blocker);
        wv_display_add_part(out, ", ", wv_value_text(blocker, "mode"));
        wv_display_add_part(out, " on ", wv_value_text(blocker, "relation"));
        wv_display_add_part(out, ": ", wv_value_text(blocker, "query"));
        wv_display_cut(out, from, look->width > 0 ? look->width - LABEL_WIDTH : 300);
        wv_strbuf_addc(out, '\n');
    }
}

void wv_render_caller(struct wv_strbuf *out, const json_t *caller)
{
    wv_display_add_part(out, ", asked for by ", wv_value_text(caller, "user"));
    if (caller == NULL)
        return;
    wv_strbuf_addf(out, " (pid %lld", (long long)wv_value_int(caller, "pid"));
    wv_display_add_part(out, ", ", wv_value_text(caller, "unit"));
    wv_strbuf_addc(out, ')');
}

void wv_render_job(struct wv_strbuf *out, const struct wv_look *look, const json_t *job)
{
    if (job == NULL)
        return;
    wv_render_label(out, look, "Job");
    wv_strbuf_addf(out, "%lld", (long long)wv_value_int(job, "job"));
    wv_display_add_part(out, "  ", wv_value_text(job, "kind"));
    wv_display_add_part(out, " ", wv_value_text(job, "command"));
    wv_display_add_part(out, ", ", wv_value_text(job, "state"));
    wv_render_caller(out, wv_value_object(job, "caller"));
    wv_strbuf_adds(out, ", for ");
    wv_display_duration(out, wv_value_int(job, "elapsed_ms"));
    wv_strbuf_addc(out, '\n');
    const json_t *step = wv_value_object(job, "step");
    if (step != NULL) {
        begin_row(out);
        wv_strbuf_addf(out, "step %lld of %lld:", (long long)wv_value_int(step, "index") + 1,
                       (long long)wv_value_int(step, "of"));
        wv_display_add_part(out, " ", wv_value_text(step, "direction"));
        wv_display_add_part(out, " ", wv_value_text(step, "revision"));
        wv_display_add_part(out, "  ", wv_value_text(step, "message"));
        wv_strbuf_addc(out, '\n');
    }
    add_statement(out, look, wv_value_object(job, "statement"), wv_value_object(job, "progress"));
    const char *waiting = wv_value_text(job, "waiting");
    if (waiting != NULL) {
        begin_row(out);
        wv_display_add_line(out, waiting);
        wv_strbuf_addc(out, '\n');
    }
    add_blockers(out, look, wv_value_array(job, "blockers"));
}

void wv_render_ids(struct wv_strbuf *out, const struct wv_look *look, enum wv_style style,
                   const json_t *ids)
{
    size_t index;
    const json_t *id;
    json_array_foreach(ids, index, id)
    {
        wv_strbuf_adds(out, index > 0 ? ", " : "");
        wv_style_text(out, look, style, json_string_value(id));
    }
    if (json_array_size(ids) == 0)
        wv_strbuf_adds(out, "base");
}

void wv_render_plan(struct wv_strbuf *out, const struct wv_look *look, const json_t *plan)
{
    const json_t *steps = wv_value_array(plan, "steps");
    size_t count = json_array_size(steps);
    wv_strbuf_addf(out, "%zu step%s from ", count, count == 1 ? "" : "s");
    wv_render_ids(out, look, WV_YELLOW, wv_value_array(plan, "current"));
    wv_strbuf_adds(out, " to ");
    wv_render_ids(out, look, WV_YELLOW, wv_value_array(plan, "heads_after"));
    wv_strbuf_addc(out, '\n');
    size_t index;
    const json_t *step;
    json_array_foreach(steps, index, step)
    {
        const char *direction = wv_value_text(step, "direction");
        size_t from = out->length;
        wv_strbuf_adds(out, "  ");
        wv_display_add_line(out, direction);
        for (size_t i = direction != NULL ? strlen(direction) : 0; i < 6; i++)
            wv_strbuf_addc(out, ' ');
        wv_display_add_part(out, "", wv_value_text(step, "revision"));
        wv_display_add_part(out, "  ", wv_value_text(step, "message"));
        if (look->width > 0)
            wv_display_cut(out, from, look->width);
        wv_strbuf_addc(out, '\n');
    }
}

/* What a job did, counted from its steps. */
struct tally {
    size_t steps;
    size_t done;
    double seconds;
    const json_t *first_open; /* the first step that did not take effect */
};

static struct tally count_steps(const json_t *result)
{
    struct tally tally = {0};
    size_t index;
    const json_t *step;
    json_array_foreach(wv_value_array(result, "steps"), index, step)
    {
        tally.steps++;
        tally.seconds += wv_value_real(step, "seconds");
        if (wv_value_true(step, "done"))
            tally.done++;
        else if (tally.first_open == NULL)
            tally.first_open = step;
    }
    return tally;
}

static void add_where(struct wv_strbuf *out, const struct wv_look *look, const json_t *result)
{
    const json_t *heads = wv_value_array(result, "heads_after");
    if (heads == NULL)
        return;
    wv_strbuf_adds(out, "The database is at ");
    wv_render_ids(out, look, WV_YELLOW, heads);
    wv_strbuf_adds(out, ".\n");
}

static void add_broken_off(struct wv_strbuf *out, const struct wv_look *look, const json_t *result,
                           const char *what)
{
    struct tally tally = count_steps(result);
    /* A job that was refused may not have looked: no rows then say nothing. */
    if (tally.steps == 0) {
        if (wv_value_count(result, "heads_after") > 0)
            add_where(out, look, result);
        return;
    }
    const char *code = wv_value_text(wv_value_object(result, "error"), "code");
    bool half = code != NULL && strcmp(code, "STEP_INTERRUPTED") == 0;
    wv_style_text(out, look, WV_RED, what);
    wv_strbuf_adds(out, ": ");
    if (tally.first_open != NULL) {
        wv_strbuf_adds(out, half ? "interrupted in " : "rolled back ");
        wv_display_add_part(out, "", wv_value_text(tally.first_open, "direction"));
        wv_display_add_part(out, " ", wv_value_text(tally.first_open, "revision"));
        wv_display_add_part(out, " ", wv_value_text(tally.first_open, "message"));
        wv_strbuf_adds(out, "; ");
    }
    wv_strbuf_addf(out, "%zu of %zu step%s done.\n", tally.done, tally.steps,
                   tally.steps == 1 ? "" : "s");
    add_where(out, look, result);
}

void wv_render_outcome(struct wv_strbuf *out, const struct wv_look *look, const char *kind,
                       const json_t *result)
{
    const char *outcome = wv_value_text(result, "outcome");
    if (outcome == NULL)
        return;
    if (strcmp(outcome, "failed") == 0 || strcmp(outcome, "cancelled") == 0) {
        add_broken_off(out, look, result, strcmp(outcome, "failed") == 0 ? "Failed" : "Cancelled");
        return;
    }
    struct tally tally = count_steps(result);
    if (strcmp(outcome, "nothing-to-do") == 0) {
        wv_strbuf_adds(out, "Nothing to do. ");
    } else {
        wv_style_text(out, look, WV_GREEN, "Done");
        wv_display_add_part(out, ": ", kind);
        if (tally.steps > 0) {
            wv_strbuf_addf(out, " of %zu step%s in ", tally.steps, tally.steps == 1 ? "" : "s");
            wv_display_duration(out, (int64_t)(tally.seconds * 1000 + 0.5));
        }
        wv_strbuf_adds(out, ". ");
    }
    add_where(out, look, result);
}
