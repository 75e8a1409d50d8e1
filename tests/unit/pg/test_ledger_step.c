/* Steps and their records, guards and fences, the journal: beside a real PostgreSQL. */
#include "cmocka_all.h"

#include <stdlib.h>
#include <string.h>

#include "ledger_internal.h"
#include "ledger_rig.h"

/* --- steps --- */

static void test_step_is_recorded(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    struct wv_ledger_stored_list list = {0};
    struct wv_ledger_history history = {0};
    struct wv_pg_wait wait = soon();
    step_up(rig, NULL, "a", "CREATE TABLE made (x int)");
    check_rows(rig, "a");
    assert_true(rig->look.last_history > 0);
    assert_done(wv_ledger_stored(rig->ledger, rig->pg, NULL, true, &list, &wait, &rig->err),
                &rig->err);
    assert_int_equal(list.count, 1);
    const struct wv_ledger_stored *stored = &list.items[0];
    assert_string_equal(stored->id, "a");
    assert_int_equal(stored->down.count, 0);
    assert_string_equal(stored->labels.items[0], "a");
    assert_string_equal(stored->message, "it's a test");
    assert_string_equal(stored->checksum, "c1");
    assert_string_equal(stored->up_sql, "CREATE TABLE made (x int)");
    assert_string_equal(stored->down_sql, "SELECT 'down'");
    assert_string_equal(stored->applied_by, "ann");
    assert_false(stored->stamped);
    wv_ledger_stored_free(&list);
    assert_done(wv_ledger_history(rig->ledger, rig->pg, &(struct wv_ledger_filter){0}, &history,
                                  &wait, &rig->err),
                &rig->err);
    assert_int_equal(history.count, 1);
    const struct wv_ledger_entry *entry = &history.items[0];
    assert_string_equal(entry->kind, "up");
    assert_string_equal(entry->outcome, "done");
    assert_string_equal(entry->user, "ann");
    assert_string_equal(entry->host, "testhost");
    assert_string_equal(entry->version, WV_VERSION);
    assert_string_equal(entry->tag, "t");
    assert_int_equal(entry->uid, 1000);
    assert_int_equal(entry->pid, 42);
    assert_int_equal(entry->job, 7);
    assert_in_range(entry->took_us, 1, 10000000);
    assert_int_equal(entry->id, rig->look.last_history);
    wv_ledger_history_free(&history);
    rig_free(rig);
}

static void test_step_down_forgets(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    struct wv_strlist rows WV_AUTOSTRLIST = {0};
    wv_strlist_add(&rows, "a");
    step_up(rig, NULL, "a", "SELECT 1");
    struct wv_ledger_step step = {.kind = WV_LEDGER_DOWN,
                                  .record = {.id = "a"},
                                  .remove_rows = &rows,
                                  .first = true,
                                  .last = true,
                                  .lock_timeout = 2000};
    begin(rig);
    assert_true(wv_ledger_queue_begin(rig->ledger, rig->batch, &rig->job, &step, true));
    assert_true(wv_ledger_queue_end(rig->ledger, rig->batch, &rig->job, &step, true));
    assert_done(end(rig), &rig->err);
    check_rows(rig, "");
    assert_int_equal(number_of(rig->pg, "SELECT count(*) FROM woven.revision"), 0);
    assert_int_equal(number_of(rig->pg, "SELECT count(*) FROM woven.history WHERE kind = 'down'"),
                     1);
    rig_free(rig);
}

static void test_merge_and_branch_rows(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    struct wv_strlist both WV_AUTOSTRLIST = {0};
    struct wv_strlist one WV_AUTOSTRLIST = {0};
    wv_strlist_add(&both, "a");
    wv_strlist_add(&both, "b");
    wv_strlist_add(&one, "m");
    step_up(rig, NULL, "a", "SELECT 1");
    step_up(rig, NULL, "b", "SELECT 1");
    struct wv_ledger_step step = {
        .kind = WV_LEDGER_UP,
        .record = {.id = "m", .down = &both, .message = "", .checksum = "", .up_sql = ""},
        .remove_rows = &both,
        .add_rows = &one,
        .first = true,
        .last = true,
        .lock_timeout = 2000};
    begin(rig);
    assert_true(wv_ledger_queue_begin(rig->ledger, rig->batch, &rig->job, &step, true));
    assert_true(wv_ledger_queue_end(rig->ledger, rig->batch, &rig->job, &step, true));
    assert_done(end(rig), &rig->err);
    check_rows(rig, "m");
    rig_free(rig);
}

static void test_limits_hold_within_the_step_only(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    step_up(rig, NULL, "a",
            "DO $$ BEGIN ASSERT current_setting('lock_timeout') = '2s';"
            " ASSERT current_setting('synchronous_commit') = 'on'; END $$");
    begin(rig);
    assert_true(queue_up(rig, 0, "a", "b",
                         "DO $$ BEGIN ASSERT current_setting('synchronous_commit') = 'off';"
                         " END $$",
                         false));
    assert_done(end(rig), &rig->err);
    char *lock WV_AUTOFREE = value_of(rig->pg, "SELECT current_setting('lock_timeout')");
    assert_string_equal(lock, "5s");
    rig_free(rig);
}

static void test_what_a_step_does_to_the_session_ends_with_it(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    run(rig->pg, "CREATE ROLE nobody_much");
    step_up(rig, NULL, "a", "SET ROLE nobody_much");
    step_up(rig, "a", "b", "SET SESSION AUTHORIZATION nobody_much");
    step_up(rig, "b", "c", "SET search_path = nowhere");
    begin(rig);
    assert_true(queue_up(rig, 0, "c", "d", "SET search_path = nowhere", false));
    assert_true(queue_up(rig, 1, "d", "e", "CREATE TABLE made (x int)", false));
    assert_true(queue_up(rig, 2, "e", "f", "SET ROLE nobody_much", false));
    assert_true(
        queue_up(rig, 3, "f", "g", "DO $$ BEGIN ASSERT current_user = 'postgres'; END $$", true));
    assert_done(end(rig), &rig->err);
    assert_int_equal(number_of(rig->pg, "SELECT count(*) FROM public.made"), 0);
    char *check WV_AUTOFREE =
        value_of(rig->pg, "SELECT current_setting('client_connection_check_interval')");
    assert_string_equal(check, "500ms");
    run(rig->pg, "DROP ROLE nobody_much");
    rig_free(rig);
}

/* Without words that tell of it, too: a setting through the view, and through the function. */
static void test_settings_in_disguise(void **state)
{
    (void)state;
    static const char *const disguises[] = {
        "UPDATE pg_settings SET setting = 'nowhere' WHERE name = 'search_path'",
        "INSERT INTO dummy SELECT set_config('search_path', 'nowhere', false)",
        "CREATE TABLE odd AS SELECT set_config('search_path', 'nowhere', false)",
    };
    struct rig *rig = rig_new();
    run(rig->pg, "CREATE TABLE dummy (x text)");
    begin(rig);
    const char *ids[] = {NULL, "a", "b", "c", "d"};
    for (size_t i = 0; i < 3; i++)
        assert_true(queue_up(rig, i, ids[i], ids[i + 1], disguises[i], false));
    assert_true(queue_up(rig, 3, "c", "d", "CREATE TABLE made (x int)", true));
    assert_done(end(rig), &rig->err);
    assert_int_equal(number_of(rig->pg, "SELECT count(*) FROM public.made"), 0);
    rig_free(rig);
}

static void test_dropped_prepared_statements(void **state)
{
    (void)state;
    static const char *const drops[] = {"DEALLOCATE ALL", "DISCARD PLANS",
                                        "DO $$ BEGIN EXECUTE 'deallocate all'; END $$"};
    struct rig *rig = rig_new();
    begin(rig);
    const char *ids[] = {NULL, "a", "b", "c", "d"};
    for (size_t i = 0; i < 3; i++)
        assert_true(queue_up(rig, i, ids[i], ids[i + 1], drops[i], false));
    assert_true(queue_up(rig, 3, "c", "d", "SELECT 1", true));
    assert_done(end(rig), &rig->err);
    check_rows(rig, "d");
    /* What nobody could see coming fails the step, not what follows. */
    fail_up(rig, "d", "e", "DO $$ BEGIN EXECUTE 'deal' || 'locate all'; END $$", WV_SQL_ERROR);
    check_rows(rig, "d");
    step_up(rig, "d", "e", "SELECT 1");
    check_rows(rig, "e");
    rig_free(rig);
}

static void test_failed_step_leaves_nothing(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    step_up(rig, NULL, "a", "SELECT 1");
    int64_t before = look(rig)->last_history;
    fail_up(rig, "a", "b", "SELECT 1/0", WV_SQL_ERROR);
    assert_int_equal(rig->failure.tag, 1);
    check_rows(rig, "a");
    assert_int_equal(rig->look.last_history, before);
    rig_free(rig);
}

static void test_broken_transaction_is_caught(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    step_up(rig, NULL, "a", "CREATE TABLE t (x int)");
    fail_up(rig, "a", "b", "COMMIT", WV_TRANSACTION_BROKEN);
    fail_up(rig, "a", "b", "ROLLBACK", WV_TRANSACTION_BROKEN);
    check_rows(rig, "a");
    const char *const inner[][2] = {{"COMMIT", "BEGIN"}, {"ROLLBACK", "BEGIN"}};
    for (size_t i = 0; i < 2; i++) {
        struct wv_strlist remove WV_AUTOSTRLIST = {0};
        wv_strlist_add(&remove, "a");
        struct wv_ledger_step step = {.kind = WV_LEDGER_DOWN,
                                      .record = {.id = "a"},
                                      .remove_rows = &remove,
                                      .first = true,
                                      .last = true,
                                      .lock_timeout = 2000};
        begin(rig);
        (void)!(wv_ledger_queue_begin(rig->ledger, rig->batch, &rig->job, &step, true) &&
                wv_pg_batch_add(rig->batch, 1, inner[i][0], 0, NULL, WV_PG_FLUSH_LATER) &&
                wv_pg_batch_add(rig->batch, 2, inner[i][1], 0, NULL, WV_PG_FLUSH_LATER) &&
                wv_ledger_queue_end(rig->ledger, rig->batch, &rig->job, &step, true));
        assert_error(end(rig), &rig->err, WV_TRANSACTION_BROKEN);
        check_rows(rig, "a");
    }
    rig_free(rig);
}

static void test_no_false_alarm(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    step_up(rig, NULL, "a", "RESET ALL");
    step_up(rig, "a", "b", "CLOSE ALL");
    step_up(rig, "b", "c", "DEALLOCATE ALL");
    step_up(rig, "c", "d", "SAVEPOINT a");
    step_up(rig, "d", "e", "SET CONSTRAINTS ALL IMMEDIATE");
    check_rows(rig, "e");
    rig_free(rig);
}

static void test_rows_that_somebody_moved(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    step_up(rig, NULL, "a", "SELECT 1");
    fail_up(rig, "z", "b", "SELECT 1", WV_NOT_LEADER);
    fail_up(rig, NULL, "a", "SELECT 1", WV_NOT_LEADER);
    check_rows(rig, "a");
    rig_free(rig);
}

static void test_another_leader(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    int64_t mine = rig->job.token;
    prepare(rig);
    rig->job.token = mine;
    fail_up(rig, NULL, "a", "SELECT 1", WV_NOT_LEADER);
    check_rows(rig, "");
    rig_free(rig);
}

/* After a COMMIT that failed the next transactions of the batch do not run, even where the version
 * table would let them. */
static void test_nothing_runs_behind_a_failed_commit(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    run(rig->pg, "CREATE TABLE d (x int UNIQUE DEFERRABLE INITIALLY DEFERRED)");
    begin(rig);
    (void)!(queue_up(rig, 0, NULL, "a", "SELECT 1", false) &&
            queue_up(rig, 1, "a", "b", "INSERT INTO d VALUES (1), (1)", false) &&
            queue_up(rig, 2, NULL, "other", "CREATE TABLE must_not_be (x int)", true));
    assert_false(end(rig));
    assert_string_equal(rig->err.sqlstate, "23505");
    assert_int_equal(rig->failure.transaction, 1);
    assert_int_equal(rig->failure.tag, WV_LEDGER_COMMIT_TAG);
    check_rows(rig, "a");
    assert_int_equal(number_of(rig->pg, "SELECT count(*) FROM pg_class"
                                        " WHERE relname = 'must_not_be'"),
                     0);
    rig_free(rig);
}

/* One transaction of `count` steps, from the empty database to the revision `count` - 1. Each runs
 * "SELECT 1", step `odd` each of `sqls` instead (to a NULL). */
static bool run_together(struct rig *rig, size_t count, size_t odd, const char *const *sqls)
{
    static const char *const plain[] = {"SELECT 1", NULL};
    bool going = true;
    begin(rig);
    for (size_t i = 0; going && i < count; i++) {
        struct wv_strlist remove WV_AUTOSTRLIST = {0};
        struct wv_strlist add WV_AUTOSTRLIST = {0};
        struct wv_ledger_number before = wv_ledger_number((int64_t)i - 1);
        struct wv_ledger_number id = wv_ledger_number((int64_t)i);
        if (i > 0)
            wv_strlist_add(&remove, before.text);
        wv_strlist_add(&add, id.text);
        struct wv_ledger_step step = {.kind = WV_LEDGER_UP,
                                      .record = {id.text, &remove, NULL, NULL, "m", "c", "u", NULL},
                                      .remove_rows = &remove,
                                      .add_rows = &add,
                                      .number = i,
                                      .first = i == 0,
                                      .last = i + 1 == count,
                                      .lock_timeout = 2000};
        going = wv_ledger_queue_begin(rig->ledger, rig->batch, &rig->job, &step, i == 0);
        for (const char *const *sql = i == odd ? sqls : plain; going && *sql != NULL; sql++)
            going = wv_pg_batch_add(rig->batch, 1, *sql, 0, NULL, WV_PG_FLUSH_LATER);
        going =
            going && wv_ledger_queue_end(rig->ledger, rig->batch, &rig->job, &step, i + 1 == count);
    }
    return end(rig);
}

static void test_single_transaction(void **state)
{
    (void)state;
    static const char *const fails[] = {"SELECT 1/0", NULL};
    struct rig *rig = rig_new();
    assert_error(run_together(rig, 3, 2, fails), &rig->err, WV_SQL_ERROR);
    check_rows(rig, "");
    assert_done(run_together(rig, 3, 3, NULL), &rig->err);
    check_rows(rig, "2");
    assert_int_equal(number_of(rig->pg, "SELECT count(*) FROM woven.history"), 3);
    rig_free(rig);
}

/* In whichever step the transaction ends before its time, that step says so. */
static void test_single_transaction_that_is_broken(void **state)
{
    (void)state;
    static const char *const breaks[][3] = {
        {"COMMIT", "BEGIN", NULL}, {"ROLLBACK", "BEGIN", NULL}, {"COMMIT AND CHAIN", NULL}};
    for (size_t i = 0; i < sizeof(breaks) / sizeof(breaks[0]); i++) {
        for (size_t odd = 0; odd < 4; odd++) {
            struct rig *rig = rig_new();
            assert_error(run_together(rig, 4, odd, breaks[i]), &rig->err, WV_TRANSACTION_BROKEN);
            assert_int_equal(number_of(rig->pg, "SELECT count(*) FROM woven.history"),
                             strncmp(breaks[i][0], "COMMIT", 6) == 0 ? (int64_t)odd : 0);
            rig_free(rig);
        }
    }
}

/* What a step of many does to the ledger does not grow with those before it in the transaction: the
 * guard is written once, the version table is not read as a whole, whatever its statistics say. */
static void test_single_transaction_of_many(void **state)
{
    (void)state;
    enum { STEPS = 5000 };
    struct rig *rig = rig_new();
    run(rig->pg, "INSERT INTO alembic_version VALUES ('x')");
    run(rig->pg, "VACUUM ANALYZE alembic_version");
    run(rig->pg, "DELETE FROM alembic_version");
    assert_done(run_together(rig, STEPS, STEPS, NULL), &rig->err);
    check_rows(rig, "4999");
    assert_int_equal(number_of(rig->pg, "SELECT pg_relation_size('woven.guard')"), 8192);
    assert_int_equal(number_of(rig->pg, "SELECT count(*) FROM pg_stat_force_next_flush()"), 1);
    assert_in_range(number_of(rig->pg, "SELECT idx_scan FROM pg_stat_user_tables"
                                       " WHERE relname = 'alembic_version'"),
                    STEPS / 5, STEPS);
    /* Each begins when the one before it ends. */
    assert_int_equal(
        number_of(rig->pg,
                  "SELECT count(*) FROM (SELECT started_at, lag(started_at + took_us * interval"
                  " '1 microsecond') OVER (ORDER BY id) AS before FROM woven.history) AS h"
                  " WHERE started_at = before"),
        STEPS - 1);
    rig_free(rig);
}

static void test_stamp(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    struct wv_strlist add WV_AUTOSTRLIST = {0};
    struct wv_ledger_stored_list list = {0};
    struct wv_pg_wait wait = soon();
    run(rig->pg, "INSERT INTO alembic_version VALUES ('gone1'), ('gone2')");
    wv_strlist_add(&add, "b");
    struct wv_ledger_step step = {.kind = WV_LEDGER_STAMP,
                                  .record = {.id = "b"},
                                  .add_rows = &add,
                                  .first = true,
                                  .last = true,
                                  .lock_timeout = 2000};
    struct wv_ledger_record a = {"a", NULL, NULL, NULL, "", "", "up", NULL};
    struct wv_ledger_record b = {"b", NULL, NULL, NULL, "", "", "up", NULL};
    begin(rig);
    (void)!(wv_ledger_queue_begin(rig->ledger, rig->batch, &rig->job, &step, true) &&
            wv_ledger_queue_purge(rig->ledger, rig->batch) &&
            wv_ledger_queue_record(rig->ledger, rig->batch, &rig->job, &a) &&
            wv_ledger_queue_record(rig->ledger, rig->batch, &rig->job, &b) &&
            wv_ledger_queue_forget(rig->ledger, rig->batch, "a") &&
            wv_ledger_queue_end(rig->ledger, rig->batch, &rig->job, &step, true));
    assert_done(end(rig), &rig->err);
    check_rows(rig, "b");
    assert_done(wv_ledger_stored(rig->ledger, rig->pg, &add, false, &list, &wait, &rig->err),
                &rig->err);
    assert_int_equal(list.count, 1);
    assert_true(list.items[0].stamped);
    assert_null(list.items[0].up_sql);
    wv_ledger_stored_free(&list);
    assert_int_equal(number_of(rig->pg, "SELECT count(*) FROM woven.revision"), 1);
    rig_free(rig);
}

/* --- the journal --- */

static void intend(struct rig *rig, int statement)
{
    struct wv_pg_wait wait = soon();
    struct wv_ledger_intent intent = {
        "a",  "c1", true, statement, 3, "versions/a.sql", 7, "CREATE INDEX CONCURRENTLY i ON t (x)",
        false};
    assert_done(
        wv_ledger_journal_intend(rig->ledger, rig->pg, &rig->job, &intent, &wait, &rig->err),
        &rig->err);
}

static void test_journal(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    struct wv_pg_wait wait = soon();
    struct wv_strlist add WV_AUTOSTRLIST = {0};
    const struct wv_ledger_interrupted *open = &rig->look.interrupted;
    intend(rig, 1);
    look(rig);
    assert_string_equal(open->revision, "a");
    assert_true(open->up);
    assert_int_equal(open->statement, 1);
    assert_int_equal(open->total, 3);
    assert_false(open->done);
    assert_string_equal(open->file, "versions/a.sql");
    assert_int_equal(open->line, 7);
    assert_string_equal(open->text, "CREATE INDEX CONCURRENTLY i ON t (x)");
    assert_string_equal(open->checksum, "c1");
    assert_null(open->error);
    assert_done(wv_ledger_journal_outcome(rig->ledger, rig->pg, NULL, &wait, &rig->err), &rig->err);
    assert_true(look(rig)->interrupted.done);
    intend(rig, 2);
    assert_false(look(rig)->interrupted.done);
    struct wv_err error WV_AUTOERR = {0};
    wv_err_set(&error, WV_SQL_ERROR, "it broke");
    assert_done(wv_ledger_journal_outcome(rig->ledger, rig->pg, &error, &wait, &rig->err),
                &rig->err);
    assert_string_equal(look(rig)->interrupted.error, "it broke");
    assert_false(open->done);

    wv_strlist_add(&add, "a");
    struct wv_ledger_step step = {.kind = WV_LEDGER_UP,
                                  .record = {"a", NULL, NULL, NULL, "m", "c1", "u", NULL},
                                  .add_rows = &add,
                                  .lock_timeout = 2000};
    assert_done(
        wv_ledger_journal_finish(rig->ledger, rig->pg, &rig->job, &step, 5000, &wait, &rig->err),
        &rig->err);
    check_rows(rig, "a");
    assert_null(open->revision);
    assert_int_equal(number_of(rig->pg, "SELECT took_us FROM woven.history"), 5000);
    assert_int_equal(number_of(rig->pg, "SELECT count(*) FROM woven.revision"), 1);
    /* Without an open journal there is nothing to finish. */
    assert_error(
        wv_ledger_journal_finish(rig->ledger, rig->pg, &rig->job, &step, 1, &wait, &rig->err),
        &rig->err, WV_TRANSACTION_BROKEN);
    assert_error(wv_ledger_journal_outcome(rig->ledger, rig->pg, NULL, &wait, &rig->err), &rig->err,
                 WV_NOT_LEADER);
    rig_free(rig);
}

/* What is open says how it was begun, and not how the statement before it was. */
static void test_journal_knows_what_is_atomic(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    struct wv_pg_wait wait = soon();
    struct wv_ledger_intent atomic = {"a", "c1", true, 1, 3, NULL, 0, "UPDATE t SET x = 1", true};
    assert_done(
        wv_ledger_journal_intend(rig->ledger, rig->pg, &rig->job, &atomic, &wait, &rig->err),
        &rig->err);
    assert_true(look(rig)->interrupted.atomic);
    intend(rig, 2);
    assert_false(look(rig)->interrupted.atomic);
    rig_free(rig);
}

static void test_journal_keeps_others_out(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    struct wv_pg_wait wait = soon();
    struct wv_ledger_intent other = {"b", NULL, true, 1, 1, NULL, 0, "VACUUM", false};
    intend(rig, 1);
    assert_error(
        wv_ledger_journal_intend(rig->ledger, rig->pg, &rig->job, &other, &wait, &rig->err),
        &rig->err, WV_STEP_INTERRUPTED);
    rig->job.token = 99;
    other.revision = "a";
    assert_error(
        wv_ledger_journal_intend(rig->ledger, rig->pg, &rig->job, &other, &wait, &rig->err),
        &rig->err, WV_NOT_LEADER);
    rig_free(rig);
}

static void repair(struct rig *rig, enum wv_ledger_repair choice)
{
    struct wv_pg_wait wait = soon();
    assert_done(wv_ledger_journal_repair(rig->ledger, rig->pg, &rig->job, choice, &wait, &rig->err),
                &rig->err);
}

static void test_repair(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    struct wv_pg_wait wait = soon();
    assert_error(wv_ledger_journal_repair(rig->ledger, rig->pg, &rig->job, WV_LEDGER_ABANDON, &wait,
                                          &rig->err),
                 &rig->err, WV_NOTHING_TO_REPAIR);
    /* Run again: the step goes on behind the statement before. The first one has none before it. */
    intend(rig, 2);
    repair(rig, WV_LEDGER_RUN_AGAIN);
    assert_true(look(rig)->interrupted.done);
    assert_int_equal(rig->look.interrupted.statement, 1);
    intend(rig, 2);
    repair(rig, WV_LEDGER_TAKE_AS_DONE);
    assert_true(look(rig)->interrupted.done);
    assert_int_equal(rig->look.interrupted.statement, 2);
    repair(rig, WV_LEDGER_ABANDON);
    assert_null(look(rig)->interrupted.revision);
    intend(rig, 1);
    repair(rig, WV_LEDGER_RUN_AGAIN);
    assert_null(look(rig)->interrupted.revision);
    char *notes WV_AUTOFREE =
        value_of(rig->pg, "SELECT string_agg(error, ', ' ORDER BY id) FROM woven.history"
                          " WHERE kind = 'repair' AND revision = 'a'");
    assert_string_equal(notes, "again at statement 2 of 3, done at statement 2 of 3, "
                               "abandon at statement 2 of 3, again at statement 1 of 3");
    rig_free(rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_step_is_recorded),
        cmocka_unit_test(test_step_down_forgets),
        cmocka_unit_test(test_merge_and_branch_rows),
        cmocka_unit_test(test_limits_hold_within_the_step_only),
        cmocka_unit_test(test_what_a_step_does_to_the_session_ends_with_it),
        cmocka_unit_test(test_settings_in_disguise),
        cmocka_unit_test(test_dropped_prepared_statements),
        cmocka_unit_test(test_failed_step_leaves_nothing),
        cmocka_unit_test(test_broken_transaction_is_caught),
        cmocka_unit_test(test_no_false_alarm),
        cmocka_unit_test(test_rows_that_somebody_moved),
        cmocka_unit_test(test_another_leader),
        cmocka_unit_test(test_nothing_runs_behind_a_failed_commit),
        cmocka_unit_test(test_single_transaction),
        cmocka_unit_test(test_single_transaction_that_is_broken),
        cmocka_unit_test(test_single_transaction_of_many),
        cmocka_unit_test(test_stamp),
        cmocka_unit_test(test_journal),
        cmocka_unit_test(test_journal_knows_what_is_atomic),
        cmocka_unit_test(test_journal_keeps_others_out),
        cmocka_unit_test(test_repair),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
