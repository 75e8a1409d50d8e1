/* Jobs as clients see them: progress, watching, cancelling, limits, stopping. The test plays the
 * migrator. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <signal.h>
#include <sys/socket.h>

#include <cmocka.h>

#include "rig.h"

static const char *const at_b2[] = {"b2", NULL};

static void call(struct client *client, const char *method, const char *params)
{
    char *line WV_AUTOFREE = wv_xasprintf(
        "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"%s\",\"params\":%s}\n", method, params);
    client_send(client, line);
}

static void upgrade(struct client *client)
{
    call(client, "migrate.upgrade", "{\"target\":\"head\",\"tag\":\"release 7\"}");
}

/* The next line is an answer to `call`; its result or error, the caller's own. */
static json_t *answer(struct client *client)
{
    json_t *line = client_read(client);
    assert_int_equal(json_integer_value(json_object_get(line, "id")), 7);
    return line;
}

static const char *outcome_of(const json_t *line)
{
    return json_string_value(json_object_get(json_object_get(line, "result"), "outcome"));
}

static void expect_outcome(struct client *client, const char *outcome)
{
    json_t *line = answer(client);
    assert_string_equal(outcome_of(line), outcome);
    json_decref(line);
}

static void expect_event(struct client *client, const char *event)
{
    json_decref(client_event(client, event));
}

static void expect_watch(struct rig *rig, uint64_t job)
{
    struct wv_message *message = rig_take(rig->to_watcher, WV_MSG_WATCH);
    assert_int_equal(message->watch.job_id, job);
    assert_int_equal(message->watch.backend_pid, job == 0 ? 0 : 77);
    wv_message_free(message);
}

static void the_migrator_gets_what_was_asked_for(void **state)
{
    struct rig *rig = *state;
    rig_start(rig);
    struct client client = client_open(rig);
    call(&client, "migrate.upgrade",
         "{\"target\":[\"a1\",\"b2\"],\"single_transaction\":true,\"tag\":\"t\",\"wait_ms\":5000}");
    struct wv_message *message = rig_take(rig->to_migrator, WV_MSG_JOB);
    const struct wv_job *job = &message->job;
    assert_int_equal(job->id, 1);
    assert_int_equal(job->kind, WV_JOB_UPGRADE);
    assert_int_equal(job->targets.count, 2);
    assert_string_equal(job->targets.items[1], "b2");
    assert_true(job->single_transaction && job->wait_until > 0);
    assert_string_equal(job->tag, "t");
    assert_int_equal(job->project->count, 3);
    assert_non_null(job->caller.user);
    wv_message_free(message);
    call(&client, "migrate.repair", "{\"action\":\"again\"}");
    message = rig_take(rig->to_migrator, WV_MSG_JOB);
    assert_int_equal(message->job.kind, WV_JOB_REPAIR);
    assert_int_equal(message->job.repair, WV_REPAIR_AGAIN);
    assert_int_equal(message->job.id, 2);
    wv_message_free(message);
    rig_result(rig, 1, WV_OUTCOME_DONE);
    rig_result(rig, 2, WV_OUTCOME_DONE);
    client_close(&client);
}

static void post_blockers(struct rig *rig, uint64_t job)
{
    struct wv_message *message = wv_message_new(WV_MSG_BLOCKERS);
    message->blockers.job_id = job;
    message->blockers.items = wv_xcalloc(1, sizeof(struct wv_blocker));
    message->blockers.items[0].pid = 4711;
    message->blockers.items[0].query = wv_xstrdup("SELECT '\xff'");
    message->blockers.count = 1;
    message->blockers.blocked_by_us = 3;
    wv_mailbox_put(rig->from_threads, message);
}

static void post_progress(struct rig *rig, uint64_t job)
{
    struct wv_message *message = wv_message_new(WV_MSG_PROGRESS);
    message->progress = (struct wv_progress){
        .job_id = job, .phase = wv_xstrdup("building index"), .done = 3, .total = 10};
    wv_mailbox_put(rig->from_threads, message);
}

static void expect_job_shown(struct rig *rig, struct client *client)
{
    call(client, "migrate.status", "{}");
    rig_answer(rig, at_b2);
    json_t *line = answer(client);
    const json_t *job = json_object_get(json_object_get(line, "result"), "job");
    assert_string_equal(json_string_value(json_object_get(job, "state")), "stepping");
    const json_t *step = json_object_get(job, "step");
    assert_string_equal(json_string_value(json_object_get(step, "revision")), "a1");
    const json_t *statement = json_object_get(job, "statement");
    assert_int_equal(json_integer_value(json_object_get(statement, "line")), 9);
    assert_int_equal(json_array_size(json_object_get(job, "blockers")), 1);
    const json_t *progress = json_object_get(job, "progress");
    assert_int_equal(json_integer_value(json_object_get(progress, "done")), 3);
    json_decref(line);
}

static void progress_reaches_caller_and_watcher(void **state)
{
    struct rig *rig = *state;
    rig_start(rig);
    rig_role(rig, WV_ROLE_LEADER);
    struct client caller = client_open(rig);
    struct client watcher = client_open(rig);
    struct client third = client_open(rig);
    call(&watcher, "migrate.watch", "{}");
    json_decref(client_call(&watcher, "daemon.ping", NULL));
    upgrade(&caller);
    uint64_t job = rig_take_job(rig);
    rig_event(rig, job, WV_EVENT_STARTED, NULL);
    expect_watch(rig, job);
    rig_event(rig, job, WV_EVENT_WAITING, "for the lock");
    rig_planned(rig, job);
    rig_event(rig, job, WV_EVENT_STEP, NULL);
    rig_event(rig, job, WV_EVENT_STATEMENT, "CREATE TABLE a ()");
    post_blockers(rig, job);
    post_progress(rig, job);
    static const char *const events[] = {"queued", "started",   "waiting", "planned",
                                         "step",   "statement", "blocked", "progress"};
    for (size_t i = 0; i < sizeof(events) / sizeof(events[0]); i++) {
        expect_event(&caller, events[i]);
        expect_event(&watcher, events[i]);
    }
    expect_job_shown(rig, &third);
    rig_event(rig, job, WV_EVENT_STEP_DONE, NULL);
    rig_result(rig, job, WV_OUTCOME_DONE);
    json_t *done = client_event(&caller, "step_done");
    assert_true(json_real_value(json_object_get(done, "seconds")) == 1.5);
    json_decref(done);
    expect_outcome(&caller, "done");
    expect_event(&watcher, "step_done");
    expect_event(&watcher, "finished");
    expect_outcome(&watcher, "done");
    expect_watch(rig, 0);
    client_close(&caller);
    client_close(&watcher);
    client_close(&third);
}

static void a_failed_job_is_a_result_with_its_error(void **state)
{
    struct rig *rig = *state;
    rig_start(rig);
    struct client client = client_open(rig);
    call(&client, "migrate.stamp", "{\"target\":\"b2\",\"progress\":false}");
    rig_result(rig, rig_take_job(rig), WV_OUTCOME_FAILED);
    json_t *line = answer(&client);
    assert_string_equal(outcome_of(line), "failed");
    const json_t *error = json_object_get(json_object_get(line, "result"), "error");
    assert_string_equal(json_string_value(json_object_get(error, "code")), "SQL_ERROR");
    json_decref(line);
    client_close(&client);
}

static void a_client_that_vanishes_cancels_nothing(void **state)
{
    struct rig *rig = *state;
    rig_start(rig);
    struct client client = client_open(rig);
    struct client other = client_open(rig);
    upgrade(&client);
    uint64_t job = rig_take_job(rig);
    client_close(&client);
    rig_event(rig, job, WV_EVENT_STARTED, NULL);
    json_decref(client_call(&other, "daemon.ping", NULL));
    assert_int_equal(wv_mailbox_count(rig->to_migrator), 0);
    call(&other, "migrate.watch", "{}");
    json_decref(client_call(&other, "daemon.ping", NULL));
    rig_result(rig, job, WV_OUTCOME_DONE);
    expect_event(&other, "finished");
    expect_outcome(&other, "done");
    client_close(&other);
}

static void cancelling_answers_both(void **state)
{
    struct rig *rig = *state;
    rig_start(rig);
    struct client caller = client_open(rig);
    struct client other = client_open(rig);
    json_t *line = client_call(&other, "migrate.cancel", NULL);
    assert_string_equal(error_word(line), "NO_SUCH_JOB");
    json_decref(line);
    upgrade(&caller);
    uint64_t job = rig_take_job(rig);
    rig_event(rig, job, WV_EVENT_STARTED, NULL);
    expect_event(&caller, "queued");
    expect_event(&caller, "started");
    call(&other, "migrate.cancel", "{}");
    struct wv_message *message = rig_take(rig->to_migrator, WV_MSG_CANCEL);
    assert_int_equal(message->job_id, job);
    wv_message_free(message);
    rig_event(rig, job, WV_EVENT_CANCELLING, NULL);
    rig_result(rig, job, WV_OUTCOME_CANCELLED);
    expect_event(&caller, "cancelling");
    expect_outcome(&caller, "cancelled");
    expect_outcome(&other, "cancelled");
    client_close(&caller);
    client_close(&other);
}

static void only_so_many_jobs_wait(void **state)
{
    struct rig *rig = *state;
    rig->settings->limits.jobs = 2;
    rig_start(rig);
    struct client client = client_open(rig);
    for (int i = 0; i < 3; i++)
        call(&client, "migrate.upgrade", "{\"target\":\"head\",\"progress\":false}");
    json_t *line = answer(&client);
    assert_string_equal(error_word(line), "BUSY");
    json_decref(line);
    assert_int_equal(rig_take_job(rig), 1);
    assert_int_equal(rig_take_job(rig), 2);
    rig_event(rig, 1, WV_EVENT_STARTED, NULL); /* makes room: it waits no longer */
    rig_result(rig, 2, WV_OUTCOME_CANCELLED);
    expect_outcome(&client, "cancelled");
    call(&client, "migrate.upgrade", "{\"target\":\"head\",\"progress\":false}");
    assert_int_equal(rig_take_job(rig), 3);
    rig_result(rig, 1, WV_OUTCOME_DONE);
    rig_result(rig, 3, WV_OUTCOME_DONE);
    client_close(&client);
}

static void bad_targets_never_become_jobs(void **state)
{
    struct rig *rig = *state;
    rig_start(rig);
    struct client client = client_open(rig);
    json_t *line = client_call(&client, "migrate.upgrade", "{\"target\":\"a1:b2\"}");
    assert_string_equal(error_word(line), "BAD_TARGET");
    json_decref(line);
    rig_write(rig, "d4", "nowhere");
    line = client_call(&client, "migrate.upgrade", "{\"target\":\"head\"}");
    assert_string_equal(error_word(line), "LOAD_ERROR");
    json_decref(line);
    assert_int_equal(wv_mailbox_count(rig->to_migrator), 0);
    client_close(&client);
}

static void watching_an_idle_daemon_ends_at_once_if_asked(void **state)
{
    struct rig *rig = *state;
    rig_start(rig);
    struct client client = client_open(rig);
    json_t *line = client_call(&client, "migrate.watch", "{\"follow\":false}");
    assert_true(json_is_null(json_object_get(json_object_get(line, "result"), "outcome")));
    json_decref(line);
    client_close(&client);
}

static struct wv_message *wait_for_stop(struct rig *rig)
{
    rig_signal(SIGTERM);
    return rig_take(rig->to_migrator, WV_MSG_STOP);
}

static void stopping_lets_the_job_finish(void **state)
{
    struct rig *rig = *state;
    rig_start(rig);
    struct client caller = client_open(rig);
    struct client other = client_open(rig);
    upgrade(&caller);
    uint64_t job = rig_take_job(rig);
    rig_event(rig, job, WV_EVENT_STARTED, NULL);
    expect_event(&caller, "queued");
    expect_event(&caller, "started");
    json_decref(client_call(&other, "daemon.ping", NULL));
    wv_message_free(wait_for_stop(rig));
    json_t *line = client_call(&other, "migrate.upgrade", "{\"target\":\"head\"}");
    assert_string_equal(error_word(line), "SHUTTING_DOWN");
    json_decref(line);
    wv_message_free(rig_take(rig->to_watcher, WV_MSG_WATCH));
    call(&other, "migrate.status", "{}");
    rig_answer(rig, at_b2);
    json_decref(answer(&other));
    rig_result(rig, job, WV_OUTCOME_DONE);
    expect_outcome(&caller, "done");
    /* What teardown waits for has been heard here. */
    wv_mailbox_put(rig->to_migrator, wv_message_new(WV_MSG_STOP));
    client_close(&caller);
    client_close(&other);
}

static void a_second_signal_cancels(void **state)
{
    struct rig *rig = *state;
    rig_start(rig);
    struct client caller = client_open(rig);
    upgrade(&caller);
    uint64_t job = rig_take_job(rig);
    wv_message_free(wait_for_stop(rig));
    rig_signal(SIGTERM);
    struct wv_message *message = rig_take(rig->to_migrator, WV_MSG_CANCEL);
    assert_int_equal(message->job_id, job);
    wv_message_free(message);
    wv_mailbox_put(rig->to_migrator, wv_message_new(WV_MSG_STOP));
    client_close(&caller);
}

static void the_grace_time_ends(void **state)
{
    struct rig *rig = *state;
    rig->settings->timeouts.grace = 50;
    rig_start(rig);
    struct client caller = client_open(rig);
    upgrade(&caller);
    rig_take_job(rig);
    wv_message_free(wait_for_stop(rig));
    wv_message_free(rig_take(rig->to_migrator, WV_MSG_CANCEL));
    wv_mailbox_put(rig->to_migrator, wv_message_new(WV_MSG_STOP));
    client_close(&caller);
}

static void who_waits_at_the_end_is_told(void **state)
{
    struct rig *rig = *state;
    rig_start(rig);
    struct client client = client_open(rig);
    call(&client, "migrate.watch", "{}");
    json_decref(client_call(&client, "daemon.ping", NULL));
    rig_stop(rig);
    json_t *line = answer(&client);
    assert_string_equal(error_word(line), "SHUTTING_DOWN");
    json_decref(line);
    assert_null(client_read(&client));
    client_close(&client);
}

#define RIG_TEST(f) cmocka_unit_test_setup_teardown(f, rig_set_up, rig_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(the_migrator_gets_what_was_asked_for),
        RIG_TEST(progress_reaches_caller_and_watcher),
        RIG_TEST(a_failed_job_is_a_result_with_its_error),
        RIG_TEST(a_client_that_vanishes_cancels_nothing),
        RIG_TEST(cancelling_answers_both),
        RIG_TEST(only_so_many_jobs_wait),
        RIG_TEST(bad_targets_never_become_jobs),
        RIG_TEST(watching_an_idle_daemon_ends_at_once_if_asked),
        RIG_TEST(stopping_lets_the_job_finish),
        RIG_TEST(a_second_signal_cancels),
        RIG_TEST(the_grace_time_ends),
        RIG_TEST(who_waits_at_the_end_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
