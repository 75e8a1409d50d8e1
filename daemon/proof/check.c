/* See check.h. */
#include "check.h"

#include "changes.h"
#include "likely_renames.h"
#include "models.h"
#include "models_source.h"
#include "replay.h"
#include "settle.h"

bool wv_check_run(struct wv_proof *proof, struct wv_err *err)
{
    struct wv_model_files files WV_AUTOMODELFILES = {0};
    struct wv_room head WV_AUTOROOM = {0};
    struct wv_room models WV_AUTOROOM = {0};
    struct wv_pair pair WV_AUTOPAIR = {0};
    struct wv_difference difference WV_AUTODIFFERENCE = {0};
    if (!wv_models_read(proof, wv_passed_texts_at(&proof->job->texts, 0), &files, err) ||
        !wv_replay_room(&head, proof, "heads", err) || !wv_room_make(&models, proof, err) ||
        !wv_models_load(&models, &files, WV_MODELS_WRITTEN, err) ||
        !wv_pair_read(&pair, &head, &models, err))
        return false;
    wv_difference_find(&difference, pair.before, pair.after);
    wv_tell_difference(proof->findings, &difference);
    wv_find_likely_renames(proof->findings, &difference);
    wv_note_unmodelled(proof->findings, pair.after, "the models");
    return proof->findings->changes.count > 0 || wv_pair_judge(&pair, &head, &models, err);
}
