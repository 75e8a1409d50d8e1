/* Unit tests of time zones: rules, tables, and both against the C library's own answers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "zone.h"

static void expect_rule(const char *rule, int64_t when, int expected)
{
    int offset = -1;
    assert_true(wv_zone_rule_offset(rule, when, &offset));
    assert_int_equal(offset, expected);
}

static void test_rules(void **state)
{
    (void)state;
    expect_rule("UTC0", 0, 0);
    expect_rule("<+0545>-5:45", 0, 20700);
    /* 2026-03-29 01:00:00 UTC, 2026-10-25 01:00:00 UTC. */
    expect_rule("CET-1CEST,M3.5.0,M10.5.0/3", 1774745999, 3600);
    expect_rule("CET-1CEST,M3.5.0,M10.5.0/3", 1774746000, 7200);
    expect_rule("CET-1CEST,M3.5.0,M10.5.0/3", 1792889999, 7200);
    expect_rule("CET-1CEST,M3.5.0,M10.5.0/3", 1792890000, 3600);
    int offset;
    static const char *const bad[] = {"",
                                      "C",
                                      "CET",
                                      "CET-1CEST",
                                      "CET-1CEST,M3.5.0",
                                      "CET-1CEST,M13.5.0,M10.5.0",
                                      "CET-1CEST,M3.5.0,M10.5.0x",
                                      "CET-1CEST,J0,J1",
                                      "<CET-1"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_false(wv_zone_rule_offset(bad[i], 0, &offset));
}

static int by_library(const char *zone, int64_t when)
{
    time_t time = (time_t)when;
    struct tm local;
    setenv("TZ", zone, 1);
    tzset();
    assert_non_null(localtime_r(&time, &local));
    return (int)local.tm_gmtoff;
}

/* Rules alone, then tables with their rules, every 11 hours from 1971 to 2070. */
static void test_as_the_library_says(void **state)
{
    (void)state;
    static const char *const rules[] = {"CET-1CEST,M3.5.0,M10.5.0/3",
                                        "IST-1GMT0,M10.5.0,M3.5.0/1",
                                        "<-02>2<-01>,M3.5.0/-1,M10.5.0/0",
                                        "NZST-12NZDT,M9.5.0,M4.1.0/3",
                                        "AAA3BBB,J60/1,J300",
                                        "AAA3BBB2:30,59,299/4:30"};
    static const char *const zones[] = {
        "Europe/Berlin", "America/New_York",  "Asia/Kathmandu", "Pacific/Auckland",
        "Europe/Dublin", "Africa/Casablanca", "America/Nuuk",   "Australia/Lord_Howe"};
    const int64_t begin = 31536000, end = 3155760000, step = 11 * 3600 + 7;
    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
        for (int64_t when = begin; when < end; when += step) {
            int offset = -1;
            assert_true(wv_zone_rule_offset(rules[i], when, &offset));
            if (offset != by_library(rules[i], when))
                fail_msg("%s at %lld: %d", rules[i], (long long)when, offset);
        }
    }
    for (size_t i = 0; i < sizeof(zones) / sizeof(zones[0]); i++) {
        struct wv_err err WV_AUTOERR = {0};
        int offset;
        if (!wv_zone_offset(zones[i], 0, &offset, &err)) {
            print_message("no tzdata here: %s is left out\n", zones[i]);
            continue;
        }
        for (int64_t when = begin; when < end; when += 50 * step) {
            assert_true(wv_zone_offset(zones[i], when, &offset, &err));
            if (offset != by_library(zones[i], when))
                fail_msg("%s at %lld: %d", zones[i], (long long)when, offset);
        }
    }
}

static void test_names(void **state)
{
    (void)state;
    struct wv_err err WV_AUTOERR = {0};
    int offset = -1;
    assert_true(wv_zone_offset("UTC", 1774746000, &offset, &err));
    assert_int_equal(offset, 0);
    setenv("TZ", "ABC-3", 1);
    tzset();
    assert_true(wv_zone_offset("local", 1774746000, &offset, &err));
    assert_int_equal(offset, 3 * 3600);
    static const char *const bad[] = {
        "", "Nowhere/Land", "../../../etc/passwd", "/etc/passwd", "Europe", "zone.tab"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_false(wv_zone_offset(bad[i], 0, &offset, &err));
        assert_int_equal(err.code, WV_CONFIG_ERROR);
    }
}

/* Whatever is cut off or changed, no byte outside is read (the sanitizers tell). */
static void test_broken_tables(void **state)
{
    (void)state;
    char table[200] = "TZif2";
    int offset;
    for (size_t length = 0; length < sizeof(table); length++) {
        char *copy = malloc(length + 1);
        memcpy(copy, table, length);
        (void)wv_zone_table_offset(copy, length, 1774746000, &offset);
        for (size_t i = 20; i < length && i < 88; i++) {
            copy[i] = (char)0xFF;
            (void)wv_zone_table_offset(copy, length, 1774746000, &offset);
            copy[i] = table[i];
        }
        free(copy);
    }
    assert_false(wv_zone_table_offset(table, sizeof(table), 0, &offset));
}

static void test_iso(void **state)
{
    (void)state;
    char *utc WV_AUTOFREE = wv_zone_iso(1774746000, 0);
    char *east WV_AUTOFREE = wv_zone_iso(1774746000, 20700);
    char *west WV_AUTOFREE = wv_zone_iso(1774746000, -12600);
    assert_string_equal(utc, "2026-03-29T01:00:00Z");
    assert_string_equal(east, "2026-03-29T06:45:00+05:45");
    assert_string_equal(west, "2026-03-28T21:30:00-03:30");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rules), cmocka_unit_test(test_as_the_library_says),
        cmocka_unit_test(test_names), cmocka_unit_test(test_broken_tables),
        cmocka_unit_test(test_iso),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
