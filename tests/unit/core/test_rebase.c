/* Which revisions may be moved, and onto which. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "rebase.h"

/* base <- left <- left2, base <- right <- right2; join revises left and right; needy depends on
 * right and revises base; other is a base. */
static const char *const spec[][3] = {{"base1", "", ""},        {"left1", "base1", ""},
                                      {"left2", "left1", ""},   {"right1", "base1", ""},
                                      {"right2", "right1", ""}, {"join1", "left1,right1", ""},
                                      {"other1", "", ""},       {"needy1", "base1", "right1"}};
enum { COUNT = sizeof(spec) / sizeof(spec[0]) };

static void split(struct wv_strlist *list, const char *text)
{
    while (*text != '\0') {
        size_t length = strcspn(text, ",");
        wv_strlist_addn(list, text, length);
        text += length + (text[length] != '\0');
    }
}

static struct wv_graph *graph_of(size_t count)
{
    struct wv_strlist lists[COUNT][2] = {{{0}}};
    struct wv_graph_decl decls[COUNT] = {{0}};
    struct wv_problems problems = {0};
    struct wv_graph *graph = NULL;
    for (size_t i = 0; i < count; i++) {
        split(&lists[i][0], spec[i][1]);
        split(&lists[i][1], spec[i][2]);
        decls[i] = (struct wv_graph_decl){
            .id = spec[i][0], .down = &lists[i][0], .depends_on = &lists[i][1]};
    }
    assert_true(wv_graph_build(decls, count, &graph, &problems));
    for (size_t i = 0; i < count; i++) {
        wv_strlist_free(&lists[i][0]);
        wv_strlist_free(&lists[i][1]);
    }
    return graph;
}

/* "node from onto", or the word of the error. */
static void expect_of(size_t count, const char *revision, const char *onto, const char *expected)
{
    struct wv_graph *graph = graph_of(count);
    struct wv_err err WV_AUTOERR = {0};
    struct wv_rebase move = {0};
    if (wv_rebase_make(graph, revision, onto, &move, &err)) {
        char *text WV_AUTOFREE =
            wv_xasprintf("%s %s %s", wv_graph_id(graph, move.node), wv_graph_id(graph, move.from),
                         move.onto != WV_NO_NODE ? wv_graph_id(graph, move.onto) : "base");
        assert_string_equal(text, expected);
    } else {
        assert_string_equal(wv_err_word(err.code), expected);
    }
    wv_graph_free(graph);
}

static void expect(const char *revision, const char *onto, const char *expected)
{
    expect_of(COUNT, revision, onto, expected);
}

static void test_moves(void **state)
{
    (void)state;
    expect("right2", "left2", "right2 right1 left2");
    expect("right1", "left2", "right1 base1 left2");
    expect("right", "other1", "AMBIGUOUS_REVISION");
    expect("left1", "base1", "left1 base1 base1");
    expect("left1", "base", "left1 base1 base");
    expect("needy1", "join1", "needy1 base1 join1");
    expect("right2", "left2-1", "right2 right1 left1");
}

static void test_refusals(void **state)
{
    (void)state;
    expect("base1", "other1", "BAD_TARGET");
    expect("join1", "left2", "BAD_TARGET");
    expect("left1", "left1", "BAD_TARGET");
    expect("left1", "left2", "BAD_TARGET");
    expect("left1", "join1", "BAD_TARGET");
    /* needy1 depends on it. */
    expect("right1", "needy1", "BAD_TARGET");
    expect("none1", "base1", "REVISION_NOT_FOUND");
    expect("left1", "none1", "REVISION_NOT_FOUND");
    expect("left1", "heads", "BAD_TARGET");
    expect("base", "left1", "BAD_TARGET");
}

static void test_only_other_head(void **state)
{
    (void)state;
    /* left2 and right2 are the heads of the first five. */
    expect_of(5, "right2", NULL, "right2 right1 left2");
    expect_of(5, "right1", NULL, "right1 base1 left2");
    expect_of(5, "left1", NULL, "left1 base1 right2");
    expect_of(3, "left2", NULL, "BAD_TARGET");
    expect("right2", NULL, "MULTIPLE_HEADS");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_moves),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_only_other_head),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
