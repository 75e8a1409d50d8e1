/* Private servers: start, end, death of the daemon, data that is kept, and what goes wrong. */
#include "cmocka_all.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "installed.h"
#include "scratch_rig.h"

static struct wv_server *started(const char *state, const char *name)
{
    struct wv_server *server = NULL;
    struct wv_pg_wait wait = patient();
    struct wv_err err WV_AUTOERR = {0};
    assert_done(wv_server_start(&server,
                                &(struct wv_server_options){.state_dir = state, .name = name},
                                &wait, &err),
                &err);
    return server;
}

static struct wv_pg *connected_to(const struct wv_server *server)
{
    char *conninfo WV_AUTOFREE = wv_server_conninfo(server, "postgres");
    return connect_to(conninfo);
}

static void assert_refused(const struct wv_server_options *options, const char *message,
                           const char *hint, const char *detail)
{
    struct wv_server *server = NULL;
    struct wv_pg_wait wait = patient();
    struct wv_err err WV_AUTOERR = {0};
    assert_false(wv_server_start(&server, options, &wait, &err));
    assert_int_equal(err.code, WV_SERVER_FAILED);
    assert_non_null(strstr(err.message, message));
    if (hint != NULL)
        assert_non_null(strstr(err.hint, hint));
    if (detail != NULL)
        assert_non_null(strstr(err.detail, detail));
    assert_int_equal(count_paths("postgres/run-*"), 0);
}

static void test_runs_and_ends(void **state)
{
    (void)state;
    struct wv_server *server = started(state_dir(), NULL);
    struct wv_pg *pg = connected_to(server);
    pid_t pid = postmaster_of(pg);
    assert_true(wv_server_runs(server));
    char *fsync WV_AUTOFREE = value_of(pg, "SHOW fsync");
    assert_string_equal(fsync, "off");
    char *listens WV_AUTOFREE = value_of(pg, "SHOW listen_addresses");
    assert_string_equal(listens, "");
    assert_int_equal(count_paths("postgres/run-*"), 1);
    wv_pg_close(pg);
    wv_server_stop(server);
    wait_gone(pid);
    assert_int_equal(count_paths("postgres/run-*"), 0);
    assert_int_equal(count_paths("postgres/template-*"), 1);
}

/* Nobody but its user and root gets to the data. */
static void test_is_private(void **state)
{
    (void)state;
    struct wv_server *server = started(state_dir(), NULL);
    char *pattern WV_AUTOFREE = wv_xasprintf("postgres/run-*/pg");
    assert_int_equal(count_paths(pattern), 1);
    struct wv_pg *pg = connected_to(server);
    char *data WV_AUTOFREE = value_of(pg, "SHOW data_directory");
    struct stat inner;
    char *above WV_AUTOFREE = wv_xasprintf("%s/..", data);
    assert_int_equal(stat(above, &inner), 0);
    assert_int_equal(inner.st_mode & 0777, 0700);
    assert_true(inner.st_uid != 0);
    wv_pg_close(pg);
    wv_server_stop(server);
}

static void test_several_at_once(void **state)
{
    (void)state;
    struct wv_server *one = started(state_dir(), NULL);
    struct wv_server *two = started(state_dir(), NULL);
    assert_int_equal(count_paths("postgres/run-*"), 2);
    struct wv_pg *pg = connected_to(one);
    wv_server_stop(two);
    assert_int_equal(number_of(pg, "SELECT 1"), 1);
    wv_pg_close(pg);
    wv_server_stop(one);
}

static void test_notices_its_end(void **state)
{
    (void)state;
    struct wv_server *server = started(state_dir(), NULL);
    struct wv_pg *pg = connected_to(server);
    struct wv_pg_wait wait = soon();
    kill(postmaster_of(pg), SIGKILL);
    assert_int_equal(wv_pg_idle_fd(wv_server_end_fd(server), &wait), WV_PG_IDLE_NOTIFIED);
    assert_false(wv_server_runs(server));
    wv_pg_close(pg);
    wv_server_stop(server);
}

/* The process that owns the server is killed; what it leaves is collected by the next start. */
static void test_death_of_the_daemon(void **state)
{
    (void)state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t daemon = fork();
    if (daemon == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        struct wv_pg *pg = connected_to(started(state_dir(), NULL));
        pid_t pid = postmaster_of(pg);
        if (write(ends[1], &pid, sizeof(pid)) != sizeof(pid))
            _exit(1);
        for (;;)
            pause();
    }
    pid_t server_pid = 0;
    assert_int_equal(read(ends[0], &server_pid, sizeof(server_pid)), sizeof(server_pid));
    assert_int_equal(kill(server_pid, 0), 0);
    kill(daemon, SIGKILL);
    waitpid(daemon, NULL, 0);
    wait_gone(server_pid);
    assert_int_equal(count_paths("postgres/run-*"), 1);
    wv_server_stop(started(state_dir(), NULL));
    assert_int_equal(count_paths("postgres/run-*"), 0);
    close(ends[0]);
    close(ends[1]);
}

static void test_keeps_its_data(void **state)
{
    (void)state;
    struct wv_server *server = started(state_dir(), "database-it");
    struct wv_pg *pg = connected_to(server);
    char *fsync WV_AUTOFREE = value_of(pg, "SHOW fsync");
    assert_string_equal(fsync, "on");
    run(pg, "CREATE TABLE kept (x int)");
    wv_pg_close(pg);
    assert_refused(&(struct wv_server_options){.state_dir = state_dir(), .name = "database-it"},
                   "another wovend", "ask that one", NULL);
    wv_server_stop(server);
    server = started(state_dir(), "database-it");
    char *conninfo WV_AUTOFREE = wv_server_kept_conninfo(state_dir(), "database-it", "postgres");
    pg = connect_to(conninfo);
    assert_int_equal(number_of(pg, "SELECT count(*) FROM kept"), 0);
    wv_pg_close(pg);
    wv_server_stop(server);
}

/* A path that does not fit a unix socket's address. */
static void test_long_path(void **state)
{
    (void)state;
    struct wv_strbuf path WV_AUTOSTRBUF = WV_STRBUF_INIT;
    wv_strbuf_addf(&path, "%s/it's, \"quoted\"", state_dir());
    struct wv_server *server = started(wv_strbuf_text(&path), NULL);
    wv_pg_close(connected_to(server));
    wv_server_stop(server);
    for (int i = 0; i < 12; i++)
        wv_strbuf_adds(&path, "/a-deep-folder");
    server = started(wv_strbuf_text(&path), NULL);
    struct wv_pg *pg = connected_to(server);
    char *place WV_AUTOFREE = wv_xstrdup(wv_pg_facts(pg)->host);
    assert_int_equal(access(place, F_OK), 0);
    wv_pg_close(pg);
    wv_server_stop(server);
    assert_int_equal(access(place, F_OK), -1);
}

static void write_program(const char *folder, const char *name, const char *text)
{
    char *path WV_AUTOFREE = wv_xasprintf("%s/%s", folder, name);
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    assert_int_equal(chmod(path, 0755), 0);
}

static void test_programs_missing(void **state)
{
    (void)state;
    assert_refused(&(struct wv_server_options){.state_dir = state_dir(), .bin_dir = "/nonexistent"},
                   "/nonexistent", "postgres_bin", NULL);
    char *bin WV_AUTOFREE = wv_xasprintf("%s/bin", state_dir());
    assert_int_equal(mkdir(bin, 0755), 0);
    struct wv_server_options options = {.state_dir = state_dir(), .bin_dir = bin};
    write_program(bin, "postgres", "#!/bin/sh\necho 'postgres (PostgreSQL) 99.1'\n");
    write_program(bin, "initdb", "#!/bin/sh\necho 'no room for data' >&2\nexit 3\n");
    assert_refused(&options, "exit status 3", NULL, "no room for data");
    write_program(bin, "initdb", "#!/bin/sh\nmkdir -p data/base; echo 99 >data/PG_VERSION\n");
    assert_refused(&options, "ended while it started", NULL, "postgres (PostgreSQL) 99.1");
}

static void assert_dump(const char *bin_dir, int major, const char *wanted)
{
    struct wv_pg_wait wait = patient();
    struct wv_err err WV_AUTOERR = {0};
    char *path WV_AUTOFREE = NULL;
    assert_done(wv_installed_find_dump(&path, bin_dir, major, &wait, &err), &err);
    assert_non_null(strstr(path, wanted));
}

/* pg_dump refuses a server that is newer than itself. */
static void test_dump_of_a_version(void **state)
{
    (void)state;
    char *own WV_AUTOFREE = wv_xasprintf("%s/programs", state_dir());
    assert_int_equal(mkdir(own, 0755), 0);
    write_program(own, "pg_dump", "#!/bin/sh\necho 'pg_dump (PostgreSQL) 98.1 (Some)'\n");
    assert_dump(own, 98, own);
    assert_dump(own, 13, own);
    assert_dump(NULL, 13, "/pg_dump");
    write_program(own, "pg_dump", "#!/bin/sh\necho 'pg_dump (PostgreSQL) 12beta2'\n");
    char *other WV_AUTOFREE = NULL;
    struct wv_pg_wait wait = patient();
    struct wv_err err WV_AUTOERR = {0};
    assert_done(wv_installed_find_dump(&other, own, 13, &wait, &err), &err);
    assert_null(strstr(other, own));
    char *none WV_AUTOFREE = NULL;
    assert_false(wv_installed_find_dump(&none, own, 98, &wait, &err));
    assert_int_equal(err.code, WV_SERVER_FAILED);
    assert_non_null(strstr(err.message, "for PostgreSQL 98 (the newest here is "));
    assert_non_null(strstr(err.message, "postgresql-client-98"));
    assert_non_null(strstr(err.hint, "postgres_bin"));
}

static void test_state_folder_unusable(void **state)
{
    (void)state;
    assert_refused(&(struct wv_server_options){.state_dir = "/dev/null/state"}, "/dev/null", NULL,
                   NULL);
}

static bool yes(void *arg)
{
    (void)arg;
    return true;
}

static void test_start_is_interrupted(void **state)
{
    (void)state;
    struct wv_server *server = NULL;
    struct wv_err err WV_AUTOERR = {0};
    int fd = eventfd(1, EFD_CLOEXEC);
    struct wv_pg_wait wait = {.wake_fd = fd, .interrupted = yes, .deadline = WV_NEVER};
    struct wv_server_options options = {.state_dir = state_dir()};
    assert_error(wv_server_start(&server, &options, &wait, &err), &err, WV_CANCELLED);
    wait = wv_pg_wait_ms(0);
    assert_error(wv_server_start(&server, &options, &wait, &err), &err, WV_TIMED_OUT);
    assert_int_equal(count_paths("postgres/run-*"), 0);
    close(fd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_death_of_the_daemon),
        cmocka_unit_test(test_runs_and_ends),
        cmocka_unit_test(test_is_private),
        cmocka_unit_test(test_several_at_once),
        cmocka_unit_test(test_notices_its_end),
        cmocka_unit_test(test_keeps_its_data),
        cmocka_unit_test(test_long_path),
        cmocka_unit_test(test_programs_missing),
        cmocka_unit_test(test_dump_of_a_version),
        cmocka_unit_test(test_state_folder_unusable),
        cmocka_unit_test(test_start_is_interrupted),
    };
    return cmocka_run_group_tests(tests, make_state_dir, remove_state_dir);
}
