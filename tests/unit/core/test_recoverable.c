/* Unit tests of what a statement outside of a transaction tells about how to go on with it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "recoverable.h"

static void check_text(const char *is, const char *wanted)
{
    if (wanted == NULL)
        assert_null(is);
    else
        assert_string_equal(is, wanted);
}

static void statements_are_told_apart(void **state)
{
    (void)state;
    const struct {
        const char *statement;
        enum wv_recovery how;
        const char *index;
        const char *table;
    } cases[] = {
        {"CREATE INDEX CONCURRENTLY i ON t (a)", WV_RECOVERY_BUILDS, "i", "t"},
        {"create /* x */ unique index\n concurrently -- y\n if not exists \"I i\" on only \"S\" . "
         "\"t\"\"\" using gist (a)",
         WV_RECOVERY_BUILDS, "\"I i\"", "\"S\".\"t\"\"\""},
        {"CREATE INDEX CONCURRENTLY ON t (a)", WV_RECOVERY_NONE, NULL, NULL},
        {"CREATE INDEX CONCURRENTLY U&\"i\" ON t (a)", WV_RECOVERY_NONE, NULL, NULL},
        {"CREATE INDEX CONCURRENTLY i", WV_RECOVERY_NONE, NULL, NULL},
        {"CREATE INDEX concurrent ON t (a)", WV_RECOVERY_ATOMIC, NULL, NULL},
        {"DROP INDEX CONCURRENTLY IF EXISTS s.i CASCADE", WV_RECOVERY_DROPS, "s.i", NULL},
        {"DROP INDEX CONCURRENTLY", WV_RECOVERY_NONE, NULL, NULL},
        {"DROP INDEX i", WV_RECOVERY_ATOMIC, NULL, NULL},
        {"ALTER INDEX i RENAME TO j", WV_RECOVERY_ATOMIC, NULL, NULL},
        {"/* x */ select f()", WV_RECOVERY_NONE, NULL, NULL},
        {"WITH a AS (SELECT f()) DELETE FROM t", WV_RECOVERY_NONE, NULL, NULL},
        {"/* x */ update t SET a = 1", WV_RECOVERY_ATOMIC, NULL, NULL},
        {"CREATE INDEX CONCURRENTLY i ON public /* x */ . t (a)", WV_RECOVERY_BUILDS, "i",
         "public.t"},
        {"ALTER TABLE t DETACH PARTITION p CONCURRENTLY", WV_RECOVERY_NONE, NULL, NULL},
        {"ALTER SUBSCRIPTION s DISABLE", WV_RECOVERY_NONE, NULL, NULL},
        {"DROP SUBSCRIPTION s", WV_RECOVERY_NONE, NULL, NULL},
        {"REINDEX INDEX CONCURRENTLY i", WV_RECOVERY_NONE, NULL, NULL},
        {"CALL p()", WV_RECOVERY_NONE, NULL, NULL},
        {"DO 'BEGIN COMMIT; END'", WV_RECOVERY_NONE, NULL, NULL},
        {"VACUUM t", WV_RECOVERY_NONE, NULL, NULL},
        {"SET work_mem = 1", WV_RECOVERY_NONE, NULL, NULL},
        {"", WV_RECOVERY_NONE, NULL, NULL},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct wv_recoverable found;
        wv_recoverable_read(&found, cases[i].statement);
        assert_int_equal(found.how, cases[i].how);
        check_text(found.index, cases[i].index);
        check_text(found.table, cases[i].table);
        wv_recoverable_clear(&found);
    }
}

static void effects_on_the_session_are_told(void **state)
{
    (void)state;
    const struct {
        const char *statement;
        enum wv_session_effect effect;
    } cases[] = {
        {"-- x\nset search_path = a", WV_SESSION_IS_SET},
        {"RESET ROLE", WV_SESSION_IS_SET},
        {"CREATE INDEX CONCURRENTLY i ON t (a)", WV_SESSION_STAYS},
        {"CREATE OR REPLACE VIEW temp AS SELECT 1", WV_SESSION_STAYS},
        {"CREATE TABLE temporary ()", WV_SESSION_STAYS},
        {"VACUUM t", WV_SESSION_STAYS},
        {"CREATE OR REPLACE TEMP VIEW v AS SELECT 1", WV_SESSION_UNKNOWN},
        {"CREATE /* x */ TEMPORARY TABLE t ()", WV_SESSION_UNKNOWN},
        {"CREATE LOCAL TEMP TABLE t ()", WV_SESSION_UNKNOWN},
        {"SELECT set_config('search_path', 'a', false)", WV_SESSION_UNKNOWN},
        {"DO ''", WV_SESSION_UNKNOWN},
        {"PREPARE p AS SELECT 1", WV_SESSION_UNKNOWN},
        {"DISCARD ALL", WV_SESSION_UNKNOWN},
        {"", WV_SESSION_UNKNOWN},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_int_equal(wv_session_effect(cases[i].statement), cases[i].effect);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(statements_are_told_apart),
        cmocka_unit_test(effects_on_the_session_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
