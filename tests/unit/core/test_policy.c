/* Retries: which errors, how often, how long; with a random source that is no surprise. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "policy.h"

/* Gives the upper or the lower bound, and keeps what it was asked. */
struct source {
    bool high;
    int64_t asked_low;
    int64_t asked_high;
};

static int64_t bound(int64_t low, int64_t high, void *state)
{
    struct source *source = state;
    source->asked_low = low;
    source->asked_high = high;
    return source->high ? high : low;
}

static void test_which(void **state)
{
    (void)state;
    assert_true(wv_policy_retryable("55P03", true));
    assert_true(wv_policy_retryable("40P01", true));
    assert_true(wv_policy_retryable("40001", true));
    assert_false(wv_policy_retryable("55P03", false));
    assert_false(wv_policy_retryable("57014", true)); /* query_canceled: somebody meant it */
    assert_false(wv_policy_retryable("42P07", true));
    assert_false(wv_policy_retryable("", true));
    assert_false(wv_policy_retryable(NULL, true));
}

static void test_what_passes(void **state)
{
    (void)state;
    static const char *const passing[] = {"08006", "40001", "40P01", "53100", "53300",
                                          "57014", "57P01", "57P03", "55P03", "25006"};
    static const char *const lasting[] = {"", "42501", "42P01", "55006", "25001", "XX000", "0A000"};
    for (size_t i = 0; i < sizeof(passing) / sizeof(passing[0]); i++)
        assert_true(wv_policy_transient(passing[i]));
    for (size_t i = 0; i < sizeof(lasting) / sizeof(lasting[0]); i++)
        assert_false(wv_policy_transient(lasting[i]));
}

static void test_longest_waits(void **state)
{
    (void)state;
    const struct wv_policy policy = {.base_ms = 100, .cap_ms = 2000, .max_attempts = 6};
    static const int64_t waits[] = {300, 900, 2000, 2000, 2000};
    struct source source = {.high = true};
    struct wv_attempts attempts = {0};
    int64_t delay = -1;
    for (size_t i = 0; i < 5; i++) {
        assert_true(wv_policy_again(&policy, &attempts, bound, &source, &delay));
        assert_int_equal(delay, waits[i]);
        assert_int_equal(source.asked_low, 100);
    }
    assert_int_equal(source.asked_high, 6000);
    assert_false(wv_policy_again(&policy, &attempts, bound, &source, &delay));
    assert_int_equal(attempts.failed, 6);
    assert_int_equal(delay, 2000);
}

static void test_shortest_waits(void **state)
{
    (void)state;
    const struct wv_policy policy = {.base_ms = 100, .cap_ms = 2000, .max_attempts = 0};
    struct source source = {.high = false};
    struct wv_attempts attempts = {0};
    int64_t delay = -1;
    for (size_t i = 0; i < 1000; i++) {
        assert_true(wv_policy_again(&policy, &attempts, bound, &source, &delay));
        assert_int_equal(delay, 100);
        assert_int_equal(source.asked_high, 300);
    }
    assert_int_equal(attempts.failed, 1000);
}

static void test_one_attempt(void **state)
{
    (void)state;
    const struct wv_policy policy = {.base_ms = 1, .cap_ms = 1, .max_attempts = 1};
    struct source source = {.high = true};
    struct wv_attempts attempts = {0};
    int64_t delay = -1;
    assert_false(wv_policy_again(&policy, &attempts, bound, &source, &delay));
    assert_int_equal(delay, -1);
}

static void test_built_in(void **state)
{
    (void)state;
    assert_true(wv_policy_lock.max_attempts > 1);
    assert_int_equal(wv_policy_reconnect.max_attempts, 0);
    assert_true(wv_policy_lock.base_ms >= 1 && wv_policy_lock.cap_ms >= wv_policy_lock.base_ms);
    assert_true(wv_policy_reconnect.cap_ms >= wv_policy_reconnect.base_ms);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_which),          cmocka_unit_test(test_longest_waits),
        cmocka_unit_test(test_shortest_waits), cmocka_unit_test(test_one_attempt),
        cmocka_unit_test(test_built_in),       cmocka_unit_test(test_what_passes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
