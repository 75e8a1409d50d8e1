/* How the end of a command is told. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "hold_value.h"
#include "xalloc.h"

static void expect(const struct wv_release *release, const char *expected, bool success)
{
    char *text WV_AUTOFREE = wv_release_text(release, "tool");
    assert_string_equal(text, expected);
    assert_int_equal(wv_release_is_success(release), success);
}

static void ends_are_told_apart(void **state)
{
    (void)state;
    char fault[] = "No such file";
    expect(&(struct wv_release){0}, "tool ended with exit status 0", true);
    expect(&(struct wv_release){.exit_status = 255}, "tool ended with exit status 255", false);
    expect(&(struct wv_release){.signal = SIGKILL}, "tool was ended by SIGKILL", false);
    expect(&(struct wv_release){.signal = SIGRTMIN + 2}, "tool was ended by signal 36", false);
    expect(&(struct wv_release){.fault = fault}, "tool was not started: No such file", false);
    expect(&(struct wv_release){.gone = true},
           "the client that ran tool has gone; whether its command has ended is not known", false);
}

static void copies_are_their_owners(void **state)
{
    (void)state;
    struct wv_release from = {.job_id = 3, .fault = wv_xstrdup("why")};
    struct wv_release to = {.fault = wv_xstrdup("before")};
    wv_release_copy(&to, &from);
    wv_release_clear(&from);
    assert_null(from.fault);
    assert_int_equal(to.job_id, 3);
    assert_string_equal(to.fault, "why");
    wv_release_clear(&to);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ends_are_told_apart),
        cmocka_unit_test(copies_are_their_owners),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
