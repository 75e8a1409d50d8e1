/* See settle.h. By way of pg_dump, which knows nothing of the engine. */
#include "settle.h"

#include "findings.h"
#include "judge.h"
#include "models.h"
#include "settled.h"
#include "template.h"

bool wv_settle(struct wv_room *room, struct wv_proof *proof, const struct wv_pg *pg,
               struct wv_catalog **catalog, struct wv_err *err)
{
    struct wv_model_files files WV_AUTOMODELFILES = {0};
    struct wv_problems problems = {0};
    char *text = NULL;
    if (!wv_judge_text(proof, pg, &text, err))
        return false;
    wv_model_files_add_dump(&files, "(dump)", text, &problems);
    if (problems.count > 0) {
        wv_err_set(err, WV_INTERNAL, "what pg_dump wrote cannot be read");
        err->problems = problems;
        return false;
    }
    return wv_room_make(room, proof, err) && wv_models_load(room, &files, WV_MODELS_PRINTED, err) &&
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

/* That pg_dump cannot be asked is told, with what that means, and is no error. */
static bool go_on_without(const struct wv_proof *proof, const char *what, struct wv_err *why,
                          struct wv_err *err)
{
    if (!wv_settle_is_impossible(why)) {
        wv_err_move(err, why);
        return false;
    }
    const char *more = why->problems.count > 0 ? why->problems.items[0].message : why->detail;
    char *line WV_AUTOFREE = wv_template_line(more != NULL ? more : "");
    wv_findings_note(proof->findings, "%s: %s%s%s", what, why->message, more != NULL ? ": " : "",
                     line);
    return true;
}

/* What is only in one of them has no other text to be told from. */
static bool has_texts(const struct wv_pair *pair)
{
    struct wv_difference difference WV_AUTODIFFERENCE = {0};
    wv_difference_find(&difference, pair->before, pair->after);
    for (size_t i = 0; i < difference.count; i++)
        if (difference.twins[i].deed > WV_DEED_DROP)
            return true;
    return false;
}

bool wv_pair_settle(struct wv_pair *pair, struct wv_proof *proof, const struct wv_pg *before,
                    const struct wv_pg *after, struct wv_err *err)
{
    struct wv_room first WV_AUTOROOM = {0};
    struct wv_room second WV_AUTOROOM = {0};
    struct wv_catalog *settled_before WV_AUTOCATALOG = NULL;
    struct wv_catalog *settled_after WV_AUTOCATALOG = NULL;
    struct wv_err why WV_AUTOERR = {0};
    wv_report_waiting(proof->report, "comparing");
    if (!has_texts(pair))
        return true;
    if (!wv_settle(&first, proof, before, &settled_before, &why) ||
        !wv_settle(&second, proof, after, &settled_after, &why))
        return go_on_without(
            proof, "expressions that differ in their text alone are told as changes", &why, err);
    wv_catalog_settle(pair->after, pair->before, settled_after, settled_before);
    return true;
}

bool wv_pair_read(struct wv_pair *pair, struct wv_room *before, struct wv_room *after,
                  struct wv_err *err)
{
    wv_report_waiting(before->proof->report, "reading two schemas");
    return wv_room_inspect(before, &pair->before, err) &&
           wv_room_inspect(after, &pair->after, err) &&
           wv_pair_settle(pair, before->proof, before->pg, after->pg, err);
}

static bool refuse_unjudged(const char *difference, struct wv_err *err)
{
    wv_err_set(
        err, WV_SCHEMA_UNPROVEN,
        "no difference was found, but pg_dump sees one between the revisions and the models");
    err->detail = wv_xstrdup(difference);
    return wv_err_hint(err, "write what differs by hand: wovenctl migrate revision; or name it in "
                            "`ignore` in the settings");
}

bool wv_pair_judge(const struct wv_pair *pair, struct wv_room *before, struct wv_room *after,
                   struct wv_err *err)
{
    struct wv_room first WV_AUTOROOM = {0};
    struct wv_room second WV_AUTOROOM = {0};
    struct wv_catalog *settled_before WV_AUTOCATALOG = NULL;
    struct wv_catalog *settled_after WV_AUTOCATALOG = NULL;
    char *as_is WV_AUTOFREE = NULL;
    char *settled WV_AUTOFREE = NULL;
    struct wv_err why WV_AUTOERR = {0};
    static const char unjudged[] = "that nothing differs was not judged by pg_dump";
    if (!wv_judge_compare(&(struct wv_form){before, pair->before},
                          &(struct wv_form){after, pair->after}, &as_is, &why))
        return go_on_without(before->proof, unjudged, &why, err);
    if (as_is[0] == '\0')
        return true;
    if (!wv_settle(&first, before->proof, before->pg, &settled_before, &why) ||
        !wv_settle(&second, after->proof, after->pg, &settled_after, &why) ||
        !wv_judge_compare(&(struct wv_form){&first, settled_before},
                          &(struct wv_form){&second, settled_after}, &settled, &why))
        return go_on_without(before->proof, unjudged, &why, err);
    return settled[0] == '\0' || refuse_unjudged(settled, err);
}
