/* Unit tests of durations as people write them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "duration.h"

static void units_are_understood(void **state)
{
    (void)state;
    const struct {
        const char *text;
        int64_t ms;
    } cases[] = {{"0", 0},
                 {"500ms", 500},
                 {"2s", 2000},
                 {"5min", 300000},
                 {"1h", 3600000},
                 {"0s", 0},
                 {"24d", INT64_C(24) * 86400000}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        int64_t ms = -1;
        assert_true(wv_duration_parse(cases[i].text, &ms));
        assert_true(ms == cases[i].ms);
    }
}

static void all_else_is_refused(void **state)
{
    (void)state;
    const char *const texts[] = {"",     "2", "-1s",  " 1s", "1 s",
                                 "1.5s", "s", "1sec", "25d", "99999999999999999999s"};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        int64_t ms = -1;
        assert_false(wv_duration_parse(texts[i], &ms));
        assert_true(ms == -1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(units_are_understood),
        cmocka_unit_test(all_else_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
