/* Unit tests of what comes in: each descriptor goes with the line that it was sent with, however
 * the lines were read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "descriptors.h"
#include "intake.h"
#include "xalloc.h"

struct world {
    int ours;
    int theirs;
    struct wv_intake intake;
    size_t descriptors; /* that were open before */
};

static int set_up(void **state)
{
    int ends[2];
    struct world *world = wv_xcalloc(1, sizeof(*world));
    world->descriptors = count_descriptors();
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return -1;
    world->ours = ends[0];
    world->theirs = ends[1];
    wv_intake_init(&world->intake);
    *state = world;
    return 0;
}

static int tear_down(void **state)
{
    struct world *world = *state;
    wv_intake_free(&world->intake);
    close(world->ours);
    close(world->theirs);
    bool leaks = count_descriptors() != world->descriptors;
    free(world);
    return leaks ? -1 : 0;
}

/* With descriptors of `count` pipes, whose other ends are closed. */
static void say_bytes(const struct world *world, const char *bytes, size_t length, size_t count)
{
    int fds[16] = {0};
    for (size_t i = 0; i < count; i++) {
        int ends[2];
        assert_int_equal(pipe(ends), 0);
        close(ends[1]);
        fds[i] = ends[0];
    }
    assert_int_equal(send_descriptors(world->theirs, bytes, length, fds, count), length);
    for (size_t i = 0; i < count; i++)
        close(fds[i]);
}

static void say(const struct world *world, const char *text, size_t count)
{
    say_bytes(world, text, strlen(text), count);
}

/* How many came with the next line, which has to be this one. */
static size_t takes(struct world *world, const char *expected)
{
    struct wv_passed_texts texts = {0};
    const char *line;
    size_t length;
    enum wv_frame_status status;
    while ((status = wv_intake_next(&world->intake, &line, &length, &texts)) == WV_FRAME_MORE)
        assert_int_equal(wv_intake_read(&world->intake, world->ours, true), WV_INTAKE_FED);
    assert_int_equal(status, WV_FRAME_LINE);
    assert_string_equal(line, expected);
    size_t count = texts.count;
    for (size_t i = 0; i < count; i++)
        assert_true((fcntl(texts.fds[i], F_GETFD) & FD_CLOEXEC) != 0);
    wv_passed_texts_clear(&texts);
    return count;
}

struct text {
    const char *text; /* NULL ends the list */
    size_t count;     /* of the descriptors that go or come with it */
};

static void check(struct world *world, const struct text *said, const struct text *taken)
{
    for (; said->text != NULL; said++)
        say(world, said->text, said->count);
    for (; taken->text != NULL; taken++)
        assert_int_equal(takes(world, taken->text), taken->count);
}

static void each_goes_with_its_line(void **state)
{
    static const struct text said[] = {
        {"one\n", 0}, {"two\n", 2}, {"three\n", 0}, {"four\n", 1}, {NULL, 0}};
    static const struct text taken[] = {
        {"one", 0}, {"two", 2}, {"three", 0}, {"four", 1}, {NULL, 0}};
    check(*state, said, taken);
}

static void lines_in_pieces_keep_theirs(void **state)
{
    static const struct text said[] = {{"one\ntw", 1}, /* of two: its last byte is */
                                       {"o\nthr", 0},
                                       {"ee", 1},
                                       {"\nfour\n", 0},
                                       {NULL, 0}};
    static const struct text taken[] = {
        {"one", 0}, {"two", 1}, {"three", 1}, {"four", 0}, {NULL, 0}};
    check(*state, said, taken);
}

static void a_long_line_is_read_in_parts(void **state)
{
    struct world *world = *state;
    char *line WV_AUTOFREE = wv_xcalloc(1, 50002);
    memset(line, 'x', 50000);
    line[50000] = '\n';
    say(world, "one\n", 0);
    say(world, line, 3);
    line[50000] = '\0';
    assert_int_equal(takes(world, "one"), 0);
    assert_int_equal(takes(world, line), 3);
}

static void more_than_fit_are_refused_and_closed(void **state)
{
    struct world *world = *state;
    say(world, "one\n", WV_PASSED_TEXTS);
    assert_int_equal(takes(world, "one"), WV_PASSED_TEXTS);
    say(world, "two\n", WV_PASSED_TEXTS + 1);
    assert_int_equal(wv_intake_read(&world->intake, world->ours, true), WV_INTAKE_CROWDED);
    say(world, "x", WV_PASSED_TEXTS);
    assert_int_equal(wv_intake_read(&world->intake, world->ours, true), WV_INTAKE_CROWDED);
}

static void of_a_stranger_none_is_taken(void **state)
{
    struct world *world = *state;
    struct wv_passed_texts texts = {0};
    const char *line;
    size_t length;
    size_t before = count_descriptors();
    say(world, "one\n", 9);
    assert_int_equal(wv_intake_read(&world->intake, world->ours, false), WV_INTAKE_FED);
    assert_int_equal(wv_intake_next(&world->intake, &line, &length, &texts), WV_FRAME_LINE);
    assert_int_equal(texts.count, 0);
    assert_int_equal(count_descriptors(), before);
}

static void the_end_is_told(void **state)
{
    struct world *world = *state;
    assert_int_equal(wv_intake_read(&world->intake, world->ours, true), WV_INTAKE_EMPTY);
    say(world, "half", 1);
    shutdown(world->theirs, SHUT_WR);
    assert_int_equal(wv_intake_read(&world->intake, world->ours, true), WV_INTAKE_FED);
    assert_int_equal(wv_intake_read(&world->intake, world->ours, true), WV_INTAKE_END);
    assert_int_equal(wv_intake_skip(world->ours), WV_INTAKE_END);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_goes_with_its_line, set_up, tear_down),
        cmocka_unit_test_setup_teardown(lines_in_pieces_keep_theirs, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_long_line_is_read_in_parts, set_up, tear_down),
        cmocka_unit_test_setup_teardown(more_than_fit_are_refused_and_closed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(of_a_stranger_none_is_taken, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_end_is_told, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
