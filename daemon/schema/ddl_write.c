/* See ddl_write.h. The linear story of a script: the deeds of a difference, each written by its
 * kind, put in order, put together. */
#include "ddl_write.h"

#include <stdlib.h>
#include <string.h>

#include "deeds.h"
#include "same.h"
#include "xalloc.h"

/* Can both be one, that rewrites their table once? */
static bool is_joined(const struct wv_ddl_statement *last, const struct wv_ddl_statement *next)
{
    return last->clauses != 0 && last->clauses == next->clauses && last->turn == next->turn &&
           strncmp(last->sql, next->sql, next->clauses) == 0;
}

static bool has_hazard(const struct wv_ddl_statement *statement, const struct wv_hazard *hazard)
{
    for (size_t i = 0; i < statement->hazard_count; i++)
        if (statement->hazards[i].code == hazard->code &&
            wv_same(statement->hazards[i].detail, hazard->detail))
            return true;
    return false;
}

static void join(struct wv_ddl_statement *last, struct wv_ddl_statement *next)
{
    char *joined = wv_xasprintf("%s,\n    %s", last->sql, next->sql + next->clauses);
    free(last->sql);
    last->sql = joined;
    for (size_t i = 0; i < next->hazard_count; i++)
        if (!has_hazard(last, &next->hazards[i]))
            wv_ddl_hazard(last, next->hazards[i].code, "%s", next->hazards[i].detail);
    wv_ddl_statement_clear(next);
}

static void move(struct wv_ddl *out, struct wv_ddl *from, enum wv_statement_turn turn)
{
    for (size_t i = 0; i < from->count; i++) {
        struct wv_ddl_statement *next = &from->statements[i];
        if (next->sql == NULL || next->turn != turn)
            continue;
        if (out->count > 0 && is_joined(&out->statements[out->count - 1], next)) {
            join(&out->statements[out->count - 1], next);
            continue;
        }
        WV_GROW(out->statements, out->count, out->capacity);
        out->statements[out->count++] = *next;
        *next = (struct wv_ddl_statement){0};
    }
}

static void gather(struct wv_ddl *out, struct wv_vertex **ordered, size_t count)
{
    for (enum wv_statement_turn turn = WV_TURN_FIRST; turn < WV_TURN_COUNT; turn++)
        for (size_t i = 0; i < count; i++)
            move(out, &ordered[i]->ddl, turn);
}

bool wv_ddl_write(struct wv_ddl *out, const struct wv_difference *difference, bool is_plain,
                  struct wv_err *err)
{
    struct wv_deeds deeds WV_AUTODEEDS = {0};
    if (!wv_difference_check(difference, err))
        return false;
    wv_deeds_build(&deeds, difference);
    wv_deeds_host(&deeds);
    wv_deeds_break_circles(&deeds);
    if (!wv_deeds_write(&deeds, is_plain, err))
        return false;
    struct wv_vertex **ordered WV_AUTOFREE = wv_xcalloc(deeds.count + 1, sizeof(*ordered));
    size_t count = 0;
    if (!wv_deeds_order(&deeds, ordered, &count, err))
        return false;
    *out = (struct wv_ddl){
        .is_plain = is_plain, .before = difference->before, .after = difference->after};
    gather(out, ordered, count);
    return true;
}

/* Has the transaction to end before this statement, given the one before it? */
static bool is_cut(const struct wv_ddl_statement *last, const struct wv_ddl_statement *next)
{
    return last->mode != next->mode || last->turn != next->turn ||
           (last->commits_after && !next->commits_after);
}

void wv_ddl_segments(struct wv_segments *out, const struct wv_ddl *ddl)
{
    *out = (struct wv_segments){0};
    for (size_t i = 0; i < ddl->count; i++) {
        if (i == 0 || is_cut(&ddl->statements[i - 1], &ddl->statements[i])) {
            WV_GROW(out->items, out->count, out->capacity);
            out->items[out->count++] = (struct wv_segment){ddl->statements[i].mode, i, 0};
        }
        out->items[out->count - 1].count++;
    }
}
