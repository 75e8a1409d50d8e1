/* See render.h. What the ledger says: verdicts, accepted edits, the history. */
#include "render.h"

#include <string.h>

#include "display.h"
#include "value.h"

enum { INDENT = 13 };

static void indent(struct wv_strbuf *out)
{
    wv_strbuf_addf(out, "%*s", INDENT, "");
}

static void note(struct wv_strbuf *out, const char *text)
{
    indent(out);
    wv_strbuf_adds(out, text);
    wv_strbuf_addc(out, '\n');
}

static enum wv_style style_of(const char *line)
{
    if (strncmp(line, "---", 3) == 0 || strncmp(line, "+++", 3) == 0)
        return WV_BOLD;
    switch (*line) {
    case '-':
        return WV_RED;
    case '+':
        return WV_GREEN;
    case '@':
        return WV_DIM;
    default:
        return WV_PLAIN;
    }
}

void wv_render_diff(struct wv_strbuf *out, const struct wv_look *look, const char *diff)
{
    while (diff != NULL && *diff != '\0') {
        size_t length = strcspn(diff, "\n");
        char *line WV_AUTOFREE = wv_xstrndup(diff, length);
        struct wv_strbuf shown WV_AUTOSTRBUF = WV_STRBUF_INIT;
        wv_display_add_block(&shown, line, "");
        while (shown.length > 0 && shown.data[shown.length - 1] == '\n')
            shown.length--;
        enum wv_style style = style_of(line);
        wv_style_on(out, look, style);
        wv_strbuf_add(out, shown.data, shown.length);
        wv_style_off(out, look, style);
        wv_strbuf_addc(out, '\n');
        diff += length + (diff[length] == '\n');
    }
}

static void add_revision(struct wv_strbuf *out, const struct wv_look *look, const json_t *revision)
{
    wv_style_text(out, look, WV_YELLOW, wv_value_text(revision, "revision"));
    wv_display_add_part(out, "  ", wv_value_text(revision, "message"));
    wv_strbuf_addc(out, '\n');
    indent(out);
    const char *path = wv_value_text(revision, "path");
    wv_display_add_part(out, "  ", path);
    wv_display_add_part(out, path != NULL ? ", applied " : "  applied ",
                        wv_value_text(revision, "applied_at"));
    wv_display_add_part(out, " by ", wv_value_text(revision, "applied_by"));
    wv_strbuf_addc(out, '\n');
}

static void add_revisions(struct wv_strbuf *out, const struct wv_look *look, const char *label,
                          const json_t *revisions)
{
    size_t index;
    const json_t *revision;
    json_array_foreach(revisions, index, revision)
    {
        if (index == 0)
            wv_render_label(out, look, label);
        else
            indent(out);
        add_revision(out, look, revision);
    }
}

static void add_unknown(struct wv_strbuf *out, const struct wv_look *look, const json_t *unknown)
{
    wv_render_label(out, look, "Unknown");
    wv_render_ids(out, look, WV_YELLOW, unknown);
    wv_strbuf_addc(out, '\n');
    note(out, "in the version table, but neither the files nor the ledger know it");
}

static void add_unrecorded(struct wv_strbuf *out, size_t count)
{
    wv_strbuf_addf(out,
                   "%zu applied revision%s not recorded, for example because Alembic applied %s",
                   count, count == 1 ? " is" : "s are", count == 1 ? "it" : "them");
    wv_strbuf_addf(out, ": `wovenctl migrate repair --accept REV` records %s.\n",
                   count == 1 ? "it" : "one");
}

static void add_clean(struct wv_strbuf *out, const struct wv_look *look, const json_t *verdict,
                      size_t unrecorded)
{
    int64_t count = wv_value_int(verdict, "applied") - (int64_t)unrecorded;
    wv_style_text(out, look, WV_GREEN, "Clean");
    wv_strbuf_addf(out, ": %lld applied revision%s as %s.\n", (long long)count,
                   count == 1 ? " is" : "s are", count == 1 ? "its file says" : "their files say");
}

void wv_render_verdict(struct wv_strbuf *out, const struct wv_look *look, const json_t *verdict)
{
    const json_t *edited = wv_value_array(verdict, "edited");
    const json_t *missing = wv_value_array(verdict, "missing");
    const json_t *unknown = wv_value_array(verdict, "unknown");
    size_t unrecorded = wv_value_count(verdict, "unrecorded");
    if (wv_value_true(verdict, "clean"))
        add_clean(out, look, verdict, unrecorded);
    add_revisions(out, look, "Edited", edited);
    if (json_array_size(edited) > 0) {
        note(out,
             "put the file back as it was (`wovenctl migrate verify --diff` shows the change),");
        note(out, "or accept it as it is: `wovenctl migrate repair --accept REV`");
    }
    add_revisions(out, look, "Missing", missing);
    if (json_array_size(missing) > 0)
        note(out, "in no file here; `wovenctl migrate show REV` prints what the ledger has");
    if (json_array_size(unknown) > 0)
        add_unknown(out, look, unknown);
    if (unrecorded > 0)
        add_unrecorded(out, unrecorded);
    size_t index;
    const json_t *edit;
    json_array_foreach(edited, index, edit)
    {
        const char *diff = wv_value_text(edit, "diff");
        if (diff == NULL)
            continue;
        wv_strbuf_addc(out, '\n');
        wv_render_diff(out, look, diff);
    }
}

void wv_render_accepted(struct wv_strbuf *out, const struct wv_look *look, const json_t *result)
{
    bool dry_run = wv_value_true(result, "dry_run");
    const json_t *accepted = wv_value_array(result, "accepted");
    if (json_array_size(accepted) == 0)
        wv_strbuf_adds(out, "Nothing to do: the files are as they were recorded.\n");
    size_t index;
    const json_t *edit;
    json_array_foreach(accepted, index, edit)
    {
        wv_style_text(out, look, WV_GREEN, dry_run ? "Would accept" : "Accepted");
        wv_display_add_part(out, " ", wv_value_text(edit, "revision"));
        wv_display_add_part(out, "  ", wv_value_text(edit, "message"));
        wv_display_add_part(out, ", ", wv_value_text(edit, "path"));
        wv_strbuf_addc(out, '\n');
        wv_render_diff(out, look, wv_value_text(edit, "diff"));
    }
}

static void add_outcome(struct wv_strbuf *out, const struct wv_look *look, const json_t *entry)
{
    const char *outcome = wv_value_text(entry, "outcome");
    bool done = outcome != NULL && strcmp(outcome, "done") == 0;
    wv_style_text(out, look, done ? WV_GREEN : WV_RED, outcome != NULL ? outcome : "");
    double seconds = wv_value_real(entry, "seconds");
    if (seconds > 0) {
        wv_strbuf_adds(out, done ? " in " : " after ");
        wv_display_duration(out, (int64_t)(seconds * 1000 + 0.5));
    }
}

static void add_by(struct wv_strbuf *out, const json_t *entry)
{
    const json_t *caller = wv_value_object(entry, "caller");
    wv_display_add_part(out, "    by ", wv_value_text(caller, "user"));
    wv_strbuf_addf(out, " (uid %lld, pid %lld", (long long)wv_value_int(caller, "uid"),
                   (long long)wv_value_int(caller, "pid"));
    wv_display_add_part(out, ", unit ", wv_value_text(caller, "unit"));
    wv_strbuf_addc(out, ')');
    wv_display_add_part(out, " on ", wv_value_text(entry, "host"));
    wv_display_add_part(out, ", wovend ", wv_value_text(entry, "version"));
    int64_t job = wv_value_int(entry, "job");
    if (job > 0)
        wv_strbuf_addf(out, ", job %lld", (long long)job);
    wv_display_add_part(out, ", tag ", wv_value_text(entry, "tag"));
    wv_strbuf_addc(out, '\n');
}

static void add_text(struct wv_strbuf *out, const json_t *entry, const char *key)
{
    const char *text = wv_value_text(entry, key);
    if (text == NULL)
        return;
    wv_strbuf_adds(out, "    ");
    wv_display_add_line(out, text);
    const char *sqlstate = wv_value_text(entry, "sqlstate");
    if (sqlstate != NULL) {
        wv_display_add_part(out, " (SQLSTATE ", sqlstate);
        wv_strbuf_addc(out, ')');
    }
    wv_strbuf_addc(out, '\n');
}

static void add_entry(struct wv_strbuf *out, const struct wv_look *look, const json_t *entry)
{
    wv_strbuf_addf(out, "%lld  ", (long long)wv_value_int(entry, "id"));
    wv_display_add_part(out, "", wv_value_text(entry, "at"));
    wv_display_add_part(out, "  ", wv_value_text(entry, "kind"));
    wv_strbuf_addc(out, ' ');
    wv_style_text(out, look, WV_YELLOW, wv_value_text(entry, "revision"));
    wv_style_text(out, look, WV_YELLOW, wv_value_text(entry, "command"));
    wv_display_add_part(out, "  ", wv_value_text(entry, "message"));
    wv_strbuf_adds(out, "  ");
    add_outcome(out, look, entry);
    wv_strbuf_addc(out, '\n');
    add_by(out, entry);
    add_text(out, entry, "note");
    add_text(out, entry, "error");
}

void wv_render_log(struct wv_strbuf *out, const struct wv_look *look, const json_t *log, bool quiet)
{
    const json_t *entries = wv_value_array(log, "entries");
    size_t index;
    const json_t *entry;
    json_array_foreach(entries, index, entry) add_entry(out, look, entry);
    int64_t next = wv_value_int(log, "next");
    if (quiet)
        return;
    if (json_array_size(entries) == 0)
        wv_strbuf_adds(out, "Nothing is in the history that fits.\n");
    if (next > 0)
        wv_strbuf_addf(out, "Older ones follow: wovenctl migrate log --before %lld\n",
                       (long long)next);
}
