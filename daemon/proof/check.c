/* See check.h. */
#include "check.h"

#include "changes.h"
#include "models.h"
#include "replay.h"

/* The statements are a service: that they cannot be written is no reason not to tell the changes.
 */
static void tell_statements(struct wv_findings *findings, const struct wv_difference *difference)
{
    struct wv_ddl ddl WV_AUTODDL = {0};
    struct wv_err err WV_AUTOERR = {0};
    if (wv_ddl_write(&ddl, difference, false, &err))
        wv_find_statements(findings, &ddl);
    else
        wv_findings_note(findings, "no statements: %s", err.message);
}

static void compare(struct wv_findings *findings, const struct wv_catalog *before,
                    const struct wv_catalog *after)
{
    struct wv_difference difference WV_AUTODIFFERENCE = {0};
    wv_difference_find(&difference, before, after);
    if (wv_find_changes(&findings->changes, &difference))
        tell_statements(findings, &difference);
}

bool wv_check_run(struct wv_proof *proof, struct wv_err *err)
{
    struct wv_model_files files WV_AUTOMODELFILES = {0};
    struct wv_room head WV_AUTOROOM = {0};
    struct wv_room models WV_AUTOROOM = {0};
    struct wv_catalog *before WV_AUTOCATALOG = NULL;
    struct wv_catalog *after WV_AUTOCATALOG = NULL;
    if (!wv_model_files_read(&files, proof->settings->models, err) ||
        !wv_replay_room(&head, proof, "heads", err) || !wv_room_inspect(&head, &before, err) ||
        !wv_room_make(&models, proof, err) || !wv_models_load(&models, &files, err) ||
        !wv_room_inspect(&models, &after, err))
        return false;
    compare(proof->findings, before, after);
    wv_note_unmodelled(proof->findings, after, "the models");
    return true;
}
