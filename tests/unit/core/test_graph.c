/* The graph: faults that are reported, all at once; names; and what a large graph costs, counted in
 * edges followed rather than in seconds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "graph_query.h"
#include "plan.h"
#include "walk.h"

/* A declaration in short: lists are words separated by blanks. */
struct row {
    const char *id;
    const char *down;
    const char *depends;
    const char *labels;
};

static void add_words(struct wv_strlist *list, const char *words)
{
    while (words != NULL && *words != '\0') {
        size_t length = strcspn(words, " ");
        wv_strlist_addn(list, words, length);
        words += length + (words[length] == ' ');
    }
}

static struct wv_graph *build(const struct row *rows, size_t count, struct wv_problems *problems)
{
    struct wv_graph_decl decls[16];
    struct wv_strlist lists[48] = {0};
    char files[16][32];
    for (size_t i = 0; i < count; i++) {
        snprintf(files[i], sizeof(files[i]), "%zu.sql", i);
        add_words(&lists[3 * i], rows[i].down);
        add_words(&lists[3 * i + 1], rows[i].depends);
        add_words(&lists[3 * i + 2], rows[i].labels);
        decls[i] = (struct wv_graph_decl){
            rows[i].id, &lists[3 * i], &lists[3 * i + 1], &lists[3 * i + 2], files[i], 2, 3, 4, 5};
    }
    struct wv_graph *graph = NULL;
    bool ok = wv_graph_build(decls, count, &graph, problems);
    assert_int_equal(ok, problems->count == 0);
    assert_int_equal(ok, graph != NULL);
    for (size_t i = 0; i < 48; i++)
        wv_strlist_free(&lists[i]);
    return graph;
}

static void expect_problem(const struct wv_problem *problem, const char *kind, const char *file,
                           int line, const char *message)
{
    assert_string_equal(problem->kind, kind);
    assert_string_equal(problem->file, file);
    assert_int_equal(problem->line, line);
    assert_string_equal(problem->message, message);
}

static void test_all_faults_at_once(void **state)
{
    (void)state;
    const struct row rows[] = {
        {"a", "", "", "line"},     {"b", "nothere a", "", ""},   {"a", "", "", ""},
        {"c", "c", "", "line"},    {"d", "a", "d nolabel", "b"}, {"rev:1", "", "", "x@y"},
        {"head", "", "", ""},      {"e", "f", "", ""},           {"f", "g", "", ""},
        {"g", "e a", "", ""},      {"h", "g", "", ""},           {"k", "", "l", ""},
        {"l", "", "", "shortcut"}, {"m", "l", "", ""},           {"n", "m", "n", ""},
    };
    struct wv_problems problems = {0};
    assert_null(build(rows, 15, &problems));
    wv_problems_sort(&problems);
    /* By file and line: "10.sql" comes before "2.sql". */
    static const char *const faults[] = {
        "1.sql:3 missing_down_revision",
        "14.sql:4 dependency_self_loop",
        "2.sql:2 duplicate_id",
        "3.sql:3 self_loop",
        "3.sql:5 duplicate_label",
        "4.sql:4 dependency_self_loop",
        "4.sql:4 missing_dependency",
        "4.sql:5 duplicate_label",
        "5.sql:2 illegal_id",
        "5.sql:5 illegal_label",
        "6.sql:2 illegal_id",
        "7.sql:3 cycle",
    };
    assert_int_equal(problems.count, sizeof(faults) / sizeof(faults[0]));
    for (size_t i = 0; i < problems.count; i++) {
        char fault[64];
        snprintf(fault, sizeof(fault), "%s:%d %s", problems.items[i].file, problems.items[i].line,
                 problems.items[i].kind);
        assert_string_equal(fault, faults[i]);
    }
    wv_problems_free(&problems);
}

static void test_cycle_has_its_members_only(void **state)
{
    (void)state;
    /* b is entered from a, and e follows, so every revision lies between a base and a head. */
    const struct row rows[] = {{"a", "", "", ""},
                               {"b", "a d", "", ""},
                               {"c", "b", "", ""},
                               {"d", "c", "", ""},
                               {"e", "d", "", ""}};
    struct wv_problems problems = {0};
    assert_null(build(rows, 5, &problems));
    assert_int_equal(problems.count, 1);
    expect_problem(&problems.items[0], "cycle", "1.sql", 3,
                   "the revisions b, c and d revise each other in a circle");
    wv_problems_free(&problems);
}

static void test_dependency_cycle(void **state)
{
    (void)state;
    const struct row rows[] = {{"a", "", "later", ""},
                               {"b", "a", "", ""},
                               {"c", "b", "", "later"},
                               {"d", "c", "", ""},
                               {"e", "", "", ""}};
    struct wv_problems problems = {0};
    assert_null(build(rows, 5, &problems));
    assert_int_equal(problems.count, 1);
    expect_problem(&problems.items[0], "dependency_cycle", "0.sql", 4,
                   "the revisions a, b and c depend on each other in a circle");
    wv_problems_free(&problems);
}

static void test_two_cycles(void **state)
{
    (void)state;
    const struct row rows[] = {{"a", "b", "", ""},
                               {"b", "a", "", ""},
                               {"c", "d", "", ""},
                               {"d", "c", "a", ""},
                               {"e", "", "", ""}};
    struct wv_problems problems = {0};
    assert_null(build(rows, 5, &problems));
    assert_int_equal(problems.count, 2);
    expect_problem(&problems.items[0], "cycle", "0.sql", 3,
                   "the revisions a and b revise each other in a circle");
    expect_problem(&problems.items[1], "cycle", "2.sql", 3,
                   "the revisions c and d revise each other in a circle");
    wv_problems_free(&problems);
}

static void test_names(void **state)
{
    (void)state;
    const char *reason;
    assert_true(wv_graph_id_ok("12345678901234567890123456789012", &reason));
    assert_false(wv_graph_id_ok("123456789012345678901234567890123", &reason));
    assert_string_equal(reason, "is longer than 32 bytes");
    static const char *const bad[] = {"", "a b", "a,b", "a@b", "a-b", "a+b", "a:b", "base", "a\n"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_false(wv_graph_id_ok(bad[i], NULL));
    assert_true(wv_graph_id_ok("good_id.1", NULL));
    assert_true(wv_graph_label_ok("my-branch", NULL));
    assert_false(wv_graph_label_ok("my:branch", NULL));
}

static void test_shape(void **state)
{
    (void)state;
    /* Edges that say nothing new are no harm: m revises a twice and through b, d needs its own
     * parent. */
    const struct row rows[] = {{"m", "a b a", "", ""},
                               {"b", "a", "a", ""},
                               {"a", "", "", ""},
                               {"d", "m", "m other", ""},
                               {"z", "", "", "other"}};
    struct wv_problems problems = {0};
    struct wv_graph *graph = build(rows, 5, &problems);
    assert_int_equal(wv_graph_down(graph, 0).count, 2);
    assert_int_equal(wv_graph_parents(graph, 1).count, 1);
    assert_int_equal(wv_graph_depends(graph, 3).count, 1);
    assert_int_equal(wv_graph_depends(graph, 3).items[0], 4);
    assert_int_equal(wv_graph_dependents(graph, 4).items[0], 3);
    assert_true(wv_graph_is_merge_point(graph, 0) && wv_graph_is_branch_point(graph, 2));
    assert_true(wv_graph_is_head(graph, 4) && !wv_graph_is_real_head(graph, 4));
    assert_int_equal(wv_graph_heads(graph).count, 2);
    assert_int_equal(wv_graph_real_heads(graph).count, 1);
    assert_int_equal(wv_graph_bases(graph).count, 2);
    char *names WV_AUTOFREE = wv_graph_names(graph, wv_graph_order(graph));
    assert_string_equal(names, "a, b, m, z and d");
    wv_graph_free(graph);
}

/* --- cost --------------------------------------------------------------------------------------
 */

/* Node n of a line revises n - 1; of a web, every third one merges the two before it. */
static struct wv_graph *large(size_t count, bool web)
{
    struct wv_graph_decl *decls = wv_xcalloc(count, sizeof(*decls));
    struct wv_strlist *down = wv_xcalloc(count, sizeof(*down));
    char(*ids)[16] = wv_xcalloc(count, sizeof(*ids));
    for (size_t n = 0; n < count; n++) {
        snprintf(ids[n], sizeof(ids[n]), "%012zx", n * 2654435761U % 281474976710656U);
        if (n > 0)
            wv_strlist_add(&down[n], ids[web && n % 3 == 2 ? n - 2 : n - 1]);
        if (web && n > 2 && n % 3 == 0)
            wv_strlist_add(&down[n], ids[n - 2]);
        decls[n] = (struct wv_graph_decl){.id = ids[n], .down = &down[n]};
    }
    struct wv_graph *graph = NULL;
    struct wv_problems problems = {0};
    assert_true(wv_graph_build(decls, count, &graph, &problems));
    for (size_t n = 0; n < count; n++)
        wv_strlist_free(&down[n]);
    free(down);
    free(ids);
    free(decls);
    return graph;
}

static size_t plan_cost(size_t count, bool web)
{
    struct wv_graph *graph = large(count, web);
    struct wv_strlist none = {0}, targets WV_AUTOSTRLIST = {0};
    wv_strlist_add(&targets, "heads");
    struct wv_plan up WV_AUTOPLAN = {0}, down WV_AUTOPLAN = {0};
    struct wv_nodes history WV_AUTONODES = {0};
    struct wv_err err WV_AUTOERR = {0};
    size_t before = wv_walk_cost();
    assert_true(wv_plan_upgrade(graph, &none, &targets, &up, &err));
    assert_int_equal(up.count, count);
    assert_true(wv_plan_downgrade(graph, &up.heads_after, "base", &down, &err));
    assert_int_equal(down.count, count);
    assert_true(wv_query_history(graph, &up.heads_after, NULL, &history, &err));
    assert_int_equal(history.count, count);
    size_t rows = 0;
    for (size_t i = 0; i < up.count; i++)
        rows += up.steps[i].rows.added_count + up.steps[i].rows.removed_count;
    assert_true(rows < 4 * count);
    wv_graph_free(graph);
    return wv_walk_cost() - before;
}

static void test_cost_is_linear(void **state)
{
    (void)state;
    for (size_t web = 0; web < 2; web++) {
        size_t small = plan_cost(1000, web == 1);
        size_t large_cost = plan_cost(100000, web == 1);
        print_message("%s: %zu edges followed for 1,000, %zu for 100,000\n",
                      web == 1 ? "web" : "line", small, large_cost);
        assert_in_range(small, 1000, 20000);
        assert_true(large_cost < small * 110);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_faults_at_once),
        cmocka_unit_test(test_cycle_has_its_members_only),
        cmocka_unit_test(test_dependency_cycle),
        cmocka_unit_test(test_two_cycles),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_shape),
        cmocka_unit_test(test_cost_is_linear),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
