/* Puts every case of tests/cases/alembic-cases.json to the core; README.md there explains the file
 * and what passes where Alembic is no model. Each failing case is named. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "draft.h"
#include "graph_query.h"
#include "plan.h"

/* A case under test and our answer to it, in the shape of "expect". */
struct run {
    json_t *test;
    json_t *expect;
    struct wv_graph *graph; /* NULL when it did not load */
    struct wv_strlist current;
    struct wv_strlist targets;
    const char *target; /* the first, or NULL */
    struct wv_err err;
    bool ok;
    json_t *answer;
};

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text != NULL ? text : "";
}

static void add_all(struct wv_strlist *list, json_t *array)
{
    size_t i;
    json_t *item;
    json_array_foreach(array, i, item) wv_strlist_add(list, json_string_value(item));
}

static bool option(const struct run *run, const char *name)
{
    return json_is_true(json_object_get(json_object_get(run->test, "options"), name));
}

static bool has_quirk(const struct run *run, const char *name)
{
    size_t i;
    json_t *item;
    json_array_foreach(json_object_get(run->test, "quirks"), i, item)
    {
        if (strcmp(json_string_value(item), name) == 0)
            return true;
    }
    return false;
}

/* --- loading -----------------------------------------------------------------------------------
 */

static bool load(json_t *revisions, struct wv_graph **graph, struct wv_problems *problems)
{
    size_t count = json_array_size(revisions);
    struct wv_graph_decl *decls = wv_xcalloc(count + 1, sizeof(*decls));
    struct wv_strlist *lists = wv_xcalloc(count * 3 + 1, sizeof(*lists));
    for (size_t i = 0; i < count; i++) {
        json_t *revision = json_array_get(revisions, i);
        add_all(&lists[i * 3], json_object_get(revision, "down"));
        add_all(&lists[i * 3 + 1], json_object_get(revision, "depends_on"));
        add_all(&lists[i * 3 + 2], json_object_get(revision, "labels"));
        decls[i] = (struct wv_graph_decl){.id = text_of(revision, "id"),
                                          .down = &lists[i * 3],
                                          .depends_on = &lists[i * 3 + 1],
                                          .labels = &lists[i * 3 + 2]};
    }
    bool ok = wv_graph_build(decls, count, graph, problems);
    for (size_t i = 0; i < count * 3; i++)
        wv_strlist_free(&lists[i]);
    free(lists);
    free(decls);
    return ok;
}

/* --- our answers -------------------------------------------------------------------------------
 */

static json_t *ids_json(const struct wv_graph *graph, const wv_node *nodes, size_t count)
{
    json_t *array = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(array, json_string(wv_graph_id(graph, nodes[i])));
    return array;
}

static json_t *list_json(const struct wv_strlist *list)
{
    json_t *array = json_array();
    for (size_t i = 0; i < list->count; i++)
        json_array_append_new(array, json_string(list->items[i]));
    return array;
}

static void run_plan(struct run *run, enum wv_plan_kind kind)
{
    const struct wv_plan_request request = {.kind = kind,
                                            .current = &run->current,
                                            .targets = &run->targets,
                                            .offline = option(run, "sql"),
                                            .purge = option(run, "purge")};
    struct wv_plan plan WV_AUTOPLAN = {0};
    run->ok = wv_plan_make(run->graph, &request, &plan, &run->err);
    if (!run->ok)
        return;
    json_t *steps = json_array();
    for (size_t i = 0; i < plan.count; i++)
        json_array_append_new(
            steps, json_pack("[ss]", plan.steps[i].id, plan.steps[i].up ? "up" : "down"));
    bool creates = plan.rows_before.count == 0 && !wv_plan_is_empty(&plan);
    run->answer = json_pack("{so so sb}", "steps", steps, "heads_after",
                            list_json(&plan.heads_after), "creates_version_table", creates);
}

static void run_upgrade(struct run *run)
{
    run_plan(run, WV_PLAN_UPGRADE);
}

static void run_downgrade(struct run *run)
{
    run_plan(run, WV_PLAN_DOWNGRADE);
}

static void run_stamp(struct run *run)
{
    run_plan(run, WV_PLAN_STAMP);
}

static void give_nodes(struct run *run, const struct wv_nodes *nodes)
{
    if (run->ok)
        run->answer =
            json_pack("{so}", "revisions", ids_json(run->graph, nodes->items, nodes->count));
}

static void run_show(struct run *run)
{
    struct wv_nodes nodes WV_AUTONODES = {0};
    run->ok = wv_query_show(run->graph, &run->current, run->target, &nodes, &run->err);
    give_nodes(run, &nodes);
}

static void run_history(struct run *run)
{
    struct wv_nodes nodes WV_AUTONODES = {0};
    run->ok = wv_query_history(run->graph, &run->current, run->target, &nodes, &run->err);
    give_nodes(run, &nodes);
}

static void run_current(struct run *run)
{
    struct wv_nodes nodes WV_AUTONODES = {0};
    run->ok = wv_query_current(run->graph, &run->current, &nodes, &run->err);
    give_nodes(run, &nodes);
    json_t *real = json_array(), *effective = json_array();
    for (size_t i = 0; run->ok && i < nodes.count; i++) {
        if (wv_graph_is_head(run->graph, nodes.items[i]))
            json_array_append_new(wv_graph_is_real_head(run->graph, nodes.items[i]) ? real
                                                                                    : effective,
                                  json_string(wv_graph_id(run->graph, nodes.items[i])));
    }
    if (run->ok)
        json_object_update_new(run->answer, json_pack("{sO sO}", "marked_head", real,
                                                      "marked_effective_head", effective));
    json_decref(real);
    json_decref(effective);
}

static void run_check_heads(struct run *run)
{
    run->ok = true;
    run->answer =
        json_pack("{sb}", "at_head", wv_query_at_heads(run->graph, &run->current) ? 1 : 0);
}

static void run_inspect(struct run *run)
{
    const struct wv_graph *graph = run->graph;
    struct wv_span heads = wv_graph_heads(graph), real = wv_graph_real_heads(graph);
    struct wv_span bases = wv_graph_bases(graph);
    struct wv_nodes branches WV_AUTONODES = {0};
    wv_query_branches(graph, &branches);
    json_t *merges = json_array(), *shown = json_object();
    struct wv_strlist *labels = wv_query_labels(graph);
    for (wv_node n = 0; n < wv_graph_count(graph); n++) {
        if (wv_graph_is_merge_point(graph, n))
            json_array_append_new(merges, json_string(wv_graph_id(graph, n)));
        if (labels[n].count > 0)
            json_object_set_new(shown, wv_graph_id(graph, n), list_json(&labels[n]));
    }
    wv_query_labels_free(graph, labels);
    run->ok = true;
    run->answer =
        json_pack("{so so so so so so}", "heads", ids_json(graph, heads.items, heads.count),
                  "heads_resolving_dependencies", ids_json(graph, real.items, real.count), "bases",
                  ids_json(graph, bases.items, bases.count), "branch_points",
                  ids_json(graph, branches.items, branches.count), "merge_points", merges,
                  "labels_shown", shown);
}

static void run_load(struct run *run)
{
    run->ok = run->graph != NULL;
    if (run->ok)
        run->answer = json_pack("{sb}", "ok", 1);
}

static void run_draft(struct run *run, bool merge)
{
    json_t *options = json_object_get(run->test, "options");
    struct wv_strlist depends WV_AUTOSTRLIST = {0}, labels WV_AUTOSTRLIST = {0};
    add_all(&depends, json_object_get(options, "depends_on"));
    if (json_object_get(options, "branch_label") != NULL)
        wv_strlist_add(&labels, text_of(options, "branch_label"));
    bool named = json_object_get(options, "rev_id") != NULL;
    const struct wv_draft_request request = {.id = named ? text_of(options, "rev_id")
                                                         : "newrev000001",
                                             .heads = &run->targets,
                                             .depends_on = &depends,
                                             .labels = &labels,
                                             .splice = option(run, "splice"),
                                             .merge = merge};
    struct wv_draft draft;
    run->ok = wv_draft_make(run->graph, &request, &draft, &run->err);
    if (!run->ok)
        return;
    run->answer = json_pack("{ss so so so so}", "id", request.id, "down", list_json(&draft.down),
                            "depends_on", list_json(&draft.depends_on), "labels",
                            list_json(&draft.labels), "heads", list_json(&draft.heads));
    wv_draft_free(&draft);
}

static void run_revision(struct run *run)
{
    run_draft(run, false);
}

static void run_merge(struct run *run)
{
    run_draft(run, true);
}

/* --- comparing ---------------------------------------------------------------------------------
 */

/* Arrays as sets; everything else as it is. */
static bool same(json_t *a, json_t *b)
{
    if (!json_is_array(a) || !json_is_array(b))
        return json_equal(a, b);
    size_t i, k;
    json_t *x, *y;
    json_array_foreach(a, i, x)
    {
        bool found = false;
        json_array_foreach(b, k, y) found = found || json_equal(x, y);
        if (!found)
            return false;
    }
    return json_array_size(a) == json_array_size(b);
}

static const char *step_id(json_t *step)
{
    return json_string_value(json_is_array(step) ? json_array_get(step, 0) : step);
}

static size_t place(json_t *steps, const char *id)
{
    size_t i;
    json_t *step;
    json_array_foreach(steps, i, step)
    {
        if (strcmp(step_id(step), id) == 0)
            return i;
    }
    return SIZE_MAX;
}

static bool order_ok(json_t *expect, json_t *wanted, json_t *got)
{
    if (!json_is_true(json_object_get(expect, "order_free")) &&
        json_object_get(expect, "order_free") != NULL)
        return json_equal(wanted, got);
    size_t i;
    json_t *pair;
    json_array_foreach(json_object_get(expect, "constraints"), i, pair)
    {
        if (place(got, step_id(pair)) >= place(got, json_string_value(json_array_get(pair, 1))))
            return false;
    }
    return same(wanted, got);
}

static bool heads_ok(json_t *expect, json_t *got)
{
    json_t *ideal = json_object_get(expect, "ideal_heads_after");
    return same(json_object_get(expect, "heads_after"), got) || (ideal != NULL && same(ideal, got));
}

static bool fields_match(json_t *expect, json_t *answer)
{
    const char *key;
    json_t *value;
    json_object_foreach(expect, key, value)
    {
        json_t *got = json_object_get(answer, key);
        if (got == NULL)
            continue; /* describes the comparison, not the answer */
        bool listed = strcmp(key, "steps") == 0 || strcmp(key, "revisions") == 0;
        bool ok = strcmp(key, "heads_after") == 0 ? heads_ok(expect, got)
                  : listed                        ? order_ok(expect, value, got)
                                                  : same(value, got);
        if (!ok)
            return false;
    }
    return true;
}

static bool answer_matches(const struct run *run)
{
    json_t *any = json_object_get(run->expect, "any_of");
    if (any == NULL)
        return fields_match(run->expect, run->answer);
    size_t i;
    json_t *one;
    json_array_foreach(any, i, one)
    {
        if (fields_match(one, run->answer))
            return true;
    }
    return false;
}

static const struct {
    const char *kind;
    enum wv_err_code code;
    enum wv_err_code also; /* where two fit */
} codes[] = {
    {"no_such_revision", WV_REVISION_NOT_FOUND, WV_OK},
    {"no_such_branch", WV_REVISION_NOT_FOUND, WV_OK},
    {"ambiguous_id", WV_AMBIGUOUS_REVISION, WV_OK},
    {"multiple_heads", WV_MULTIPLE_HEADS, WV_OK},
    {"ambiguous_current", WV_MULTIPLE_HEADS, WV_OK},
    {"ambiguous_walk", WV_AMBIGUOUS_WALK, WV_OK},
    {"relative_out_of_range", WV_RELATIVE_OUT_OF_RANGE, WV_OK},
    {"not_ancestor", WV_NOT_AN_ANCESTOR, WV_OK},
    {"not_in_branch", WV_NOT_IN_BRANCH, WV_OK},
    {"overlapping", WV_OVERLAPPING, WV_OK},
    {"not_a_head", WV_NOT_A_HEAD, WV_OK},
    {"duplicate_heads", WV_BAD_TARGET, WV_OVERLAPPING},
    {"range_required", WV_BAD_TARGET, WV_OK},
    {"range_not_allowed", WV_BAD_TARGET, WV_OK},
    {"purge_with_sql", WV_BAD_TARGET, WV_OK},
    {"cycle", WV_LOAD_ERROR, WV_OK},
    {"dependency_cycle", WV_LOAD_ERROR, WV_OK},
    {"self_loop", WV_LOAD_ERROR, WV_OK},
    {"dependency_self_loop", WV_LOAD_ERROR, WV_OK},
    {"duplicate_label", WV_LOAD_ERROR, WV_OK},
    {"illegal_id", WV_LOAD_ERROR, WV_OK},
    {"missing_down_revision", WV_LOAD_ERROR, WV_OK},
};

static bool error_matches(const struct run *run)
{
    const char *kind = text_of(run->expect, "kind");
    if (strcmp(kind, "internal") == 0)
        return true;
    for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
        if (strcmp(codes[i].kind, kind) == 0)
            return run->err.code == codes[i].code || run->err.code == codes[i].also;
    }
    return false;
}

/* A fault of the files is told by its kind as well. */
static bool load_matches(const struct run *run)
{
    for (size_t i = 0; i < run->err.problems.count; i++) {
        if (strcmp(run->err.problems.items[i].kind, text_of(run->expect, "kind")) == 0)
            return true;
    }
    return strcmp(text_of(run->test, "command"), "load") != 0;
}

static bool either_way(const struct run *run)
{
    return has_quirk(run, "empty_answer") || has_quirk(run, "pointless_merge") ||
           has_quirk(run, "relative_refused");
}

/* Errors that are welcome where Alembic answers. */
static bool may_refuse(const struct run *run)
{
    return either_way(run) || has_quirk(run, "inconsistent_start") ||
           has_quirk(run, "inconsistent_result") || has_quirk(run, "bookkeeping_crash") ||
           strcmp(text_of(run->test, "name"), "broken_cycle_through_merge/load - from []") == 0;
}

/* Rows of which one includes another come out without the one that is included. */
static bool reduced(const struct run *run)
{
    json_t *wanted = json_object_get(run->expect, "heads_after");
    json_t *got = json_object_get(run->answer, "heads_after");
    size_t i;
    json_t *row;
    json_array_foreach(got, i, row)
    {
        if (place(wanted, json_string_value(row)) == SIZE_MAX)
            return false;
    }
    return json_array_size(got) > 0;
}

static bool does_nothing(const struct run *run)
{
    return run->ok && json_array_size(json_object_get(run->answer, "steps")) == 0 &&
           same(json_object_get(run->answer, "heads_after"), json_object_get(run->test, "current"));
}

static bool passes(const struct run *run)
{
    if (!run->ok && (run->err.message == NULL || *run->err.message == '\0'))
        return false;
    if (has_quirk(run, "internal_error") || has_quirk(run, "ambiguous_start") ||
        has_quirk(run, "warning_only"))
        return !run->ok;
    if (has_quirk(run, "applied_but_refused"))
        return does_nothing(run);
    json_t *ideal = json_object_get(run->expect, "ideal_at_head");
    if (ideal != NULL)
        return json_equal(ideal, json_object_get(run->answer, "at_head"));
    if (json_object_get(run->expect, "ideal") != NULL)
        return !run->ok || fields_match(json_object_get(run->expect, "ideal"), run->answer);
    if (json_is_true(json_object_get(run->expect, "error")))
        return run->ok ? either_way(run) || has_quirk(run, "inconsistent_start")
                       : either_way(run) || (error_matches(run) && load_matches(run));
    if (run->ok && has_quirk(run, "inconsistent_result"))
        return reduced(run);
    return run->ok ? answer_matches(run) : may_refuse(run);
}

/* --- the test ----------------------------------------------------------------------------------
 */

static const struct {
    const char *command;
    void (*run)(struct run *);
} commands[] = {{"upgrade", run_upgrade},   {"downgrade", run_downgrade},
                {"stamp", run_stamp},       {"show", run_show},
                {"history", run_history},   {"current", run_current},
                {"inspect", run_inspect},   {"check_heads", run_check_heads},
                {"revision", run_revision}, {"merge", run_merge}};

static void answer(struct run *run)
{
    const char *command = text_of(run->test, "command");
    if (run->graph == NULL || strcmp(command, "load") == 0) {
        run_load(run);
        return;
    }
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
        if (strcmp(commands[i].command, command) == 0)
            commands[i].run(run);
    }
}

static bool run_case(json_t *graphs, json_t *test)
{
    struct run run = {.test = test, .expect = json_object_get(test, "expect")};
    add_all(&run.current, json_object_get(test, "current"));
    json_t *target = json_object_get(test, "target");
    if (json_is_array(target))
        add_all(&run.targets, target);
    else if (json_is_string(target))
        wv_strlist_add(&run.targets, json_string_value(target));
    run.target = run.targets.count > 0 ? run.targets.items[0] : NULL;
    struct wv_problems problems = {0};
    if (!load(json_object_get(graphs, text_of(test, "graph")), &run.graph, &problems)) {
        wv_err_set(&run.err, WV_LOAD_ERROR, "the revisions have faults");
        run.err.problems = problems;
    }
    answer(&run);
    bool ok = passes(&run);
    if (!ok) {
        char *expected = json_dumps(run.expect, 0);
        char *got = run.answer != NULL ? json_dumps(run.answer, 0) : NULL;
        print_error("FAILED %s\n  expected %s\n  got %s %s: %s\n", text_of(test, "name"), expected,
                    got != NULL ? got : "", wv_err_word(run.err.code),
                    run.err.message != NULL ? run.err.message : "");
        free(expected);
        free(got);
    }
    json_decref(run.answer);
    wv_graph_free(run.graph);
    wv_strlist_free(&run.current);
    wv_strlist_free(&run.targets);
    wv_err_clear(&run.err);
    return ok;
}

static void test_cases(void **state)
{
    (void)state;
    json_error_t fault;
    json_t *file = json_load_file(WV_CASES, 0, &fault);
    if (file == NULL)
        fail_msg("%s: %s", WV_CASES, fault.text);
    size_t i, failed = 0, count = 0;
    json_t *test;
    json_array_foreach(json_object_get(file, "cases"), i, test)
    {
        count++;
        failed += !run_case(json_object_get(file, "graphs"), test);
    }
    json_decref(file);
    print_message("%zu cases, %zu failed\n", count, failed);
    assert_int_equal(count, 1931);
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_cases)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
