/* revision --autogenerate: from the revisions to the models, as new revisions that are proven. */
#include <stdlib.h>

#include "changes.h"
#include "check.h"
#include "likely_renames.h"
#include "live.h"
#include "models.h"
#include "models_source.h"
#include "prove.h"
#include "rename_hints.h"
#include "renames.h"
#include "replay.h"
#include "revision_text.h"
#include "settle.h"
#include "trial.h"

struct story {
    struct wv_proof *proof;
    struct wv_room head;
    struct wv_room models;
    struct wv_room renamed; /* the head after the renames; not made when there are none */
    struct wv_renames renames;
    struct wv_pair pair;          /* both: the renamed head and the models */
    struct wv_catalog *unrenamed; /* the head as it is; NULL without renames */
    struct wv_ddl ddl;            /* from one to the other */
    struct wv_segments segments;
    struct wv_revision_part *parts; /* the renames, when there are any, and each segment */
    size_t first_part;              /* of the segments */
    char *why;                      /* what is written is not proven; NULL: it is */
};

static size_t part_count(const struct story *story)
{
    return story->first_part + story->segments.count;
}

static void story_clear(struct story *story)
{
    for (size_t i = 0; story->parts != NULL && i < part_count(story); i++) {
        wv_section_text_clear(&story->parts[i].up);
        wv_section_text_clear(&story->parts[i].down);
    }
    free(story->why);
    free(story->parts);
    free(story->segments.items);
    wv_ddl_clear(&story->ddl);
    wv_pair_clear(&story->pair);
    wv_catalog_free(story->unrenamed);
    wv_renames_clear(&story->renames);
    wv_room_close(&story->renamed);
    wv_room_close(&story->head);
    wv_room_close(&story->models);
}

static void find_hints(struct wv_findings *findings, struct wv_strlist *hints,
                       const struct wv_model_files *files)
{
    struct wv_strlist strays WV_AUTOSTRLIST = {0};
    wv_rename_hints_find(hints, &strays, files);
    for (size_t i = 0; i < strays.count; i++)
        wv_findings_note(findings,
                         "%s: woven:renamed-from is not heeded here: it belongs into the CREATE "
                         "statement, behind its first word, or onto the line of the column",
                         strays.items[i]);
}

/* What was asked to be renamed is so before anything is compared. */
static bool rename_first(struct story *story, const struct wv_model_files *files,
                         struct wv_err *err)
{
    struct wv_catalog *wanted WV_AUTOCATALOG = NULL;
    const struct wv_strlist *asked = &story->proof->job->wish->renames;
    struct wv_strlist hints WV_AUTOSTRLIST = {0};
    find_hints(story->proof->findings, &hints, files);
    if (asked->count + hints.count == 0)
        return true;
    bool done = wv_room_inspect(&story->head, &story->unrenamed, err) &&
                wv_room_inspect(&story->models, &wanted, err) &&
                wv_room_copy(&story->renamed, &story->head, err) &&
                wv_room_connect(&story->renamed, err) &&
                wv_renames_run(&story->renames, &story->renamed, asked, &hints, wanted, err);
    story->first_part = story->renames.up.count > 0 ? 1 : 0;
    return done;
}

static struct wv_room *start_of(struct story *story)
{
    return story->first_part > 0 ? &story->renamed : &story->head;
}

static bool read_both(struct story *story, struct wv_err *err)
{
    struct wv_proof *proof = story->proof;
    struct wv_model_files files WV_AUTOMODELFILES = {0};
    return wv_models_read(proof, wv_passed_texts_at(&proof->job->texts, 0), &files, err) &&
           wv_replay_room(&story->head, proof, "heads", err) &&
           wv_room_make(&story->models, proof, err) &&
           wv_models_load(&story->models, &files, WV_MODELS_WRITTEN, err) &&
           rename_first(story, &files, err) &&
           wv_pair_read(&story->pair, start_of(story), &story->models, err);
}

static bool has_hazard(const struct wv_ddl_statement *statement, enum wv_hazard_code code)
{
    for (size_t i = 0; i < statement->hazard_count; i++)
        if (statement->hazards[i].code == code)
            return true;
    return false;
}

/* Rewrites a table, and would do it outside of a transaction for the sake of what stands alone. */
static bool rewrites_loosely(const struct wv_ddl *ddl)
{
    bool is_loose = false;
    bool rewrites = false;
    for (size_t i = 0; i < ddl->count; i++) {
        is_loose |= ddl->statements[i].mode == WV_STATEMENT_ALONE;
        rewrites |= has_hazard(&ddl->statements[i], WV_HAZARD_REWRITE);
    }
    return is_loose && rewrites;
}

/* All of a way back is one section. What rewrites a table under its lock anyway gains little from
 * an index that is built beside it, and may fail on the data with half of it done: it is one
 * transaction, where the plain forms fit one. */
static bool write_way_back(struct wv_ddl *ddl, const struct wv_difference *difference, bool plain,
                           struct wv_err *err)
{
    if (!wv_ddl_write(ddl, difference, plain, err))
        return false;
    if (plain || !rewrites_loosely(ddl))
        return true;
    struct wv_ddl whole WV_AUTODDL = {0};
    struct wv_segments segments = {0};
    if (!wv_ddl_write(&whole, difference, true, err))
        return false;
    wv_ddl_segments(&segments, &whole);
    bool is_one = segments.count == 1 && segments.items[0].mode == WV_STATEMENT_IN_TRANSACTION;
    free(segments.items);
    if (is_one) {
        wv_ddl_clear(ddl);
        *ddl = whole;
        whole = (struct wv_ddl){0};
    }
    return true;
}

/* The way back over one segment: from what the database is after it to what it was before. */
static bool write_down(struct wv_revision_part *part, struct wv_room *room,
                       const struct wv_catalog *from, const struct wv_catalog *to,
                       struct wv_err *err)
{
    struct wv_difference difference WV_AUTODIFFERENCE = {0};
    struct wv_ddl ddl WV_AUTODDL = {0};
    wv_difference_find(&difference, from, to);
    bool unchecked;
    if (!write_way_back(&ddl, &difference, room->proof->job->wish->plain, err) ||
        !wv_trial_of_way_back(room, &ddl, &unchecked, err))
        return false;
    const struct wv_segment all = {WV_STATEMENT_IN_TRANSACTION, 0, ddl.count};
    wv_section_text_make(&part->down, &ddl, &all);
    if (unchecked)
        wv_section_text_uncheck(&part->down);
    return true;
}

/* Runs segment after segment in a copy of the head, and looks at the catalog between them. */
static bool write_parts(struct story *story, struct wv_err *err)
{
    struct wv_room room WV_AUTOROOM = {0};
    struct wv_catalog *before WV_AUTOCATALOG = NULL;
    const struct wv_catalog *from = story->pair.before;
    if (story->segments.count > 0)
        wv_report_waiting(story->proof->report, "writing %zu revision%s", story->segments.count,
                          story->segments.count == 1 ? "" : "s");
    if (!wv_room_copy(&room, start_of(story), err) || !wv_room_connect(&room, err))
        return false;
    for (size_t i = 0; i < story->segments.count; i++) {
        const struct wv_segment *segment = &story->segments.items[i];
        struct wv_revision_part *part = &story->parts[story->first_part + i];
        struct wv_catalog *now = NULL;
        wv_section_text_make(&part->up, &story->ddl, segment);
        bool unchecked;
        if (!wv_trial_run(&room, &story->ddl, segment, &unchecked, err) ||
            !wv_room_inspect(&room, &now, err))
            return false;
        if (unchecked)
            wv_section_text_uncheck(&part->up);
        bool written = write_down(part, &room, now, from, err);
        wv_catalog_free(before);
        before = now;
        from = now;
        if (!written)
            return false;
    }
    return true;
}

static bool is_unprovable(const struct wv_err *err)
{
    return err->code == WV_SQL_ERROR || err->code == WV_SCHEMA_UNWRITTEN ||
           err->code == WV_SCHEMA_CYCLE;
}

static char *reason_of(const struct wv_err *failure)
{
    return wv_xasprintf("%s%s%s", failure->message, failure->statement != NULL ? " in: " : "",
                        failure->statement != NULL ? failure->statement : "");
}

/* The segments that were not come to, as nobody has tried them. */
static void write_untried(struct story *story)
{
    for (size_t i = 0; i < story->segments.count; i++) {
        const struct wv_segment *segment = &story->segments.items[i];
        struct wv_section_text *up = &story->parts[story->first_part + i].up;
        if (up->text == NULL)
            wv_section_text_make(up, &story->ddl, segment);
    }
}

/* The texts of all revisions. Those that cannot be proven are written all the same, with the reason
 * in story->why. */
static bool make_parts(struct story *story, struct wv_err *err)
{
    struct wv_err failure WV_AUTOERR = {0};
    story->parts = wv_xcalloc(part_count(story), sizeof(*story->parts));
    if (story->first_part > 0) {
        wv_section_text_of_renames(&story->parts[0].up, &story->renames.up);
        wv_section_text_of_renames(&story->parts[0].down, &story->renames.down);
    }
    if (!write_parts(story, &failure)) {
        if (!is_unprovable(&failure)) {
            wv_err_move(err, &failure);
            return false;
        }
        story->why = reason_of(&failure);
        write_untried(story);
    }
    if (story->segments.count > 0)
        wv_section_text_offer(&story->parts[story->first_part].up,
                              &story->proof->findings->likely_renames);
    return true;
}

/* Up and down, from the head as it is to the models and back. */
static bool prove_parts(struct story *story, struct wv_err *err)
{
    const struct wv_ends ends = {&story->head,
                                 story->first_part > 0 ? story->unrenamed : story->pair.before,
                                 &story->models, story->pair.after};
    const struct wv_parts parts = {story->parts, part_count(story), story->first_part > 0};
    return story->why != NULL || wv_prove(story->proof, &ends, &parts, &story->why, err);
}

/* What is not proven is kept only by those who asked for it, with the reason in it. */
static bool keep_files(struct story *story, struct wv_err *err)
{
    struct wv_findings *findings = story->proof->findings;
    findings->proven = story->why == NULL;
    if (findings->proven)
        return true;
    if (!story->proof->job->wish->unproven) {
        wv_err_set(err, WV_SCHEMA_UNPROVEN, "the revision was not proven, nothing was written");
        err->detail = WV_STEAL(story->why);
        return wv_err_hint(err, "--unproven writes it with the reason in its first line; or write "
                                "it by hand: wovenctl migrate revision");
    }
    findings->unproven = WV_STEAL(story->why);
    wv_revision_files_remark(&findings->files, findings->unproven);
    return true;
}

static bool write_files(struct story *story, struct wv_err *err)
{
    struct wv_proof *proof = story->proof;
    return make_parts(story, err) &&
           wv_revision_files(&proof->findings->files, proof->job, proof->settings, story->parts,
                             part_count(story), err) &&
           prove_parts(story, err) && keep_files(story, err);
}

/* The story: read both sides, find what they differ in, write it, prove what was written. */
static bool generate(struct story *story, struct wv_err *err)
{
    struct wv_proof *proof = story->proof;
    struct wv_difference difference WV_AUTODIFFERENCE = {0};
    if (!wv_revision_files_check(proof->job, err) || !read_both(story, err))
        return false;
    wv_graph_add_heads(proof->job->project->graph, &proof->findings->heads);
    wv_note_unmodelled(proof->findings, story->pair.after, "the models");
    wv_difference_find(&difference, story->pair.before, story->pair.after);
    if (!wv_find_changes(&proof->findings->changes, &difference) && story->first_part == 0)
        return wv_pair_judge(&story->pair, &story->head, &story->models, err);
    wv_find_likely_renames(proof->findings, &difference);
    if (!wv_ddl_write(&story->ddl, &difference, proof->job->wish->plain, err))
        return false;
    wv_find_statements(proof->findings, &story->ddl);
    wv_ddl_segments(&story->segments, &story->ddl);
    return write_files(story, err);
}

bool wv_autogenerate_run(struct wv_proof *proof, struct wv_err *err)
{
    struct story story = {.proof = proof};
    bool done = generate(&story, err);
    story_clear(&story);
    return done && (!proof->reached || wv_live_note_behind(proof, err));
}
