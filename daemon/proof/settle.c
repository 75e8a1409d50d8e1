/* See settle.h. By way of pg_dump, which knows nothing of the engine. */
#include "settle.h"

#include "findings.h"
#include "judge.h"
#include "models.h"
#include "settled.h"

bool wv_settle(struct wv_room *room, struct wv_room *from, struct wv_catalog **catalog,
               struct wv_err *err)
{
    struct wv_model_files files WV_AUTOMODELFILES = {0};
    struct wv_problems problems = {0};
    char *text = NULL;
    if (!wv_judge_text(from, &text, err))
        return false;
    wv_model_files_add_dump(&files, "(dump)", text, &problems);
    if (problems.count > 0) {
        wv_err_set(err, WV_INTERNAL, "what pg_dump wrote cannot be read");
        err->problems = problems;
        return false;
    }
    return wv_room_make(room, from->proof, err) && wv_models_load(room, &files, err) &&
           wv_room_inspect(room, catalog, err);
}

bool wv_settle_is_impossible(const struct wv_err *err)
{
    return err->code == WV_SERVER_FAILED || err->code == WV_LOAD_ERROR;
}

void wv_pair_clear(struct wv_pair *pair)
{
    wv_catalog_free(pair->before);
    wv_catalog_free(pair->after);
    *pair = (struct wv_pair){0};
}

/* Why they cannot be settled is told; what differs in its text alone is a change then. */
static bool go_on_unsettled(const struct wv_proof *proof, struct wv_err *why, struct wv_err *err)
{
    if (!wv_settle_is_impossible(why)) {
        wv_err_move(err, why);
        return false;
    }
    wv_findings_note(proof->findings,
                     "expressions that differ in their text alone are told as "
                     "changes: %s",
                     why->message);
    return true;
}

bool wv_pair_read(struct wv_pair *pair, struct wv_room *before, struct wv_room *after,
                  struct wv_err *err)
{
    struct wv_room first WV_AUTOROOM = {0};
    struct wv_room second WV_AUTOROOM = {0};
    struct wv_catalog *settled_before WV_AUTOCATALOG = NULL;
    struct wv_catalog *settled_after WV_AUTOCATALOG = NULL;
    struct wv_difference difference WV_AUTODIFFERENCE = {0};
    struct wv_err why WV_AUTOERR = {0};
    if (!wv_room_inspect(before, &pair->before, err) || !wv_room_inspect(after, &pair->after, err))
        return false;
    wv_difference_find(&difference, pair->before, pair->after);
    if (wv_difference_is_empty(&difference))
        return true;
    if (!wv_settle(&first, before, &settled_before, &why) ||
        !wv_settle(&second, after, &settled_after, &why))
        return go_on_unsettled(before->proof, &why, err);
    wv_catalog_settle(pair->after, pair->before, settled_after, settled_before);
    return true;
}
