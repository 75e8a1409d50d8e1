/* See graph_world.h. */
#include "graph_world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

uint64_t world_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

size_t world_below(uint64_t *state, size_t limit)
{
    return (size_t)((world_random(state) >> 11) % limit);
}

static bool chance(uint64_t *state, size_t percent)
{
    return world_below(state, 100) < percent;
}

/* Names with common beginnings and of several lengths, so that partial ids matter. */
static void name_revision(struct world *world, size_t n, uint64_t *state)
{
    static const char *const beginnings[] = {"r", "rev_", "rev_a", "4fe1", "4fe10a", "x"};
    snprintf(world->ids[n], sizeof(world->ids[n]), "%s%zu",
             beginnings[world_below(state, sizeof(beginnings) / sizeof(beginnings[0]))], n);
}

static void add_parents(struct world *world, size_t n, uint64_t *state)
{
    size_t downs = n == 0 || chance(state, 15) ? 0 : chance(state, 25) ? 2 : 1;
    for (size_t i = 0; i < downs; i++) {
        size_t near = n > 4 && chance(state, 70) ? n - 4 : 0;
        size_t parent = near + world_below(state, n - near);
        world->downs[n] |= UINT64_C(1) << parent;
        wv_strlist_add(&world->down[n], world->ids[parent]);
    }
    world->parents[n] = world->downs[n];
    if (n == 0 || !chance(state, 20))
        return;
    size_t other = world_below(state, n);
    world->parents[n] |= UINT64_C(1) << other;
    const struct wv_strlist *labels = &world->labels[other];
    wv_strlist_add(&world->depends[n], labels->count > 0 ? labels->items[0] : world->ids[other]);
}

struct wv_graph *world_reload(const struct world *world, uint64_t *state)
{
    size_t order[WORLD_MAX];
    for (size_t n = 0; n < world->count; n++) {
        size_t other = state != NULL ? world_below(state, n + 1) : n;
        order[n] = order[other];
        order[other] = n;
    }
    struct wv_graph_decl decls[WORLD_MAX];
    for (size_t i = 0; i < world->count; i++)
        decls[i] = (struct wv_graph_decl){.id = world->ids[order[i]],
                                          .down = &world->down[order[i]],
                                          .depends_on = &world->depends[order[i]],
                                          .labels = &world->labels[order[i]]};
    struct wv_problems problems = {0};
    struct wv_graph *graph = NULL;
    if (!wv_graph_build(decls, world->count, &graph, &problems)) {
        fprintf(stderr, "a random graph has a fault: %s\n", problems.items[0].message);
        abort();
    }
    return graph;
}

void world_make(struct world *world, uint64_t *state)
{
    *world = (struct world){.count = 1 + world_below(state, WORLD_MAX)};
    for (size_t n = 0; n < world->count; n++) {
        name_revision(world, n, state);
        if (chance(state, 20)) {
            char label[32];
            snprintf(label, sizeof(label), "%s%zu", chance(state, 50) ? "line-" : "rev_a_", n);
            wv_strlist_add(&world->labels[n], label);
        }
        add_parents(world, n, state);
    }
    world->graph = world_reload(world, NULL);
}

void world_free(struct world *world)
{
    for (size_t n = 0; n < world->count; n++) {
        wv_strlist_free(&world->down[n]);
        wv_strlist_free(&world->depends[n]);
        wv_strlist_free(&world->labels[n]);
    }
    wv_graph_free(world->graph);
}

static bool has(uint64_t set, size_t n)
{
    return (set >> n & 1) != 0;
}

/* Parents have lower numbers, so one pass downwards is enough. */
uint64_t world_closure(const struct world *world, uint64_t set)
{
    for (size_t n = world->count; n-- > 0;)
        set |= has(set, n) ? world->parents[n] : 0;
    return set;
}

uint64_t world_above(const struct world *world, uint64_t set)
{
    for (size_t n = 0; n < world->count; n++)
        set |= (world->parents[n] & set) != 0 ? UINT64_C(1) << n : 0;
    return set;
}

uint64_t world_tips(const struct world *world, uint64_t set)
{
    uint64_t tips = set;
    for (size_t n = 0; n < world->count; n++)
        tips &= has(set, n) ? ~world->parents[n] : ~UINT64_C(0);
    return tips;
}

void world_rows(const struct world *world, uint64_t set, struct wv_strlist *rows)
{
    for (size_t n = 0; n < world->count; n++) {
        if (has(set, n))
            wv_strlist_add(rows, world->ids[n]);
    }
}

static uint64_t bit_of(const struct world *world, const char *id)
{
    for (size_t n = 0; n < world->count; n++) {
        if (strcmp(world->ids[n], id) == 0)
            return UINT64_C(1) << n;
    }
    return 0;
}

uint64_t world_set(const struct world *world, const struct wv_strlist *ids)
{
    uint64_t set = 0;
    for (size_t i = 0; i < ids->count; i++)
        set |= bit_of(world, ids->items[i]);
    return set;
}

/* The rows after a change; what may not be removed or added sets `*bad`. */
static uint64_t change_rows(const struct world *world, uint64_t rows,
                            const struct wv_row_change *change, bool *bad)
{
    for (size_t i = 0; i < change->removed_count; i++) {
        uint64_t bit = bit_of(world, change->removed[i]);
        *bad = *bad || (rows & bit) == 0;
        rows &= ~bit;
    }
    for (size_t i = 0; i < change->added_count; i++) {
        uint64_t bit = bit_of(world, change->added[i]);
        *bad = *bad || bit == 0 || (rows & bit) != 0;
        rows |= bit;
    }
    return rows;
}

const char *world_replay(const struct world *world, uint64_t start, const struct wv_plan *plan,
                         uint64_t *end)
{
    uint64_t applied = start, rows = world_set(world, &plan->rows_before);
    for (size_t i = 0; i < plan->count; i++) {
        const struct wv_step *step = &plan->steps[i];
        uint64_t bit = bit_of(world, step->id);
        bool bad = false;
        if (step->up == ((applied & bit) != 0))
            return "a step does what is done already";
        if (step->up && (world_closure(world, bit) & ~applied) != bit)
            return "a step up comes before its parents";
        if (!step->up && (world_above(world, bit) & applied) != bit)
            return "a step down comes before its followers";
        applied ^= bit;
        rows = change_rows(world, rows, &step->rows, &bad);
        if (bad)
            return "a step changes rows that are not there";
        if (rows != world_tips(world, applied))
            return "a prefix leaves wrong rows";
    }
    if (plan->count > 0 && world_set(world, &plan->heads_after) != rows)
        return "heads_after is not what the steps lead to";
    *end = applied;
    return NULL;
}

static void add_name(const struct world *world, uint64_t *state, struct wv_strbuf *target)
{
    size_t n = world_below(state, world->count);
    const char *name = world->ids[n];
    if (world->labels[n].count > 0 && chance(state, 50))
        name = world->labels[n].items[0];
    size_t length = strlen(name);
    wv_strbuf_add(target, name, chance(state, 80) ? length : 1 + world_below(state, length));
}

void world_target(const struct world *world, uint64_t *state, struct wv_strbuf *target)
{
    static const char *const words[] = {"head", "heads", "base", "current", ""};
    static const char garbage[] = "@+-:0129aerv_ \t,";
    if (chance(state, 10)) {
        for (size_t i = world_below(state, 12); i > 0; i--)
            wv_strbuf_addc(target, garbage[world_below(state, sizeof(garbage) - 1)]);
        return;
    }
    if (chance(state, 35)) {
        add_name(world, state, target);
        wv_strbuf_addc(target, '@');
    }
    if (chance(state, 50))
        add_name(world, state, target);
    else
        wv_strbuf_adds(target, words[world_below(state, sizeof(words) / sizeof(words[0]))]);
    if (chance(state, 35))
        wv_strbuf_addf(target, "%c%zu", chance(state, 50) ? '+' : '-', world_below(state, 5));
}
