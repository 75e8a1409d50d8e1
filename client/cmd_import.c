/* `import`: reads the migrations of another tool, checks all, writes all, and says how a database
 * that the tool has migrated is taken over. Needs no daemon. */
#include <stdlib.h>
#include <string.h>

#include "display.h"
#include "import.h"
#include "run.h"

/* Reads and checks; false with all faults at once. */
static bool prepare(struct wv_import *import, struct wv_err *err)
{
    if (!import->tool->read(import, err))
        return false;
    wv_import_check(import);
    if (import->count == 0 && import->problems.count == 0) {
        wv_err_set(err, WV_LOAD_ERROR, "%s holds no migrations of %s", import->directory,
                   import->tool->name);
        return wv_err_hint(err, "name the folder with the migration files themselves");
    }
    return true;
}

static bool report_problems(struct wv_import *import, struct wv_err *err)
{
    if (import->problems.count == 0)
        return true;
    wv_problems_sort(&import->problems);
    wv_err_set(err, WV_LOAD_ERROR, "%s cannot be imported: %zu %s", import->directory,
               import->problems.count, import->problems.count == 1 ? "fault" : "faults");
    wv_err_hint(err, "nothing was written");
    wv_problems_copy(&err->problems, &import->problems);
    return false;
}

static json_t *note_json(const struct wv_problem *note)
{
    json_t *json = json_pack("{s:o,s:o}", "kind", wv_proto_text(note->kind), "message",
                             wv_proto_text(note->message));
    wv_proto_set_text(json, "file", note->file);
    if (note->line > 0)
        json_object_set_new(json, "line", json_integer(note->line));
    return json;
}

static json_t *revision_json(const struct wv_import_revision *revision)
{
    json_t *refuses = json_array();
    if (revision->up.refusal != NULL)
        json_array_append_new(refuses, json_string("up"));
    if (revision->undo.refusal != NULL)
        json_array_append_new(refuses, json_string("down"));
    json_t *json = json_pack(
        "{s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:b,s:o}", "revision", wv_proto_text(revision->id), "version",
        wv_proto_text(revision->version), "down_revision", wv_proto_texts(&revision->down),
        "depends_on", wv_proto_texts(&revision->depends_on), "branch_labels",
        wv_proto_texts(&revision->labels), "message", wv_proto_text(revision->message), "source",
        wv_proto_text(revision->source), "has_down", revision->undo.present, "refuses", refuses);
    wv_proto_set_text(json, "path", revision->path);
    return json;
}

static json_t *result_json(const struct wv_import *import, const char *into, bool dry)
{
    json_t *revisions = json_array();
    json_t *notes = json_array();
    for (size_t i = 0; i < import->count; i++)
        json_array_append_new(revisions, revision_json(&import->items[i]));
    for (size_t i = 0; i < import->notes.count; i++)
        json_array_append_new(notes, note_json(&import->notes.items[i]));
    json_t *json = json_pack("{s:s,s:o,s:o,s:b,s:o,s:o}", "tool", import->tool->name, "directory",
                             wv_proto_text(import->directory), "into", wv_proto_text(into),
                             "dry_run", dry, "revisions", revisions, "notes", notes);
    wv_proto_set_text(json, "tool_version", import->tool_version);
    wv_proto_set_text(json, "question", import->tool->question);
    return json;
}

static void pad_to(struct wv_strbuf *out, size_t from, int width)
{
    for (int n = wv_display_width(out->data + from); n < width; n++)
        wv_strbuf_addc(out, ' ');
    wv_strbuf_adds(out, "  ");
}

static void add_row(struct wv_strbuf *out, const struct wv_look *look, const char *const cells[3],
                    const int widths[2], enum wv_style style)
{
    for (size_t i = 0; i < 3; i++) {
        struct wv_strbuf plain WV_AUTOSTRBUF = WV_STRBUF_INIT;
        wv_display_add_line(&plain, cells[i]);
        size_t from = plain.length;
        wv_style_on(out, look, style);
        wv_strbuf_adds(out, wv_strbuf_text(&plain));
        wv_style_off(out, look, style);
        if (i == 2 || from == 0)
            break;
        pad_to(&plain, 0, widths[i]);
        wv_strbuf_adds(out, plain.data + from);
    }
    wv_strbuf_addc(out, '\n');
}

/* The tool's version, our revision, its file. */
static void add_table(struct wv_strbuf *out, const struct wv_look *look,
                      const struct wv_import *import)
{
    static const char *const titles[3] = {"VERSION", "REVISION", "FILE"};
    int widths[2] = {7, 8};
    for (size_t i = 0; i < import->count; i++) {
        int version = wv_display_width(import->items[i].version);
        int id = wv_display_width(import->items[i].id);
        widths[0] = version > widths[0] ? version : widths[0];
        widths[1] = id > widths[1] ? id : widths[1];
    }
    add_row(out, look, titles, widths, WV_BOLD);
    for (size_t i = 0; i < import->count; i++) {
        const struct wv_import_revision *revision = &import->items[i];
        const char *const cells[3] = {revision->version, revision->id, revision->path};
        add_row(out, look, cells, widths, WV_PLAIN);
    }
}

static void add_next(struct wv_strbuf *out, const struct wv_look *look,
                     const struct wv_import *import)
{
    if (import->tool->question == NULL) {
        wv_strbuf_adds(out, "A database that Alembic has migrated needs nothing more: its version "
                            "table is the one wovend uses.\n");
        return;
    }
    wv_strbuf_addf(out, "To take over a database that %s has migrated, ask it for its version,\n  ",
                   import->tool->name);
    wv_strbuf_adds(out, import->tool->question);
    wv_strbuf_addf(out,
                   "\nand record that version's revision:\n  wovenctl migrate stamp \"$("
                   "wovenctl import %s ",
                   import->tool->name);
    wv_style_text(out, look, WV_PLAIN, import->directory);
    wv_strbuf_adds(out, " --applied VERSION)\"\n");
}

/* What is taken over in another way, on standard error: a page for people. */
static void show_notes(const struct wv_call *call, const struct wv_import *import)
{
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    for (size_t i = 0; i < import->notes.count; i++) {
        const struct wv_problem *note = &import->notes.items[i];
        wv_style_on(&text, &call->err, WV_YELLOW);
        wv_strbuf_adds(&text, "note: ");
        wv_style_off(&text, &call->err, WV_YELLOW);
        wv_display_add_line(&text, note->file);
        if (note->line > 0)
            wv_strbuf_addf(&text, ":%d", note->line);
        wv_strbuf_adds(&text, ": ");
        wv_display_add_line(&text, note->message);
        wv_strbuf_addc(&text, '\n');
    }
    wv_write_err(&text);
}

static int show(struct wv_call *call, const struct wv_import *import, const char *into, bool dry)
{
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    if (!call->json)
        show_notes(call, import);
    add_table(&text, &call->out, import);
    if (!call->quiet) {
        wv_strbuf_addf(&text, "%s %zu %s of %s%s%s.\n", dry ? "Would write" : "Wrote",
                       import->count, import->count == 1 ? "revision" : "revisions",
                       import->tool->name, import->tool_version != NULL ? " " : "",
                       import->tool_version != NULL ? import->tool_version : "");
        add_next(&text, &call->out, import);
    }
    json_t *result = result_json(import, into, dry);
    int status = wv_call_finish(call, result, &text, WV_EXIT_DONE);
    json_decref(result);
    return status;
}

/* --applied: the revision for one version, and nothing else. */
static int show_applied(struct wv_call *call, const struct wv_import *import, const char *version)
{
    struct wv_err err WV_AUTOERR = {0};
    const struct wv_import_revision *revision = wv_import_find(import, version);
    if (revision == NULL) {
        wv_err_set(&err, WV_REVISION_NOT_FOUND, "%s has no migration of version %s",
                   import->directory, version);
        wv_err_hint(&err, "`wovenctl import %s %s --dry-run` lists them", import->tool->name,
                    import->directory);
        return wv_call_fail(call, &err);
    }
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    wv_strbuf_addf(&text, "%s\n", revision->id);
    json_t *result = json_pack("{s:o,s:o}", "version", wv_proto_text(revision->version), "revision",
                               wv_proto_text(revision->id));
    int status = wv_call_finish(call, result, &text, WV_EXIT_DONE);
    json_decref(result);
    return status;
}

static int run(struct wv_call *call, struct wv_import *import)
{
    struct wv_err err WV_AUTOERR = {0};
    const char *into = wv_args_value(call->args, WV_OPT_INTO);
    const char *applied = wv_args_value(call->args, WV_OPT_APPLIED);
    bool dry = wv_args_has(call->args, WV_OPT_DRY_RUN);
    if (into == NULL || *into == '\0')
        into = "migrations/versions";
    if (!prepare(import, &err))
        return wv_call_fail(call, &err);
    if (applied != NULL)
        return show_applied(call, import, applied);
    if (!wv_import_place(import, into, &err) || !report_problems(import, &err) ||
        (!dry && !wv_import_write(import, into, &err)))
        return wv_call_fail(call, &err);
    return show(call, import, into, dry);
}

int wv_run_import(struct wv_call *call)
{
    const char *python = wv_args_value(call->args, WV_OPT_PYTHON);
    struct wv_import import = {.tool = wv_import_tool_find(call->args->cmd->name),
                               .directory = call->args->words.items[0],
                               .python = python != NULL ? python : "/usr/bin/python3"};
    int status = run(call, &import);
    wv_import_free(&import);
    return status;
}
