/* Quoting, arrays, connection strings, the lock's key: all without a server. */
#include "cmocka_all.h"

#include <string.h>

#include "advisory.h"
#include "query.h"
#include "quote.h"

static void test_quote(void **state)
{
    (void)state;
    char *ident WV_AUTOFREE = wv_quote_ident("a\"b");
    assert_string_equal(ident, "\"a\"\"b\"");
    char *name WV_AUTOFREE = wv_quote_name("s", "T 1");
    assert_string_equal(name, "\"s\".\"T 1\"");
    char *bare WV_AUTOFREE = wv_quote_name("", "t");
    assert_string_equal(bare, "\"t\"");
    char *plain WV_AUTOFREE = wv_quote_literal("it's");
    assert_string_equal(plain, "'it''s'");
    char *escaped WV_AUTOFREE = wv_quote_literal("a\\'b");
    assert_string_equal(escaped, "E'a\\\\''b'");
}

static void round_trip(const char *const *items, size_t count, const char *text)
{
    struct wv_strlist list WV_AUTOSTRLIST = {0};
    struct wv_strlist back WV_AUTOSTRLIST = {0};
    for (size_t i = 0; i < count; i++)
        wv_strlist_add(&list, items[i]);
    char *array WV_AUTOFREE = wv_pg_array(&list);
    assert_string_equal(array, text);
    wv_pg_array_parse(array, &back);
    assert_int_equal(back.count, count);
    for (size_t i = 0; i < count; i++)
        assert_string_equal(back.items[i], items[i]);
}

static void test_array(void **state)
{
    (void)state;
    round_trip(NULL, 0, "{}");
    round_trip((const char *const[]){"a"}, 1, "{\"a\"}");
    round_trip((const char *const[]){"", "a,b", "c\"d\\e}", "NULL"}, 4,
               "{\"\",\"a,b\",\"c\\\"d\\\\e}\",\"NULL\"}");
}

static void test_array_of_the_server(void **state)
{
    (void)state;
    struct wv_strlist list WV_AUTOSTRLIST = {0};
    wv_pg_array_parse("{a,NULL,\"b c\",\"NULL\"}", &list);
    char *joined WV_AUTOFREE = wv_strlist_join(&list, "|");
    assert_string_equal(joined, "a|b c|NULL");
    /* Nothing of this may be believed, and nothing may go wrong. */
    const char *broken[] = {"", "{", "{\"a", "{\"a\\", "{a", "{,", "x"};
    for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++)
        wv_pg_array_parse(broken[i], &list);
}

static void test_conninfo_accepts(void **state)
{
    (void)state;
    struct wv_err err WV_AUTOERR = {0};
    const char *good[] = {"", "woven", "host=a,b port=5432 target_session_attrs=read-write",
                          "postgresql://u@h1,h2/db?sslmode=require",
                          "service=woven passfile=/etc/woven/pgpass"};
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
        assert_true(wv_pg_conninfo_check(good[i], &err));
}

static void test_conninfo_refuses_and_tells_no_secret(void **state)
{
    (void)state;
    const char *bad[] = {"host=h password=my hunter2 x", "host=h password='hunter2",
                         "postgresql://u:hunter2@[h",    "hunter2=1",
                         "host=h password=a hunter2=3",  "postgresql://u:pw@h/db?hunter2=1",
                         "postgres:/u:hunter2@h/db",     "postgresql+psycopg2://u:hunter2@h/db",
                         "Postgres://u:hunter2@h/db",    "u:hunter2@h"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct wv_err err WV_AUTOERR = {0};
        assert_false(wv_pg_conninfo_check(bad[i], &err));
        assert_int_equal(err.code, WV_CONFIG_ERROR);
        assert_null(strstr(err.message, "hunter2"));
    }
}

static void test_conninfo_password(void **state)
{
    (void)state;
    assert_true(wv_pg_conninfo_has_password("host=h password=x"));
    assert_true(wv_pg_conninfo_has_password("postgres://u:x@h/db"));
    assert_true(wv_pg_conninfo_has_password("postgres://u@h/db?password=x"));
    assert_false(wv_pg_conninfo_has_password("host=h"));
    assert_false(wv_pg_conninfo_has_password("postgres://u@h/db"));
    assert_false(wv_pg_conninfo_has_password("password"));
    assert_false(wv_pg_conninfo_has_password("host="));
}

/* These values are what every host and version must compute. */
static void test_lock_key_never_changes(void **state)
{
    (void)state;
    assert_int_equal(wv_advisory_key("woven"), (int64_t)0xe444c6e4839ebef5u);
    assert_int_not_equal(wv_advisory_key("a"), wv_advisory_key("b"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_quote),
        cmocka_unit_test(test_array),
        cmocka_unit_test(test_array_of_the_server),
        cmocka_unit_test(test_conninfo_accepts),
        cmocka_unit_test(test_conninfo_refuses_and_tells_no_secret),
        cmocka_unit_test(test_conninfo_password),
        cmocka_unit_test(test_lock_key_never_changes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
