/* Scratch databases, in a private server and on one that the settings name (PGHOST ...). */
#include "cmocka_all.h"

#include <stdlib.h>
#include <string.h>

#include "scratch_rig.h"

static struct wv_scratch *opened(const char *where)
{
    struct wv_scratch *scratch = NULL;
    struct wv_pg_wait wait = patient();
    struct wv_err err WV_AUTOERR = {0};
    assert_done(
        wv_scratch_open(&scratch,
                        &(struct wv_scratch_options){.where = where, .state_dir = state_dir()},
                        &wait, &err),
        &err);
    return scratch;
}

static struct wv_pg *create(struct wv_scratch *scratch, const struct wv_scratch_like *like,
                            char **database)
{
    char *conninfo WV_AUTOFREE = NULL;
    struct wv_pg_wait wait = patient();
    struct wv_err err WV_AUTOERR = {0};
    assert_done(wv_scratch_create(scratch, like, database, &conninfo, &wait, &err), &err);
    return connect_to(conninfo);
}

static void test_off(void **state)
{
    (void)state;
    struct wv_scratch *scratch = NULL;
    struct wv_pg_wait wait = patient();
    struct wv_err err WV_AUTOERR = {0};
    struct wv_scratch_options options = {.where = "off", .state_dir = state_dir()};
    assert_false(wv_scratch_open(&scratch, &options, &wait, &err));
    assert_int_equal(err.code, WV_NO_SCRATCH);
    assert_non_null(strstr(err.message, "scratch is off"));
    assert_non_null(strstr(err.hint, "scratch = embedded"));
}

/* The server waits five seconds for the other to go before it says no. */
static void test_copy_of_what_is_in_use(void **state)
{
    (void)state;
    struct wv_scratch *scratch = opened("dbname=postgres");
    struct wv_pg_wait wait = patient();
    struct wv_err err WV_AUTOERR = {0};
    char *first WV_AUTOFREE = NULL;
    struct wv_pg *pg = create(scratch, NULL, &first);
    assert_error(wv_scratch_create_copy(scratch, first, NULL, NULL, &wait, &err), &err,
                 WV_SQL_ERROR);
    wv_pg_close(pg);
    wv_scratch_close(scratch);
}

/* Create, copy and drop, the same on both kinds of server. */
static void use(const char *where)
{
    struct wv_scratch *scratch = opened(where);
    struct wv_pg_wait wait = patient();
    struct wv_err err WV_AUTOERR = {0};
    char *first WV_AUTOFREE = NULL;
    char *second WV_AUTOFREE = NULL;
    char *conninfo WV_AUTOFREE = NULL;
    struct wv_pg *pg = create(scratch, NULL, &first);
    run(pg, "CREATE TABLE here (x int); INSERT INTO here VALUES (7)");
    wv_pg_close(pg);
    assert_done(wv_scratch_create_copy(scratch, first, &second, &conninfo, &wait, &err), &err);
    pg = connect_to(conninfo);
    assert_int_equal(number_of(pg, "SELECT x FROM here"), 7);
    assert_done(wv_scratch_drop(scratch, first, &wait, &err), &err);
    assert_done(wv_scratch_drop(scratch, first, &wait, &err), &err);
    /* Also under somebody who is connected. */
    assert_done(wv_scratch_drop(scratch, second, &wait, &err), &err);
    wv_pg_close(pg);
    assert_true(wv_scratch_usable(scratch));
    wv_scratch_close(scratch);
}

static void test_embedded(void **state)
{
    (void)state;
    use("embedded");
    assert_int_equal(count_paths("postgres/run-*"), 0);
}

static void test_elsewhere(void **state)
{
    (void)state;
    use("dbname=postgres");
    use("");
    use("postgresql:///postgres");
}

static int64_t scratch_count(struct wv_pg *pg)
{
    return number_of(pg, "SELECT count(*) FROM pg_database WHERE datname ~ '^woven_scratch_'");
}

static void test_close_drops_what_is_left(void **state)
{
    (void)state;
    struct wv_pg *pg = connected();
    struct wv_scratch *scratch = opened("dbname=postgres");
    wv_pg_close(create(scratch, NULL, NULL));
    wv_pg_close(create(scratch, NULL, NULL));
    assert_int_equal(scratch_count(pg), 2);
    /* Another daemon does not take them for leftovers while this one lives. */
    wv_scratch_close(opened("dbname=template1"));
    assert_int_equal(scratch_count(pg), 2);
    wv_scratch_close(scratch);
    assert_int_equal(scratch_count(pg), 0);
    wv_pg_close(pg);
}

static void test_leftovers(void **state)
{
    (void)state;
    struct wv_pg *pg = connected();
    run(pg, "CREATE DATABASE woven_scratch_00000000000000aa_1");
    run(pg, "CREATE DATABASE woven_scratch_f0000000000000bb_2");
    run(pg, "CREATE DATABASE woven_scratch_00000000000000cc_3");
    run(pg, "CREATE DATABASE woven_scratch_of_mine");
    /* The number of the second is negative as a bigint. */
    run(pg, "SELECT pg_advisory_lock(('x' || 'f0000000000000bb')::bit(64)::bigint)");
    struct wv_pg *user = connect_to("dbname=woven_scratch_00000000000000cc_3");
    wv_scratch_close(opened("dbname=postgres"));
    char *left WV_AUTOFREE =
        value_of(pg, "SELECT string_agg(datname, ' ' ORDER BY datname) FROM pg_database"
                     " WHERE datname ~ '^woven_scratch_'");
    assert_string_equal(left, "woven_scratch_00000000000000cc_3"
                              " woven_scratch_f0000000000000bb_2 woven_scratch_of_mine");
    wv_pg_close(user);
    run(pg, "SELECT pg_advisory_unlock_all()");
    wait_until(pg, "SELECT NOT EXISTS (SELECT FROM pg_stat_activity WHERE datname ~ '_cc_3$')");
    wv_scratch_close(opened("dbname=postgres"));
    assert_int_equal(scratch_count(pg), 1);
    run(pg, "DROP DATABASE woven_scratch_of_mine");
    wv_pg_close(pg);
}

/* As the database that it stands for: encoding, locale, ICU, and names in a private server. */
static void test_like(void **state)
{
    (void)state;
    struct wv_pg *pg = connected();
    struct wv_pg_wait wait = patient();
    struct wv_err err WV_AUTOERR = {0};
    run(pg, "CREATE DATABASE model TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C'"
            " LC_CTYPE 'C.UTF-8' LOCALE_PROVIDER icu ICU_LOCALE 'de-u-co-phonebk'");
    run(pg, "CREATE ROLE \"an owner\"");
    run(pg, "SET allow_in_place_tablespaces = on");
    run(pg, "CREATE TABLESPACE fast LOCATION ''");
    struct wv_pg *model = connect_to("dbname=model");
    struct wv_scratch_like like = {0};
    assert_done(wv_scratch_like_read(&like, model, &wait, &err), &err);
    assert_string_equal(like.encoding, "UTF8");
    assert_int_equal(like.provider, 'i');
    struct wv_scratch *scratch = opened("embedded");
    struct wv_pg *copy = create(scratch, &like, NULL);
    struct wv_scratch_like same = {0};
    assert_done(wv_scratch_like_read(&same, copy, &wait, &err), &err);
    assert_string_equal(same.encoding, "UTF8");
    assert_string_equal(same.collate, "C");
    assert_string_equal(same.ctype, "C.UTF-8");
    assert_int_equal(same.provider, 'i');
    assert_string_equal(same.locale, like.locale);
    assert_true(wv_strlist_has(&same.roles, "an owner"));
    assert_true(wv_strlist_has(&same.tablespaces, "fast"));
    run(copy, "CREATE TABLE t (x int) TABLESPACE fast");
    wv_pg_close(copy);
    wv_pg_close(create(scratch, &like, NULL));
    wv_scratch_close(scratch);
    wv_scratch_like_clear(&same);
    wv_scratch_like_clear(&like);
    wv_pg_close(model);
    run(pg, "DROP DATABASE model");
    run(pg, "DROP TABLESPACE fast");
    run(pg, "DROP ROLE \"an owner\"");
    wv_pg_close(pg);
}

static void test_what_is_missing(void **state)
{
    (void)state;
    struct wv_scratch *scratch = opened("dbname=postgres");
    struct wv_pg_wait wait = patient();
    struct wv_err err WV_AUTOERR = {0};
    struct wv_scratch_like like = {0};
    wv_strlist_add(&like.extensions, "plpgsql");
    wv_strlist_add(&like.extensions, "no_such_thing");
    wv_strlist_add(&like.roles, "postgres");
    wv_strlist_add(&like.roles, "nobody special");
    assert_false(wv_scratch_create(scratch, &like, NULL, NULL, &wait, &err));
    assert_int_equal(err.code, WV_SERVER_FAILED);
    assert_non_null(strstr(err.message, ": extension no_such_thing; role nobody special"));
    wv_scratch_like_clear(&like);
    like.encoding = wv_xstrdup("UTF8");
    like.collate = wv_xstrdup("xx_YY.utf8");
    like.ctype = wv_xstrdup("xx_YY.utf8");
    like.provider = 'c';
    wv_err_clear(&err);
    assert_false(wv_scratch_create(scratch, &like, NULL, NULL, &wait, &err));
    assert_int_equal(err.code, WV_SQL_ERROR);
    assert_non_null(strstr(err.hint, "locales-all"));
    wv_scratch_like_clear(&like);
    wv_scratch_close(scratch);
}

static void test_server_that_is_away(void **state)
{
    (void)state;
    struct wv_scratch *scratch = NULL;
    struct wv_pg_wait wait = patient();
    struct wv_err err WV_AUTOERR = {0};
    struct wv_scratch_options options = {.where = "host=/nonexistent dbname=x"};
    assert_false(wv_scratch_open(&scratch, &options, &wait, &err));
    assert_int_equal(err.code, WV_DATABASE_UNREACHABLE);
    assert_non_null(strstr(err.message, "setting scratch"));
}

static void test_conninfo(void **state)
{
    (void)state;
    char *plain WV_AUTOFREE = wv_pg_conninfo_with("old", "new");
    assert_string_equal(plain, "dbname='new'");
    char *text WV_AUTOFREE =
        wv_pg_conninfo_with("host=h dbname=old password='it\\'s'  user='a\\'b\\\\'", "n'w");
    assert_null(strstr(text, "old"));
    assert_non_null(strstr(text, "user='a\\'b\\\\'"));
    assert_non_null(strstr(text, "dbname='n\\'w'"));
    char *uri WV_AUTOFREE = wv_pg_conninfo_with("postgresql://u@h:7/old?connect_timeout=3", "new");
    assert_non_null(strstr(uri, "host='h' port='7'"));
    assert_non_null(strstr(uri, "connect_timeout='3'"));
    assert_non_null(strstr(uri, "dbname='new'"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_conninfo),
        cmocka_unit_test(test_off),
        cmocka_unit_test(test_embedded),
        cmocka_unit_test(test_elsewhere),
        cmocka_unit_test(test_copy_of_what_is_in_use),
        cmocka_unit_test(test_close_drops_what_is_left),
        cmocka_unit_test(test_leftovers),
        cmocka_unit_test(test_like),
        cmocka_unit_test(test_what_is_missing),
        cmocka_unit_test(test_server_that_is_away),
    };
    return cmocka_run_group_tests(tests, make_state_dir, remove_state_dir);
}
