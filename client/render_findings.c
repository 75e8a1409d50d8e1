/* See render.h. What was found in scratch databases. */
#include "display.h"
#include "proto.h"
#include "render.h"
#include "value.h"

static void add_attributes(struct wv_strbuf *out, const json_t *change)
{
    size_t index;
    const json_t *name;
    json_array_foreach(wv_value_array(change, "attributes"), index, name)
        wv_display_add_part(out, index == 0 ? ": " : ", ", json_string_value(name));
}

static void add_change(struct wv_strbuf *out, const struct wv_look *look, const json_t *change)
{
    wv_strbuf_adds(out, "  ");
    wv_style_text(out, look, WV_YELLOW, wv_value_text(change, "change"));
    wv_display_add_part(out, " ", wv_value_text(change, "kind"));
    wv_display_add_part(out, " ", wv_value_text(change, "object"));
    add_attributes(out, change);
    wv_display_add_part(out, ", because of ", wv_value_text(change, "because"));
    wv_strbuf_addc(out, '\n');
}

static void add_statement(struct wv_strbuf *out, const struct wv_look *look,
                          const json_t *statement)
{
    size_t index;
    const json_t *hazard;
    json_array_foreach(wv_value_array(statement, "hazards"), index, hazard)
    {
        wv_style_on(out, look, WV_DIM);
        wv_display_add_part(out, "-- hazard: ", wv_value_text(hazard, "code"));
        wv_display_add_part(out, ": ", wv_value_text(hazard, "text"));
        wv_style_off(out, look, WV_DIM);
        wv_strbuf_addc(out, '\n');
    }
    wv_display_add_block(out, wv_value_text(statement, "sql"), "");
    while (out->length > 0 && out->data[out->length - 1] == '\n')
        out->length--;
    wv_strbuf_adds(out, ";\n");
}

void wv_render_findings(struct wv_strbuf *out, const struct wv_look *look, const json_t *result,
                        const struct wv_sides *sides)
{
    size_t index;
    const json_t *item;
    size_t count = wv_value_count(result, "changes");
    if (count == 0) {
        wv_style_text(out, look, WV_GREEN, "No changes");
        wv_strbuf_addf(out, ": %s make the same schema.\n", sides->both);
        return;
    }
    wv_strbuf_addf(out, "%zu object%s differ%s between %s:\n", count, count == 1 ? "" : "s",
                   count == 1 ? "s" : "", sides->both);
    json_array_foreach(wv_value_array(result, "changes"), index, item) add_change(out, look, item);
    json_array_foreach(wv_value_array(result, "statements"), index, item)
    {
        if (index == 0)
            wv_strbuf_addf(out, "\n%s:\n\n", sides->statements);
        add_statement(out, look, item);
    }
}

void wv_render_notes(struct wv_strbuf *out, const struct wv_look *look, const json_t *result)
{
    size_t index;
    const json_t *note;
    json_array_foreach(wv_value_array(result, "notes"), index, note)
    {
        wv_style_text(out, look, WV_YELLOW, "note");
        wv_display_add_part(out, ": ", json_string_value(note));
        wv_strbuf_addc(out, '\n');
    }
}

/* Each once, where several statements have it. */
void wv_render_hazards(struct wv_strbuf *out, const struct wv_look *look, const json_t *result)
{
    size_t i;
    size_t j;
    const json_t *statement;
    const json_t *hazard;
    json_t *seen = json_object();
    json_array_foreach(wv_value_array(result, "statements"), i, statement)
    {
        json_array_foreach(wv_value_array(statement, "hazards"), j, hazard)
        {
            struct wv_strbuf line WV_AUTOSTRBUF = WV_STRBUF_INIT;
            wv_display_add_part(&line, ": ", wv_value_text(hazard, "code"));
            wv_display_add_part(&line, ": ", wv_value_text(hazard, "text"));
            if (json_object_get(seen, wv_strbuf_text(&line)) != NULL)
                continue;
            json_object_set_new(seen, wv_strbuf_text(&line), json_true());
            wv_style_text(out, look, WV_YELLOW, "hazard");
            wv_strbuf_adds(out, wv_strbuf_text(&line));
            wv_strbuf_addc(out, '\n');
        }
    }
    json_decref(seen);
}

static void add_trial(struct wv_strbuf *out, const struct wv_look *look, const json_t *trial)
{
    bool passed = wv_value_true(trial, "passed");
    wv_style_text(out, look, passed ? WV_GREEN : WV_RED, passed ? "passed" : "FAILED");
    wv_display_add_part(out, "  ", wv_value_text(trial, "revision"));
    wv_display_add_part(out, "  ", wv_value_text(trial, "message"));
    if (wv_value_true(trial, "irreversible"))
        wv_strbuf_adds(out, " (irreversible: only up)");
    wv_strbuf_addc(out, '\n');
    if (passed)
        return;
    wv_display_add_part(out, "        ", wv_value_text(trial, "turn"));
    wv_display_add_part(out, ": ", wv_value_text(trial, "fault"));
    wv_strbuf_addc(out, '\n');
    const json_t *error = wv_value_object(trial, "error");
    struct wv_err err WV_AUTOERR = {0};
    if (error != NULL)
        wv_proto_err_from(error, &err);
    wv_render_error_place(out, look, &err);
}

void wv_render_trials(struct wv_strbuf *out, const struct wv_look *look, const json_t *result,
                      bool named, bool quiet)
{
    size_t index;
    const json_t *trial;
    if (wv_value_count(result, "revisions") == 0 && !quiet)
        wv_strbuf_addf(out, "Nothing to test: %s (--all tests all).\n",
                       named ? "that is no revision" : "no revision is pending");
    json_array_foreach(wv_value_array(result, "revisions"), index,
                       trial) if (!quiet || !wv_value_true(trial, "passed"))
        add_trial(out, look, trial);
}
