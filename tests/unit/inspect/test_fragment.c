/* Marks in queries: what stands for them, and that none is left in any query for any server. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "fragment.h"
#include "inspect_scripts.h"

static void expands_to(const char *sql, int version, bool sees, const char *wanted)
{
    struct wv_fragment_facts facts = {version, sees};
    char *got = wv_fragment_expand(sql, &facts);
    assert_string_equal(got, wanted);
    free(got);
}

static void test_marks(void **state)
{
    (void)state;
    expands_to("oid >= @first_oid@", 150000, false, "oid >= 16384");
    expands_to("@function:p.prosupport@ x", 150000, false,
               "nullif(p.prosupport::oid, 0)::regproc::text x");
    expands_to("@subscription_connection@", 150000, true, "s.subconninfo");
    expands_to("@subscription_connection@", 150000, false, "NULL::text");
}

static void test_what_is_no_mark_stays(void **state)
{
    (void)state;
    expands_to("a @> b AND c <@ d @ @@ @first_oid @no_such@ $1 '@'", 150000, false,
               "a @> b AND c <@ d @ @@ @first_oid @no_such@ $1 '@'");
}

static void test_a_mark_within_a_fragment(void **state)
{
    (void)state;
    struct wv_fragment_facts facts = {150000, false};
    char *got = wv_fragment_expand("@acl_lines:o.acl,o.base,o.owner,FROM@", &facts);
    assert_non_null(strstr(got, "aclexplode(o.acl) EXCEPT SELECT * FROM aclexplode(o.base)"));
    assert_non_null(strstr(got, "'%s FROM %s%s%s'"));
    assert_non_null(strstr(got, "xe.grantee = (SELECT r.oid FROM pg_roles r"));
    free(got);
}

static void test_the_newest_that_the_server_has(void **state)
{
    (void)state;
    expands_to("@collation_rules@", 150020, false, "NULL::text");
    expands_to("@collation_rules@", 160000, false, "c.collicurules");
    expands_to("@collation_locale@", 169999, false, "c.colliculocale");
    expands_to("@collation_locale@", 180001, false, "c.colllocale");
    expands_to("@sql_body@", 130000, false, "NULL::text");
}

/* The next word between @ and @ or :, which only a mark looks like. */
static const char *next_mark(const char *sql)
{
    while ((sql = strchr(sql, '@')) != NULL) {
        size_t length = strspn(++sql, "abcdefghijklmnopqrstuvwxyz_");
        if (length > 0 && (sql[length] == '@' || sql[length] == ':'))
            return sql;
    }
    return NULL;
}

static void test_no_query_has_an_unknown_mark(void **state)
{
    (void)state;
    for (int i = 0; i < wv_inspect_scripts_count; i++) {
        for (int version = 130000; version <= 180000; version += 10000) {
            struct wv_fragment_facts facts = {version, false};
            char *sql = wv_fragment_expand(wv_inspect_scripts[i], &facts);
            if (next_mark(sql) != NULL)
                fail_msg("%s: @%.40s", wv_inspect_scripts_names[i], next_mark(sql));
            free(sql);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_marks),
        cmocka_unit_test(test_what_is_no_mark_stays),
        cmocka_unit_test(test_a_mark_within_a_fragment),
        cmocka_unit_test(test_the_newest_that_the_server_has),
        cmocka_unit_test(test_no_query_has_an_unknown_mark),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
