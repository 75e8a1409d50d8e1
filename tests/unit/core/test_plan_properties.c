/* What holds for every plan, tried on random graphs against brute force. A failure prints its seed;
 * WV_SEED=N runs that one alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "draft.h"
#include "graph_query.h"
#include "graph_world.h"

enum { ROUNDS = 3000 };

/* A round: its world, a set that is applied, the rows for it. */
struct round {
    uint64_t seed;
    uint64_t random;
    struct world world;
    uint64_t applied;
    struct wv_strlist rows;
};

static void begin(struct round *round, uint64_t seed)
{
    *round = (struct round){.seed = seed, .random = seed * UINT64_C(0x9e3779b97f4a7c15) + 1};
    world_make(&round->world, &round->random);
    uint64_t all = (UINT64_C(1) << round->world.count) - 1;
    uint64_t some = world_random(&round->random) & world_random(&round->random) & all;
    round->applied = world_closure(&round->world, some);
    world_rows(&round->world, world_tips(&round->world, round->applied), &round->rows);
}

static void end(struct round *round)
{
    world_free(&round->world);
    wv_strlist_free(&round->rows);
}

static void each_round(void (*test)(struct round *))
{
    const char *only = getenv("WV_SEED");
    uint64_t first = only != NULL ? strtoull(only, NULL, 10) : 1;
    for (uint64_t seed = first; seed < first + (only != NULL ? 1 : ROUNDS); seed++) {
        struct round round;
        begin(&round, seed);
        test(&round);
        end(&round);
    }
}

#define REQUIRE(round, truth)                                                                      \
    do {                                                                                           \
        if (!(truth))                                                                              \
            fail_msg("seed %llu: not true: %s", (unsigned long long)(round)->seed, #truth);        \
    } while (0)

static uint64_t replay(struct round *round, uint64_t from, const struct wv_plan *plan)
{
    uint64_t to = 0;
    const char *fault = world_replay(&round->world, from, plan, &to);
    if (fault != NULL)
        fail_msg("seed %llu: %s", (unsigned long long)round->seed, fault);
    return to;
}

static size_t some_node(struct round *round)
{
    return world_below(&round->random, round->world.count);
}

/* An upgrade applies exactly what its targets need and is not there. */
static void upgrade_is_difference(struct round *round)
{
    const struct world *world = &round->world;
    struct wv_strlist targets WV_AUTOSTRLIST = {0};
    uint64_t wanted = 0;
    for (size_t i = 0; i < 2; i++) {
        size_t n = some_node(round);
        wanted |= UINT64_C(1) << n;
        wv_strlist_add(&targets, world->ids[n]);
    }
    struct wv_plan plan WV_AUTOPLAN = {0};
    struct wv_err err WV_AUTOERR = {0};
    REQUIRE(round, wv_plan_upgrade(world->graph, &round->rows, &targets, &plan, &err));
    uint64_t after = replay(round, round->applied, &plan);
    REQUIRE(round, after == (round->applied | world_closure(world, wanted)));
    REQUIRE(round, world_set(world, &plan.heads_after) == world_tips(world, after));
}

/* The children of a revision, and all above them, go; the rest stays. */
static uint64_t naive_downgrade(const struct world *world, uint64_t applied, size_t target)
{
    uint64_t children = 0;
    for (size_t n = 0; n < world->count; n++)
        children |= (world->downs[n] >> target & 1) != 0 ? UINT64_C(1) << n : 0;
    return applied & ~world_above(world, children);
}

/* A downgrade removes exactly what is above its target; the old rows as targets lead back. */
static void downgrade_and_back(struct round *round)
{
    const struct world *world = &round->world;
    size_t target = some_node(round);
    struct wv_plan down WV_AUTOPLAN = {0}, up WV_AUTOPLAN = {0};
    struct wv_err err WV_AUTOERR = {0};
    bool applied = (round->applied >> target & 1) != 0;
    bool ok = wv_plan_downgrade(world->graph, &round->rows, world->ids[target], &down, &err);
    REQUIRE(round, ok == applied);
    if (!ok) {
        REQUIRE(round, err.code == WV_NOT_AN_ANCESTOR);
        return;
    }
    uint64_t after = replay(round, round->applied, &down);
    REQUIRE(round, after == naive_downgrade(world, round->applied, target));
    if (round->rows.count == 0)
        return;
    REQUIRE(round, wv_plan_upgrade(world->graph, &down.heads_after, &round->rows, &up, &err));
    REQUIRE(round, replay(round, after, &up) == round->applied);
    REQUIRE(round, up.count == down.count);
    REQUIRE(round, world_set(world, &up.heads_after) == world_set(world, &round->rows));
}

/* From nothing to all heads and back to nothing, by the same steps backwards. */
static void all_the_way(struct round *round)
{
    const struct world *world = &round->world;
    struct wv_strlist none = {0}, heads WV_AUTOSTRLIST = {0};
    wv_strlist_add(&heads, "heads");
    struct wv_plan up WV_AUTOPLAN = {0}, down WV_AUTOPLAN = {0};
    struct wv_err err WV_AUTOERR = {0};
    REQUIRE(round, wv_plan_upgrade(world->graph, &none, &heads, &up, &err));
    REQUIRE(round, up.count == world->count);
    REQUIRE(round, wv_query_at_heads(world->graph, &up.heads_after));
    REQUIRE(round, wv_plan_downgrade(world->graph, &up.heads_after, "base", &down, &err));
    REQUIRE(round, down.count == world->count && down.heads_after.count == 0);
    for (size_t i = 0; i < up.count; i++)
        REQUIRE(round, strcmp(up.steps[i].id, down.steps[down.count - 1 - i].id) == 0);
    REQUIRE(round, replay(round, replay(round, 0, &up), &down) == 0);
}

/* The order of loading changes nothing. */
static void order_is_stable(struct round *round)
{
    struct wv_graph *other = world_reload(&round->world, &round->random);
    struct wv_span a = wv_graph_order(round->world.graph), b = wv_graph_order(other);
    for (size_t i = 0; i < a.count; i++)
        REQUIRE(round, strcmp(wv_graph_id(round->world.graph, a.items[i]),
                              wv_graph_id(other, b.items[i])) == 0);
    wv_graph_free(other);
}

/* Applied and pending together are all; current are the applied ones that nothing applied revises.
 */
static void queries_agree(struct round *round)
{
    const struct world *world = &round->world;
    struct wv_nodes applied WV_AUTONODES = {0}, pending WV_AUTONODES = {0};
    struct wv_nodes current WV_AUTONODES = {0};
    struct wv_err err WV_AUTOERR = {0};
    REQUIRE(round, wv_query_applied(world->graph, &round->rows, &applied, &err));
    REQUIRE(round, wv_query_pending(world->graph, &round->rows, &pending, &err));
    REQUIRE(round, wv_query_current(world->graph, &round->rows, &current, &err));
    REQUIRE(round, applied.count + pending.count == world->count);
    uint64_t set = 0, revised = 0, shown = 0;
    for (size_t i = 0; i < applied.count; i++) {
        set |= UINT64_C(1) << applied.items[i];
        revised |= world->downs[applied.items[i]];
    }
    for (size_t i = 0; i < current.count; i++)
        shown |= UINT64_C(1) << current.items[i];
    REQUIRE(round, set == round->applied);
    REQUIRE(round, shown == (set & ~revised));
    REQUIRE(round, wv_query_at_heads(world->graph, &round->rows) == (pending.count == 0));
}

/* A stamp leaves rows of which none includes another, its targets among what they include. */
static void stamp_is_minimal(struct round *round)
{
    const struct world *world = &round->world;
    struct wv_strlist targets WV_AUTOSTRLIST = {0};
    uint64_t wanted = 0;
    bool purge = world_below(&round->random, 2) == 0;
    for (size_t i = world_below(&round->random, 3); i < 3; i++) {
        size_t n = some_node(round);
        wanted |= UINT64_C(1) << n;
        wv_strlist_add(&targets, world->ids[n]);
    }
    struct wv_plan plan WV_AUTOPLAN = {0};
    struct wv_err err WV_AUTOERR = {0};
    if (!wv_plan_stamp(world->graph, &round->rows, &targets, purge, &plan, &err)) {
        REQUIRE(round, err.code == WV_OVERLAPPING && !purge);
        return;
    }
    uint64_t after = world_set(world, &plan.heads_after);
    REQUIRE(round, after == world_tips(world, world_closure(world, after)));
    if (purge)
        REQUIRE(round, after == world_tips(world, world_closure(world, wanted)));
    if (targets.count == 1)
        REQUIRE(round, (world_closure(world, after) & wanted) == wanted);
    uint64_t changed = world_set(world, &round->rows);
    changed &= ~world_set(world, &plan.stamp_removed);
    changed |= world_set(world, &plan.stamp_added);
    REQUIRE(round, changed == after);
}

/* BRANCH@heads: what nothing revises, above or below the branch's revision by down revisions. */
static void branch_heads(struct round *round)
{
    const struct world *world = &round->world;
    size_t branch = some_node(round);
    uint64_t below = UINT64_C(1) << branch, above = below, revised = 0;
    for (size_t n = world->count; n-- > 0;)
        below |= (below >> n & 1) != 0 ? world->downs[n] : 0;
    for (size_t n = 0; n < world->count; n++) {
        above |= (world->downs[n] & above) != 0 ? UINT64_C(1) << n : 0;
        revised |= world->downs[n];
    }
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    wv_strbuf_addf(&text, "%s@heads", world->ids[branch]);
    struct wv_nodes nodes WV_AUTONODES = {0};
    struct wv_err err WV_AUTOERR = {0};
    REQUIRE(round, wv_target_nodes(world->graph, NULL, wv_strbuf_text(&text), &nodes, &err));
    uint64_t heads = 0;
    for (size_t i = 0; i < nodes.count; i++)
        heads |= UINT64_C(1) << nodes.items[i];
    REQUIRE(round, heads == ((below | above) & ~revised));
}

static void require_answer(struct round *round, bool ok, const struct wv_err *err,
                           const char *target)
{
    if (ok == (err->code == WV_OK) && (ok || (err->message != NULL && err->hint != NULL)))
        return;
    fail_msg("seed %llu: \"%s\" has no clear answer: %s", (unsigned long long)round->seed, target,
             err->message != NULL ? err->message : "");
}

/* Whatever is typed: a plan that holds, or an error with a hint. */
static void plan_of_anything(struct round *round, const char *text, enum wv_plan_kind kind)
{
    struct wv_strlist targets WV_AUTOSTRLIST = {0};
    wv_strlist_add(&targets, text);
    const struct wv_plan_request request = {.kind = kind,
                                            .current = &round->rows,
                                            .targets = &targets,
                                            .offline = world_below(&round->random, 4) == 0};
    struct wv_plan plan WV_AUTOPLAN = {0};
    struct wv_err err WV_AUTOERR = {0};
    bool ok = wv_plan_make(round->world.graph, &request, &plan, &err);
    require_answer(round, ok, &err, text);
    uint64_t before = world_set(&round->world, &plan.rows_before);
    if (ok)
        replay(round, world_closure(&round->world, before), &plan);
}

static void targets_never_crash(struct round *round)
{
    for (size_t i = 0; i < 12; i++) {
        struct wv_strbuf target WV_AUTOSTRBUF = WV_STRBUF_INIT;
        world_target(&round->world, &round->random, &target);
        if (world_below(&round->random, 4) == 0) {
            wv_strbuf_addc(&target, ':');
            world_target(&round->world, &round->random, &target);
        }
        const char *text = wv_strbuf_text(&target);
        plan_of_anything(round, text, WV_PLAN_UPGRADE);
        plan_of_anything(round, text, WV_PLAN_DOWNGRADE);
        plan_of_anything(round, text, WV_PLAN_STAMP);
        struct wv_nodes nodes WV_AUTONODES = {0};
        struct wv_err err WV_AUTOERR = {0}, other WV_AUTOERR = {0};
        require_answer(round, wv_query_show(round->world.graph, &round->rows, text, &nodes, &err),
                       &err, text);
        require_answer(round,
                       wv_query_history(round->world.graph, &round->rows, text, &nodes, &other),
                       &other, text);
    }
}

#define PROPERTY(name)                                                                             \
    static void test_##name(void **state)                                                          \
    {                                                                                              \
        (void)state;                                                                               \
        each_round(name);                                                                          \
    }

PROPERTY(upgrade_is_difference)
PROPERTY(downgrade_and_back)
PROPERTY(all_the_way)
PROPERTY(order_is_stable)
PROPERTY(queries_agree)
PROPERTY(stamp_is_minimal)
PROPERTY(branch_heads)
PROPERTY(targets_never_crash)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_upgrade_is_difference), cmocka_unit_test(test_downgrade_and_back),
        cmocka_unit_test(test_all_the_way),           cmocka_unit_test(test_order_is_stable),
        cmocka_unit_test(test_queries_agree),         cmocka_unit_test(test_stamp_is_minimal),
        cmocka_unit_test(test_branch_heads),          cmocka_unit_test(test_targets_never_crash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
