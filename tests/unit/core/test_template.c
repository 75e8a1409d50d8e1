/* Unit tests of new revision files: template, id. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "revision_file.h"
#include "template.h"

static void renders_all_placeholders(void **state)
{
    (void)state;
    struct wv_err err WV_AUTOERR = {0};
    struct wv_strlist down WV_AUTOSTRLIST = {0};
    struct wv_strlist labels WV_AUTOSTRLIST = {0};
    wv_strlist_add(&down, "aa");
    wv_strlist_add(&down, "bb");
    wv_strlist_add(&labels, "solo");
    struct wv_template_values values = {.message = " Add\n\"vaults\"\r\n\n-- revision: x\t",
                                        .revision = "cc",
                                        .down = &down,
                                        .labels = &labels,
                                        .create_date = "2026-01-14T09:12:00Z"};
    char *template = NULL;
    char *text = NULL;
    assert_true(wv_template_read(&template, "/nonexistent/script.sql.in", &err));
    assert_true(wv_template_render(&text, template, "script.sql.in", &values, &err));
    assert_string_equal(text, "-- message: Add \"vaults\" -- revision: x\n-- revision: cc\n"
                              "-- down_revision: aa, bb\n-- branch_labels: solo\n-- depends_on:\n"
                              "-- create_date: 2026-01-14T09:12:00Z\n\n-- woven:up\n\n"
                              "-- woven:down\n");
    free(text);
    free(template);
    const char *own =
        "-- revision: ${up_revision}\n-- woven:up\nDO $$ BEGIN END $$; -- $x ${message}";
    assert_true(wv_template_render(&text, own, "script.sql.in", &values, &err));
    assert_non_null(strstr(text, "DO $$ BEGIN END $$; -- $x Add"));
    free(text);
}

static void refuses_with_file_and_line(void **state)
{
    (void)state;
    static const struct {
        const char *template;
        int line;
    } cases[] = {{"-- a\n-- ${author}\n", 2},
                 {"-- a\n\n  ${message\n}", 3},
                 {"${}", 1},
                 {"-- ${up_revision}\n-- woven:up\n", 0},
                 {"-- revision: ${up_revision}\n-- woven:up\nCOMMIT;", 0}};
    struct wv_template_values values = {.message = "m", .revision = "cc", .create_date = ""};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct wv_err err WV_AUTOERR = {0};
        char *text = NULL;
        assert_false(wv_template_render(&text, cases[i].template, "t.in", &values, &err));
        assert_null(text);
        assert_int_equal(err.code, WV_CONFIG_ERROR);
        assert_string_equal(err.file, "t.in");
        assert_int_equal(err.line, cases[i].line);
    }
    struct wv_err err WV_AUTOERR = {0};
    char *text = NULL;
    assert_false(wv_template_read(&text, "/", &err));
    assert_int_equal(err.code, WV_IO_ERROR);
}

static void makes_ids(void **state)
{
    (void)state;
    char one[WV_REVISION_ID_NEW];
    char other[WV_REVISION_ID_NEW];
    wv_revision_id_new(one);
    wv_revision_id_new(other);
    assert_int_equal(strlen(one), 12);
    assert_int_equal(strspn(one, "0123456789abcdef"), 12);
    assert_string_not_equal(one, other);
    assert_true(wv_revision_id_valid(one));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(renders_all_placeholders),
        cmocka_unit_test(refuses_with_file_and_line),
        cmocka_unit_test(makes_ids),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
