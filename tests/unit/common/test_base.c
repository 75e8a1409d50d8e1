/* Unit tests of the base library: strings, lists, errors, clock. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "clock.h"
#include "err.h"
#include "strbuf.h"
#include "strlist.h"

static void strbuf_grows_and_is_taken(void **state)
{
    (void)state;
    struct wv_strbuf buf = WV_STRBUF_INIT;
    assert_string_equal(wv_strbuf_text(&buf), "");
    for (int i = 0; i < 1000; i++)
        wv_strbuf_addf(&buf, "%d,", i);
    assert_int_equal(buf.length, strlen(buf.data));
    char *text = wv_strbuf_take(&buf);
    assert_int_equal(strncmp(text, "0,1,2,", 6), 0);
    assert_null(buf.data);
    free(text);
}

static void strlist_keeps_order_and_owns(void **state)
{
    (void)state;
    struct wv_strlist list WV_AUTOSTRLIST = {0};
    wv_strlist_add(&list, "b");
    wv_strlist_addn(&list, "abc", 1);
    wv_strlist_add(&list, "c");
    assert_true(wv_strlist_has(&list, "a"));
    assert_true(wv_strlist_remove(&list, "b"));
    assert_false(wv_strlist_remove(&list, "b"));
    char *joined WV_AUTOFREE = wv_strlist_join(&list, ", ");
    assert_string_equal(joined, "a, c");
}

static void err_words_and_statuses_are_stable(void **state)
{
    (void)state;
    assert_string_equal(wv_err_word(WV_MULTIPLE_HEADS), "MULTIPLE_HEADS");
    assert_int_equal(wv_err_from_word("LOCK_TIMEOUT"), WV_LOCK_TIMEOUT);
    assert_int_equal(wv_err_from_word("NO_SUCH_WORD"), WV_OK);
    assert_int_equal(wv_err_exit(WV_NO_DAEMON), 4);
    assert_int_equal(wv_err_exit(WV_CANCELLED), 7);
}

static void err_gathers_context(void **state)
{
    (void)state;
    struct wv_err err WV_AUTOERR = {0};
    assert_false(wv_err_set(&err, WV_SQL_ERROR, "relation \"%s\" exists", "t"));
    wv_err_hint(&err, "drop it");
    wv_err_prefix(&err, "revision %s", "abc");
    wv_err_at(&err, "a.sql", 7, 3);
    wv_problems_add(&err.problems, "cycle", "b.sql", 2, "second");
    wv_problems_add(&err.problems, "cycle", "a.sql", 9, "first");
    wv_problems_sort(&err.problems);
    struct wv_err copy WV_AUTOERR = {0};
    wv_err_copy(&copy, &err);
    assert_string_equal(copy.message, "revision abc: relation \"t\" exists");
    assert_string_equal(copy.hint, "drop it");
    assert_int_equal(copy.line, 7);
    assert_string_equal(copy.problems.items[0].message, "first");
}

static void clock_left_is_bounded(void **state)
{
    (void)state;
    assert_int_equal(wv_clock_left(WV_NEVER), -1);
    assert_int_equal(wv_clock_left(wv_clock_ms() - 5), 0);
    assert_true(wv_clock_left(wv_clock_ms() + 100000) > 90000);
    char *iso WV_AUTOFREE = wv_clock_iso(0);
    assert_string_equal(iso, "1970-01-01T00:00:00Z");
    for (int i = 0; i < 100; i++) {
        int64_t value = wv_clock_jitter(5, 7);
        assert_in_range(value, 5, 7);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(strbuf_grows_and_is_taken),
        cmocka_unit_test(strlist_keeps_order_and_owns),
        cmocka_unit_test(err_words_and_statuses_are_stable),
        cmocka_unit_test(err_gathers_context),
        cmocka_unit_test(clock_left_is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
