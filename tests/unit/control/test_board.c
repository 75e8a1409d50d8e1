/* The board fed with messages made by hand: what the picture becomes, and that each story a job can
 * take fits the job-state table. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <unistd.h>

#include <cmocka.h>

#include "board.h"
#include "log.h"

enum { END = 99 };

static void add_job(struct wv_board *board, uint64_t id)
{
    struct wv_job job = {.id = id, .kind = WV_JOB_UPGRADE};
    wv_board_add(board, &job);
}

static enum wv_jobstate state_of(const struct wv_board *board, uint64_t id)
{
    const struct wv_board_job *job = wv_board_find(board, id);
    assert_non_null(job);
    return job->state;
}

static void feed(struct wv_board *board, uint64_t id, enum wv_job_event_kind kind)
{
    struct wv_job_event event = {.job_id = id, .kind = kind, .number = 1, .total = 2, .line = 5};
    event.text = wv_xstrdup("why");
    event.file = wv_xstrdup("a.sql");
    if (kind == WV_EVENT_PLANNED) {
        wv_step_values_add(&event.steps, "a1", "first", true);
        wv_step_values_add(&event.steps, "b2", "second", true);
    }
    assert_true(wv_board_take_event(board, &event));
    wv_job_event_clear(&event);
}

static void end(struct wv_board *board, uint64_t id, enum wv_outcome outcome, enum wv_err_code code)
{
    struct wv_job_result result = {.job_id = id, .outcome = outcome};
    result.error.code = code;
    assert_true(wv_board_take_result(board, &result));
    assert_null(wv_board_find(board, id));
    assert_false(wv_board_take_result(board, &result));
}

static void a_story_moves_through_the_states(void **state)
{
    (void)state;
    struct wv_board board;
    wv_board_init(&board);
    add_job(&board, 1);
    add_job(&board, 2);
    assert_null(wv_board_running(&board));
    assert_int_equal(wv_board_waiting(&board), 2);
    feed(&board, 1, WV_EVENT_STARTED);
    assert_int_equal(state_of(&board, 1), WV_JOBSTATE_CONNECTING);
    assert_int_equal(wv_board_running(&board)->id, 1);
    assert_int_equal(wv_board_waiting(&board), 1);
    feed(&board, 1, WV_EVENT_WAITING);
    assert_string_equal(wv_board_running(&board)->waiting, "why");
    feed(&board, 1, WV_EVENT_PLANNED);
    assert_null(wv_board_running(&board)->waiting);
    assert_int_equal(state_of(&board, 1), WV_JOBSTATE_STEPPING);
    feed(&board, 1, WV_EVENT_STEP);
    feed(&board, 1, WV_EVENT_STATEMENT);
    assert_true(wv_board_running(&board)->in_statement);
    feed(&board, 1, WV_EVENT_RETRY);
    assert_int_equal(state_of(&board, 1), WV_JOBSTATE_BACKING_OFF);
    assert_false(wv_board_running(&board)->in_statement);
    feed(&board, 1, WV_EVENT_STEP);
    feed(&board, 1, WV_EVENT_STEP_DONE);
    assert_true(wv_board_running(&board)->steps.items[0].done);
    assert_false(wv_board_running(&board)->steps.items[1].done);
    char *summary WV_AUTOFREE = wv_board_summary(&board);
    assert_string_equal(summary, "connecting; upgrade (job 1): step 1 of 2, a1");
    end(&board, 1, WV_OUTCOME_DONE, WV_OK);
    end(&board, 2, WV_OUTCOME_CANCELLED, WV_CANCELLED);
    add_job(&board, 3);
    assert_int_equal(board.jobs->id, 3);
    wv_board_clear(&board);
}

/* Stories as the migrator tells them; none may lead to a pair that the table does not have, which
 * the board logs as a bug. Standard error is counted by the caller, see no_story_is_a_bug. */
static const struct {
    int events[8];
    enum wv_outcome outcome;
    enum wv_err_code code;
} stories[] = {
    {{END}, WV_OUTCOME_CANCELLED, WV_CANCELLED},
    {{END}, WV_OUTCOME_FAILED, WV_SHUTTING_DOWN},
    {{END}, WV_OUTCOME_FAILED, WV_DATABASE_UNREACHABLE},
    {{WV_EVENT_WAITING, END}, WV_OUTCOME_FAILED, WV_DATABASE_UNREACHABLE},
    {{WV_EVENT_WAITING, WV_EVENT_CANCELLING, END}, WV_OUTCOME_CANCELLED, WV_CANCELLED},
    {{WV_EVENT_STARTED, END}, WV_OUTCOME_NOTHING, WV_OK},
    {{WV_EVENT_STARTED, END}, WV_OUTCOME_DONE, WV_OK},
    {{WV_EVENT_STARTED, END}, WV_OUTCOME_FAILED, WV_REVISION_NOT_FOUND},
    {{WV_EVENT_STARTED, END}, WV_OUTCOME_FAILED, WV_NOT_LEADER},
    {{WV_EVENT_STARTED, END}, WV_OUTCOME_FAILED, WV_EDITED_REVISION},
    {{WV_EVENT_STARTED, WV_EVENT_PLANNED, END}, WV_OUTCOME_FAILED, WV_EDITED_REVISION},
    {{WV_EVENT_STARTED, WV_EVENT_PLANNED, WV_EVENT_STEP, END}, WV_OUTCOME_FAILED, WV_SQL_ERROR},
    {{WV_EVENT_STARTED, WV_EVENT_PLANNED, END}, WV_OUTCOME_NOTHING, WV_OK},
    {{WV_EVENT_STARTED, WV_EVENT_PLANNED, WV_EVENT_RETRY, WV_EVENT_RETRY, END},
     WV_OUTCOME_FAILED,
     WV_LOCK_TIMEOUT},
    {{WV_EVENT_STARTED, WV_EVENT_PLANNED, WV_EVENT_RETRY, WV_EVENT_STEP, END},
     WV_OUTCOME_DONE,
     WV_OK},
    {{WV_EVENT_STARTED, WV_EVENT_PLANNED, WV_EVENT_STEP, WV_EVENT_CANCELLING, END},
     WV_OUTCOME_CANCELLED,
     WV_CANCELLED},
    {{WV_EVENT_STARTED, WV_EVENT_PLANNED, WV_EVENT_STEP, WV_EVENT_CANCELLING, WV_EVENT_STEP_DONE,
      END},
     WV_OUTCOME_DONE,
     WV_OK},
    {{WV_EVENT_STARTED, WV_EVENT_CANCELLING, END}, WV_OUTCOME_NOTHING, WV_OK},
    {{WV_EVENT_STARTED, WV_EVENT_PLANNED, WV_EVENT_CANCELLING, END},
     WV_OUTCOME_FAILED,
     WV_CONNECTION_LOST},
    {{WV_EVENT_STARTED, WV_EVENT_PLANNED, WV_EVENT_STEP, WV_EVENT_WAITING, END},
     WV_OUTCOME_FAILED,
     WV_CONNECTION_LOST},
    {{WV_EVENT_STARTED, WV_EVENT_PLANNED, WV_EVENT_STEP, END}, WV_OUTCOME_CANCELLED, WV_CANCELLED},
};

static void tell_stories(void)
{
    for (size_t i = 0; i < sizeof(stories) / sizeof(stories[0]); i++) {
        struct wv_board board;
        wv_board_init(&board);
        add_job(&board, i + 1);
        for (const int *event = stories[i].events; *event != END; event++)
            feed(&board, i + 1, (enum wv_job_event_kind) * event);
        end(&board, i + 1, stories[i].outcome, stories[i].code);
        wv_board_clear(&board);
    }
}

static void no_story_is_a_bug(void **state)
{
    (void)state;
    char log[8192];
    int pipes[2];
    int saved = dup(STDERR_FILENO);
    assert_int_equal(pipe(pipes), 0);
    dup2(pipes[1], STDERR_FILENO);
    tell_stories();
    dup2(saved, STDERR_FILENO);
    close(saved);
    close(pipes[1]);
    ssize_t length = read(pipes[0], log, sizeof(log) - 1);
    close(pipes[0]);
    log[length > 0 ? length : 0] = '\0';
    assert_string_equal(log, "");
}

static void what_belongs_to_no_job_is_refused(void **state)
{
    (void)state;
    struct wv_board board;
    struct wv_job_event event = {.job_id = 9, .kind = WV_EVENT_STARTED};
    struct wv_blockers blockers = {.job_id = 9};
    struct wv_progress progress = {.job_id = 9};
    wv_board_init(&board);
    assert_false(wv_board_take_event(&board, &event));
    assert_false(wv_board_take_blockers(&board, &blockers));
    assert_false(wv_board_take_progress(&board, &progress));
    wv_board_clear(&board);
}

static void an_index_out_of_the_plan_is_harmless(void **state)
{
    (void)state;
    struct wv_board board;
    wv_board_init(&board);
    add_job(&board, 1);
    feed(&board, 1, WV_EVENT_STARTED);
    feed(&board, 1, WV_EVENT_STEP);
    assert_false(wv_board_running(&board)->in_step);
    feed(&board, 1, WV_EVENT_STEP_DONE);
    wv_board_clear(&board);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_story_moves_through_the_states),
        cmocka_unit_test(no_story_is_a_bug),
        cmocka_unit_test(what_belongs_to_no_job_is_refused),
        cmocka_unit_test(an_index_out_of_the_plan_is_harmless),
    };
    wv_log_init(WV_LOG_ERROR);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
