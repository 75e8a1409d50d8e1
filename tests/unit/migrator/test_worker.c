/* The migrator and the watcher on a real PostgreSQL, spoken to as the loop does: by messages. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <poll.h>

#include "clock.h"
#include "migrator.h"
#include "query.h"
#include "strbuf.h"

enum { PATIENCE_MS = 30000 };

/* A project folder, a fresh database and both threads. */
struct rig {
    char folder[64];
    char versions[80];
    char database[64];
    struct wv_settings *settings;
    struct wv_mailbox *to_migrator;
    struct wv_mailbox *to_watcher;
    struct wv_mailbox *to_loop;
    struct wv_threads *threads;
    struct wv_project *project;
    struct wv_pg *pg;         /* the test's own connection */
    struct wv_strlist events; /* words of the job's events since the last job began */
    uint64_t next_job;
};

static void run_sql(struct wv_pg *pg, const char *sql)
{
    struct wv_err err WV_AUTOERR = {0};
    struct wv_pg_wait wait = wv_pg_wait_ms(PATIENCE_MS);
    if (!wv_pg_exec(pg, sql, &wait, &err))
        fail_msg("%s: %s", sql, err.message);
}

static char *ask_sql(struct wv_pg *pg, const char *sql)
{
    struct wv_err err WV_AUTOERR = {0};
    struct wv_pg_wait wait = wv_pg_wait_ms(PATIENCE_MS);
    struct wv_pg_result *result WV_AUTORESULT = NULL;
    if (!wv_pg_query_row(pg, sql, 0, NULL, 1, &result, &wait, &err))
        fail_msg("%s: %s", sql, err.message);
    return wv_xstrdup(wv_pg_text(result, 0, 0));
}

static void assert_sql(struct wv_pg *pg, const char *sql, const char *expected)
{
    char *value WV_AUTOFREE = ask_sql(pg, sql);
    assert_string_equal(value, expected);
}

static struct wv_pg *connect_to(const char *database)
{
    struct wv_err err WV_AUTOERR = {0};
    struct wv_pg_wait wait = wv_pg_wait_ms(PATIENCE_MS);
    struct wv_pg *pg;
    struct wv_pg_options options = {.database = database, .application_name = "test"};
    if (!wv_pg_connect(&pg, &options, &wait, &err))
        fail_msg("%s", err.message);
    return pg;
}

static void write_revision(struct rig *rig, const char *id, const char *down,
                           const char *up_options, const char *up, const char *back)
{
    char path[128];
    snprintf(path, sizeof(path), "%s/%s_test.sql", rig->versions, id);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file,
            "-- message: Revision %s\n-- revision: %s\n-- down_revision: %s\n\n-- woven:up%s\n%s\n",
            id, id, down, up_options, up);
    if (back != NULL)
        fprintf(file, "\n-- woven:down\n%s\n", back);
    assert_int_equal(fclose(file), 0);
    wv_project_unref(rig->project);
    rig->project = wv_project_load(&rig->settings->versions, NULL);
}

static struct wv_settings *make_settings(struct rig *rig)
{
    struct wv_settings *settings = wv_xcalloc(1, sizeof(*settings));
    settings->directory = wv_xstrdup(rig->folder);
    settings->project = wv_xstrdup("woven");
    settings->database = wv_xasprintf("dbname=%s", rig->database);
    settings->socket = wv_xstrdup("/nowhere");
    wv_strlist_add(&settings->versions, rig->versions);
    settings->version_table = wv_xstrdup("alembic_version");
    settings->version_table_schema = wv_xstrdup("");
    settings->ledger_schema = wv_xstrdup("woven");
    settings->may_lead = true;
    settings->timeouts = (struct wv_timeouts){.connect = 5000, .lock = 300, .lock_total = 2000};
    return settings;
}

static int set_up(void **state)
{
    static int number;
    struct rig *rig = wv_xcalloc(1, sizeof(*rig));
    snprintf(rig->folder, sizeof(rig->folder), "/tmp/wv-worker-XXXXXX");
    if (mkdtemp(rig->folder) == NULL)
        return -1;
    snprintf(rig->versions, sizeof(rig->versions), "%s/versions", rig->folder);
    mkdir(rig->versions, 0755);
    snprintf(rig->database, sizeof(rig->database), "worker_%d", ++number);
    struct wv_pg *server = connect_to("");
    char *create WV_AUTOFREE = wv_xasprintf("CREATE DATABASE %s", rig->database);
    run_sql(server, create);
    wv_pg_close(server);
    rig->settings = make_settings(rig);
    rig->pg = connect_to(rig->settings->database);
    rig->project = wv_project_load(&rig->settings->versions, NULL);
    rig->to_migrator = wv_mailbox_new(16);
    rig->to_watcher = wv_mailbox_new(16);
    rig->to_loop = wv_mailbox_new(16);
    *state = rig;
    return 0;
}

static struct wv_message *next_message(struct rig *rig)
{
    struct pollfd poller = {.fd = wv_mailbox_fd(rig->to_loop), .events = POLLIN};
    if (poll(&poller, 1, PATIENCE_MS) != 1)
        fail_msg("no message came");
    struct wv_message *message = wv_mailbox_take(rig->to_loop);
    assert_non_null(message);
    if (message->kind == WV_MSG_JOB_EVENT)
        wv_strlist_add(&rig->events, wv_job_event_word(message->event.kind));
    return message;
}

/* The next message of this kind; what comes before it is dropped. */
static struct wv_message *await(struct rig *rig, enum wv_message_kind kind)
{
    for (;;) {
        struct wv_message *message = next_message(rig);
        if (message->kind == kind)
            return message;
        wv_message_free(message);
    }
}

static void await_event(struct rig *rig, enum wv_job_event_kind kind)
{
    for (bool found = false; !found;) {
        struct wv_message *message = await(rig, WV_MSG_JOB_EVENT);
        found = message->event.kind == kind;
        wv_message_free(message);
    }
}

static void await_role(struct rig *rig, enum wv_role role)
{
    for (bool found = false; !found;) {
        struct wv_message *message = await(rig, WV_MSG_ROLE);
        found = message->role.role == role;
        wv_message_free(message);
    }
}

static void start(struct rig *rig)
{
    rig->threads = wv_threads_start(rig->settings,
                                    &(struct wv_mailboxes){.to_migrator = rig->to_migrator,
                                                           .to_watcher = rig->to_watcher,
                                                           .to_loop = rig->to_loop},
                                    NULL);
    await_role(rig, WV_ROLE_LEADER);
}

static int tear_down(void **state)
{
    struct rig *rig = *state;
    if (rig->threads != NULL) {
        wv_mailbox_put(rig->to_migrator, wv_message_new(WV_MSG_STOP));
        wv_mailbox_put(rig->to_watcher, wv_message_new(WV_MSG_STOP));
        wv_message_free(await(rig, WV_MSG_EXITED));
        wv_message_free(await(rig, WV_MSG_EXITED));
        wv_threads_join(rig->threads);
    }
    wv_mailbox_free(rig->to_migrator);
    wv_mailbox_free(rig->to_watcher);
    wv_mailbox_free(rig->to_loop);
    wv_pg_close(rig->pg);
    wv_project_unref(rig->project);
    wv_settings_free(rig->settings);
    wv_strlist_free(&rig->events);
    char *remove WV_AUTOFREE = wv_xasprintf("rm -rf '%s'", rig->folder);
    int status = system(remove);
    free(rig);
    return status;
}

static uint64_t post_job(struct rig *rig, enum wv_job_kind kind, const char *target)
{
    struct wv_message *message = wv_message_new(WV_MSG_JOB);
    message->job.id = ++rig->next_job;
    message->job.kind = kind;
    if (target != NULL)
        wv_strlist_add(&message->job.targets, target);
    message->job.caller = (struct wv_caller){.uid = 0, .pid = 4711, .user = wv_xstrdup("0")};
    message->job.project = wv_project_ref(rig->project);
    wv_strlist_free(&rig->events);
    assert_true(wv_mailbox_post(rig->to_migrator, message));
    return rig->next_job;
}

static struct wv_message *run_job(struct rig *rig, enum wv_job_kind kind, const char *target)
{
    uint64_t id = post_job(rig, kind, target);
    struct wv_message *message = await(rig, WV_MSG_JOB_RESULT);
    assert_int_equal(message->result.job_id, id);
    return message;
}

static void expect(struct rig *rig, enum wv_job_kind kind, const char *target,
                   enum wv_outcome outcome, const char *rows)
{
    struct wv_message *message = run_job(rig, kind, target);
    if (message->result.outcome != outcome)
        fail_msg("%s: %s", wv_outcome_word(message->result.outcome),
                 message->result.error.message != NULL ? message->result.error.message : "");
    char *after WV_AUTOFREE = wv_strlist_join(&message->result.heads_after, " ");
    assert_string_equal(after, rows);
    wv_message_free(message);
}

static void line_of_three(struct rig *rig)
{
    write_revision(rig, "aaa1", "", "", "CREATE TABLE a (x int);\nINSERT INTO a VALUES (1);",
                   "DROP TABLE a;");
    write_revision(rig, "bbb2", "aaa1", "", "ALTER TABLE a ADD y int;",
                   "ALTER TABLE a DROP COLUMN y;");
    write_revision(rig, "ccc3", "bbb2", "", "CREATE INDEX a_x ON a (x);", "DROP INDEX a_x;");
}

static void up_and_down_moves_rows_and_ledger(void **state)
{
    struct rig *rig = *state;
    line_of_three(rig);
    start(rig);
    expect(rig, WV_JOB_UPGRADE, "head", WV_OUTCOME_DONE, "ccc3");
    char *events WV_AUTOFREE = wv_strlist_join(&rig->events, " ");
    assert_string_equal(events, "started planned step statement statement step_done step statement "
                                "step_done step statement step_done");
    expect(rig, WV_JOB_UPGRADE, "head", WV_OUTCOME_NOTHING, "ccc3");
    assert_sql(rig->pg, "SELECT count(*) FROM woven.revision", "3");
    assert_sql(rig->pg,
               "SELECT DISTINCT unix_user || uid || pid FROM woven.history WHERE kind = 'up'",
               "root04711");
    expect(rig, WV_JOB_DOWNGRADE, "-1", WV_OUTCOME_DONE, "bbb2");
    expect(rig, WV_JOB_DOWNGRADE, "base", WV_OUTCOME_DONE, "");
    assert_sql(rig->pg, "SELECT count(*) FROM woven.revision", "0");
    assert_sql(rig->pg, "SELECT to_regclass('a') IS NULL", "t");
    assert_sql(rig->pg, "SELECT count(*) FROM woven.history WHERE outcome = 'done'", "6");
}

static void a_failing_statement_leaves_nothing_and_is_named(void **state)
{
    struct rig *rig = *state;
    line_of_three(rig);
    write_revision(rig, "ddd4", "ccc3", "", "CREATE TABLE d (x int);\nSELECT 1,\n  2/0;", NULL);
    start(rig);
    struct wv_message *message = run_job(rig, WV_JOB_UPGRADE, "head");
    const struct wv_job_result *result = &message->result;
    assert_int_equal(result->outcome, WV_OUTCOME_FAILED);
    assert_int_equal(result->error.code, WV_SQL_ERROR);
    assert_string_equal(result->error.sqlstate, "22012");
    assert_string_equal(result->error.revision, "ddd4");
    assert_non_null(strstr(result->error.file, "ddd4_test.sql"));
    assert_int_equal(result->error.line, 7);
    assert_true(result->steps.items[2].done);
    assert_false(result->steps.items[3].done);
    assert_string_equal(result->heads_after.items[0], "ccc3");
    wv_message_free(message);
    assert_sql(rig->pg, "SELECT to_regclass('d') IS NULL", "t");
    assert_sql(rig->pg, "SELECT revision || error FROM woven.history WHERE outcome = 'failed'",
               "ddd4revision ddd4 up: division by zero");
}

static void one_transaction_is_all_or_nothing(void **state)
{
    struct rig *rig = *state;
    line_of_three(rig);
    write_revision(rig, "ddd4", "ccc3", "", "SELECT 2/0;", NULL);
    start(rig);
    struct wv_message *message = wv_message_new(WV_MSG_JOB);
    message->job.id = ++rig->next_job;
    message->job.kind = WV_JOB_UPGRADE;
    message->job.single_transaction = true;
    wv_strlist_add(&message->job.targets, "head");
    message->job.caller.user = wv_xstrdup("ann");
    message->job.project = wv_project_ref(rig->project);
    assert_true(wv_mailbox_post(rig->to_migrator, message));
    message = await(rig, WV_MSG_JOB_RESULT);
    assert_int_equal(message->result.outcome, WV_OUTCOME_FAILED);
    assert_int_equal(message->result.heads_after.count, 0);
    for (size_t i = 0; i < message->result.steps.count; i++)
        assert_false(message->result.steps.items[i].done);
    wv_message_free(message);
    assert_sql(rig->pg, "SELECT to_regclass('a') IS NULL", "t");
}

static void a_cancel_rolls_the_step_back(void **state)
{
    struct rig *rig = *state;
    line_of_three(rig);
    write_revision(rig, "ddd4", "ccc3", "", "CREATE TABLE d (x int);\nSELECT pg_sleep(600);", NULL);
    start(rig);
    uint64_t running = post_job(rig, WV_JOB_UPGRADE, "head");
    for (int step = 0; step < 4; step++)
        await_event(rig, WV_EVENT_STEP);
    uint64_t queued = post_job(rig, WV_JOB_DOWNGRADE, "base");
    struct wv_message *cancel = wv_message_new(WV_MSG_CANCEL);
    cancel->job_id = queued;
    wv_mailbox_put(rig->to_migrator, cancel);
    struct wv_message *message = await(rig, WV_MSG_JOB_RESULT);
    assert_int_equal(message->result.job_id, queued);
    assert_int_equal(message->result.outcome, WV_OUTCOME_CANCELLED);
    wv_message_free(message);
    cancel = wv_message_new(WV_MSG_CANCEL);
    cancel->job_id = running;
    wv_mailbox_put(rig->to_migrator, cancel);
    message = await(rig, WV_MSG_JOB_RESULT);
    assert_int_equal(message->result.job_id, running);
    assert_int_equal(message->result.outcome, WV_OUTCOME_CANCELLED);
    assert_string_equal(message->result.heads_after.items[0], "ccc3");
    wv_message_free(message);
    assert_sql(rig->pg, "SELECT to_regclass('d') IS NULL", "t");
    expect(rig, WV_JOB_DOWNGRADE, "-1", WV_OUTCOME_DONE, "bbb2");
}

static void a_killed_session_is_regained_and_the_ledger_read(void **state)
{
    struct rig *rig = *state;
    line_of_three(rig);
    write_revision(rig, "ddd4", "ccc3", "",
                   "CREATE TABLE d (x int);\nSELECT pg_terminate_backend(pg_backend_pid());", NULL);
    start(rig);
    struct wv_message *message = run_job(rig, WV_JOB_UPGRADE, "head");
    assert_int_equal(message->result.outcome, WV_OUTCOME_FAILED);
    assert_int_equal(message->result.error.code, WV_CONNECTION_LOST);
    assert_string_equal(message->result.heads_after.items[0], "ccc3");
    assert_true(message->result.steps.items[2].done);
    assert_false(message->result.steps.items[3].done);
    wv_message_free(message);
    expect(rig, WV_JOB_DOWNGRADE, "base", WV_OUTCOME_DONE, "");
}

static void a_blocked_step_is_tried_again(void **state)
{
    struct rig *rig = *state;
    line_of_three(rig);
    start(rig);
    expect(rig, WV_JOB_UPGRADE, "aaa1", WV_OUTCOME_DONE, "aaa1");
    run_sql(rig->pg, "BEGIN; LOCK TABLE a IN ACCESS SHARE MODE");
    post_job(rig, WV_JOB_UPGRADE, "bbb2");
    await_event(rig, WV_EVENT_RETRY);
    run_sql(rig->pg, "COMMIT");
    struct wv_message *message = await(rig, WV_MSG_JOB_RESULT);
    assert_int_equal(message->result.outcome, WV_OUTCOME_DONE);
    wv_message_free(message);
    run_sql(rig->pg, "BEGIN; LOCK TABLE a IN ACCESS SHARE MODE");
    message = run_job(rig, WV_JOB_UPGRADE, "ccc3");
    assert_int_equal(message->result.outcome, WV_OUTCOME_DONE); /* CREATE INDEX takes SHARE */
    wv_message_free(message);
    message = run_job(rig, WV_JOB_DOWNGRADE, "aaa1");
    assert_int_equal(message->result.outcome, WV_OUTCOME_FAILED);
    assert_int_equal(message->result.error.code, WV_LOCK_TIMEOUT);
    assert_non_null(message->result.error.hint);
    wv_message_free(message);
    run_sql(rig->pg, "COMMIT");
}

static void a_loose_step_runs_alone_and_is_repaired(void **state)
{
    struct rig *rig = *state;
    line_of_three(rig);
    write_revision(rig, "ddd4", "ccc3", " transaction=off",
                   "CREATE INDEX CONCURRENTLY a_y ON a (y);\nCREATE TABLE d (x int);\n"
                   "INSERT INTO d SELECT 1/count(*) FROM d;\nINSERT INTO d VALUES (7);",
                   "DROP TABLE d; DROP INDEX a_y;");
    start(rig);
    struct wv_message *message = run_job(rig, WV_JOB_UPGRADE, "head");
    assert_int_equal(message->result.outcome, WV_OUTCOME_FAILED);
    assert_string_equal(message->result.error.sqlstate, "22012");
    wv_message_free(message);
    message = run_job(rig, WV_JOB_UPGRADE, "head");
    assert_int_equal(message->result.error.code, WV_STEP_INTERRUPTED);
    assert_non_null(strstr(message->result.error.message, "statement 3 of 4"));
    wv_message_free(message);
    run_sql(rig->pg, "INSERT INTO d VALUES (1)");
    message = wv_message_new(WV_MSG_JOB);
    message->job.id = ++rig->next_job;
    message->job.kind = WV_JOB_REPAIR;
    message->job.repair = WV_REPAIR_AGAIN;
    message->job.caller.user = wv_xstrdup("ann");
    message->job.project = wv_project_ref(rig->project);
    assert_true(wv_mailbox_post(rig->to_migrator, message));
    message = await(rig, WV_MSG_JOB_RESULT);
    assert_int_equal(message->result.outcome, WV_OUTCOME_DONE);
    wv_message_free(message);
    expect(rig, WV_JOB_UPGRADE, "head", WV_OUTCOME_DONE, "ddd4");
    assert_sql(rig->pg, "SELECT string_agg(x::text, ' ' ORDER BY x) FROM d", "1 1 7");
    assert_sql(rig->pg, "SELECT indisvalid FROM pg_index WHERE indexrelid = 'a_y'::regclass", "t");
    expect(rig, WV_JOB_DOWNGRADE, "-1", WV_OUTCOME_DONE, "ccc3");
}

static void a_deleted_file_goes_down_by_the_ledger(void **state)
{
    struct rig *rig = *state;
    line_of_three(rig);
    start(rig);
    expect(rig, WV_JOB_UPGRADE, "head", WV_OUTCOME_DONE, "ccc3");
    char path[128];
    snprintf(path, sizeof(path), "%s/ccc3_test.sql", rig->versions);
    assert_int_equal(unlink(path), 0);
    wv_project_unref(rig->project);
    rig->project = wv_project_load(&rig->settings->versions, NULL);
    expect(rig, WV_JOB_UPGRADE, "head", WV_OUTCOME_NOTHING, "ccc3");
    expect(rig, WV_JOB_DOWNGRADE, "-1", WV_OUTCOME_DONE, "bbb2");
    assert_sql(rig->pg, "SELECT to_regclass('a_x') IS NULL", "t");
}

static void an_edited_file_is_refused(void **state)
{
    struct rig *rig = *state;
    line_of_three(rig);
    start(rig);
    expect(rig, WV_JOB_UPGRADE, "bbb2", WV_OUTCOME_DONE, "bbb2");
    write_revision(rig, "bbb2", "aaa1", "", "ALTER TABLE a ADD z int;", NULL);
    struct wv_message *message = run_job(rig, WV_JOB_UPGRADE, "head");
    assert_int_equal(message->result.error.code, WV_EDITED_REVISION);
    assert_non_null(strstr(message->result.error.file, "bbb2_test.sql"));
    wv_message_free(message);
    write_revision(rig, "bbb2", "aaa1", "", "ALTER TABLE a -- why\n  ADD y int;",
                   "ALTER TABLE a DROP COLUMN y;");
    expect(rig, WV_JOB_UPGRADE, "head", WV_OUTCOME_DONE, "ccc3");
}

static void a_stamp_moves_the_ledger_only(void **state)
{
    struct rig *rig = *state;
    line_of_three(rig);
    start(rig);
    expect(rig, WV_JOB_STAMP, "bbb2", WV_OUTCOME_DONE, "bbb2");
    assert_sql(rig->pg, "SELECT count(*) FROM woven.revision WHERE stamped", "2");
    assert_sql(rig->pg, "SELECT to_regclass('a') IS NULL", "t");
    expect(rig, WV_JOB_STAMP, "aaa1", WV_OUTCOME_DONE, "aaa1");
    assert_sql(rig->pg, "SELECT string_agg(id, ' ') FROM woven.revision", "aaa1");
    expect(rig, WV_JOB_STAMP, "base", WV_OUTCOME_DONE, "");
    expect(rig, WV_JOB_STAMP, "base", WV_OUTCOME_NOTHING, "");
}

static void an_alembic_database_is_adopted(void **state)
{
    struct rig *rig = *state;
    line_of_three(rig);
    run_sql(rig->pg, "CREATE TABLE alembic_version (version_num varchar(32) NOT NULL, CONSTRAINT "
                     "alembic_version_pkc PRIMARY KEY (version_num)); INSERT INTO alembic_version "
                     "VALUES ('aaa1'); CREATE TABLE a (x int)");
    start(rig);
    expect(rig, WV_JOB_UPGRADE, "head", WV_OUTCOME_DONE, "ccc3");
    expect(rig, WV_JOB_DOWNGRADE, "base", WV_OUTCOME_DONE, "");
}

static void the_watcher_answers(void **state)
{
    struct rig *rig = *state;
    line_of_three(rig);
    start(rig);
    expect(rig, WV_JOB_UPGRADE, "head", WV_OUTCOME_DONE, "ccc3");
    struct wv_strlist none WV_AUTOSTRLIST = {0};
    struct wv_project *empty = wv_project_load(&none, NULL);
    struct wv_message *ask = wv_message_new(WV_MSG_ASK);
    ask->ask.question = 77;
    ask->ask.deadline = wv_clock_ms() + PATIENCE_MS;
    ask->ask.project = empty;
    wv_mailbox_put(rig->to_watcher, ask);
    struct wv_message *answer = await(rig, WV_MSG_ANSWER);
    assert_int_equal(answer->answer.question, 77);
    assert_true(answer->answer.state.reachable);
    assert_string_equal(answer->answer.state.rows.items[0], "ccc3");
    assert_int_equal(answer->answer.state.unknown.count, 3);
    assert_non_null(answer->answer.state.leader.host);
    assert_string_equal(answer->answer.state.database, rig->database);
    wv_message_free(answer);
}

#define RIG_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(up_and_down_moves_rows_and_ledger),
        RIG_TEST(a_failing_statement_leaves_nothing_and_is_named),
        RIG_TEST(one_transaction_is_all_or_nothing),
        RIG_TEST(a_cancel_rolls_the_step_back),
        RIG_TEST(a_killed_session_is_regained_and_the_ledger_read),
        RIG_TEST(a_blocked_step_is_tried_again),
        RIG_TEST(a_loose_step_runs_alone_and_is_repaired),
        RIG_TEST(a_deleted_file_goes_down_by_the_ledger),
        RIG_TEST(an_edited_file_is_refused),
        RIG_TEST(a_stamp_moves_the_ledger_only),
        RIG_TEST(an_alembic_database_is_adopted),
        RIG_TEST(the_watcher_answers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
