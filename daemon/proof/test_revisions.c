/* test: each revision up, down, and up again in scratch, with the catalogs held against each other
 * at each turn. */
#include <stdlib.h>
#include <string.h>

#include "changes.h"
#include "check.h"
#include "graph_query.h"
#include "live.h"
#include "replay.h"
#include "settle.h"

struct story {
    struct wv_proof *proof;
    const struct wv_graph *graph;
    struct wv_nodes tested;
    struct wv_room room;
    struct wv_replay replay;
    bool begun;                /* the replay is to be ended */
    struct wv_catalog *before; /* where the database is */
};

/* The revisions to test: those named, all, or what the live database does not have yet. */
static bool choose(struct story *story, struct wv_err *err)
{
    const struct wv_job *job = story->proof->job;
    struct wv_strlist none WV_AUTOSTRLIST = {0};
    if (job->all)
        return wv_query_pending(story->graph, &none, &story->tested, err);
    for (size_t i = 0; i < job->targets.count; i++) {
        const char *target = job->targets.items[i];
        bool done = wv_target_is_range(target)
                        ? wv_query_history(story->graph, &none, target, &story->tested, err)
                        : wv_query_show(story->graph, &none, target, &story->tested, err);
        if (!done)
            return false;
    }
    if (job->targets.count > 0)
        return true;
    struct wv_live live WV_AUTOLIVE = {0};
    struct wv_strlist rows WV_AUTOSTRLIST = {0};
    if (wv_live_open(&live, story->proof, NULL, err) &&
        wv_live_rows(&live, story->proof, &rows, err))
        return wv_query_pending(story->graph, &rows, &story->tested, err);
    return wv_err_hint(err, "without the database it is not known what is pending: name revisions, "
                            "or --all");
}

/* Where a revision alone is taken back: its parent, and no other branch of that. */
static char *way_back(const struct wv_graph *graph, wv_node node)
{
    struct wv_span down = wv_graph_down(graph, node);
    const char *id = wv_graph_id(graph, node);
    return down.count > 0 ? wv_xasprintf("%s@%s", id, wv_graph_id(graph, down.items[0]))
                          : wv_xasprintf("%s-1", id);
}

static const char *behind(const char *text, const char *prefix)
{
    size_t length = strlen(prefix);
    return strncmp(text, prefix, length) == 0 ? text + length : text;
}

/* Whether the error is the revision's own fault, which is told with its turn; else it is moved to
 * `err`. */
static bool is_fault(struct wv_found_trial *trial, const char *turn, struct wv_err *failure,
                     struct wv_err *err)
{
    trial->turn = turn;
    if (failure->code != WV_SQL_ERROR && failure->code != WV_LOCK_TIMEOUT) {
        wv_err_move(err, failure);
        return false;
    }
    char *up WV_AUTOFREE = wv_xasprintf("revision %s up: ", trial->revision);
    char *down WV_AUTOFREE = wv_xasprintf("revision %s down: ", trial->revision);
    trial->fault = wv_xstrdup(behind(behind(failure->message, up), down));
    wv_err_move(&trial->error, failure);
    return true;
}

static bool begin(struct story *story, struct wv_err *err)
{
    if (!wv_room_make(&story->room, story->proof, err) ||
        !wv_replay_begin(&story->replay, &story->room, story->proof->job->project, err))
        return false;
    story->begun = true;
    return true;
}

/* A database of the same revisions, made anew, where the one that is tested was before. */
static bool make_again(struct story *story, const struct wv_strlist *heads, struct wv_room *room,
                       struct wv_err *err)
{
    struct wv_replay replay;
    if (!wv_room_make(room, story->proof, err) ||
        !wv_replay_begin(&replay, room, story->proof->job->project, err))
        return false;
    bool done = true;
    for (size_t i = 0; i < heads->count && done; i++)
        done = wv_replay_to(&replay, WV_JOB_UPGRADE, heads->items[i], err);
    wv_replay_end(&replay);
    return done && wv_room_connect(room, err);
}

/* What is different: by its text alone is not. */
static bool differ(struct story *story, const struct wv_strlist *heads, struct wv_pair *pair,
                   struct wv_difference *difference, struct wv_err *err)
{
    struct wv_room again WV_AUTOROOM = {0};
    wv_difference_find(difference, pair->before, pair->after);
    if (wv_difference_is_empty(difference))
        return true;
    if (!make_again(story, heads, &again, err) ||
        !wv_pair_settle(pair, story->proof, again.pg, story->room.pg, err))
        return false;
    wv_difference_clear(difference);
    wv_difference_find(difference, pair->before, pair->after);
    return true;
}

/* Inspects and compares with what was `wanted`, which the database was at `heads`. */
static bool look(struct story *story, struct wv_found_trial *trial, const char *turn,
                 struct wv_catalog *wanted, const struct wv_strlist *heads, struct wv_err *err)
{
    struct wv_pair pair WV_AUTOPAIR = {0};
    struct wv_difference difference WV_AUTODIFFERENCE = {0};
    if (!wv_room_inspect(&story->room, &pair.after, err))
        return false;
    pair.before = wanted;
    bool done = differ(story, heads, &pair, &difference, err);
    if (done && wv_find_changes(&trial->changes, &difference)) {
        char *text WV_AUTOFREE = wv_changes_text(&trial->changes, false);
        trial->turn = turn;
        trial->fault = wv_xasprintf("the schema is not what it was: %s", text);
    }
    pair.before = NULL; /* it is not the pair's to free */
    return done;
}

static bool turn(struct story *story, struct wv_found_trial *trial, enum wv_job_kind kind,
                 const char *target, const char *name, struct wv_err *err)
{
    struct wv_err failure WV_AUTOERR = {0};
    if (wv_replay_to(&story->replay, kind, target, &failure))
        return true;
    if (failure.code == WV_IRREVERSIBLE) {
        trial->irreversible = true;
        return true;
    }
    return is_fault(trial, name, &failure, err);
}

/* A database that did not come back is of no more use: another one, up to the same revision. */
static bool start_over(struct story *story, const char *target, struct wv_err *err)
{
    wv_replay_end(&story->replay);
    story->begun = false;
    wv_room_close(&story->room);
    return begin(story, err) && wv_replay_to(&story->replay, WV_JOB_UPGRADE, target, err);
}

/* Down, and up again; `up` is the catalog before, `heads` where the database was before that. */
static bool go_round(struct story *story, wv_node node, struct wv_found_trial *trial,
                     struct wv_catalog *up, const struct wv_strlist *heads, struct wv_err *err)
{
    struct wv_strlist up_heads WV_AUTOSTRLIST = {0};
    char *back WV_AUTOFREE = way_back(story->graph, node);
    wv_strlist_copy(&up_heads, &story->replay.heads);
    if (!turn(story, trial, WV_JOB_DOWNGRADE, back, "down", err))
        return false;
    if (trial->irreversible || trial->fault != NULL)
        return true;
    if (!look(story, trial, "down", story->before, heads, err))
        return false;
    if (trial->fault != NULL)
        return true;
    if (!turn(story, trial, WV_JOB_UPGRADE, wv_graph_id(story->graph, node), "up again", err))
        return false;
    return trial->fault != NULL || look(story, trial, "up again", up, &up_heads, err);
}

static bool test_one(struct story *story, wv_node node, struct wv_err *err)
{
    const struct wv_project *project = story->proof->job->project;
    const char *id = wv_graph_id(story->graph, node);
    struct wv_found_trial *trial = wv_findings_trial(story->proof->findings);
    struct wv_catalog *up = NULL;
    struct wv_strlist heads WV_AUTOSTRLIST = {0};
    trial->revision = wv_xstrdup(id);
    trial->message = wv_xstrdup(project->revisions[node].message);
    wv_report_waiting(story->proof->report, "testing %s", id);
    if (story->before == NULL && !wv_room_inspect(&story->room, &story->before, err))
        return false;
    wv_strlist_copy(&heads, &story->replay.heads);
    if (!turn(story, trial, WV_JOB_UPGRADE, id, "up", err))
        return false;
    if (trial->fault != NULL)
        return true;
    bool done =
        wv_room_inspect(&story->room, &up, err) && go_round(story, node, trial, up, &heads, err);
    wv_catalog_free(story->before);
    story->before = up;
    return done && (trial->fault == NULL || start_over(story, id, err));
}

/* In the order of the graph: what stands between two that are tested is only run. */
static bool test_all(struct story *story, struct wv_err *err)
{
    struct wv_span order = wv_graph_order(story->graph);
    struct wv_nodeset tested = {0};
    size_t left = story->tested.count;
    wv_nodeset_init(&tested, wv_graph_count(story->graph));
    for (size_t i = 0; i < story->tested.count; i++)
        wv_nodeset_add(&tested, story->tested.items[i]);
    bool done = true;
    bool fault = false;
    for (size_t i = 0; i < order.count && done && left > 0 && !fault; i++) {
        wv_node node = order.items[i];
        if (wv_nodeset_has(&tested, node)) {
            done = test_one(story, node, err);
            left--;
            const struct wv_found_trials *trials = &story->proof->findings->trials;
            const struct wv_found_trial *last = &trials->items[trials->count - 1];
            fault = last->fault != NULL && strcmp(last->turn, "up") == 0;
        } else {
            wv_catalog_free(WV_STEAL(story->before));
            done =
                wv_replay_to(&story->replay, WV_JOB_UPGRADE, wv_graph_id(story->graph, node), err);
        }
    }
    wv_nodeset_free(&tested);
    if (fault && left > 0)
        wv_findings_note(story->proof->findings,
                         left == 1 ? "%zu more was not tested: it needs what failed"
                                   : "%zu more were not tested: they need what failed",
                         left);
    return done;
}

bool wv_test_run(struct wv_proof *proof, struct wv_err *err)
{
    struct story story = {.proof = proof, .graph = proof->job->project->graph};
    bool done = choose(&story, err);
    if (done && story.tested.count > 0) {
        wv_graph_sort_rank(story.graph, &story.tested);
        done = begin(&story, err) && test_all(&story, err);
        if (story.begun)
            wv_replay_end(&story.replay);
    }
    wv_catalog_free(story.before);
    wv_room_close(&story.room);
    wv_nodes_free(&story.tested);
    return done;
}
