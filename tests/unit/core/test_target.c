/* Targets: the grammar, what errors say, plans of several targets, drafts. What the cases of
 * Alembic tell already is not repeated here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "draft.h"
#include "graph_query.h"
#include "plan.h"

/* a - b - c1 (label left) - d1
 *       \ c2 (label right-1) - d2, which depends on c1
 * p0000001 - p0000002, a second base */
static struct wv_graph *fork_graph(void)
{
    static const struct {
        const char *id, *down, *depends, *label;
    } rows[] = {
        {"a", NULL, NULL, NULL},        {"b", "a", NULL, NULL},
        {"c1", "b", NULL, "left"},      {"d1", "c1", NULL, NULL},
        {"c2", "b", NULL, "right-1"},   {"d2", "c2", "left", NULL},
        {"p0000001", NULL, NULL, NULL}, {"p0000002", "p0000001", NULL, NULL},
    };
    enum { COUNT = sizeof(rows) / sizeof(rows[0]) };
    struct wv_graph_decl decls[COUNT];
    struct wv_strlist lists[COUNT * 3] = {0};
    for (size_t i = 0; i < COUNT; i++) {
        const char *words[] = {rows[i].down, rows[i].depends, rows[i].label};
        for (size_t k = 0; k < 3; k++) {
            if (words[k] != NULL)
                wv_strlist_add(&lists[3 * i + k], words[k]);
        }
        decls[i] = (struct wv_graph_decl){.id = rows[i].id,
                                          .down = &lists[3 * i],
                                          .depends_on = &lists[3 * i + 1],
                                          .labels = &lists[3 * i + 2]};
    }
    struct wv_graph *graph = NULL;
    struct wv_problems problems = {0};
    assert_true(wv_graph_build(decls, COUNT, &graph, &problems));
    for (size_t i = 0; i < COUNT * 3; i++)
        wv_strlist_free(&lists[i]);
    return graph;
}

static void words(struct wv_strlist *list, const char *text)
{
    while (*text != '\0') {
        size_t length = strcspn(text, " ");
        wv_strlist_addn(list, text, length);
        text += length + (text[length] == ' ');
    }
}

static void expect_ids(const struct wv_strlist *list, const char *ids)
{
    char *got WV_AUTOFREE = wv_strlist_join(list, " ");
    assert_string_equal(got, ids);
}

/* Plans and holds the steps ("+a -b") and the rows afterwards against what is expected. */
static void expect_plan(const struct wv_graph *graph, enum wv_plan_kind kind, const char *rows,
                        const char *targets, const char *steps, const char *heads)
{
    struct wv_strlist current WV_AUTOSTRLIST = {0}, list WV_AUTOSTRLIST = {0};
    struct wv_strlist got WV_AUTOSTRLIST = {0};
    words(&current, rows);
    words(&list, targets);
    const struct wv_plan_request request = {.kind = kind, .current = &current, .targets = &list};
    struct wv_plan plan WV_AUTOPLAN = {0};
    struct wv_err err WV_AUTOERR = {0};
    if (!wv_plan_make(graph, &request, &plan, &err))
        fail_msg("%s: %s", targets, err.message);
    for (size_t i = 0; i < plan.count; i++)
        wv_strlist_add_owned(&got,
                             wv_xasprintf("%c%s", plan.steps[i].up ? '+' : '-', plan.steps[i].id));
    expect_ids(&got, steps);
    expect_ids(&plan.heads_after, heads);
}

static void expect_error(const struct wv_graph *graph, enum wv_plan_kind kind, const char *rows,
                         const char *target, enum wv_err_code code, const char *message)
{
    struct wv_strlist current WV_AUTOSTRLIST = {0}, targets WV_AUTOSTRLIST = {0};
    words(&current, rows);
    wv_strlist_add(&targets, target);
    const struct wv_plan_request request = {.kind = kind, .current = &current, .targets = &targets};
    struct wv_plan plan = {0};
    struct wv_err err WV_AUTOERR = {0};
    assert_false(wv_plan_make(graph, &request, &plan, &err));
    assert_string_equal(err.message, message);
    assert_string_equal(wv_err_word(err.code), wv_err_word(code));
    assert_non_null(err.hint);
    assert_null(plan.steps);
}

static void test_messages(void **state)
{
    (void)state;
    struct wv_graph *graph = fork_graph();
    expect_error(graph, WV_PLAN_UPGRADE, "", "head", WV_MULTIPLE_HEADS,
                 "\"head\" could be several heads: d1, d2 and p0000002");
    expect_error(graph, WV_PLAN_UPGRADE, "", "p000", WV_AMBIGUOUS_REVISION,
                 "several revisions begin with \"p000\": p0000001 and p0000002");
    expect_error(graph, WV_PLAN_UPGRADE, "b", "+1", WV_AMBIGUOUS_WALK,
                 "\"+1\" is ambiguous: c1 and c2 of b come next");
    expect_error(graph, WV_PLAN_DOWNGRADE, "c1 c2", "-1", WV_MULTIPLE_HEADS,
                 "\"-1\" is ambiguous: the database is at several revisions: c1 and c2");
    expect_error(graph, WV_PLAN_DOWNGRADE, "b", "-3", WV_RELATIVE_OUT_OF_RANGE,
                 "\"-3\" leads out of the revisions");
    expect_error(graph, WV_PLAN_DOWNGRADE, "b", "d1", WV_NOT_AN_ANCESTOR,
                 "d1 is not applied, so there is no way down to it");
    expect_error(graph, WV_PLAN_UPGRADE, "gone", "heads", WV_REVISION_NOT_FOUND,
                 "the database is at revision gone, which is not among the known revisions");
    expect_error(graph, WV_PLAN_UPGRADE, "", "d1@d2", WV_NOT_IN_BRANCH,
                 "revision d2 is not in the branch d1");
    expect_error(graph, WV_PLAN_UPGRADE, "c1 b", "heads", WV_OVERLAPPING,
                 "the database's rows overlap: b is already included in c1");
    expect_error(graph, WV_PLAN_UPGRADE, "", "a:b", WV_BAD_TARGET,
                 "\"a:b\" is no target: a range is not allowed here");
    expect_error(graph, WV_PLAN_DOWNGRADE, "b", "nosuch@a", WV_REVISION_NOT_FOUND,
                 "branch \"nosuch\": no revision or branch label is or begins with \"nosuch\"");
    /* Ids of three bytes or less have no beginnings. */
    expect_error(graph, WV_PLAN_UPGRADE, "", "d", WV_REVISION_NOT_FOUND,
                 "no revision or branch label is or begins with \"d\"");
    expect_error(graph, WV_PLAN_UPGRADE, "", "left@p0000001+1", WV_RELATIVE_OUT_OF_RANGE,
                 "\"left@p0000001+1\" leads out of the revisions");
    static const char *const bad[] = {"", "@", "@head", "left@", "left@a@b"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct wv_target target = {0};
        struct wv_err err WV_AUTOERR = {0};
        assert_false(wv_target_parse(&target, graph, bad[i], &err));
        assert_int_equal(err.code, WV_BAD_TARGET);
    }
    wv_graph_free(graph);
}

static void test_grammar(void **state)
{
    (void)state;
    struct wv_graph *graph = fork_graph();
    static const struct {
        const char *text, *branch, *symbol;
        bool relative, up;
        size_t steps;
    } rows[] = {
        {"head", NULL, "head", false, false, 0},
        {"+2", NULL, NULL, true, true, 2},
        {"left@-1", "left", NULL, true, false, 1},
        {"left@c1+10", "left", "c1", true, true, 10},
        {"right-1", NULL, "right-1", false, false, 0},
        {"right-1@head", "right-1", "head", false, false, 0},
        {"right-1-1", NULL, "right-1", true, false, 1},
        {"a+", NULL, "a+", false, false, 0},
        {"+99999999999999999999", NULL, NULL, true, true, SIZE_MAX},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct wv_target target WV_AUTOTARGET = {0};
        struct wv_err err WV_AUTOERR = {0};
        assert_true(wv_target_parse(&target, graph, rows[i].text, &err));
        assert_string_equal(target.branch != NULL ? target.branch : "-",
                            rows[i].branch != NULL ? rows[i].branch : "-");
        assert_string_equal(target.symbol != NULL ? target.symbol : "-",
                            rows[i].symbol != NULL ? rows[i].symbol : "-");
        assert_int_equal(target.relative, rows[i].relative);
        assert_int_equal(target.up, rows[i].up);
        assert_true(target.steps == rows[i].steps);
    }
    wv_graph_free(graph);
}

static void test_plans(void **state)
{
    (void)state;
    struct wv_graph *graph = fork_graph();
    expect_plan(graph, WV_PLAN_UPGRADE, "", "heads", "+a +b +c1 +d1 +c2 +d2 +p0000001 +p0000002",
                "d1 d2 p0000002");
    /* Several targets are one upgrade, also where one includes the other. */
    expect_plan(graph, WV_PLAN_UPGRADE, "b", "d1 c1 p0000001", "+c1 +d1 +p0000001", "d1 p0000001");
    expect_plan(graph, WV_PLAN_UPGRADE, "b", "right-1@head", "+c1 +c2 +d2", "d2");
    expect_plan(graph, WV_PLAN_UPGRADE, "d1 d2", "a", "", "d1 d2");
    /* Applied for the sake of d2: nothing to do. */
    expect_plan(graph, WV_PLAN_DOWNGRADE, "d2", "c1", "", "d2");
    expect_plan(graph, WV_PLAN_DOWNGRADE, "d2", "c2", "-d2", "c1 c2");
    expect_plan(graph, WV_PLAN_DOWNGRADE, "d1 d2", "left@b", "-d2 -d1 -c1", "c2");
    expect_plan(graph, WV_PLAN_DOWNGRADE, "d1 p0000002", "p0000001@base", "-p0000002 -p0000001",
                "d1");
    expect_plan(graph, WV_PLAN_DOWNGRADE, "d1", "-1", "-d1", "c1");
    /* Down along the row, though what it depends on meets it below. */
    expect_plan(graph, WV_PLAN_DOWNGRADE, "d2", "-2", "-d2 -c2", "c1");
    /* Rows that another row includes go with the first step. */
    expect_plan(graph, WV_PLAN_DOWNGRADE, "a b d1", "c1", "-d1", "c1");
    wv_graph_free(graph);
}

static void test_row_changes(void **state)
{
    (void)state;
    struct wv_graph *graph = fork_graph();
    struct wv_strlist rows WV_AUTOSTRLIST = {0}, targets WV_AUTOSTRLIST = {0};
    words(&rows, "c1 c2");
    words(&targets, "d2");
    struct wv_plan plan WV_AUTOPLAN = {0};
    struct wv_err err WV_AUTOERR = {0};
    assert_true(wv_plan_upgrade(graph, &rows, &targets, &plan, &err));
    assert_int_equal(plan.count, 1);
    const struct wv_row_change *change = &plan.steps[0].rows;
    assert_int_equal(change->removed_count, 2);
    assert_string_equal(change->removed[0], "c2");
    assert_string_equal(change->removed[1], "c1");
    assert_int_equal(change->added_count, 1);
    assert_string_equal(change->added[0], "d2");
    wv_graph_free(graph);
}

static void test_stamps(void **state)
{
    (void)state;
    struct wv_graph *graph = fork_graph();
    expect_plan(graph, WV_PLAN_STAMP, "a", "d1 d2", "", "d1 d2");
    expect_plan(graph, WV_PLAN_STAMP, "d1 p0000002", "b", "", "b p0000002");
    expect_plan(graph, WV_PLAN_STAMP, "d1 p0000002", "base", "", "");
    expect_plan(graph, WV_PLAN_STAMP, "d1 p0000002", "p0000001@base", "", "d1");
    expect_error(graph, WV_PLAN_STAMP, "d1", "-1", WV_BAD_TARGET,
                 "\"-1\" does not say where to count from");
    struct wv_strlist rows WV_AUTOSTRLIST = {0}, targets WV_AUTOSTRLIST = {0};
    words(&rows, "gone d1");
    words(&targets, "d1 d2");
    struct wv_plan plan WV_AUTOPLAN = {0};
    struct wv_err err WV_AUTOERR = {0};
    assert_true(wv_plan_stamp(graph, &rows, &targets, true, &plan, &err));
    expect_ids(&plan.stamp_removed, "gone");
    expect_ids(&plan.stamp_added, "d2");
    expect_ids(&plan.rows_before, "d1 gone");
    wv_graph_free(graph);
}

static void test_drafts(void **state)
{
    (void)state;
    struct wv_graph *graph = fork_graph();
    struct wv_strlist heads WV_AUTOSTRLIST = {0}, depends WV_AUTOSTRLIST = {0};
    words(&heads, "d1 right-1@head");
    words(&depends, "left p0000001");
    struct wv_draft draft;
    struct wv_err err WV_AUTOERR = {0};
    struct wv_draft_request request = {
        .id = "new", .heads = &heads, .depends_on = &depends, .merge = true};
    assert_true(wv_draft_make(graph, &request, &draft, &err));
    expect_ids(&draft.down, "d1 d2");
    expect_ids(&draft.depends_on, "left p0000001");
    expect_ids(&draft.heads, "new p0000002");
    wv_draft_free(&draft);
    request.id = "left";
    assert_false(wv_draft_make(graph, &request, &draft, &err));
    assert_string_equal(err.message, "left is a branch label of revision c1 already");
    request = (struct wv_draft_request){.id = "new"};
    assert_false(wv_draft_make(graph, &request, &draft, &err));
    assert_int_equal(err.code, WV_MULTIPLE_HEADS);
    wv_graph_free(graph);
}

static void test_queries(void **state)
{
    (void)state;
    struct wv_graph *graph = fork_graph();
    struct wv_strlist rows WV_AUTOSTRLIST = {0}, ahead WV_AUTOSTRLIST = {0};
    words(&rows, "gone d2");
    struct wv_err err WV_AUTOERR = {0};
    struct wv_nodes nodes WV_AUTONODES = {0};
    wv_query_ahead(graph, &rows, &ahead);
    expect_ids(&ahead, "gone");
    /* Only what asks for the rows minds that one of them is unknown. */
    assert_true(wv_query_show(graph, &rows, "left", &nodes, &err));
    assert_true(wv_query_history(graph, &rows, "b:d1", &nodes, &err));
    assert_int_equal(nodes.count, 4);
    assert_false(wv_query_show(graph, &rows, "current", &nodes, &err));
    assert_int_equal(nodes.count, 4);
    assert_string_equal(err.revision, "gone");
    assert_false(wv_query_at_heads(graph, &rows));
    wv_graph_free(graph);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_messages), cmocka_unit_test(test_grammar),
        cmocka_unit_test(test_plans),    cmocka_unit_test(test_row_changes),
        cmocka_unit_test(test_stamps),   cmocka_unit_test(test_drafts),
        cmocka_unit_test(test_queries),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
