/* Unit tests of what a statement reaches beyond its database. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "reach.h"

struct known {
    const char *sql;
    enum wv_reach reach;
};

static void check(const struct known *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct wv_statement statement = {.text = cases[i].sql, .length = strlen(cases[i].sql)};
        if (wv_statement_reach(&statement) != cases[i].reach)
            fail_msg("%s: %d", cases[i].sql, (int)wv_statement_reach(&statement));
    }
}

static void what_belongs_to_the_server(void **state)
{
    (void)state;
    static const struct known cases[] = {
        {"create role x", WV_REACH_NEW_ROLE},
        {"CREATE USER x PASSWORD 'a'", WV_REACH_NEW_ROLE},
        {"CREATE /* a */ GROUP -- b\n x", WV_REACH_NEW_ROLE},
        {"ALTER ROLE x NOLOGIN", WV_REACH_SERVER},
        {"ALTER USER x SET a = 'b'", WV_REACH_SERVER},
        {"DROP ROLE IF EXISTS x", WV_REACH_SERVER},
        {"DROP GROUP x", WV_REACH_SERVER},
        {"CREATE DATABASE x", WV_REACH_SERVER},
        {"ALTER DATABASE x SET a = 'b'", WV_REACH_SERVER},
        {"CREATE TABLESPACE x LOCATION '/x'", WV_REACH_SERVER},
        {"ALTER SYSTEM SET a = 1", WV_REACH_SERVER},
        {"GRANT a, \"on\" TO b WITH ADMIN OPTION", WV_REACH_MEMBERSHIP},
        {"REVOKE ADMIN OPTION FOR a FROM b", WV_REACH_MEMBERSHIP},
        {"GRANT CONNECT ON DATABASE x TO y", WV_REACH_SERVER},
        {"REVOKE ALL ON DATABASE \"x\" FROM PUBLIC", WV_REACH_SERVER},
        {"GRANT CREATE ON TABLESPACE x TO y", WV_REACH_SERVER},
        {"GRANT SET ON PARAMETER log_statement TO y", WV_REACH_SERVER},
        {"REASSIGN OWNED BY a TO b", WV_REACH_OWNED},
        {"DROP OWNED BY a", WV_REACH_OWNED},
        {"COMMENT ON ROLE x IS 'a'", WV_REACH_SERVER},
        {"COMMENT ON DATABASE x IS NULL", WV_REACH_SERVER},
        {"SECURITY LABEL FOR p ON TABLESPACE x IS 'a'", WV_REACH_SERVER},
    };
    check(cases, sizeof(cases) / sizeof(cases[0]));
}

static void what_stays_in_the_database(void **state)
{
    (void)state;
    static const struct known cases[] = {
        {"", WV_REACH_DATABASE},
        {"CREATE TABLE role ()", WV_REACH_DATABASE},
        {"CREATE USER MAPPING FOR x SERVER y", WV_REACH_DATABASE},
        {"DROP USER MAPPING FOR x SERVER y", WV_REACH_DATABASE},
        {"ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO x", WV_REACH_DATABASE},
        {"GRANT SELECT (database) ON t TO x", WV_REACH_DATABASE},
        {"GRANT SELECT ON database TO x", WV_REACH_DATABASE},
        {"GRANT SELECT ON database, role TO x", WV_REACH_DATABASE},
        {"REVOKE SELECT ON tablespace.t FROM x", WV_REACH_DATABASE},
        {"COMMENT ON TABLE database IS 'ON ROLE x'", WV_REACH_DATABASE},
        {"SELECT 'CREATE ROLE x'", WV_REACH_DATABASE},
        {"DO $$ BEGIN CREATE ROLE x; END $$", WV_REACH_DATABASE},
    };
    check(cases, sizeof(cases) / sizeof(cases[0]));
}

static void what_speaks_to_another_server(void **state)
{
    (void)state;
    static const struct known cases[] = {
        {"CREATE SUBSCRIPTION s CONNECTION 'c' PUBLICATION p", WV_REACH_SUBSCRIBE},
        {"CREATE SUBSCRIPTION s CONNECTION 'connect = false' PUBLICATION p WITH (enabled = false)",
         WV_REACH_SUBSCRIBE},
        {"CREATE SUBSCRIPTION s CONNECTION 'c' PUBLICATION p WITH (connect)", WV_REACH_SUBSCRIBE},
        {"CREATE SUBSCRIPTION s CONNECTION 'c' PUBLICATION p WITH (connect = false)",
         WV_REACH_DATABASE},
        {"CREATE SUBSCRIPTION s CONNECTION 'c' PUBLICATION p WITH (a = b, connect = 'off')",
         WV_REACH_DATABASE},
        {"ALTER SUBSCRIPTION s ENABLE", WV_REACH_REFRESH},
        {"ALTER SUBSCRIPTION s REFRESH PUBLICATION", WV_REACH_REFRESH},
        {"ALTER SUBSCRIPTION s SET PUBLICATION p", WV_REACH_REFRESH},
        {"ALTER SUBSCRIPTION s ADD PUBLICATION p WITH (copy_data = false)", WV_REACH_REFRESH},
        {"ALTER SUBSCRIPTION s SET PUBLICATION p WITH (refresh = false)", WV_REACH_DATABASE},
        {"ALTER SUBSCRIPTION s SET (slot_name = NONE)", WV_REACH_DATABASE},
        {"ALTER SUBSCRIPTION s DISABLE", WV_REACH_DATABASE},
        {"ALTER SUBSCRIPTION s CONNECTION 'c'", WV_REACH_DATABASE},
        {"DROP SUBSCRIPTION IF EXISTS s", WV_REACH_UNSUBSCRIBE},
    };
    check(cases, sizeof(cases) / sizeof(cases[0]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_belongs_to_the_server),
        cmocka_unit_test(what_stays_in_the_database),
        cmocka_unit_test(what_speaks_to_another_server),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
