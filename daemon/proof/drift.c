/* drift: is the live database what its applied revisions say? They are replayed from the SQL that
 * its ledger keeps, because the files may be others by now, or gone. */
#include <stdlib.h>
#include <string.h>

#include "changes.h"
#include "check.h"
#include "compare.h"
#include "folder_text.h"
#include "live.h"
#include "replay.h"
#include "settle.h"
#include "strbuf.h"
#include "template.h"

struct story {
    struct wv_proof *proof;
    struct wv_live live;
    struct wv_compared compared;
    struct wv_ledger_stored_list stored; /* with SQL */
    struct wv_found_files files;
    struct wv_folder folder;
    struct wv_project *project; /* the applied revisions */
    struct wv_room room;
    struct wv_pair pair; /* what it is, and what it should be */
};

static void story_clear(struct story *story)
{
    wv_live_close(&story->live);
    wv_compared_free(&story->compared);
    wv_ledger_stored_free(&story->stored);
    wv_found_files_clear(&story->files);
    wv_project_unref(story->project);
    wv_folder_remove(&story->folder);
    wv_room_close(&story->room);
    wv_pair_clear(&story->pair);
}

static void add_line(struct wv_strbuf *text, const char *key, const struct wv_strlist *list)
{
    char *value WV_AUTOFREE = wv_strlist_join(list, ", ");
    wv_strbuf_addf(text, "-- %s: %s\n", key, value);
}

/* The form of a file again: the ledger keeps the sections with their markers. */
static char *file_of(const struct wv_ledger_stored *stored)
{
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    char *message WV_AUTOFREE = wv_template_line(stored->message);
    wv_strbuf_addf(&text, "-- message: %s\n-- revision: %s\n", message, stored->id);
    add_line(&text, "down_revision", &stored->down);
    add_line(&text, "branch_labels", &stored->labels);
    add_line(&text, "depends_on", &stored->depends_on);
    wv_strbuf_addf(&text, "\n%s%s\n",
                   strncmp(stored->up_sql, "-- woven:", 9) == 0 ? "" : "-- woven:up\n",
                   stored->up_sql);
    return wv_strbuf_take(&text);
}

static char *sql_of_file(const struct wv_revision *revision, struct wv_err *err)
{
    struct wv_revision_sql sql;
    if (!wv_revision_read_sql(&sql, revision, err))
        return NULL;
    struct wv_ledger_stored stored = {.id = revision->id,
                                      .message = revision->message,
                                      .down = revision->down,
                                      .labels = revision->labels,
                                      .depends_on = revision->depends_on,
                                      .up_sql = sql.up.text};
    char *text = file_of(&stored);
    wv_revision_sql_free(&sql);
    return text;
}

/* From the ledger; of what another tool applied, which it does not know, from the file. */
static bool add_file(struct story *story, wv_node node, struct wv_err *err)
{
    const char *id = wv_graph_id(story->compared.known.graph, node);
    const struct wv_ledger_stored *stored = wv_compare_find(&story->stored, id);
    const struct wv_revision *file = wv_known_file(&story->compared.known, node);
    char *content = NULL;
    if (stored != NULL && stored->up_sql != NULL)
        content = file_of(stored);
    else if (file != NULL)
        content = sql_of_file(file, err);
    else
        wv_err_set(err, WV_REVISION_NOT_FOUND, "neither the ledger nor a file has the SQL of %s",
                   id);
    if (content == NULL)
        return false;
    struct wv_found_file *added = wv_findings_file(&story->files);
    added->revision = wv_xstrdup(id);
    added->path = wv_xasprintf("%s.sql", id);
    added->content = content;
    return true;
}

static bool read_live(struct story *story, struct wv_err *err)
{
    struct wv_proof *proof = story->proof;
    struct wv_live *live = &story->live;
    if (!wv_live_open(live, proof, NULL, err) ||
        !wv_compare(&story->compared, proof->job->project, live->ledger, live->pg, proof->wait,
                    err) ||
        !wv_ledger_stored(live->ledger, live->pg, NULL, true, &story->stored, proof->wait, err))
        return false;
    if (story->compared.unknown.count > 0)
        return wv_err_set(err, WV_REVISION_NOT_FOUND,
                          "the version table names %s, which neither files nor ledger know",
                          story->compared.unknown.items[0]);
    const struct wv_graph *graph = story->compared.known.graph;
    for (wv_node node = 0; node < wv_graph_count(graph); node++)
        if (wv_nodeset_has(&story->compared.applied, node) && !add_file(story, node, err))
            return false;
    wv_report_waiting(proof->report, "reading the database");
    return wv_proof_inspect(proof, live->pg, &story->pair.before, err);
}

static bool replay_applied(struct story *story, struct wv_err *err)
{
    struct wv_strlist dirs WV_AUTOSTRLIST = {0};
    struct wv_replay replay;
    if (!wv_folder_text_make(&story->folder, story->proof->settings->state_directory, &story->files,
                             story->proof->wait, err))
        return false;
    wv_strlist_add(&dirs, story->folder.inner);
    story->project = wv_project_load(&dirs, NULL);
    if (!wv_project_check(story->project, err) || !wv_room_make(&story->room, story->proof, err) ||
        !wv_replay_begin(&replay, &story->room, story->project, err))
        return false;
    bool done = story->files.count == 0 || wv_replay_to(&replay, WV_JOB_UPGRADE, "heads", err);
    wv_replay_end(&replay);
    return done && wv_room_inspect(&story->room, &story->pair.after, err);
}

/* The SQL that would bring it back drops all there is: that is hardly what anybody wants. */
static void note_adoption(const struct story *story)
{
    struct wv_findings *findings = story->proof->findings;
    if (story->files.count == 0 && findings->changes.count > 0)
        wv_findings_note(findings,
                         "no revision is applied to this database; to take it over as it is: "
                         "`wovenctl migrate dump live --directory FOLDER` for the folder of the "
                         "models, then `revision --autogenerate` and `stamp head`");
}

bool wv_drift_run(struct wv_proof *proof, struct wv_err *err)
{
    struct story story = {.proof = proof, .folder = WV_FOLDER_NONE};
    bool done = read_live(&story, err) && replay_applied(&story, err) &&
                wv_pair_settle(&story.pair, proof, story.live.pg, story.room.pg, err);
    if (done) {
        struct wv_difference difference WV_AUTODIFFERENCE = {0};
        wv_difference_find(&difference, story.pair.before, story.pair.after);
        wv_tell_difference(proof->findings, &difference);
        wv_note_unmodelled(proof->findings, story.pair.before, "the database");
        note_adoption(&story);
    }
    story_clear(&story);
    return done;
}
