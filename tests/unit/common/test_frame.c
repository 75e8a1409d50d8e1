/* Unit tests of frame: bytes to lines, the limit, its sticky failure. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "frame.h"

static void feed(struct wv_frame *frame, const char *text)
{
    wv_frame_feed(frame, text, strlen(text));
}

static void expect_line(struct wv_frame *frame, const char *wanted)
{
    const char *line;
    size_t length;
    assert_int_equal(wv_frame_next(frame, &line, &length), WV_FRAME_LINE);
    assert_string_equal(line, wanted);
    assert_int_equal(length, strlen(wanted));
}

static void expect(struct wv_frame *frame, enum wv_frame_status wanted)
{
    const char *line;
    size_t length;
    assert_int_equal(wv_frame_next(frame, &line, &length), wanted);
}

static void lines_come_out_whole_and_in_order(void **state)
{
    (void)state;
    struct wv_frame frame;
    wv_frame_init(&frame, 100);
    expect(&frame, WV_FRAME_MORE);
    feed(&frame, "one\ntw");
    expect_line(&frame, "one");
    expect(&frame, WV_FRAME_MORE);
    feed(&frame, "o\r\n\n\r\nthree\nfour");
    expect_line(&frame, "two");
    expect_line(&frame, "three");
    expect(&frame, WV_FRAME_MORE);
    assert_int_equal(wv_frame_pending(&frame), 4);
    wv_frame_free(&frame);
}

static void one_byte_at_a_time_is_the_same(void **state)
{
    (void)state;
    struct wv_frame frame;
    wv_frame_init(&frame, 10);
    const char *text = "0123456789\nab\n";
    for (const char *p = text; *p != '\0'; p++) {
        wv_frame_feed(&frame, p, 1);
        if (*p != '\n')
            expect(&frame, WV_FRAME_MORE);
        else if (p[1] != '\0')
            expect_line(&frame, "0123456789");
    }
    expect_line(&frame, "ab");
    wv_frame_free(&frame);
}

static void nul_bytes_are_counted(void **state)
{
    (void)state;
    struct wv_frame frame;
    const char *line;
    size_t length;
    wv_frame_init(&frame, 10);
    wv_frame_feed(&frame, "a\0b\n", 4);
    assert_int_equal(wv_frame_next(&frame, &line, &length), WV_FRAME_LINE);
    assert_int_equal(length, 3);
    assert_memory_equal(line, "a\0b", 4);
    wv_frame_free(&frame);
}

static void the_limit_fails_for_good(void **state)
{
    (void)state;
    struct wv_frame frame;
    wv_frame_init(&frame, 4);
    feed(&frame, "1234\n12345\nok\n");
    expect_line(&frame, "1234");
    expect(&frame, WV_FRAME_TOO_LONG);
    feed(&frame, "ok\n");
    expect(&frame, WV_FRAME_TOO_LONG);
    wv_frame_free(&frame);
    wv_frame_init(&frame, 4);
    feed(&frame, "12345");
    expect(&frame, WV_FRAME_TOO_LONG); /* without waiting for an end that may never come */
    wv_frame_free(&frame);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_come_out_whole_and_in_order),
        cmocka_unit_test(one_byte_at_a_time_is_the_same),
        cmocka_unit_test(nul_bytes_are_counted),
        cmocka_unit_test(the_limit_fails_for_good),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
