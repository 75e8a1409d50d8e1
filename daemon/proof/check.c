/* See check.h. */
#include "check.h"

#include "changes.h"
#include "models.h"
#include "replay.h"

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
    wv_tell_difference(proof->findings, before, after);
    wv_note_unmodelled(proof->findings, after, "the models");
    return true;
}
