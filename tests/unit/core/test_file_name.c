/* Unit tests of revision files' names: slugs, templates, and which names hold an id. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "file_name.h"

static void makes_slugs(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"Add vaults table", "add_vaults_table"},
        {"  It's: a \"test\", no. 2! ", "it_s_a_test_no_2"},
        {"../../etc/passwd", "etc_passwd"},
        {"", ""},
        {"!!!", ""},
        {"snake_case stays", "snake_case_stays"},
        {"\xC3\x84rger im B\xC3\xBCro", "\xC3\x84rger_im_b\xC3\xBCro"},
        {"aaaaaaaaa bbbbbbbbb ccccccccc ddddddddd eeee", "aaaaaaaaa_bbbbbbbbb_ccccccccc_ddddddddd"},
        {"aaaaaaaaa bbbbbbbbb ccccccccc dddddddddd ee", "aaaaaaaaa_bbbbbbbbb_ccccccccc_dddddddddd"},
        {"aaaaaaaaa bbbbbbbbb ccccccccc ddddddddddd", "aaaaaaaaa_bbbbbbbbb_ccccccccc"},
        {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
         "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char *slug WV_AUTOFREE = wv_file_slug(cases[i][0], 40);
        assert_string_equal(slug, cases[i][1]);
    }
    char *cut WV_AUTOFREE = wv_file_slug("\xC3\x84\xC3\x84\xC3\x84 b", 2);
    assert_string_equal(cut, "\xC3\x84\xC3\x84");
    char wide[4 * 100 + 1];
    for (size_t i = 0; i < 100; i++)
        memcpy(wide + 4 * i, "\xF0\x9F\x90\x98", 5);
    char *bytes WV_AUTOFREE = wv_file_slug(wide, 100);
    assert_int_equal(strlen(bytes), 160);
}

static void expect_name(const char *template, const char *message, const char *expected)
{
    struct wv_err err WV_AUTOERR = {0};
    assert_true(wv_file_name_check(template, &err));
    struct wv_file_name name = {
        .template = template,
        .revision = "3c1f0a9b7d52",
        .message = message,
        .slug_limit = 40,
        .when = {.tm_year = 126, .tm_mon = 0, .tm_mday = 4, .tm_hour = 5, .tm_min = 6}};
    char *made WV_AUTOFREE = wv_file_name_make(&name);
    assert_string_equal(made, expected);
    assert_true(wv_file_name_has(made, name.revision));
}

static void makes_names(void **state)
{
    (void)state;
    expect_name(WV_FILE_TEMPLATE_DEFAULT, "Add it", "3c1f0a9b7d52_add_it.sql");
    expect_name(WV_FILE_TEMPLATE_DEFAULT, "?", "3c1f0a9b7d52.sql");
    expect_name("{slug}-{rev}", "", "3c1f0a9b7d52.sql");
    expect_name("{year}/{month}/{day}_{hour}{minute}{second}-{rev}.{slug}", "a/b",
                "2026/01/04_050600-3c1f0a9b7d52.a_b.sql");
    expect_name("all of {rev}", "a", "all of 3c1f0a9b7d52.sql");
}

static void refuses_templates(void **state)
{
    (void)state;
    static const char *const templates[] = {
        "",         "{slug}",   "{rev}/{slug}", "{rev}{slug}",  "{year}{rev}",
        "x{rev}",   "{rev",     "{rev}}",       "{what}_{rev}", "/{rev}",
        "a//{rev}", "../{rev}", ".{rev}",       "a/.b/{rev}",   "{}_{rev}",
        "{rev}_\n", "{rev}/",   "a\\{rev}",     "{slug}/{rev}"};
    for (size_t i = 0; i < sizeof(templates) / sizeof(templates[0]); i++) {
        struct wv_err err WV_AUTOERR = {0};
        if (wv_file_name_check(templates[i], &err))
            fail_msg("\"%s\" is taken", templates[i]);
        assert_int_equal(err.code, WV_CONFIG_ERROR);
    }
}

static void finds_ids(void **state)
{
    (void)state;
    assert_true(wv_file_name_has("v/a.sql", "a"));
    assert_true(wv_file_name_has("v/2026-01-a-x.sql", "a"));
    assert_true(wv_file_name_has("v/ba_a.sql", "a"));
    assert_true(wv_file_name_has("my_id.7_x.sql", "my_id.7"));
    assert_false(wv_file_name_has("a/b.sql", "a"));
    assert_false(wv_file_name_has("ab.sql", "a"));
    assert_false(wv_file_name_has("1a.sql", "a"));
    assert_false(wv_file_name_has("\xC3\xA9"
                                  "a.sql",
                                  "a"));
    assert_false(wv_file_name_has("b.sql", "sql"));
    assert_true(wv_file_name_plausible("v/3c1f_x.sql"));
    assert_true(wv_file_name_plausible("v/2026-01-04-3c1f0a9b7d52.sql"));
    assert_false(wv_file_name_plausible("my-functions.sql"));
    assert_false(wv_file_name_plausible("my-3c1f0a9b7d52a.sql"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(makes_slugs),
        cmocka_unit_test(makes_names),
        cmocka_unit_test(refuses_templates),
        cmocka_unit_test(finds_ids),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
