/* Values of the board and of messages as JSON, in the shapes of docs/protocol.md. All references
 * are new. Loop thread. */
#ifndef WV_VIEW_H
#define WV_VIEW_H

#include <jansson.h>

#include "board.h"
#include "plan.h"
#include "standing.h"

json_t *wv_view_job(const struct wv_board_job *job);
json_t *wv_view_caller(const struct wv_caller *caller);
json_t *wv_view_steps(const struct wv_step_values *steps);
json_t *wv_view_blockers(const struct wv_blockers *blockers);
/* J: how a job ended. */
json_t *wv_view_findings(const struct wv_job_result *result);
json_t *wv_view_result(const struct wv_job_result *result);

/* The parameters of a "job" notification. */
json_t *wv_view_queued(const struct wv_board_job *job, size_t position);
json_t *wv_view_event(const struct wv_board_job *job, const struct wv_job_event *event);
json_t *wv_view_blocked(const struct wv_blockers *blockers);
json_t *wv_view_progress(const struct wv_progress *progress);
/* What a daemon runs, as the others see it; null when nothing. */
json_t *wv_view_doing(const struct wv_doing *doing);
json_t *wv_view_finished(const struct wv_job_result *result);

/* `state` is the look to tell of; NULL or unreachable leaves what the role says. */
json_t *wv_view_database(const struct wv_board *board, const struct wv_db_state *state);
json_t *wv_view_leader(const struct wv_board *board, const struct wv_db_state *state);
/* Who has the lock and is no leader; null when nobody. */
json_t *wv_view_holder(const struct wv_holder *holder);
/* What the leader runs, wherever it is; null when nothing, or it is not known. */
json_t *wv_view_running(const struct wv_db_state *state);
/* The daemons that were seen lately. `state` may be NULL. */
json_t *wv_view_instances(const struct wv_db_state *state);
json_t *wv_view_interrupted(const struct wv_interrupted *interrupted);

json_t *wv_view_edits(const struct wv_edits *edits);
json_t *wv_view_verdict(const struct wv_verdict *verdict);
/* The messages of revisions are those of the files. */
json_t *wv_view_log(const struct wv_log_page *page, const struct wv_project *project);

/* R. A list of several shares what is computed once. */
struct wv_views {
    const struct wv_standing *standing;
    bool reachable; /* whether applied and current are known */
    struct wv_strlist *labels;
    struct wv_nodes current;
};

void wv_views_init(struct wv_views *views, const struct wv_standing *standing, bool reachable);
void wv_views_clear(struct wv_views *views);
json_t *wv_view_revision(const struct wv_views *views, wv_node node);

#endif
