/* Single statements, and how they are stopped, against a real PostgreSQL. */
#include "cmocka_all.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "pg_rig.h"

/* --- statements --- */

static void test_query(void **state)
{
    (void)state;
    struct wv_pg *pg = connected();
    struct wv_pg_wait wait = soon();
    struct wv_err err WV_AUTOERR = {0};
    struct wv_pg_result *result WV_AUTORESULT = NULL;
    const char *params[] = {"a'b", NULL};
    assert_done(
        wv_pg_query(pg, "SELECT $1::text, $2::text, 7, true", 2, params, 4, &result, &wait, &err),
        &err);
    assert_int_equal(wv_pg_rows(result), 1);
    assert_string_equal(wv_pg_value(result, 0, 0), "a'b");
    assert_null(wv_pg_value(result, 0, 1));
    assert_string_equal(wv_pg_text(result, 0, 1), "");
    assert_int_equal(wv_pg_int(result, 0, 2), 7);
    assert_true(wv_pg_bool(result, 0, 3));
    wv_pg_close(pg);
}

static void test_shape_is_checked(void **state)
{
    (void)state;
    struct wv_pg *pg = connected();
    struct wv_pg_wait wait = soon();
    struct wv_err err WV_AUTOERR = {0};
    assert_error(wv_pg_query(pg, "SELECT 1, 2", 0, NULL, 1, NULL, &wait, &err), &err, WV_INTERNAL);
    assert_error(wv_pg_query_row(pg, "SELECT 1 WHERE false", 0, NULL, 1, NULL, &wait, &err), &err,
                 WV_INTERNAL);
    assert_error(wv_pg_query(pg, "SELECT 1; SELECT 2", 0, NULL, 1, NULL, &wait, &err), &err,
                 WV_SQL_ERROR);
    run(pg, "SELECT 1; SELECT 2");
    wv_pg_close(pg);
}

/* What the server keeps prepared may be dropped under us, or have other columns by now. */
static void test_kept_statement(void **state)
{
    (void)state;
    static const char *const changes[] = {"SELECT 1", "DEALLOCATE ALL", "DISCARD ALL",
                                          "ALTER TABLE kept ALTER COLUMN x TYPE bigint",
                                          "DROP TABLE kept; CREATE TABLE kept (x text);"
                                          " INSERT INTO kept VALUES (7)"};
    struct wv_pg *pg = connected();
    struct wv_pg_wait wait = soon();
    run(pg, "CREATE TABLE kept (x int); INSERT INTO kept VALUES (7)");
    for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
        struct wv_err err WV_AUTOERR = {0};
        const char *params[] = {"7"};
        run(pg, changes[i]);
        for (int times = 0; times < 2; times++) {
            struct wv_pg_result *result WV_AUTORESULT = NULL;
            assert_done(wv_pg_query_kept(pg, "SELECT x FROM kept WHERE x::text = $1", 1, params, 1,
                                         &result, &wait, &err),
                        &err);
            assert_int_equal(wv_pg_rows(result), 1);
            assert_int_equal(wv_pg_int(result, 0, 0), 7);
        }
    }
    assert_true(number_of(pg, "SELECT count(*) FROM pg_prepared_statements") > 0);
    assert_true(wv_pg_reset_session(pg, &wait, &(struct wv_err){0}));
    assert_int_equal(number_of(pg, "SELECT count(*) FROM pg_prepared_statements"), 0);
    struct wv_err err WV_AUTOERR = {0};
    assert_error(wv_pg_query_kept(pg, "SELECT nothing", 0, NULL, 1, NULL, &wait, &err), &err,
                 WV_SQL_ERROR);
    run(pg, "DROP TABLE kept");
    wv_pg_close(pg);
}

static void test_affected(void **state)
{
    (void)state;
    struct wv_pg *pg = connected();
    struct wv_pg_wait wait = soon();
    struct wv_err err WV_AUTOERR = {0};
    struct wv_pg_result *result WV_AUTORESULT = NULL;
    run(pg, "CREATE TEMP TABLE t (x int)");
    assert_done(wv_pg_query(pg, "INSERT INTO t VALUES (1), (2)", 0, NULL, 0, &result, &wait, &err),
                &err);
    assert_int_equal(wv_pg_affected(result), 2);
    wv_pg_close(pg);
}

static void test_error_fields(void **state)
{
    (void)state;
    struct wv_pg *pg = connected();
    struct wv_pg_wait wait = soon();
    struct wv_err err WV_AUTOERR = {0};
    assert_false(wv_pg_run(pg,
                           "DO $$ BEGIN RAISE EXCEPTION 'told' USING DETAIL = 'd', HINT = 'h',"
                           " ERRCODE = 'AB123'; END $$",
                           &wait, &err));
    assert_int_equal(err.code, WV_SQL_ERROR);
    assert_string_equal(err.message, "told");
    assert_string_equal(err.detail, "d");
    assert_string_equal(err.hint, "h");
    assert_string_equal(err.sqlstate, "AB123");
    assert_non_null(strstr(err.context, "inline_code_block"));
    wv_pg_close(pg);
}

/* The place that a failing statement at 1:1 is reported at. */
static void check_place(struct wv_pg *pg, const char *statement, int line, int column)
{
    struct wv_pg_wait wait = soon();
    struct wv_err err WV_AUTOERR = {0};
    int got_line = 0;
    int got_column = 0;
    assert_false(wv_pg_run(pg, statement, &wait, &err));
    wv_pg_error_place(statement, 1, 1, wv_pg_last_position(pg), &got_line, &got_column);
    if (got_line != line || got_column != column)
        print_error("%d:%d: %s\n", got_line, got_column, err.message);
    assert_int_equal(got_line, line);
    assert_int_equal(got_column, column);
}

static void test_error_places(void **state)
{
    (void)state;
    struct wv_pg *pg = connected();
    check_place(pg, "SELECT\n  nosuch", 2, 3);
    check_place(pg, "SELECT '\xc3\xa9\xc3\xa9', nosuch", 1, 14);
    /* A syntax error in a function body, and one in a body that is checked as it is made. */
    check_place(
        pg, "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$\nBEGIN\n  RETURN 1 +;\nEND $$",
        3, 13);
    check_place(pg, "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$\n  SELECT nosuch\n$$", 2,
                10);
    /* Errors at run time in a DO block: in a query, in an INTO query, without any query. */
    check_place(pg, "DO $$\nBEGIN\n  PERFORM 1;\n  PERFORM nosuch;\nEND $$", 4, 11);
    check_place(pg, "DO $$\nDECLARE v int;\nBEGIN\n  SELECT 1 INTO v FROM nosuch;\nEND $$", 4, 24);
    check_place(pg, "DO $$\nDECLARE v int;\nBEGIN\n  v := 1;\n  v := v / 0;\nEND $$", 5, 3);
    check_place(pg, "DO $$\nBEGIN\n  RAISE EXCEPTION 'x';\nEND $$", 3, 3);
    check_place(pg, "DO $$ BEGIN RAISE EXCEPTION 'x'; END $$", 1, 6);
    wv_pg_close(pg);
}

static void test_many_rows_are_thrown_away(void **state)
{
    (void)state;
    struct wv_pg *pg = connected();
    struct wv_pg_wait wait = soon();
    struct wv_err err WV_AUTOERR = {0};
    assert_done(wv_pg_run(pg, "SELECT * FROM generate_series(1, 300000)", &wait, &err), &err);
    assert_done(wv_pg_run(pg, "VACUUM pg_type", &wait, &err), &err);
    wv_pg_close(pg);
}

static void test_huge_value(void **state)
{
    (void)state;
    struct wv_pg *pg = connected();
    struct wv_pg_wait wait = soon();
    struct wv_err err WV_AUTOERR = {0};
    size_t size = 20 * 1024 * 1024;
    char *huge WV_AUTOFREE = wv_xmalloc(size + 1);
    memset(huge, 'x', size);
    huge[size] = '\0';
    const char *params[] = {huge};
    struct wv_pg_result *result WV_AUTORESULT = NULL;
    assert_done(wv_pg_query_row(pg, "SELECT $1 || 'y'", 1, params, 1, &result, &wait, &err), &err);
    assert_int_equal(strlen(wv_pg_value(result, 0, 0)), size + 1);
    wv_pg_close(pg);
}

static void test_copy_is_refused(void **state)
{
    (void)state;
    const char *copies[] = {"COPY pg_type TO STDOUT", "COPY t FROM STDIN"};
    for (size_t i = 0; i < 2; i++) {
        struct wv_pg *pg = connected();
        struct wv_pg_wait wait = soon();
        struct wv_err err WV_AUTOERR = {0};
        run(pg, "CREATE TEMP TABLE t (x int)");
        assert_error(wv_pg_run(pg, copies[i], &wait, &err), &err, WV_SQL_ERROR);
        assert_false(wv_pg_usable(pg));
        assert_error(wv_pg_exec(pg, "SELECT 1", &wait, &err), &err, WV_CONNECTION_LOST);
        wv_pg_close(pg);
    }
}

static void test_lock_timeout(void **state)
{
    (void)state;
    struct wv_pg *pg = connected();
    struct wv_pg *other = connected();
    struct wv_pg_wait wait = soon();
    struct wv_err err WV_AUTOERR = {0};
    run(other, "CREATE TABLE blocked (x int)");
    run(other, "BEGIN; LOCK blocked");
    assert_done(wv_pg_set_limits(pg, 50, 0, &wait, &err), &err);
    assert_false(wv_pg_run(pg, "ALTER TABLE blocked ADD y int", &wait, &err));
    assert_string_equal(err.sqlstate, "55P03");
    assert_error(false, &err, WV_LOCK_TIMEOUT);
    run(other, "ROLLBACK; DROP TABLE blocked");
    wv_pg_close(other);
    wv_pg_close(pg);
}

/* --- being stopped --- */

#define SLEEPS                                                                                     \
    "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%'"              \
    " AND state = 'active')"

static bool say_yes(void *arg)
{
    (*(int *)arg)++;
    return true;
}

static bool say_no(void *arg)
{
    (*(int *)arg)++;
    return false;
}

static void test_statement_is_interrupted(void **state)
{
    (void)state;
    struct wv_pg *pg = connected();
    int asked = 0;
    int wake = eventfd(0, EFD_CLOEXEC);
    struct helper *helper = helper_start(SLEEPS, NULL, wake);
    struct wv_pg_wait wait = {wake, say_yes, &asked, WV_NEVER};
    struct wv_err err WV_AUTOERR = {0};
    assert_false(wv_pg_exec(pg, "SELECT pg_sleep(60)", &wait, &err));
    assert_string_equal(err.sqlstate, "57014");
    assert_error(false, &err, WV_CANCELLED);
    helper_join(helper);
    assert_int_equal(number_of(pg, "SELECT 7"), 7);
    close(wake);
    wv_pg_close(pg);
}

static void test_statement_has_a_deadline(void **state)
{
    (void)state;
    struct wv_pg *pg = connected();
    struct wv_pg_wait wait = wv_pg_wait_ms(100);
    struct wv_err err WV_AUTOERR = {0};
    assert_error(wv_pg_exec(pg, "SELECT pg_sleep(60)", &wait, &err), &err, WV_TIMED_OUT);
    assert_int_equal(number_of(pg, "SELECT 7"), 7);
    wv_pg_close(pg);
}

/* What the kernel says a process is: 'T' stopped. */
static char process_state(pid_t pid)
{
    char path[64];
    char text[512] = "";
    (void)snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    assert_non_null(fgets(text, sizeof(text), file));
    (void)fclose(file);
    const char *name_end = strrchr(text, ')');
    assert_non_null(name_end);
    return name_end[2];
}

/* A server process that reacts to nothing is given up, together with the connection. */
static void test_a_server_that_does_not_stop(void **state)
{
    (void)state;
    struct wv_pg *pg = connected();
    pid_t backend = wv_pg_facts(pg)->backend_pid;
    struct wv_pg_wait wait = wv_pg_wait_ms(100);
    struct wv_err err WV_AUTOERR = {0};
    if (kill(backend, SIGSTOP) != 0) {
        print_message("SKIPPED %s: the server's user may not be signalled\n", __func__);
        skip();
    }
    assert_false(wv_pg_exec(pg, "SELECT 1", &wait, &err));
    assert_non_null(strstr(err.message, "did not stop a cancelled statement in time"));
    assert_error(false, &err, WV_CONNECTION_LOST);
    assert_int_equal(process_state(backend), 'T');
    assert_false(wv_pg_usable(pg));
    assert_int_equal(kill(backend, SIGCONT), 0);
    wv_pg_close(pg);
}

static void test_a_no_is_asked_again_but_not_often(void **state)
{
    (void)state;
    struct wv_pg *pg = connected();
    int asked = 0;
    int wake = eventfd(1, EFD_CLOEXEC);
    struct wv_pg_wait wait = {wake, say_no, &asked, wv_clock_ms() + 10000};
    struct wv_err err WV_AUTOERR = {0};
    assert_done(wv_pg_exec(pg, "SELECT pg_sleep(0.4)", &wait, &err), &err);
    assert_in_range(asked, 2, 10);
    close(wake);
    wv_pg_close(pg);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_query),
        cmocka_unit_test(test_shape_is_checked),
        cmocka_unit_test(test_kept_statement),
        cmocka_unit_test(test_affected),
        cmocka_unit_test(test_error_fields),
        cmocka_unit_test(test_error_places),
        cmocka_unit_test(test_many_rows_are_thrown_away),
        cmocka_unit_test(test_huge_value),
        cmocka_unit_test(test_copy_is_refused),
        cmocka_unit_test(test_lock_timeout),
        cmocka_unit_test(test_statement_is_interrupted),
        cmocka_unit_test(test_statement_has_a_deadline),
        cmocka_unit_test(test_a_server_that_does_not_stop),
        cmocka_unit_test(test_a_no_is_asked_again_but_not_often),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
