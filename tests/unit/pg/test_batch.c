/* Batches against a real PostgreSQL. */
#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "batch.h"
#include "pg_rig.h"

/* What the callback saw, in order, as "tag:command ". */
struct seen {
    char text[4096];
    size_t count;
    int64_t first_at;
    int64_t last_at;
};

static void see(void *arg, const struct wv_pg_batch_event *event)
{
    struct seen *seen = arg;
    size_t used = strlen(seen->text);
    seen->count++;
    seen->last_at = wv_clock_ms();
    if (seen->first_at == 0)
        seen->first_at = seen->last_at;
    if (used < sizeof(seen->text) - 100)
        (void)snprintf(seen->text + used, 100, "%zu.%d:%s%s%s ", event->transaction, event->tag,
                       event->command, event->value != NULL ? "=" : "",
                       event->value != NULL ? event->value : "");
}

struct rig {
    struct wv_pg *pg;
    struct wv_pg_batch *batch;
    struct seen seen;
    struct wv_pg_batch_failure failure;
    struct wv_err err;
};

static struct rig *rig_new(size_t window, const struct wv_pg_wait *wait)
{
    struct rig *rig = wv_xcalloc(1, sizeof(*rig));
    struct wv_pg_batch_options options = {window, see, &rig->seen};
    struct wv_pg_wait limit = wait != NULL ? *wait : wv_pg_wait_ms(60000);
    rig->pg = connected();
    run(rig->pg, "CREATE TEMP TABLE t (x int PRIMARY KEY)");
    assert_done(wv_pg_batch_begin(&rig->batch, rig->pg, &options, &limit, &rig->err), &rig->err);
    return rig;
}

static void rig_free(struct rig *rig)
{
    wv_pg_close(rig->pg);
    wv_pg_batch_failure_clear(&rig->failure);
    wv_err_clear(&rig->err);
    free(rig);
}

static bool add(struct rig *rig, int tag, const char *sql)
{
    return wv_pg_batch_add(rig->batch, tag, sql, 0, NULL, WV_PG_FLUSH_NOW);
}

static bool end(struct rig *rig)
{
    return wv_pg_batch_end(rig->batch, &rig->failure, &rig->err);
}

/* BEGIN, one statement, COMMIT. False when the batch takes no more. */
static bool transaction(struct rig *rig, int tag, const char *sql)
{
    return add(rig, -1, "BEGIN") && add(rig, tag, sql) && add(rig, -2, "COMMIT") &&
           wv_pg_batch_sync(rig->batch);
}

static void test_results_in_order(void **state)
{
    (void)state;
    struct rig *rig = rig_new(0, NULL);
    const char *params[] = {"5"};
    assert_true(add(rig, -1, "BEGIN"));
    assert_true(add(rig, 1, "INSERT INTO t VALUES (1), (2)"));
    assert_true(wv_pg_batch_add(rig->batch, 2, "SELECT $1::int + 1", 1, params, WV_PG_FLUSH_LATER));
    assert_true(add(rig, 3, "-- nothing"));
    assert_true(add(rig, -2, "COMMIT"));
    assert_true(wv_pg_batch_sync(rig->batch));
    assert_true(transaction(rig, 4, "DELETE FROM t"));
    assert_done(end(rig), &rig->err);
    assert_string_equal(rig->seen.text, "0.-1:BEGIN 0.1:INSERT 0 2 0.2:SELECT 1=6 0.3: 0.-2:COMMIT "
                                        "1.-1:BEGIN 1.4:DELETE 2 1.-2:COMMIT ");
    assert_int_equal(number_of(rig->pg, "SELECT count(*) FROM t"), 0);
    rig_free(rig);
}

static void test_empty_batch(void **state)
{
    (void)state;
    struct rig *rig = rig_new(0, NULL);
    assert_done(end(rig), &rig->err);
    rig_free(rig);
}

static void test_results_come_live(void **state)
{
    (void)state;
    struct rig *rig = rig_new(0, NULL);
    assert_true(add(rig, 1, "SELECT 1"));
    assert_true(add(rig, 2, "SELECT pg_sleep(0.5)"));
    assert_true(wv_pg_batch_sync(rig->batch));
    assert_done(end(rig), &rig->err);
    assert_in_range(rig->seen.last_at - rig->seen.first_at, 400, 5000);
    rig_free(rig);
}

static void test_only_the_first_error_counts(void **state)
{
    (void)state;
    struct rig *rig = rig_new(0, NULL);
    (void)!(transaction(rig, 1, "INSERT INTO t VALUES (1)") && add(rig, -1, "BEGIN") &&
            add(rig, 2, "INSERT INTO t VALUES (2)") &&
            add(rig, 3, "INSERT INTO t\nVALUES (nosuch)") &&
            add(rig, 4, "INSERT INTO t VALUES (4)") && add(rig, -2, "COMMIT") &&
            wv_pg_batch_sync(rig->batch) && transaction(rig, 5, "INSERT INTO t VALUES (5)") &&
            transaction(rig, 6, "INSERT INTO t VALUES (6)"));
    assert_false(end(rig));
    assert_string_equal(rig->err.sqlstate, "42703");
    assert_int_equal(rig->failure.transaction, 1);
    assert_int_equal(rig->failure.tag, 3);
    assert_int_equal(rig->failure.position.position, 23);
    assert_int_equal(wv_pg_transaction_status(rig->pg), WV_PG_TX_IDLE);
    assert_int_equal(number_of(rig->pg, "SELECT sum(x) FROM t"), 1);
    rig_free(rig);
}

static void test_add_says_when_to_stop(void **state)
{
    (void)state;
    struct rig *rig = rig_new(4, NULL);
    int added = 0;
    while (added < 100000 && transaction(rig, 1, "INSERT INTO t VALUES (1)"))
        added++;
    assert_in_range(added, 1, 1000);
    assert_false(add(rig, 1, "SELECT 1"));
    assert_false(wv_pg_batch_sync(rig->batch));
    assert_true(wv_pg_batch_failed(rig->batch));
    assert_false(end(rig));
    assert_string_equal(rig->err.sqlstate, "23505");
    assert_int_equal(rig->failure.transaction, 1);
    rig_free(rig);
}

static void test_unfinished_transaction_is_rolled_back(void **state)
{
    (void)state;
    struct rig *rig = rig_new(0, NULL);
    assert_true(add(rig, -1, "BEGIN"));
    assert_true(add(rig, 1, "INSERT INTO t VALUES (1)"));
    assert_done(end(rig), &rig->err);
    assert_int_equal(wv_pg_transaction_status(rig->pg), WV_PG_TX_IDLE);
    assert_int_equal(number_of(rig->pg, "SELECT count(*) FROM t"), 0);
    rig_free(rig);
}

static void test_several_commands_in_one_statement(void **state)
{
    (void)state;
    struct rig *rig = rig_new(0, NULL);
    (void)!transaction(rig, 1, "INSERT INTO t VALUES (1); COMMIT");
    assert_false(end(rig));
    assert_string_equal(rig->err.sqlstate, "42601");
    assert_int_equal(number_of(rig->pg, "SELECT count(*) FROM t"), 0);
    rig_free(rig);
}

static void test_twenty_thousand_statements(void **state)
{
    (void)state;
    struct rig *rig = rig_new(0, NULL);
    assert_true(add(rig, -1, "BEGIN"));
    for (int i = 0; i < 20000; i++) {
        char sql[64];
        (void)snprintf(sql, sizeof(sql), "INSERT INTO t VALUES (%d)", i);
        assert_true(wv_pg_batch_add(rig->batch, i + 1, sql, 0, NULL,
                                    i % 3 == 0 ? WV_PG_FLUSH_NOW : WV_PG_FLUSH_LATER));
    }
    assert_true(add(rig, -2, "COMMIT"));
    assert_true(wv_pg_batch_sync(rig->batch));
    assert_done(end(rig), &rig->err);
    assert_int_equal(rig->seen.count, 20002);
    assert_int_equal(number_of(rig->pg, "SELECT count(*) FROM t"), 20000);
    rig_free(rig);
}

static void test_much_text_both_ways(void **state)
{
    (void)state;
    struct rig *rig = rig_new(0, NULL);
    size_t size = 8 * 1024 * 1024;
    char *huge WV_AUTOFREE = wv_xmalloc(size + 1);
    memset(huge, 'x', size);
    huge[size] = '\0';
    const char *params[] = {huge};
    assert_true(add(rig, 1, "SELECT repeat('y', 1000) FROM generate_series(1, 20000)"));
    for (int i = 0; i < 8; i++) {
        assert_true(
            wv_pg_batch_add(rig->batch, 2, "SELECT $1::text", 1, params, WV_PG_FLUSH_LATER));
        assert_true(add(rig, 3,
                        "DO $$ BEGIN FOR i IN 1..200 LOOP RAISE NOTICE '%', "
                        "repeat('n', 1000); END LOOP; END $$"));
    }
    assert_true(wv_pg_batch_sync(rig->batch));
    assert_done(end(rig), &rig->err);
    assert_int_equal(rig->seen.count, 17);
    rig_free(rig);
}

static void test_copy_is_refused(void **state)
{
    (void)state;
    struct rig *rig = rig_new(0, NULL);
    (void)!transaction(rig, 7, "COPY t FROM STDIN");
    assert_false(end(rig));
    assert_int_equal(rig->failure.tag, 7);
    assert_error(false, &rig->err, WV_SQL_ERROR);
    assert_false(wv_pg_usable(rig->pg));
    rig_free(rig);
}

static void test_lock_timeout(void **state)
{
    (void)state;
    struct rig *rig = rig_new(0, NULL);
    struct wv_pg *other = connected();
    run(other, "CREATE TABLE blocked (x int)");
    run(other, "BEGIN; LOCK blocked");
    (void)!(add(rig, -1, "BEGIN") && add(rig, -1, "SET LOCAL lock_timeout = 50") &&
            add(rig, 1, "DROP TABLE blocked") && add(rig, -2, "COMMIT") &&
            wv_pg_batch_sync(rig->batch));
    assert_false(end(rig));
    assert_int_equal(rig->failure.tag, 1);
    assert_error(false, &rig->err, WV_LOCK_TIMEOUT);
    run(other, "ROLLBACK");
    run(other, "DROP TABLE blocked");
    wv_pg_close(other);
    rig_free(rig);
}

static bool say_yes(void *arg)
{
    (void)arg;
    return true;
}

/* The second of three transactions is interrupted: the first stays, the third never runs. */
static void test_interrupted(void **state)
{
    (void)state;
    int wake = eventfd(0, EFD_CLOEXEC);
    struct wv_pg_wait wait = {wake, say_yes, NULL, WV_NEVER};
    struct rig *rig = rig_new(0, &wait);
    struct helper *helper = helper_start(
        "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%'"
        " AND state = 'active')",
        NULL, wake);
    (void)!(transaction(rig, 1, "INSERT INTO t VALUES (1)") &&
            transaction(rig, 2, "SELECT pg_sleep(60)") &&
            transaction(rig, 3, "INSERT INTO t VALUES (3)"));
    assert_false(end(rig));
    assert_int_equal(rig->failure.tag, 2);
    assert_error(false, &rig->err, WV_CANCELLED);
    assert_int_equal(number_of(rig->pg, "SELECT sum(x) FROM t"), 1);
    helper_join(helper);
    close(wake);
    rig_free(rig);
}

/* Thousands of short transactions: the cancel hits one of them or falls between two. */
static void test_interrupted_between_statements(void **state)
{
    (void)state;
    int wake = eventfd(1, EFD_CLOEXEC);
    struct wv_pg_wait wait = {wake, say_yes, NULL, WV_NEVER};
    struct rig *rig = rig_new(16, &wait);
    int added = 0;
    char sql[64] = "INSERT INTO t VALUES (0)";
    while (added < 100000 && transaction(rig, 1, sql)) {
        added++;
        (void)snprintf(sql, sizeof(sql), "INSERT INTO t VALUES (%d)", added);
    }
    assert_true(added < 100000);
    assert_error(end(rig), &rig->err, WV_CANCELLED);
    assert_in_range(number_of(rig->pg, "SELECT count(*) FROM t"), 0, added + 1);
    assert_int_equal(wv_pg_transaction_status(rig->pg), WV_PG_TX_IDLE);
    close(wake);
    rig_free(rig);
}

static void test_terminated(void **state)
{
    (void)state;
    struct rig *rig = rig_new(0, NULL);
    char *kill WV_AUTOFREE =
        wv_xasprintf("SELECT pg_terminate_backend(%d)", wv_pg_facts(rig->pg)->backend_pid);
    struct helper *helper = helper_start(
        "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%'"
        " AND state = 'active')",
        kill, -1);
    (void)!(transaction(rig, 1, "SELECT 1") && transaction(rig, 2, "SELECT pg_sleep(60)") &&
            transaction(rig, 3, "SELECT 3"));
    assert_false(end(rig));
    assert_string_equal(rig->err.sqlstate, "57P01");
    assert_int_equal(rig->failure.tag, 2);
    assert_error(false, &rig->err, WV_CONNECTION_LOST);
    assert_non_null(strstr(rig->seen.text, "0.-2:COMMIT"));
    assert_false(wv_pg_usable(rig->pg));
    helper_join(helper);
    rig_free(rig);
}

/* A COMMIT that fails ends the block: what follows would run, were it not for a check of its own.
 */
static void test_failing_commit(void **state)
{
    (void)state;
    struct rig *rig = rig_new(0, NULL);
    (void)!(add(rig, 1, "CREATE TEMP TABLE d (x int UNIQUE DEFERRABLE INITIALLY DEFERRED)") &&
            wv_pg_batch_sync(rig->batch) && transaction(rig, 2, "INSERT INTO d VALUES (1), (1)"));
    assert_false(end(rig));
    assert_int_equal(rig->failure.tag, -2);
    assert_string_equal(rig->err.sqlstate, "23505");
    assert_int_equal(wv_pg_transaction_status(rig->pg), WV_PG_TX_IDLE);
    rig_free(rig);
}

static void test_nothing_beside_a_batch(void **state)
{
    (void)state;
    struct rig *rig = rig_new(0, NULL);
    struct wv_pg_wait wait = soon();
    struct wv_err err WV_AUTOERR = {0};
    struct wv_pg_batch *second = NULL;
    assert_error(wv_pg_exec(rig->pg, "SELECT 1", &wait, &err), &err, WV_INTERNAL);
    assert_error(wv_pg_batch_begin(&second, rig->pg, &(struct wv_pg_batch_options){0}, &wait, &err),
                 &err, WV_INTERNAL);
    assert_done(end(rig), &rig->err);
    run(rig->pg, "SELECT 1");
    rig_free(rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_results_in_order),
        cmocka_unit_test(test_empty_batch),
        cmocka_unit_test(test_results_come_live),
        cmocka_unit_test(test_only_the_first_error_counts),
        cmocka_unit_test(test_add_says_when_to_stop),
        cmocka_unit_test(test_unfinished_transaction_is_rolled_back),
        cmocka_unit_test(test_several_commands_in_one_statement),
        cmocka_unit_test(test_twenty_thousand_statements),
        cmocka_unit_test(test_much_text_both_ways),
        cmocka_unit_test(test_copy_is_refused),
        cmocka_unit_test(test_lock_timeout),
        cmocka_unit_test(test_interrupted),
        cmocka_unit_test(test_interrupted_between_statements),
        cmocka_unit_test(test_terminated),
        cmocka_unit_test(test_failing_commit),
        cmocka_unit_test(test_nothing_beside_a_batch),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
