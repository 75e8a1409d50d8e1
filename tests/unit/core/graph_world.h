/* Random graphs small enough to be reasoned about by brute force: sets of revisions are the bits of
 * a number, and every answer is computed in the simplest way there is. */
#ifndef WV_GRAPH_WORLD_H
#define WV_GRAPH_WORLD_H

#include "plan.h"
#include "strbuf.h"

enum { WORLD_MAX = 20 };

struct world {
    size_t count;
    struct wv_graph *graph;
    char ids[WORLD_MAX][16];
    struct wv_strlist down[WORLD_MAX];
    struct wv_strlist depends[WORLD_MAX];
    struct wv_strlist labels[WORLD_MAX];
    uint64_t downs[WORLD_MAX];   /* what a revision revises */
    uint64_t parents[WORLD_MAX]; /* ... and depends on */
};

/* xorshift; `*state` is never 0. */
uint64_t world_random(uint64_t *state);
size_t world_below(uint64_t *state, size_t limit);

/* A graph without faults, loaded in a random order; node n is ids[n]. */
void world_make(struct world *world, uint64_t *state);
void world_free(struct world *world);
/* The same graph loaded in another order; its nodes have other numbers. */
struct wv_graph *world_reload(const struct world *world, uint64_t *state);

/* `set` and all that it revises and depends on. */
uint64_t world_closure(const struct world *world, uint64_t set);
/* `set` and all that revises or depends on it. */
uint64_t world_above(const struct world *world, uint64_t set);
/* The members that no member revises or depends on. */
uint64_t world_tips(const struct world *world, uint64_t set);
void world_rows(const struct world *world, uint64_t set, struct wv_strlist *rows);
/* The bits of ids; an id that is not of this world is no bit. */
uint64_t world_set(const struct world *world, const struct wv_strlist *ids);

/* Replays `plan` step by step from the applied set `start`: NULL when each step is possible where
 * it comes, each prefix leaves exactly the tips as rows and the end is heads_after; else what is
 * wrong. `*end` is the applied set afterwards. */
const char *world_replay(const struct world *world, uint64_t start, const struct wv_plan *plan,
                         uint64_t *end);
/* A target, mostly well formed, sometimes garbage. */
void world_target(const struct world *world, uint64_t *state, struct wv_strbuf *target);

#endif
