/* Connections and single statements against a real PostgreSQL. */
#include "cmocka_all.h"

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "advisory.h"
#include "pg_rig.h"

/* --- making a connection --- */

static bool try_connect(const char *database, const struct wv_pg_wait *wait, struct wv_pg **pg,
                        struct wv_err *err)
{
    struct wv_pg_options options = {.database = database, .application_name = "woven tests"};
    return wv_pg_connect(pg, &options, wait, err);
}

static void test_facts(void **state)
{
    (void)state;
    struct wv_pg *pg = connected();
    const struct wv_pg_facts *facts = wv_pg_facts(pg);
    assert_string_equal(facts->database, "postgres");
    assert_string_equal(facts->user, "postgres");
    assert_string_equal(facts->host, getenv("PGHOST"));
    assert_string_equal(facts->schema, "public");
    assert_int_equal(facts->backend_pid, number_of(pg, "SELECT pg_backend_pid()"));
    assert_int_equal(facts->server_version,
                     number_of(pg, "SELECT current_setting('server_version_num')"));
    assert_false(facts->read_only);
    assert_false(facts->in_recovery);
    assert_int_equal(wv_pg_transaction_status(pg), WV_PG_TX_IDLE);
    wv_pg_close(pg);
}

static void check_setting(struct wv_pg *pg, const char *name, const char *value)
{
    char *sql WV_AUTOFREE = wv_xasprintf("SELECT current_setting('%s')", name);
    char *got WV_AUTOFREE = value_of(pg, sql);
    assert_string_equal(got, value);
}

static void test_session_settings(void **state)
{
    (void)state;
    struct wv_pg *pg = connected();
    run(pg, "SET statement_timeout = 1; SET search_path = nowhere; SET SESSION AUTHORIZATION "
            "pg_monitor");
    struct wv_pg_wait wait = soon();
    struct wv_err err WV_AUTOERR = {0};
    assert_done(wv_pg_reset_session(pg, &wait, &err), &err);
    check_setting(pg, "statement_timeout", "0");
    check_setting(pg, "lock_timeout", "5s");
    check_setting(pg, "idle_session_timeout", "0");
    check_setting(pg, "client_connection_check_interval", "500ms");
    check_setting(pg, "client_encoding", "UTF8");
    check_setting(pg, "application_name", "woven tests");
    check_setting(pg, "search_path", wv_pg_facts(pg)->search_path);
    check_setting(pg, "session_authorization", "postgres");
    wv_pg_close(pg);
}

static void test_connection_string_overrides_the_name(void **state)
{
    (void)state;
    struct wv_pg_wait wait = soon();
    struct wv_err err WV_AUTOERR = {0};
    struct wv_pg *pg = NULL;
    assert_done(try_connect("application_name=mine client_encoding=LATIN1", &wait, &pg, &err),
                &err);
    check_setting(pg, "application_name", "mine");
    check_setting(pg, "client_encoding", "UTF8");
    wv_pg_close(pg);
}

static void test_refused(void **state)
{
    (void)state;
    struct wv_pg_wait wait = soon();
    struct wv_err err WV_AUTOERR = {0};
    struct wv_pg *pg = NULL;
    assert_error(try_connect("host=127.0.0.1 port=1", &wait, &pg, &err), &err,
                 WV_DATABASE_UNREACHABLE);
    assert_error(try_connect("host=/nonexistent", &wait, &pg, &err), &err, WV_DATABASE_UNREACHABLE);
    assert_error(try_connect("dbname=nonesuch", &wait, &pg, &err), &err, WV_DATABASE_UNREACHABLE);
    assert_null(pg);
}

static void test_second_host_answers(void **state)
{
    (void)state;
    struct wv_pg_wait wait = soon();
    struct wv_err err WV_AUTOERR = {0};
    struct wv_pg *pg = NULL;
    char *hosts WV_AUTOFREE = wv_xasprintf("host=127.0.0.1,%s port=1,5432 "
                                           "target_session_attrs=read-write",
                                           getenv("PGHOST"));
    assert_done(try_connect(hosts, &wait, &pg, &err), &err);
    wv_pg_close(pg);
}

static void test_no_secret_in_errors(void **state)
{
    (void)state;
    const char *bad[] = {"postgresql://u:se/hunter2@127.0.0.1/db", "host=h port=hunter2 user=u",
                         "host=127.0.0.1 port=1 password=hunter2", "host=h sslmode=hunter2"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct wv_pg_wait wait = soon();
        struct wv_err err WV_AUTOERR = {0};
        struct wv_pg *pg = NULL;
        assert_false(try_connect(bad[i], &wait, &pg, &err));
        assert_null(strstr(err.message, "hunter2"));
    }
}

/* A listener that accepts and says nothing. */
static int silent_server(int *port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof(address);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, length), 0);
    assert_int_equal(listen(fd, 4), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &length), 0);
    *port = ntohs(address.sin_port);
    return fd;
}

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

static void test_connect_has_a_deadline(void **state)
{
    (void)state;
    int port = 0;
    int server = silent_server(&port);
    char *database WV_AUTOFREE = wv_xasprintf("host=127.0.0.1 port=%d", port);
    struct wv_pg_wait wait = wv_pg_wait_ms(200);
    struct wv_err err WV_AUTOERR = {0};
    struct wv_pg *pg = NULL;
    int64_t before = wv_clock_ms();
    assert_error(try_connect(database, &wait, &pg, &err), &err, WV_DATABASE_UNREACHABLE);
    assert_in_range(wv_clock_ms() - before, 190, 3000);
    close(server);
}

static void test_connect_is_interrupted(void **state)
{
    (void)state;
    int port = 0;
    int asked = 0;
    int server = silent_server(&port);
    int wake = eventfd(1, EFD_CLOEXEC);
    char *database WV_AUTOFREE = wv_xasprintf("host=127.0.0.1 port=%d", port);
    struct wv_pg_wait wait = {wake, say_yes, &asked, WV_NEVER};
    struct wv_err err WV_AUTOERR = {0};
    struct wv_pg *pg = NULL;
    assert_error(try_connect(database, &wait, &pg, &err), &err, WV_CANCELLED);
    assert_int_equal(asked, 1);
    close(wake);
    close(server);
}

static void test_pooler_is_refused(void **state)
{
    (void)state;
    const char *ports[] = {getenv("WV_TEST_POOL_PORT_TRANSACTION"),
                           getenv("WV_TEST_POOL_PORT_SESSION")};
    for (size_t i = 0; i < 2; i++) {
        if (ports[i] == NULL)
            skip(); /* pgbouncer is not installed */
        char *database WV_AUTOFREE = wv_xasprintf("port=%s", ports[i]);
        struct wv_pg_wait wait = soon();
        struct wv_err err WV_AUTOERR = {0};
        struct wv_pg *pg = NULL;
        assert_false(try_connect(database, &wait, &pg, &err));
        assert_int_equal(err.code, WV_POOLER);
        assert_non_null(err.hint);
    }
}

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

static void test_statement_is_interrupted(void **state)
{
    (void)state;
    struct wv_pg *pg = connected();
    int asked = 0;
    int wake = eventfd(0, EFD_CLOEXEC);
    struct helper *helper = helper_start(SLEEPS, NULL, wake);
    struct wv_pg_wait wait = {wake, say_yes, &asked, WV_NEVER};
    struct wv_err err WV_AUTOERR = {0};
    int64_t before = wv_clock_ms();
    assert_false(wv_pg_exec(pg, "SELECT pg_sleep(60)", &wait, &err));
    assert_string_equal(err.sqlstate, "57014");
    assert_error(false, &err, WV_CANCELLED);
    assert_in_range(wv_clock_ms() - before, 0, 9000);
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

static void test_terminated_while_busy(void **state)
{
    (void)state;
    struct wv_pg *pg = connected();
    char *kill WV_AUTOFREE =
        wv_xasprintf("SELECT pg_terminate_backend(%d)", wv_pg_facts(pg)->backend_pid);
    struct helper *helper = helper_start(SLEEPS, kill, -1);
    struct wv_pg_wait wait = soon();
    struct wv_err err WV_AUTOERR = {0};
    assert_false(wv_pg_exec(pg, "SELECT pg_sleep(60)", &wait, &err));
    assert_string_equal(err.sqlstate, "57P01");
    assert_non_null(strstr(err.message, "terminating connection"));
    assert_error(false, &err, WV_CONNECTION_LOST);
    helper_join(helper);
    assert_false(wv_pg_usable(pg));
    assert_int_equal(wv_pg_fd(pg), -1);
    wv_pg_close(pg);
}

static void test_terminated_while_idle(void **state)
{
    (void)state;
    struct wv_pg *pg = connected();
    struct wv_pg *other = connected();
    struct wv_err err WV_AUTOERR = {0};
    assert_done(wv_pg_is_idle_alive(pg, &err), &err);
    char *kill WV_AUTOFREE =
        wv_xasprintf("SELECT pg_terminate_backend(%d)", wv_pg_facts(pg)->backend_pid);
    run(other, kill);
    struct wv_pg_wait wait = soon();
    int64_t before = wv_clock_ms();
    assert_int_equal(wv_pg_idle(pg, &wait, &err), WV_PG_IDLE_LOST);
    assert_in_range(wv_clock_ms() - before, 0, 2000);
    assert_non_null(strstr(err.message, "terminating connection"));
    assert_error(wv_pg_is_idle_alive(pg, &err), &err, WV_CONNECTION_LOST);
    wv_pg_close(other);
    wv_pg_close(pg);
}

static void test_idle(void **state)
{
    (void)state;
    struct wv_pg *pg = connected();
    int asked = 0;
    int wake = eventfd(1, EFD_CLOEXEC);
    struct wv_pg_wait interrupt = {wake, say_yes, &asked, WV_NEVER};
    struct wv_pg_wait brief = wv_pg_wait_ms(30);
    struct wv_err err WV_AUTOERR = {0};
    assert_int_equal(wv_pg_idle(pg, &interrupt, &err), WV_PG_IDLE_INTERRUPTED);
    assert_int_equal(wv_pg_idle(pg, &brief, &err), WV_PG_IDLE_DEADLINE);
    assert_int_equal(wv_pg_idle(NULL, &interrupt, &err), WV_PG_IDLE_INTERRUPTED);
    brief = wv_pg_wait_ms(30);
    assert_int_equal(wv_pg_idle(NULL, &brief, &err), WV_PG_IDLE_DEADLINE);
    close(wake);
    wv_pg_close(pg);
}

static void test_notification(void **state)
{
    (void)state;
    struct wv_pg *pg = connected();
    struct wv_pg *other = connected();
    struct wv_pg_notification note = {0};
    struct wv_pg_wait wait = soon();
    struct wv_err err WV_AUTOERR = {0};
    run(pg, "LISTEN woven");
    assert_false(wv_pg_notification(pg, &note));
    run(other, "NOTIFY woven, 'hello'; NOTIFY woven, 'again'");
    assert_int_equal(wv_pg_idle(pg, &wait, &err), WV_PG_IDLE_NOTIFIED);
    assert_true(wv_pg_notification(pg, &note));
    assert_string_equal(note.channel, "woven");
    assert_string_equal(note.payload, "hello");
    assert_int_equal(note.backend_pid, wv_pg_facts(other)->backend_pid);
    wv_pg_notification_clear(&note);
    assert_int_equal(wv_pg_idle(pg, &wait, &err), WV_PG_IDLE_NOTIFIED);
    assert_true(wv_pg_notification(pg, &note));
    wv_pg_notification_clear(&note);
    assert_false(wv_pg_notification(pg, &note));
    wv_pg_close(other);
    wv_pg_close(pg);
}

static void keep_notice(void *arg, const char *severity, const char *text)
{
    char **kept = arg;
    free(*kept);
    *kept = wv_xasprintf("%s: %s", severity, text);
}

static void test_notice(void **state)
{
    (void)state;
    char *kept WV_AUTOFREE = NULL;
    struct wv_pg_options options = {"", "woven tests", keep_notice, &kept};
    struct wv_pg_wait wait = soon();
    struct wv_err err WV_AUTOERR = {0};
    struct wv_pg *pg = NULL;
    assert_done(wv_pg_connect(&pg, &options, &wait, &err), &err);
    run(pg, "DO $$ BEGIN RAISE WARNING 'careful'; END $$");
    assert_string_equal(kept, "WARNING: careful");
    wv_pg_close(pg);
}

/* --- the lock --- */

static void test_advisory(void **state)
{
    (void)state;
    struct wv_pg *pg = connected();
    struct wv_pg *other = connected();
    struct wv_pg_wait wait = soon();
    struct wv_err err WV_AUTOERR = {0};
    struct wv_advisory_holder holder = {0};
    int64_t key = wv_advisory_key("advisory");
    bool taken = false;
    assert_done(wv_advisory_holder(other, key, &holder, &wait, &err), &err);
    assert_int_equal(holder.backend_pid, 0);
    for (int i = 0; i < 2; i++) {
        assert_done(wv_advisory_try(pg, key, &taken, &wait, &err), &err);
        assert_true(taken);
    }
    assert_int_equal(number_of(pg, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"), 1);
    assert_done(wv_advisory_try(other, key, &taken, &wait, &err), &err);
    assert_false(taken);
    assert_done(wv_advisory_holder(other, key, &holder, &wait, &err), &err);
    assert_int_equal(holder.backend_pid, wv_pg_facts(pg)->backend_pid);
    assert_string_equal(holder.application, "woven tests");
    wv_advisory_holder_clear(&holder);

    run(pg, "SELECT pg_advisory_unlock_all()");
    assert_done(wv_advisory_held(pg, key, &taken, &wait, &err), &err);
    assert_false(taken);
    assert_done(wv_advisory_try(other, key, &taken, &wait, &err), &err);
    assert_true(taken);
    assert_done(wv_advisory_release(other, key, &wait, &err), &err);
    assert_done(wv_advisory_release(other, key, &wait, &err), &err);
    assert_done(wv_advisory_held(other, key, &taken, &wait, &err), &err);
    assert_false(taken);
    wv_pg_close(other);
    wv_pg_close(pg);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_facts),
        cmocka_unit_test(test_session_settings),
        cmocka_unit_test(test_connection_string_overrides_the_name),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_second_host_answers),
        cmocka_unit_test(test_no_secret_in_errors),
        cmocka_unit_test(test_connect_has_a_deadline),
        cmocka_unit_test(test_connect_is_interrupted),
        cmocka_unit_test(test_pooler_is_refused),
        cmocka_unit_test(test_query),
        cmocka_unit_test(test_shape_is_checked),
        cmocka_unit_test(test_affected),
        cmocka_unit_test(test_error_fields),
        cmocka_unit_test(test_error_places),
        cmocka_unit_test(test_many_rows_are_thrown_away),
        cmocka_unit_test(test_huge_value),
        cmocka_unit_test(test_copy_is_refused),
        cmocka_unit_test(test_lock_timeout),
        cmocka_unit_test(test_statement_is_interrupted),
        cmocka_unit_test(test_statement_has_a_deadline),
        cmocka_unit_test(test_a_no_is_asked_again_but_not_often),
        cmocka_unit_test(test_terminated_while_busy),
        cmocka_unit_test(test_terminated_while_idle),
        cmocka_unit_test(test_idle),
        cmocka_unit_test(test_notification),
        cmocka_unit_test(test_notice),
        cmocka_unit_test(test_advisory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
