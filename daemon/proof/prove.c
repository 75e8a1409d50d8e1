/* See prove.h. The files are run from a folder of their own, which stands beside the project's
 * version directories. */
#include "prove.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "changes.h"
#include "folder_text.h"
#include "judge.h"
#include "replay.h"
#include "rows.h"
#include "settle.h"

/* `*missing` is why there is no judge for these databases; NULL: there is one. */
static bool find_judge(struct wv_room *room, char **missing, struct wv_err *err)
{
    char *path WV_AUTOFREE = NULL;
    struct wv_err failure WV_AUTOERR = {0};
    if (!wv_room_connect(room, err))
        return false;
    if (wv_judge_find(room->proof, room->pg, &path, &failure))
        return true;
    if (failure.code != WV_SERVER_FAILED) {
        wv_err_move(err, &failure);
        return false;
    }
    *missing = wv_xasprintf("up and down lead where they should as the engine reads it, but "
                            "nothing else has judged that: %s",
                            failure.message);
    return true;
}

/* What one database is, held against what it should be: by the catalogs, then by the texts, where
 * there is a judge. */
static bool hold_against(const struct wv_form *is, const struct wv_form *wanted, const char *after,
                         char **why, struct wv_err *err)
{
    struct wv_difference difference WV_AUTODIFFERENCE = {0};
    struct wv_found_changes changes = {0};
    char *text WV_AUTOFREE = NULL;
    char *missing WV_AUTOFREE = NULL;
    wv_difference_find(&difference, is->catalog, wanted->catalog);
    if (wv_find_changes(&changes, &difference)) {
        text = wv_changes_text(&changes, true);
        *why = wv_xasprintf("%s the schema is not as wanted: %s", after, text);
    }
    wv_found_changes_clear(&changes);
    if (*why != NULL)
        return true;
    if (!find_judge(is->room, &missing, err))
        return false;
    if (missing != NULL)
        return true;
    if (!wv_judge_compare(is, wanted, &text, err))
        return false;
    if (text[0] != '\0')
        *why = wv_xasprintf("%s pg_dump sees another schema than the wanted one:\n%s", after, text);
    return true;
}

/* The same after both are settled, when they differ as they are: the texts then are those of the
 * settled rooms, and what differs in the text of expressions alone is no difference. */
static bool compare_to(struct wv_room *trial, struct wv_room *wanted,
                       const struct wv_catalog *wanted_catalog, const char *after, char **why,
                       struct wv_err *err)
{
    struct wv_settled settled WV_AUTOSETTLED = {0};
    struct wv_catalog *now WV_AUTOCATALOG = NULL;
    struct wv_err failure WV_AUTOERR = {0};
    wv_report_waiting(trial->proof->report, "comparing %s", after);
    if (!wv_room_inspect(trial, &now, err) ||
        !hold_against(&(struct wv_form){trial, now}, &(struct wv_form){wanted, wanted_catalog},
                      after, why, err))
        return false;
    if (*why == NULL)
        return true;
    if (!wv_room_connect(wanted, &failure) ||
        !wv_settle(&settled, trial->proof,
                   &(struct wv_unsettled){now, wanted_catalog, trial->pg, wanted->pg}, &failure)) {
        if (wv_settle_is_impossible(&failure))
            return true; /* as they are, they differ */
        wv_err_move(err, &failure);
        return false;
    }
    free(WV_STEAL(*why));
    return hold_against(&(struct wv_form){&settled.room, now},
                        &(struct wv_form){&settled.other_room, wanted_catalog}, after, why, err);
}

/* One run of the files in a copy of the head, with rows in its tables. */
struct trial {
    struct wv_room room;
    struct wv_replay replay;
    struct wv_rows rows;    /* as they were put in */
    struct wv_rows renamed; /* with the new names, by which all but the renames goes */
    struct wv_strlist rewritten;
    bool refused_rows; /* a statement failed on the data */
};

static void trial_clear(struct trial *trial)
{
    wv_rows_clear(&trial->rows);
    wv_rows_clear(&trial->renamed);
    wv_strlist_free(&trial->rewritten);
    wv_room_close(&trial->room);
}

/* SQLSTATE classes 22 (data exceptions) and 23 (constraints). */
static bool is_of_data(const struct wv_err *failure)
{
    return strncmp(failure->sqlstate, "22", 2) == 0 || strncmp(failure->sqlstate, "23", 2) == 0;
}

/* A step that fails is an answer, and not the end of the job. */
static bool move(struct trial *trial, enum wv_job_kind kind, const char *target, char **why,
                 struct wv_err *err)
{
    struct wv_err failure WV_AUTOERR = {0};
    if (wv_replay_to(&trial->replay, kind, target, &failure))
        return true;
    if (failure.code != WV_SQL_ERROR && failure.code != WV_IRREVERSIBLE &&
        failure.code != WV_LOCK_TIMEOUT) {
        wv_err_move(err, &failure);
        return false;
    }
    trial->refused_rows = is_of_data(&failure);
    *why = wv_xasprintf("%s%s%s%s%s", failure.message, failure.detail != NULL ? ": " : "",
                        failure.detail != NULL ? failure.detail : "",
                        failure.statement != NULL ? " in: " : "",
                        failure.statement != NULL ? failure.statement : "");
    return true;
}

/* Where a turn has led to. */
struct turn {
    struct wv_room *wanted;
    const struct wv_catalog *wanted_catalog;
    const struct wv_rows *was;
    const struct wv_told *told;
    const char *after;
};

/* The schema, and the rows. */
static bool compare_turn(struct trial *trial, const struct turn *turn, char **why,
                         struct wv_err *err)
{
    struct wv_rows now WV_AUTOROWS = {0};
    return compare_to(&trial->room, turn->wanted, turn->wanted_catalog, turn->after, why, err) &&
           (*why != NULL || wv_rows_check(turn->was, &now, &trial->room, turn->told, turn->after,
                                          &trial->rewritten, why, err));
}

/* A table that is made anew is known by its name alone: where names change as well, rows are
 * counted before the one and after the other. */
static bool needs_stop(const struct wv_parts *parts)
{
    return parts->has_renames && parts->count > 1;
}

static bool go_up(struct trial *trial, const struct wv_ends *ends, const struct wv_parts *parts,
                  char **why, struct wv_err *err)
{
    const struct wv_found_files *files = &trial->room.proof->findings->files;
    const struct wv_told nothing = {0};
    struct wv_told told WV_AUTOTOLD = {0};
    for (size_t i = 0; i < parts->count; i++)
        wv_told_merge(&told, &parts->items[i].up.told);
    trial->replay.doing = "proving up:";
    if (needs_stop(parts)) {
        if (!move(trial, WV_JOB_UPGRADE, files->items[0].revision, why, err) ||
            (*why == NULL && !wv_rows_check(&trial->rows, &trial->renamed, &trial->room, &nothing,
                                            "after the renames", &trial->rewritten, why, err)))
            return false;
    }
    const struct turn turn = {ends->wanted, ends->wanted_catalog,
                              needs_stop(parts) ? &trial->renamed : &trial->rows, &told,
                              "after up"};
    return *why != NULL || (move(trial, WV_JOB_UPGRADE, "heads", why, err) &&
                            (*why != NULL || compare_turn(trial, &turn, why, err)));
}

/* What up and down say together has happened to the rows. */
static bool go_down(struct trial *trial, const struct wv_ends *ends, const struct wv_parts *parts,
                    char **why, struct wv_err *err)
{
    static const char after[] = "after down";
    const struct wv_found_files *files = &trial->room.proof->findings->files;
    const struct wv_found_file *first = &files->items[0];
    const struct wv_told nothing = {0};
    struct wv_told told WV_AUTOTOLD = {0};
    struct wv_rows renamed WV_AUTOROWS = {0};
    struct turn turn = {ends->head, ends->head_catalog, &trial->rows, &told, after};
    char *back WV_AUTOFREE = first->down.count > 0
                                 ? wv_xasprintf("%s@%s", first->revision, first->down.items[0])
                                 : wv_xasprintf("%s-1", first->revision);
    for (size_t i = 0; i < parts->count; i++) {
        wv_told_merge(&told, &parts->items[i].up.told);
        wv_told_merge(&told, &parts->items[i].down.told);
    }
    trial->replay.doing = "proving down:";
    if (needs_stop(parts)) {
        char *stop WV_AUTOFREE = wv_xasprintf("%s@%s", files->items[1].revision, first->revision);
        if (!move(trial, WV_JOB_DOWNGRADE, stop, why, err) ||
            (*why == NULL && !wv_rows_check(&trial->renamed, &renamed, &trial->room, &told, after,
                                            &trial->rewritten, why, err)))
            return false;
        turn.was = &renamed;
        turn.told = &nothing;
    }
    return *why != NULL || (move(trial, WV_JOB_DOWNGRADE, back, why, err) &&
                            (*why != NULL || compare_turn(trial, &turn, why, err)));
}

static bool run_trial(struct trial *trial, struct wv_project *project, const struct wv_ends *ends,
                      const struct wv_parts *parts, char **why, struct wv_err *err)
{
    if (!wv_replay_begin(&trial->replay, &trial->room, project, err))
        return false;
    bool done = go_up(trial, ends, parts, why, err) &&
                (*why != NULL || go_down(trial, ends, parts, why, err));
    wv_replay_end(&trial->replay);
    return done;
}

/* Which tables get rows: all; all, with values that keys to come may need; those that no statement
 * may fail on; none. */
enum seeding { SEED_ALL, SEED_ALIKE, SEED_SAFE, SEED_NONE };

static bool seed(struct trial *trial, const struct wv_parts *parts, enum seeding seeding,
                 struct wv_err *err)
{
    struct wv_told told WV_AUTOTOLD = {0};
    struct wv_strlist none = {0};
    for (size_t i = 0; i < parts->count && seeding == SEED_SAFE; i++) {
        wv_told_merge(&told, &parts->items[i].up.told);
        wv_told_merge(&told, &parts->items[i].down.told);
    }
    enum wv_row_values values = seeding == SEED_ALIKE ? WV_VALUES_ALIKE : WV_VALUES_DISTINCT;
    return seeding == SEED_NONE || wv_rows_seed(&trial->rows, &trial->room, values,
                                                seeding == SEED_SAFE ? &told.may_fail : &none, err);
}

/* What the proof has seen of rows, and what it has not. */
static void tell_rows(struct wv_findings *findings, const struct trial *trial, enum seeding seeding)
{
    findings->rows_counted = trial->rows.counted;
    wv_strlist_copy(&findings->rows_uncounted, &trial->rows.uncounted);
    if (seeding == SEED_NONE)
        wv_findings_note(findings, "whether rows stay was not counted: the statements failed on "
                                   "those that were tried");
    for (size_t i = 0; i < trial->rows.uncounted.count; i++)
        wv_findings_note(findings, "whether rows of %s stay was not counted: %s",
                         trial->rows.uncounted.items[i],
                         seeding == SEED_SAFE ? "a statement may fail on them"
                                              : "none was found that its constraints take");
    for (size_t i = 0; i < trial->rewritten.count; i++)
        wv_findings_note(findings, "%s is rewritten, although no hazard says so",
                         trial->rewritten.items[i]);
}

/* With fewer rows when a statement fails on them: that it may is what its hazard says. */
static bool run_trials(struct wv_proof *proof, struct wv_project *project,
                       const struct wv_ends *ends, const struct wv_parts *parts, char **why,
                       struct wv_err *err)
{
    bool done = true;
    bool again = true;
    for (enum seeding seeding = SEED_ALL; done && again && seeding <= SEED_NONE; seeding++) {
        struct trial trial = {0};
        free(WV_STEAL(*why));
        done = wv_room_copy(&trial.room, ends->head, err) && seed(&trial, parts, seeding, err) &&
               run_trial(&trial, project, ends, parts, why, err);
        again = *why != NULL && trial.refused_rows && trial.rows.counted > 0;
        if (done && !again)
            tell_rows(proof->findings, &trial, seeding);
        trial_clear(&trial);
    }
    return done;
}

static bool load_with(struct wv_proof *proof, const char *folder, struct wv_project **project,
                      struct wv_err *err)
{
    struct wv_strlist dirs WV_AUTOSTRLIST = {0};
    wv_strlist_copy(&dirs, &proof->settings->versions);
    wv_strlist_add(&dirs, folder);
    *project = wv_project_load(&dirs, proof->job->project);
    return wv_project_check(*project, err);
}

bool wv_prove(struct wv_proof *proof, const struct wv_ends *ends, const struct wv_parts *parts,
              char **why, struct wv_err *err)
{
    struct wv_project *project = NULL;
    struct wv_folder folder = WV_FOLDER_NONE;
    wv_report_waiting(proof->report, "proving %zu revision%s", proof->findings->files.count,
                      proof->findings->files.count == 1 ? "" : "s");
    bool done = wv_folder_text_make(&folder, proof->settings->state_directory,
                                    &proof->findings->files, proof->wait, err) &&
                load_with(proof, folder.inner, &project, err) &&
                run_trials(proof, project, ends, parts, why, err) &&
                (*why != NULL || find_judge(ends->head, why, err));
    wv_project_unref(project);
    wv_folder_remove(&folder);
    return done;
}
