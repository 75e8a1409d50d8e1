/* See settle.h. By way of pg_dump, which knows nothing of the engine. */
#include "settle.h"

#include <stdlib.h>
#include <string.h>

#include "findings.h"
#include "judge.h"
#include "models.h"
#include "same.h"
#include "settled.h"
#include "template.h"

/* What was loaded from its own print may be printed in another way again, as often as rows are
 * nested in it. */
enum { MOST_ROUNDS = 4 };

/* Loads what pg_dump prints of a connected database into a room of its own and reads it. */
static bool settle_one(struct wv_room *room, struct wv_proof *proof, const struct wv_pg *pg,
                       struct wv_catalog **catalog, struct wv_err *err)
{
    struct wv_model_files files WV_AUTOMODELFILES = {0};
    struct wv_problems problems = {0};
    char *text = NULL;
    if (!wv_judge_text(proof, pg, &text, err))
        return false;
    wv_model_files_add_dump(&files, "(dump)", text, strlen(text), &problems);
    if (problems.count > 0) {
        wv_err_set(err, WV_INTERNAL, "what pg_dump wrote cannot be read");
        err->problems = problems;
        return false;
    }
    return wv_room_make(room, proof, err) && wv_models_load(room, &files, WV_MODELS_PRINTED, err) &&
           wv_room_inspect(room, catalog, err);
}

void wv_settled_clear(struct wv_settled *settled)
{
    wv_room_close(&settled->room);
    wv_room_close(&settled->other_room);
    wv_catalog_free(settled->catalog);
    wv_catalog_free(settled->other_catalog);
    *settled = (struct wv_settled){0};
}

static bool settle_both(struct wv_settled *settled, struct wv_proof *proof, const struct wv_pg *pg,
                        const struct wv_pg *other, struct wv_err *err)
{
    return settle_one(&settled->room, proof, pg, &settled->catalog, err) &&
           settle_one(&settled->other_room, proof, other, &settled->other_catalog, err);
}

static bool settle_rounds(struct wv_settled *settled, struct wv_proof *proof,
                          const struct wv_unsettled *what, int rounds, struct wv_err *err)
{
    if (!settle_both(settled, proof, what->pg, what->other_pg, err))
        return false;
    if (!wv_catalog_settle(what->catalog, what->other, settled->catalog, settled->other_catalog) ||
        rounds == 1)
        return true;
    struct wv_settled next WV_AUTOSETTLED = {0};
    if (!settle_rounds(&next, proof,
                       &(struct wv_unsettled){settled->catalog, settled->other_catalog,
                                              settled->room.pg, settled->other_room.pg},
                       rounds - 1, err))
        return false;
    wv_catalog_settle(what->catalog, what->other, settled->catalog, settled->other_catalog);
    wv_settled_clear(settled);
    *settled = next;
    next = (struct wv_settled){0};
    return true;
}

bool wv_settle(struct wv_settled *settled, struct wv_proof *proof, const struct wv_unsettled *what,
               struct wv_err *err)
{
    return settle_rounds(settled, proof, what, MOST_ROUNDS, err);
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

bool wv_pair_settle(struct wv_pair *pair, struct wv_proof *proof, const struct wv_pg *before,
                    const struct wv_pg *after, struct wv_err *err)
{
    struct wv_settled settled WV_AUTOSETTLED = {0};
    struct wv_err why WV_AUTOERR = {0};
    wv_report_waiting(proof->report, "comparing");
    if (!wv_catalog_has_other_texts(pair->before, pair->after))
        return true;
    if (!wv_settle(&settled, proof,
                   &(struct wv_unsettled){pair->after, pair->before, after, before}, &why))
        return go_on_without(
            proof, "expressions that differ in their text alone are told as changes", &why, err);
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

/* Settled until pg_dump prints the same of both, or settling changes nothing more. */
static bool judge_settled(struct wv_room *before, struct wv_room *after, char **text,
                          struct wv_err *err)
{
    struct wv_settled settled WV_AUTOSETTLED = {0};
    for (int round = 0; round < MOST_ROUNDS; round++) {
        struct wv_settled next WV_AUTOSETTLED = {0};
        char *now WV_AUTOFREE = NULL;
        if (!settle_both(&next, before->proof, round == 0 ? before->pg : settled.room.pg,
                         round == 0 ? after->pg : settled.other_room.pg, err) ||
            !wv_judge_compare(&(struct wv_form){&next.room, next.catalog},
                              &(struct wv_form){&next.other_room, next.other_catalog}, &now, err))
            return false;
        bool is_done = now[0] == '\0' || wv_same(now, *text);
        wv_settled_clear(&settled);
        settled = next;
        next = (struct wv_settled){0};
        free(*text);
        *text = WV_STEAL(now);
        if (is_done)
            break;
    }
    return true;
}

bool wv_pair_judge(const struct wv_pair *pair, struct wv_room *before, struct wv_room *after,
                   struct wv_err *err)
{
    char *text WV_AUTOFREE = NULL;
    struct wv_err why WV_AUTOERR = {0};
    static const char unjudged[] = "that nothing differs was not judged by pg_dump";
    if (!wv_judge_compare(&(struct wv_form){before, pair->before},
                          &(struct wv_form){after, pair->after}, &text, &why))
        return go_on_without(before->proof, unjudged, &why, err);
    if (text[0] == '\0')
        return true;
    if (!judge_settled(before, after, &text, &why))
        return go_on_without(before->proof, unjudged, &why, err);
    return text[0] == '\0' || refuse_unjudged(text, err);
}
