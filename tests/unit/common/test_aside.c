/* Unit tests of calls that may block for good. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "aside.h"
#include "clock.h"

/* Work that ends when a byte comes, and says so with another. */
struct pipes {
    int begin[2];
    int end[2];
};

static void work(void *arg)
{
    struct pipes *pipes = arg;
    char byte;
    if (read(pipes->begin[0], &byte, 1) != 1)
        abort();
}

static void release(void *arg)
{
    struct pipes *pipes = arg;
    if (write(pipes->end[1], "x", 1) != 1)
        abort();
}

static struct pipes make_pipes(void)
{
    struct pipes pipes;
    assert_int_equal(pipe(pipes.begin), 0);
    assert_int_equal(pipe(pipes.end), 0);
    return pipes;
}

static void close_pipes(struct pipes *pipes)
{
    for (int i = 0; i < 2; i++) {
        close(pipes->begin[i]);
        close(pipes->end[i]);
    }
}

static void what_ends_is_waited_for(void **state)
{
    struct pipes pipes = make_pipes();
    char byte;
    (void)state;
    assert_int_equal(write(pipes.begin[1], "x", 1), 1);
    assert_true(wv_aside(work, release, &pipes, wv_clock_ms() + 60000));
    assert_int_equal(read(pipes.end[0], &byte, 1), 1);
    close_pipes(&pipes);
}

static void what_blocks_is_left_behind_and_still_released(void **state)
{
    struct pipes pipes = make_pipes();
    char byte;
    (void)state;
    assert_false(wv_aside(work, release, &pipes, wv_clock_ms() + 20));
    assert_int_equal(write(pipes.begin[1], "x", 1), 1);
    assert_int_equal(read(pipes.end[0], &byte, 1), 1);
    close_pipes(&pipes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_ends_is_waited_for),
        cmocka_unit_test(what_blocks_is_left_behind_and_still_released),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
