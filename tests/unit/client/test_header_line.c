/* A header line changes; every other byte stays. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "header_line.h"

/* Sets down_revision from `was` to `value`; `expected` NULL: refused. */
static void expect(const char *text, int line, const char *was, const char *value,
                   const char *expected)
{
    struct wv_strbuf out WV_AUTOSTRBUF = WV_STRBUF_INIT;
    bool done = wv_header_line_set(&out, text, strlen(text), line, "down_revision", was, value);
    assert_int_equal(done, expected != NULL);
    assert_string_equal(wv_strbuf_text(&out), expected != NULL ? expected : "");
}

static void test_sets(void **state)
{
    (void)state;
    expect("-- down_revision: a", 1, "a", "b", "-- down_revision: b");
    expect("-- x: 1\n-- down_revision: a\nSELECT 'a';\n", 2, "a", "bcd",
           "-- x: 1\n-- down_revision: bcd\nSELECT 'a';\n");
    expect("\n \t--down_revision:   a  \t\r\n\r\n", 2, "a", "b",
           "\n \t--down_revision:   b  \t\r\n\r\n");
    expect("\xEF\xBB\xBF-- down_revision: a\r\n", 1, "a", "b",
           "\xEF\xBB\xBF-- down_revision: b\r\n");
    expect("-- down_revision: a\n", 1, "a", "", "-- down_revision:\n");
    expect("-- down_revision:\n", 1, "", "b", "-- down_revision:b\n");
}

static void test_refuses(void **state)
{
    (void)state;
    const char *text = "-- revision: a\n-- down_revision: ab\n-- down_revisions: a\n";
    expect(text, 0, "ab", "b", NULL);
    expect(text, 1, "ab", "b", NULL);
    expect(text, 2, "a", "b", NULL);
    expect(text, 2, "abc", "b", NULL);
    expect(text, 3, "a", "b", NULL);
    expect(text, 4, "a", "b", NULL);
    expect(text, 9, "a", "b", NULL);
    expect("", 1, "a", "b", NULL);
    expect("-- down_revision: a, b\n", 1, "a", "b", NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sets),
        cmocka_unit_test(test_refuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
