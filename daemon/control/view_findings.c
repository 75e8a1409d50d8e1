/* What a job found in scratch databases, as JSON. */
#include "proto.h"
#include "view.h"

static json_t *view_change(const struct wv_found_change *change)
{
    json_t *object = json_object();
    wv_proto_set_text(object, "change", change->deed);
    wv_proto_set_text(object, "kind", change->kind);
    wv_proto_set_text(object, "object", change->identity);
    if (change->attributes.count > 0)
        json_object_set_new(object, "attributes", wv_proto_texts(&change->attributes));
    wv_proto_set_text(object, "because", change->because);
    return object;
}

static json_t *view_changes(const struct wv_found_changes *changes)
{
    json_t *array = json_array();
    for (size_t i = 0; i < changes->count; i++)
        json_array_append_new(array, view_change(&changes->items[i]));
    return array;
}

static json_t *view_hazards(const struct wv_found_statement *statement)
{
    json_t *array = json_array();
    for (size_t i = 0; i < statement->hazard_count; i++) {
        json_t *object = json_object();
        wv_proto_set_text(object, "code", statement->hazards[i].code);
        wv_proto_set_text(object, "text", statement->hazards[i].text);
        json_array_append_new(array, object);
    }
    return array;
}

static json_t *view_statements(const struct wv_found_statements *statements)
{
    json_t *array = json_array();
    for (size_t i = 0; i < statements->count; i++) {
        const struct wv_found_statement *statement = &statements->items[i];
        json_t *object = json_object();
        wv_proto_set_text(object, "sql", statement->sql);
        json_object_set_new(object, "transaction", json_boolean(!statement->alone));
        json_object_set_new(object, "hazards", view_hazards(statement));
        json_array_append_new(array, object);
    }
    return array;
}

static json_t *view_files(const struct wv_found_files *files)
{
    json_t *array = json_array();
    for (size_t i = 0; i < files->count; i++) {
        const struct wv_found_file *file = &files->items[i];
        json_t *object = json_object();
        wv_proto_set_text(object, "revision", file->revision);
        wv_proto_set_text(object, "path", file->path);
        wv_proto_set_text(object, "content", file->content);
        json_object_set_new(object, "down_revision", wv_proto_texts(&file->down));
        json_array_append_new(array, object);
    }
    return array;
}

static json_t *view_rows(const struct wv_findings *findings)
{
    json_t *object = json_object();
    json_object_set_new(object, "tables", json_integer((json_int_t)findings->rows_counted));
    json_object_set_new(object, "not_counted", wv_proto_texts(&findings->rows_uncounted));
    return object;
}

static void add_files(json_t *object, const struct wv_findings *findings)
{
    if (findings->files.count == 0)
        return;
    json_object_set_new(object, "files", view_files(&findings->files));
    if (findings->heads.count > 0)
        json_object_set_new(object, "heads", wv_proto_texts(&findings->heads));
    if (findings->statements.count > 0)
        json_object_set_new(object, "proven", json_boolean(findings->proven));
    wv_proto_set_text(object, "unproven", findings->unproven);
    if (findings->rows_counted + findings->rows_uncounted.count > 0)
        json_object_set_new(object, "rows", view_rows(findings));
}

static json_t *view_renames(const struct wv_found_renames *renames)
{
    json_t *array = json_array();
    for (size_t i = 0; i < renames->count; i++) {
        json_t *object = json_object();
        wv_proto_set_text(object, "kind", renames->items[i].kind);
        wv_proto_set_text(object, "from", renames->items[i].from);
        wv_proto_set_text(object, "to", renames->items[i].to);
        json_array_append_new(array, object);
    }
    return array;
}

static json_t *view_trials(const struct wv_found_trials *trials)
{
    json_t *array = json_array();
    for (size_t i = 0; i < trials->count; i++) {
        const struct wv_found_trial *trial = &trials->items[i];
        json_t *object = json_object();
        wv_proto_set_text(object, "revision", trial->revision);
        wv_proto_set_text(object, "message", trial->message);
        json_object_set_new(object, "passed", json_boolean(trial->fault == NULL));
        json_object_set_new(object, "irreversible", json_boolean(trial->irreversible));
        wv_proto_set_text(object, "turn", trial->turn);
        wv_proto_set_text(object, "fault", trial->fault);
        if (trial->error.code != WV_OK)
            json_object_set_new(object, "error", wv_proto_err_json(&trial->error));
        if (trial->changes.count > 0)
            json_object_set_new(object, "changes", view_changes(&trial->changes));
        json_array_append_new(array, object);
    }
    return array;
}

static bool is_clean(const struct wv_findings *findings)
{
    for (size_t i = 0; i < findings->trials.count; i++)
        if (findings->trials.items[i].fault != NULL)
            return false;
    return findings->changes.count == 0;
}

/* "clean" is there only when it is known: who does not look at the outcome must not take a failed
 * comparison for none. */
json_t *wv_view_findings(const struct wv_job_result *result)
{
    const struct wv_findings *findings = result->findings;
    json_t *object = json_object();
    json_object_set_new(object, "job", json_integer((json_int_t)result->job_id));
    wv_proto_set_text(object, "outcome", wv_outcome_word(result->outcome));
    if (result->outcome == WV_OUTCOME_DONE) {
        json_object_set_new(object, "clean", json_boolean(is_clean(findings)));
        json_object_set_new(object, "changes", view_changes(&findings->changes));
        json_object_set_new(object, "statements", view_statements(&findings->statements));
        add_files(object, findings);
        if (findings->likely_renames.count > 0)
            json_object_set_new(object, "likely_renames", view_renames(&findings->likely_renames));
        if (findings->trials.count > 0)
            json_object_set_new(object, "revisions", view_trials(&findings->trials));
    }
    json_object_set_new(object, "notes", wv_proto_texts(&findings->notes));
    if (result->error.code != WV_OK)
        json_object_set_new(object, "error", wv_proto_err_json(&result->error));
    return object;
}
