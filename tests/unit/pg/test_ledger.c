/* Setting up the ledger, looking at it, adopting what is there, reading back. */
#include "cmocka_all.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ledger_rig.h"

/* --- set-up --- */

static void test_look_at_an_empty_database(void **state)
{
    (void)state;
    struct rig *rig = rig_bare();
    look(rig);
    assert_false(rig->look.has_version_table);
    assert_int_equal(rig->look.ledger_version, 0);
    assert_int_equal(rig->look.last_history, 0);
    assert_null(rig->look.leader.host);
    assert_null(rig->look.interrupted.revision);
    assert_false(rig->look.read_only);
    rig_free(rig);
}

static void test_prepare(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    assert_int_equal(rig->job.token, 1);
    look(rig);
    assert_true(rig->look.has_version_table);
    assert_int_equal(rig->look.ledger_version, wv_ledger_version());
    assert_string_equal(rig->look.leader.host, "testhost");
    assert_int_equal(rig->look.leader.pid, getpid());
    assert_int_equal(rig->look.leader.token, 1);
    assert_int_equal(strlen(rig->look.leader.since), 20);
    assert_int_equal(rig->look.last_history, 0);
    char *definition WV_AUTOFREE = value_of(
        rig->pg, "SELECT string_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod)"
                 " || ' ' || a.attnotnull || ' ' || c.conname, ',') FROM pg_attribute a"
                 " JOIN pg_constraint c ON c.conrelid = a.attrelid"
                 " WHERE a.attrelid = 'public.alembic_version'::regclass AND a.attnum > 0");
    assert_string_equal(definition, "version_num character varying(32) true alembic_version_pkc");
    prepare(rig);
    assert_int_equal(rig->job.token, 2);
    rig_free(rig);
}

static void test_look_notices_what_comes_and_goes(void **state)
{
    (void)state;
    struct rig *rig = rig_bare();
    struct wv_pg *other = connected_to(rig->database);
    look(rig);
    run(other, "CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY);"
               "INSERT INTO alembic_version VALUES ('b'), ('a')");
    check_rows(rig, "a b");
    assert_true(rig->look.has_version_table);
    assert_int_equal(rig->look.ledger_version, 0);
    prepare(rig);
    check_rows(rig, "a b");
    assert_int_equal(rig->look.ledger_version, wv_ledger_version());
    run(other, "DROP TABLE alembic_version");
    check_rows(rig, "");
    assert_false(rig->look.has_version_table);
    run(other, "DROP SCHEMA woven CASCADE");
    check_rows(rig, "");
    assert_int_equal(rig->look.ledger_version, 0);
    wv_pg_close(other);
    rig_free(rig);
}

static void test_adopts_what_alembic_left(void **state)
{
    (void)state;
    struct rig *rig = rig_bare();
    struct wv_ledger_history history = {0};
    struct wv_pg_wait wait = soon();
    run(rig->pg, "CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY);"
                 "INSERT INTO alembic_version VALUES ('b'), ('a')");
    prepare(rig);
    prepare(rig);
    check_rows(rig, "a b");
    assert_done(wv_ledger_history(rig->ledger, rig->pg, &(struct wv_ledger_filter){0}, &history,
                                  &wait, &rig->err),
                &rig->err);
    assert_int_equal(history.count, 1);
    assert_string_equal(history.items[0].kind, "adopt");
    assert_string_equal(history.items[0].revision, "a b");
    wv_ledger_history_free(&history);
    step_up(rig, "a", "c", "SELECT 1");
    check_rows(rig, "b c");
    rig_free(rig);
}

static void test_version_table_is_found_along_the_search_path(void **state)
{
    (void)state;
    struct rig *rig = rig_bare();
    run(rig->pg, "CREATE SCHEMA app; CREATE SCHEMA front;"
                 "CREATE TABLE app.alembic_version (version_num varchar(32) PRIMARY KEY);"
                 "INSERT INTO app.alembic_version VALUES ('a');");
    char *sql WV_AUTOFREE =
        wv_xasprintf("ALTER DATABASE %s SET search_path = front, app", rig->database);
    run(rig->pg, sql);
    wv_pg_close(rig->pg);
    rig->pg = connected_to(rig->database);
    assert_string_equal(wv_pg_facts(rig->pg)->schema, "front");
    check_rows(rig, "a");
    prepare(rig);
    /* The step leaves the session with another search path; the ledger is not led astray. */
    step_up(rig, "a", "b", "SELECT set_config('search_path', '', false)");
    check_rows(rig, "b");
    step_up(rig, "b", "c", "CREATE TABLE made (x int)");
    assert_int_equal(number_of(rig->pg, "SELECT count(*) FROM app.alembic_version"
                                        " WHERE version_num = 'c'"),
                     1);
    assert_int_equal(number_of(rig->pg, "SELECT count(*) FROM front.made"), 0);
    rig_free(rig);
}

static void test_odd_names(void **state)
{
    (void)state;
    struct rig *rig = rig_bare();
    wv_ledger_free(rig->ledger);
    rig->ledger = wv_ledger_new(&(struct wv_ledger_options){.project = "it's \"odd\"\\",
                                                            .schema = "My \"ledger\"",
                                                            .version_table = "Ver'sion \"s\"",
                                                            .version_table_schema = "App 'x'",
                                                            .host = "h'",
                                                            .instance = wv_instance_id_new()});
    run(rig->pg, "CREATE SCHEMA \"App 'x'\"");
    look(rig);
    prepare(rig);
    step_up(rig, NULL, "o'dd\"\\", "SELECT 1");
    step_up(rig, "o'dd\"\\", "two", "SELECT 1");
    check_rows(rig, "two");
    rig_free(rig);
}

static void test_two_projects_share_a_ledger(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    struct wv_ledger *mine = rig->ledger;
    step_up(rig, NULL, "a", "SELECT 1");
    rig->ledger = wv_ledger_new(&(struct wv_ledger_options){.project = "other",
                                                            .schema = "woven",
                                                            .version_table = "other_version",
                                                            .version_table_schema = "",
                                                            .host = "testhost",
                                                            .instance = wv_instance_id_new()});
    prepare(rig);
    assert_int_equal(rig->job.token, 1);
    look(rig);
    assert_int_equal(rig->look.last_history, 0);
    step_up(rig, NULL, "a", "SELECT 1");
    check_rows(rig, "a");
    assert_int_equal(number_of(rig->pg, "SELECT count(*) FROM woven.revision"), 2);
    wv_ledger_free(mine);
    rig_free(rig);
}

static void test_a_version_table_has_one_project(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    struct wv_ledger *mine = rig->ledger;
    struct wv_ledger_options options = {.project = "other",
                                        .schema = "woven",
                                        .version_table = "alembic_version",
                                        .version_table_schema = "public",
                                        .host = "testhost",
                                        .instance = wv_instance_id_new()};
    struct wv_pg_wait wait = soon();
    step_up(rig, NULL, "a", "SELECT 1");
    rig->ledger = wv_ledger_new(&options);
    assert_false(wv_ledger_prepare(rig->ledger, rig->pg, &rig->job.token, &wait, &rig->err));
    assert_error(false, &rig->err, WV_PROJECT_CONFLICT);
    assert_int_equal(number_of(rig->pg, "SELECT count(*) FROM woven.leader"), 1);
    assert_int_equal(number_of(rig->pg, "SELECT count(*) FROM woven.history"), 1);
    wv_err_clear(&rig->err);
    wv_ledger_free(rig->ledger);
    /* The first one moves elsewhere, which leaves the table to the other. */
    rig->ledger = wv_ledger_new(&(struct wv_ledger_options){"woven", "woven", "elsewhere", "",
                                                            "testhost", wv_instance_id_new()});
    prepare(rig);
    wv_ledger_free(rig->ledger);
    rig->ledger = wv_ledger_new(&options);
    prepare(rig);
    assert_int_equal(number_of(rig->pg, "SELECT count(*) FROM woven.version_table"), 2);
    wv_ledger_free(mine);
    rig_free(rig);
}

struct starter {
    pthread_t thread;
    struct wv_pg *pg;
    struct wv_ledger *ledger;
    bool done;
    struct wv_err err;
};

static void *start(void *arg)
{
    struct starter *starter = arg;
    struct wv_pg_wait wait = soon();
    int64_t token = 0;
    starter->done = wv_ledger_prepare(starter->ledger, starter->pg, &token, &wait, &starter->err);
    return NULL;
}

/* Each project has a leader of its own, so nothing but the set-up's lock keeps these apart. */
static void test_projects_start_at_once(void **state)
{
    (void)state;
    enum { COUNT = 4 };
    struct rig *rig = rig_bare();
    struct starter starters[COUNT] = {0};
    for (int i = 0; i < COUNT; i++) {
        char *project WV_AUTOFREE = wv_xasprintf("project%d", i);
        char *table WV_AUTOFREE = wv_xasprintf("version%d", i);
        starters[i].pg = connected_to(rig->database);
        starters[i].ledger = wv_ledger_new(&(struct wv_ledger_options){
            project, "woven", table, "", "testhost", wv_instance_id_new()});
    }
    for (int i = 0; i < COUNT; i++)
        assert_int_equal(pthread_create(&starters[i].thread, NULL, start, &starters[i]), 0);
    for (int i = 0; i < COUNT; i++) {
        pthread_join(starters[i].thread, NULL);
        assert_done(starters[i].done, &starters[i].err);
        wv_pg_close(starters[i].pg);
        wv_ledger_free(starters[i].ledger);
    }
    assert_int_equal(number_of(rig->pg, "SELECT count(*) FROM woven.leader"), COUNT);
    rig_free(rig);
}

static void test_ledger_too_new(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    struct wv_pg_wait wait = soon();
    run(rig->pg, "UPDATE woven.meta SET version = 99; ALTER TABLE woven.leader RENAME token TO x");
    assert_int_equal(look(rig)->ledger_version, 99);
    assert_false(wv_ledger_prepare(rig->ledger, rig->pg, &rig->job.token, &wait, &rig->err));
    assert_non_null(strstr(rig->err.message, "99"));
    assert_error(false, &rig->err, WV_LEDGER_TOO_NEW);
    assert_int_equal(wv_pg_transaction_status(rig->pg), WV_PG_TX_IDLE);
    rig_free(rig);
}

static void test_read_only(void **state)
{
    (void)state;
    struct rig *rig = rig_bare();
    struct wv_pg_wait wait = soon();
    char *sql WV_AUTOFREE =
        wv_xasprintf("ALTER DATABASE %s SET default_transaction_read_only = on", rig->database);
    run(rig->pg, sql);
    wv_pg_close(rig->pg);
    rig->pg = connected_to(rig->database);
    assert_true(wv_pg_facts(rig->pg)->read_only);
    assert_true(look(rig)->read_only);
    assert_false(wv_ledger_prepare(rig->ledger, rig->pg, &rig->job.token, &wait, &rig->err));
    assert_non_null(strstr(rig->err.hint, "primary"));
    rig_free(rig);
}

/* --- reading back --- */

static void test_note(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    struct wv_pg_wait wait = soon();
    struct wv_err error WV_AUTOERR = {0};
    struct wv_ledger_history history = {0};
    wv_err_set(&error, WV_SQL_ERROR, "it broke");
    memcpy(error.sqlstate, "22012", 6);
    struct wv_ledger_note note = {WV_LEDGER_UP, "a", "failed", 1500, &error};
    rig->job.tag = NULL;
    assert_done(wv_ledger_note(rig->ledger, rig->pg, &rig->job, &note, &wait, &rig->err),
                &rig->err);
    struct wv_ledger_filter filter = {.revision = "a", .limit = 5};
    assert_done(wv_ledger_history(rig->ledger, rig->pg, &filter, &history, &wait, &rig->err),
                &rig->err);
    assert_int_equal(history.count, 1);
    assert_string_equal(history.items[0].outcome, "failed");
    assert_string_equal(history.items[0].error, "it broke");
    assert_string_equal(history.items[0].sqlstate, "22012");
    assert_string_equal(history.items[0].tag, "");
    assert_string_equal(history.items[0].unit, "app.service");
    assert_int_equal(history.items[0].took_us, 1500);
    wv_ledger_history_free(&history);
    filter = (struct wv_ledger_filter){.revision = "b"};
    assert_done(wv_ledger_history(rig->ledger, rig->pg, &filter, &history, &wait, &rig->err),
                &rig->err);
    assert_int_equal(history.count, 0);
    rig_free(rig);
}

static void test_history_is_append_only(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    step_up(rig, NULL, "a", "SELECT 1");
    const char *changes[] = {"UPDATE woven.history SET outcome = 'failed'",
                             "DELETE FROM woven.history", "TRUNCATE woven.history"};
    for (size_t i = 0; i < 3; i++) {
        struct wv_pg_wait wait = soon();
        assert_error(wv_pg_exec(rig->pg, changes[i], &wait, &rig->err), &rig->err, WV_SQL_ERROR);
    }
    rig_free(rig);
}

static void test_edited(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    struct wv_pg_wait wait = soon();
    struct wv_strlist ids WV_AUTOSTRLIST = {0};
    struct wv_strlist sums WV_AUTOSTRLIST = {0};
    struct wv_strlist edited WV_AUTOSTRLIST = {0};
    step_up(rig, NULL, "a", "SELECT 1");
    step_up(rig, "a", "b", "SELECT 1");
    wv_strlist_add(&ids, "a");
    wv_strlist_add(&sums, "c1");
    wv_strlist_add(&ids, "b");
    wv_strlist_add(&sums, "c2");
    wv_strlist_add(&ids, "unknown");
    wv_strlist_add(&sums, "c3");
    assert_done(wv_ledger_edited(rig->ledger, rig->pg, &ids, &sums, &edited, &wait, &rig->err),
                &rig->err);
    char *joined WV_AUTOFREE = wv_strlist_join(&edited, " ");
    assert_string_equal(joined, "b");
    rig_free(rig);
}

static void test_reading_without_a_ledger(void **state)
{
    (void)state;
    struct rig *rig = rig_bare();
    struct wv_pg_wait wait = soon();
    struct wv_ledger_stored_list list = {0};
    struct wv_ledger_history history = {0};
    struct wv_strlist edited WV_AUTOSTRLIST = {0};
    assert_done(wv_ledger_stored(rig->ledger, rig->pg, NULL, true, &list, &wait, &rig->err),
                &rig->err);
    assert_done(wv_ledger_history(rig->ledger, rig->pg, &(struct wv_ledger_filter){0}, &history,
                                  &wait, &rig->err),
                &rig->err);
    assert_done(wv_ledger_edited(rig->ledger, rig->pg, &edited, &edited, &edited, &wait, &rig->err),
                &rig->err);
    assert_int_equal(list.count + history.count + edited.count, 0);
    rig_free(rig);
}

/* --- the daemons' channel --- */

static void test_channel(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    struct wv_pg *other = connected_to(rig->database);
    struct wv_pg_wait wait = soon();
    struct wv_pg_notification note = {0};
    assert_done(wv_ledger_listen(rig->ledger, other, &wait, &rig->err), &rig->err);
    assert_done(wv_ledger_notify(rig->ledger, rig->pg, "want", &wait, &rig->err), &rig->err);
    assert_int_equal(wv_pg_idle(other, &wait, &rig->err), WV_PG_IDLE_NOTIFIED);
    assert_true(wv_pg_notification(other, &note));
    assert_string_equal(note.channel, wv_ledger_channel(rig->ledger));
    assert_string_equal(note.payload, "want");
    wv_pg_notification_clear(&note);
    wv_pg_close(other);
    rig_free(rig);
}

/* A no-op look must not read the history or the revisions, however many there are. */
static void test_look_uses_indexes(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    run(rig->pg, "SELECT woven.note('woven', 1, 1, 'r' || i, 'up', 'done', 1, NULL, NULL, 'u', 1,"
                 " 1, 'h', 'v', NULL) FROM generate_series(1, 5000) i");
    run(rig->pg, "ANALYZE woven.history");
    run(rig->pg, "SELECT pg_stat_force_next_flush(), pg_stat_reset()");
    for (int i = 0; i < 3; i++)
        assert_int_equal(look(rig)->last_history, 5000);
    run(rig->pg, "SELECT pg_stat_force_next_flush()");
    assert_int_equal(number_of(rig->pg, "SELECT seq_tup_read FROM pg_stat_user_tables"
                                        " WHERE relname = 'history'"),
                     0);
    rig_free(rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_look_at_an_empty_database),
        cmocka_unit_test(test_prepare),
        cmocka_unit_test(test_look_notices_what_comes_and_goes),
        cmocka_unit_test(test_adopts_what_alembic_left),
        cmocka_unit_test(test_version_table_is_found_along_the_search_path),
        cmocka_unit_test(test_odd_names),
        cmocka_unit_test(test_two_projects_share_a_ledger),
        cmocka_unit_test(test_a_version_table_has_one_project),
        cmocka_unit_test(test_projects_start_at_once),
        cmocka_unit_test(test_ledger_too_new),
        cmocka_unit_test(test_read_only),
        cmocka_unit_test(test_note),
        cmocka_unit_test(test_history_is_append_only),
        cmocka_unit_test(test_edited),
        cmocka_unit_test(test_reading_without_a_ledger),
        cmocka_unit_test(test_channel),
        cmocka_unit_test(test_look_uses_indexes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
