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
#include "settle.h"

/* What one database is, held against what it should be. */
static bool compare_rooms(struct wv_room *trial, struct wv_room *wanted,
                          const struct wv_catalog *wanted_catalog, const char *after, char **why,
                          struct wv_err *err)
{
    struct wv_catalog *now WV_AUTOCATALOG = NULL;
    struct wv_difference difference WV_AUTODIFFERENCE = {0};
    struct wv_found_changes changes = {0};
    struct wv_strlist is WV_AUTOSTRLIST = {0};
    struct wv_strlist should WV_AUTOSTRLIST = {0};
    if (!wv_room_inspect(trial, &now, err))
        return false;
    wv_difference_find(&difference, now, wanted_catalog);
    if (wv_find_changes(&changes, &difference)) {
        char *text WV_AUTOFREE = wv_changes_text(&changes);
        *why = wv_xasprintf("%s the schema is not as wanted: %s", after, text);
    }
    wv_found_changes_clear(&changes);
    if (*why != NULL)
        return true;
    if (!wv_judge_dump(trial, now, &is, err) ||
        !wv_judge_dump(wanted, wanted_catalog, &should, err))
        return false;
    char *text WV_AUTOFREE = wv_judge_compare(&is, &should);
    if (text[0] != '\0')
        *why = wv_xasprintf("%s pg_dump sees another schema than the wanted one:\n%s", after, text);
    return true;
}

/* The same after both are settled, when they differ as they are. */
static bool compare_to(struct wv_room *trial, struct wv_room *wanted,
                       const struct wv_catalog *wanted_catalog, const char *after, char **why,
                       struct wv_err *err)
{
    struct wv_room is WV_AUTOROOM = {0};
    struct wv_room should WV_AUTOROOM = {0};
    struct wv_catalog *is_catalog WV_AUTOCATALOG = NULL;
    struct wv_catalog *should_catalog WV_AUTOCATALOG = NULL;
    if (!compare_rooms(trial, wanted, wanted_catalog, after, why, err))
        return false;
    if (*why == NULL)
        return true;
    free(WV_STEAL(*why));
    return wv_settle(&is, trial, &is_catalog, err) &&
           wv_settle(&should, wanted, &should_catalog, err) &&
           compare_rooms(&is, &should, should_catalog, after, why, err);
}

/* A step that fails is an answer, and not the end of the job. */
static bool move(struct wv_replay *replay, enum wv_job_kind kind, const char *target, char **why,
                 struct wv_err *err)
{
    struct wv_err failure WV_AUTOERR = {0};
    if (wv_replay_to(replay, kind, target, &failure))
        return true;
    if (failure.code != WV_SQL_ERROR && failure.code != WV_IRREVERSIBLE &&
        failure.code != WV_LOCK_TIMEOUT) {
        wv_err_move(err, &failure);
        return false;
    }
    *why = wv_xasprintf("%s%s%s%s%s", failure.message, failure.detail != NULL ? ": " : "",
                        failure.detail != NULL ? failure.detail : "",
                        failure.statement != NULL ? " in: " : "",
                        failure.statement != NULL ? failure.statement : "");
    return true;
}

static bool run_trial(struct wv_room *trial, struct wv_project *project, const struct wv_ends *ends,
                      char **why, struct wv_err *err)
{
    struct wv_replay replay;
    const struct wv_found_files *files = &trial->proof->findings->files;
    const struct wv_found_file *first = &files->items[0];
    char *back WV_AUTOFREE = first->down.count > 0
                                 ? wv_xasprintf("%s@%s", first->revision, first->down.items[0])
                                 : wv_xasprintf("%s-1", first->revision);
    if (!wv_replay_begin(&replay, trial, project, err))
        return false;
    bool done = move(&replay, WV_JOB_UPGRADE, "heads", why, err);
    if (done && *why == NULL)
        done = compare_to(trial, ends->wanted, ends->wanted_catalog, "after up", why, err);
    if (done && *why == NULL)
        done = move(&replay, WV_JOB_DOWNGRADE, back, why, err);
    if (done && *why == NULL)
        done = compare_to(trial, ends->head, ends->head_catalog, "after down", why, err);
    wv_replay_end(&replay);
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

bool wv_prove(struct wv_proof *proof, const struct wv_ends *ends, char **why, struct wv_err *err)
{
    struct wv_room trial WV_AUTOROOM = {0};
    struct wv_project *project = NULL;
    char *folder = NULL;
    wv_report_waiting(proof->report, "proving %zu revisions", proof->findings->files.count);
    bool done = wv_folder_text_make(&folder, &proof->findings->files, err) &&
                load_with(proof, folder, &project, err) && wv_room_copy(&trial, ends->head, err) &&
                run_trial(&trial, project, ends, why, err);
    wv_project_unref(project);
    wv_folder_text_remove(folder);
    return done;
}
