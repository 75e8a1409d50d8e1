/* Ledgers of older and newer programs: upgraded in one transaction under a lock, or refused. A
 * ledger value whose list of scripts is another one is such a program. */
#include "cmocka_all.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "ledger_internal.h"
#include "ledger_read.h"
#include "ledger_rig.h"
#include "ledger_scripts.h"

enum { MAX_SCRIPTS = 32 };

/* The program's own scripts and one more. */
static const char *const *scripts_and(const char *script)
{
    static const char *scripts[MAX_SCRIPTS];
    for (int i = 0; i < wv_ledger_scripts_count; i++)
        scripts[i] = wv_ledger_scripts[i];
    scripts[wv_ledger_scripts_count] = script;
    return scripts;
}

static void be_newer(struct wv_ledger *ledger, const char *script)
{
    ledger->scripts = scripts_and(script);
    ledger->version = wv_ledger_scripts_count + 1;
}

static void be_todays(struct wv_ledger *ledger)
{
    ledger->scripts = wv_ledger_scripts;
    ledger->version = wv_ledger_scripts_count;
}

/* All that the scripts make, as text. */
static char *structure(struct wv_pg *pg)
{
    return value_of(pg,
                    "SELECT string_agg(line, E'\\n' ORDER BY line) FROM ("
                    " SELECT format('%s.%s %s %s %s', c.relname, a.attname,"
                    "  format_type(a.atttypid, a.atttypmod), a.attnotnull,"
                    "  pg_get_expr(d.adbin, d.adrelid)) AS line"
                    "  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0"
                    "  LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum"
                    "  WHERE c.relnamespace = 'woven'::regnamespace AND NOT a.attisdropped"
                    " UNION ALL SELECT pg_get_constraintdef(oid) FROM pg_constraint"
                    "  WHERE connamespace = 'woven'::regnamespace"
                    " UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'woven'"
                    " UNION ALL SELECT pg_get_functiondef(oid) FROM pg_proc"
                    "  WHERE pronamespace = 'woven'::regnamespace"
                    " UNION ALL SELECT pg_get_triggerdef(t.oid) FROM pg_trigger t"
                    "  JOIN pg_class c ON c.oid = t.tgrelid"
                    "  WHERE c.relnamespace = 'woven'::regnamespace AND NOT t.tgisinternal) lines");
}

static void check_version(struct rig *rig, int version)
{
    assert_int_equal(look(rig)->ledger_version, version);
}

/* --- upgraded --- */

/* A standby of today reads what an older leader keeps. */
static void check_history_reads(struct rig *rig)
{
    struct wv_ledger_filter filter = {0};
    struct wv_ledger_history history = {0};
    struct wv_pg_wait wait = soon();
    assert_done(wv_ledger_history(rig->ledger, rig->pg, &filter, &history, &wait, &rig->err),
                &rig->err);
    assert_int_equal(history.count, 1);
    assert_string_equal(history.items[0].user, "u");
    assert_string_equal(history.items[0].unit, "");
    wv_ledger_history_free(&history);
}

/* It sees what is open there, and that the older leader may have done it. */
static void check_journal_reads(struct rig *rig)
{
    const struct wv_ledger_interrupted *open = &rig->look.interrupted;
    run(rig->pg, "SELECT woven.journal_intend('woven', 1, 1, 'old', NULL, true, 1, 2, '', 0,"
                 " 'SELECT 1')");
    look(rig);
    assert_string_equal(open->revision, "old");
    assert_false(open->done);
    assert_false(open->atomic);
    run(rig->pg, "DELETE FROM woven.journal");
}

static void test_each_older_version(void **state)
{
    (void)state;
    struct rig *fresh = rig_new();
    char *expected WV_AUTOFREE = structure(fresh->pg);
    rig_free(fresh);
    for (int version = 1; version < wv_ledger_scripts_count; version++) {
        struct rig *rig = rig_bare();
        rig->ledger->version = version;
        prepare(rig);
        check_version(rig, version);
        run(rig->pg, "SELECT woven.note('woven', 1, 1, 'old', 'up', 'done', 5, NULL, NULL, 'u', 1,"
                     " 1, 'h', 'v', 'tagged')");
        run(rig->pg, "INSERT INTO alembic_version VALUES ('a')");
        check_history_reads(rig);
        check_journal_reads(rig);
        be_todays(rig->ledger);
        prepare(rig);
        check_version(rig, wv_ledger_scripts_count);
        assert_int_equal(rig->job.token, 2);
        char *upgraded WV_AUTOFREE = structure(rig->pg);
        assert_string_equal(upgraded, expected);
        assert_int_equal(number_of(rig->pg, "SELECT count(*) FROM woven.history"
                                            " WHERE revision = 'old' AND tag = 'tagged'"),
                         1);
        step_up(rig, "a", "b", "SELECT 1");
        check_rows(rig, "b");
        rig_free(rig);
    }
}

/* The leader of another project in the same ledger may be of an older version: its calls still
 * work. */
static void test_older_leaders_go_on(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    char *step WV_AUTOFREE = wv_xasprintf(
        "BEGIN; SELECT woven.begin_step('woven', %lld, 7, 0, true, '2s', '0', false);"
        " SELECT woven.end_step('woven', %lld, 7, 0, 'a', 'up', 'u', 1, 1, 'h', 'v', NULL, true);"
        " COMMIT",
        (long long)rig->job.token, (long long)rig->job.token);
    run(rig->pg, step);
    char *repair WV_AUTOFREE = wv_xasprintf(
        "SELECT woven.journal_intend('woven', %lld, 7, 'b', NULL, true, 1, 1, '', 0, 'VACUUM');"
        " SELECT woven.journal_repair('woven', %lld, 7, 'abandon', 'u', 1, 1, 'h', 'v', NULL)",
        (long long)rig->job.token, (long long)rig->job.token);
    run(rig->pg, repair);
    assert_int_equal(number_of(rig->pg, "SELECT count(*) FROM woven.history WHERE unit IS NULL"),
                     2);
    rig_free(rig);
}

static void test_the_next_version(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    step_up(rig, NULL, "a", "SELECT 1");
    run(rig->pg, "UPDATE woven.meta SET upgraded_at = 'epoch', upgraded_by = 'an older one'");
    be_newer(rig->ledger, "ALTER TABLE @schema@.history ADD COLUMN extra text;"
                          "CREATE TABLE @schema@.more (project text)");
    prepare(rig);
    check_version(rig, wv_ledger_scripts_count + 1);
    char *by WV_AUTOFREE = value_of(rig->pg, "SELECT upgraded_by FROM woven.meta"
                                             " WHERE upgraded_at > 'epoch'");
    assert_string_equal(by, "wovend " WV_VERSION);
    assert_int_equal(number_of(rig->pg, "SELECT count(extra) + 1 FROM woven.history"), 1);
    step_up(rig, "a", "b", "SELECT 1");
    check_rows(rig, "b");
    prepare(rig);
    check_version(rig, wv_ledger_scripts_count + 1);
    rig_free(rig);
}

static void test_a_script_that_fails_leaves_all_as_it_was(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    struct wv_pg_wait wait = soon();
    int64_t token = rig->job.token;
    char *before WV_AUTOFREE = structure(rig->pg);
    be_newer(rig->ledger, "CREATE TABLE @schema@.more (project text); SELECT 1/0");
    assert_false(wv_ledger_prepare(rig->ledger, rig->pg, &rig->job.token, &wait, &rig->err));
    char *what WV_AUTOFREE =
        wv_xasprintf("cannot bring the ledger to version %d", wv_ledger_scripts_count + 1);
    assert_non_null(strstr(rig->err.message, what));
    assert_error(false, &rig->err, WV_SQL_ERROR);
    assert_int_equal(wv_pg_transaction_status(rig->pg), WV_PG_TX_IDLE);
    assert_int_equal(rig->job.token, token);
    char *after WV_AUTOFREE = structure(rig->pg);
    assert_string_equal(after, before);
    check_version(rig, wv_ledger_scripts_count);
    be_todays(rig->ledger);
    prepare(rig);
    assert_int_equal(rig->job.token, token + 1);
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

/* Projects that share a ledger have leaders that know nothing of each other: the script, which
 * would fail the second time, runs once. */
static void test_upgraded_once(void **state)
{
    (void)state;
    enum { COUNT = 4 };
    struct rig *rig = rig_new();
    struct starter starters[COUNT] = {0};
    for (int i = 0; i < COUNT; i++) {
        char *project WV_AUTOFREE = wv_xasprintf("project%d", i);
        char *table WV_AUTOFREE = wv_xasprintf("version%d", i);
        starters[i].pg = connected_to(rig->database);
        starters[i].ledger = wv_ledger_new(&(struct wv_ledger_options){
            project, "woven", table, "", "testhost", wv_instance_id_new()});
        be_newer(starters[i].ledger, "SELECT pg_sleep(0.1); CREATE TABLE @schema@.once ()");
    }
    for (int i = 0; i < COUNT; i++)
        assert_int_equal(pthread_create(&starters[i].thread, NULL, start, &starters[i]), 0);
    for (int i = 0; i < COUNT; i++) {
        pthread_join(starters[i].thread, NULL);
        assert_done(starters[i].done, &starters[i].err);
        wv_pg_close(starters[i].pg);
        wv_ledger_free(starters[i].ledger);
    }
    check_version(rig, wv_ledger_scripts_count + 1);
    rig_free(rig);
}

/* --- refused --- */

static void test_newer_names_both_versions(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    struct wv_pg_wait wait = soon();
    be_newer(rig->ledger, "CREATE TABLE @schema@.more ()");
    prepare(rig);
    be_todays(rig->ledger);
    char *before WV_AUTOFREE = structure(rig->pg);
    assert_false(wv_ledger_prepare(rig->ledger, rig->pg, &rig->job.token, &wait, &rig->err));
    char *theirs WV_AUTOFREE = wv_xasprintf("has version %d;", wv_ledger_scripts_count + 1);
    char *ours WV_AUTOFREE = wv_xasprintf("understands version %d", wv_ledger_scripts_count);
    assert_non_null(strstr(rig->err.message, theirs));
    assert_non_null(strstr(rig->err.message, ours));
    assert_non_null(strstr(rig->err.hint, "newer wovend"));
    assert_error(false, &rig->err, WV_LEDGER_TOO_NEW);
    assert_int_equal(wv_pg_transaction_status(rig->pg), WV_PG_TX_IDLE);
    char *after WV_AUTOFREE = structure(rig->pg);
    assert_string_equal(after, before);
    check_version(rig, wv_ledger_scripts_count + 1);
    rig_free(rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_older_version),
        cmocka_unit_test(test_older_leaders_go_on),
        cmocka_unit_test(test_the_next_version),
        cmocka_unit_test(test_a_script_that_fails_leaves_all_as_it_was),
        cmocka_unit_test(test_upgraded_once),
        cmocka_unit_test(test_newer_names_both_versions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
