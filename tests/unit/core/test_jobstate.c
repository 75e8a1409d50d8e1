/* The table of job states: its dump is tests/golden/jobstate.txt, and the table makes sense as a
 * whole. Write the file anew with WV_GOLDEN_WRITE=1 and read the difference. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "jobstate.h"

#define X(...) +1
enum { STATES = 0 WV_JOBSTATES(X), EVENTS = 0 WV_JOBEVENTS(X) };
#undef X

static void read_golden(struct wv_strbuf *text)
{
    FILE *file = fopen(WV_GOLDEN, "r");
    assert_non_null(file);
    char line[256];
    while (fgets(line, sizeof(line), file) != NULL)
        wv_strbuf_adds(text, line);
    fclose(file);
}

static void test_golden(void **state)
{
    (void)state;
    struct wv_strbuf dump WV_AUTOSTRBUF = WV_STRBUF_INIT, golden WV_AUTOSTRBUF = WV_STRBUF_INIT;
    wv_jobstate_dump(&dump);
    if (getenv("WV_GOLDEN_WRITE") != NULL) {
        FILE *file = fopen(WV_GOLDEN, "w");
        assert_non_null(file);
        fputs(wv_strbuf_text(&dump), file);
        fclose(file);
    }
    read_golden(&golden);
    assert_string_equal(wv_strbuf_text(&dump), wv_strbuf_text(&golden));
}

/* Each state is reached from the first one, and leads on unless it is final. */
static void test_no_dead_ends(void **state)
{
    (void)state;
    bool reached[STATES] = {[WV_JOBSTATE_QUEUED] = true};
    for (size_t round = 0; round < STATES; round++) {
        for (int from = 0; from < STATES; from++) {
            enum wv_jobstate to;
            for (int event = 0; reached[from] && event < EVENTS; event++) {
                if (wv_jobstate_next((enum wv_jobstate)from, (enum wv_jobevent)event, &to))
                    reached[to] = true;
            }
        }
    }
    for (int from = 0; from < STATES; from++) {
        size_t moves = 0;
        for (int event = 0; event < EVENTS; event++) {
            enum wv_jobstate to;
            moves += wv_jobstate_next((enum wv_jobstate)from, (enum wv_jobevent)event, &to);
        }
        assert_true(reached[from]);
        assert_int_equal(moves == 0, wv_jobstate_is_final((enum wv_jobstate)from));
    }
}

/* Whatever runs can be cancelled and can lose its connection. */
static void test_live_states(void **state)
{
    (void)state;
    for (int from = 0; from < STATES; from++) {
        enum wv_jobstate to;
        if (wv_jobstate_is_final((enum wv_jobstate)from))
            continue;
        assert_true(wv_jobstate_next((enum wv_jobstate)from, WV_JOBEVENT_CANCEL, &to));
        if (from == WV_JOBSTATE_QUEUED || from == WV_JOBSTATE_CONNECTING ||
            from == WV_JOBSTATE_INTERRUPTED)
            continue; /* there is no connection to lose */
        assert_true(wv_jobstate_next((enum wv_jobstate)from, WV_JOBEVENT_CONNECTION_LOST, &to));
        assert_int_equal(to, WV_JOBSTATE_INTERRUPTED);
    }
}

static void test_each_move_once(void **state)
{
    (void)state;
    struct wv_strbuf dump WV_AUTOSTRBUF = WV_STRBUF_INIT;
    wv_jobstate_dump(&dump);
    size_t lines = 0, moves = 0;
    for (const char *c = wv_strbuf_text(&dump); *c != '\0'; c++)
        lines += *c == '\n';
    for (int from = 0; from < STATES; from++) {
        for (int event = 0; event < EVENTS; event++) {
            enum wv_jobstate to;
            moves += wv_jobstate_next((enum wv_jobstate)from, (enum wv_jobevent)event, &to);
        }
    }
    assert_int_equal(lines, moves);
}

static void test_words(void **state)
{
    (void)state;
    enum wv_jobstate found;
    assert_true(wv_jobstate_from_word("backing-off", &found));
    assert_int_equal(found, WV_JOBSTATE_BACKING_OFF);
    assert_string_equal(wv_jobstate_word(WV_JOBSTATE_RECONCILING), "reconciling");
    assert_string_equal(wv_jobevent_word(WV_JOBEVENT_LAST_DONE), "last-done");
    assert_false(wv_jobstate_from_word("nowhere", &found));
    assert_false(wv_jobstate_next(WV_JOBSTATE_DONE, WV_JOBEVENT_CANCEL, &found));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_golden),      cmocka_unit_test(test_no_dead_ends),
        cmocka_unit_test(test_live_states), cmocka_unit_test(test_each_move_once),
        cmocka_unit_test(test_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
