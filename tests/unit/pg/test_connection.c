/* Connections, how they end, and the lock, against a real PostgreSQL. */
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
    assert_int_equal(wv_pg_facts(pg)->host_number, 1);
    wv_pg_close(pg);
}

/* Three times the same server: which one is asked first, and that no other one is taken for it. */
static void test_wanted_host_and_server(void **state)
{
    (void)state;
    struct wv_pg_wait wait = soon();
    struct wv_err err WV_AUTOERR = {0};
    struct wv_pg *pg = NULL;
    const char *host = getenv("PGHOST");
    char *hosts WV_AUTOFREE = wv_xasprintf("host=%s,%s,%s", host, host, host);
    struct wv_pg_options options = {
        .database = hosts, .application_name = "woven tests", .first_host = 5};
    assert_done(wv_pg_connect(&pg, &options, &wait, &err), &err);
    assert_int_equal(wv_pg_facts(pg)->host_number, 2);
    options.server = wv_pg_facts(pg)->server;
    wv_pg_close(pg);
    assert_done(wv_pg_connect(&pg, &options, &wait, &err), &err);
    wv_pg_close(pg);
    options.server++;
    assert_false(wv_pg_connect(&pg, &options, &wait, &err));
    assert_non_null(strstr(err.message, "not the one that this daemon works on"));
    assert_error(false, &err, WV_DATABASE_UNREACHABLE);
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

static void test_connect_has_a_deadline(void **state)
{
    (void)state;
    int port = 0;
    int server = silent_server(&port);
    char *database WV_AUTOFREE = wv_xasprintf("host=127.0.0.1 port=%d", port);
    struct wv_pg_wait wait = wv_pg_wait_ms(200);
    struct wv_err err WV_AUTOERR = {0};
    struct wv_pg *pg = NULL;
    assert_error(try_connect(database, &wait, &pg, &err), &err, WV_DATABASE_UNREACHABLE);
    assert_int_equal(wv_clock_left(wait.deadline), 0);
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
        if (ports[i] == NULL) {
            print_message("SKIPPED %s: pgbouncer is not installed\n", __func__);
            skip();
        }
        char *database WV_AUTOFREE = wv_xasprintf("port=%s", ports[i]);
        struct wv_pg_wait wait = soon();
        struct wv_err err WV_AUTOERR = {0};
        struct wv_pg *pg = NULL;
        assert_false(try_connect(database, &wait, &pg, &err));
        assert_int_equal(err.code, WV_POOLER);
        assert_non_null(err.hint);
    }
}

/* --- an idle connection, and one that dies --- */

#define SLEEPS                                                                                     \
    "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%'"              \
    " AND state = 'active')"

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
    assert_int_equal(wv_pg_idle(pg, &wait, &err), WV_PG_IDLE_LOST);
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
    struct wv_pg_wait listening = wv_pg_wait_ms(5000);
    struct wv_err unheard = {0};
    assert_true(wv_pg_listen(pg, "woven", &listening, &unheard));
    run(pg, "LISTEN of_a_migration");
    run(pg, "NOTIFY of_a_migration");
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
    struct wv_pg_options options = {.database = "",
                                    .application_name = "woven tests",
                                    .notice = keep_notice,
                                    .notice_arg = &kept};
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
    struct wv_holder holder = {0};
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
    wv_holder_clear(&holder);

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
        cmocka_unit_test(test_wanted_host_and_server),
        cmocka_unit_test(test_no_secret_in_errors),
        cmocka_unit_test(test_connect_has_a_deadline),
        cmocka_unit_test(test_connect_is_interrupted),
        cmocka_unit_test(test_pooler_is_refused),
        cmocka_unit_test(test_terminated_while_busy),
        cmocka_unit_test(test_terminated_while_idle),
        cmocka_unit_test(test_idle),
        cmocka_unit_test(test_notification),
        cmocka_unit_test(test_notice),
        cmocka_unit_test(test_advisory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
