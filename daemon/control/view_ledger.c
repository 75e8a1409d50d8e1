/* What the ledger says as JSON: edits, missing and unknown revisions, the history. */
#include <string.h>

#include "proto.h"
#include "view.h"

static void set_number(json_t *object, const char *key, int64_t value)
{
    json_object_set_new(object, key, json_integer(value));
}

json_t *wv_view_edits(const struct wv_edits *edits)
{
    json_t *array = json_array();
    for (size_t i = 0; i < edits->count; i++) {
        const struct wv_edit *edit = &edits->items[i];
        json_t *object = json_object();
        wv_proto_set_text(object, "revision", edit->id);
        wv_proto_set_text(object, "message", edit->message);
        wv_proto_set_text(object, "path", edit->path);
        wv_proto_set_text(object, "applied_at", edit->applied_at);
        wv_proto_set_text(object, "applied_by", edit->applied_by);
        json_object_set_new(object, "recorded_checksum", wv_proto_text(edit->recorded));
        wv_proto_set_text(object, "file_checksum", edit->now);
        wv_proto_set_text(object, "diff", edit->diff);
        json_array_append_new(array, object);
    }
    return array;
}

static json_t *view_missing(const struct wv_ledger_revisions *missing)
{
    json_t *array = json_array();
    for (size_t i = 0; i < missing->count; i++) {
        const struct wv_ledger_revision *revision = &missing->items[i];
        json_t *object = json_object();
        wv_proto_set_text(object, "revision", revision->id);
        wv_proto_set_text(object, "message", revision->message);
        wv_proto_set_text(object, "applied_at", revision->applied_at);
        wv_proto_set_text(object, "applied_by", revision->applied_by);
        json_array_append_new(array, object);
    }
    return array;
}

json_t *wv_view_verdict(const struct wv_verdict *verdict)
{
    bool clean =
        verdict->edited.count == 0 && verdict->missing.count == 0 && verdict->unknown.count == 0;
    json_t *object = json_object();
    json_object_set_new(object, "clean", json_boolean(clean));
    set_number(object, "applied", (int64_t)verdict->applied);
    json_object_set_new(object, "edited", wv_view_edits(&verdict->edited));
    json_object_set_new(object, "missing", view_missing(&verdict->missing));
    json_object_set_new(object, "unknown", wv_proto_texts(&verdict->unknown));
    json_object_set_new(object, "unrecorded", wv_proto_texts(&verdict->unrecorded));
    return object;
}

static void set_if_any(json_t *object, const char *key, const char *text)
{
    json_object_set_new(object, key, *text != '\0' ? wv_proto_text(text) : json_null());
}

static json_t *view_entry(const struct wv_log_entry *entry, const struct wv_project *project)
{
    const struct wv_revision *file = wv_project_find(project, entry->revision);
    bool done = strcmp(entry->outcome, "done") == 0;
    json_t *object = json_object();
    set_number(object, "id", entry->id);
    wv_proto_set_text(object, "at", entry->started_at);
    wv_proto_set_text(object, "kind", entry->kind);
    wv_proto_set_text(object, "revision", entry->revision);
    set_if_any(object, "message", file != NULL ? file->message : entry->message);
    set_if_any(object, "command", entry->command);
    wv_proto_set_text(object, "outcome", entry->outcome);
    json_object_set_new(object, "seconds", json_real((double)entry->took_us / 1e6));
    json_t *caller = json_object();
    set_number(caller, "uid", entry->uid);
    set_number(caller, "pid", entry->pid);
    wv_proto_set_text(caller, "user", entry->user);
    set_if_any(caller, "unit", entry->unit);
    json_object_set_new(object, "caller", caller);
    wv_proto_set_text(object, "host", entry->host);
    wv_proto_set_text(object, "version", entry->version);
    set_number(object, "job", entry->job);
    set_if_any(object, "tag", entry->tag);
    set_if_any(object, "note", done ? entry->text : "");
    set_if_any(object, "error", done ? "" : entry->text);
    set_if_any(object, "sqlstate", entry->sqlstate);
    return object;
}

json_t *wv_view_log(const struct wv_log_page *page, const struct wv_project *project)
{
    json_t *entries = json_array();
    for (size_t i = 0; i < page->count; i++)
        json_array_append_new(entries, view_entry(&page->items[i], project));
    json_t *object = json_object();
    json_object_set_new(object, "entries", entries);
    json_object_set_new(object, "next",
                        page->more ? json_integer(page->items[page->count - 1].id) : json_null());
    return object;
}
