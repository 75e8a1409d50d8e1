/* See ddl_write.h. The linear story of a script: the deeds of a difference, each written by its
 * kind, put in order, put together. */
#include "ddl_write.h"

#include <stdlib.h>
#include <string.h>

#include "deeds.h"
#include "kinds.h"
#include "xalloc.h"

/* Do both the like, VALIDATE for example, to one table? */
static bool are_alike(const struct wv_ddl_statement *a, const struct wv_ddl_statement *b)
{
    return a->action == b->action &&
           strncmp(a->sql, b->sql, a->action + strcspn(a->sql + a->action, " ") + 1) == 0;
}

static bool is_of_its_table(const struct wv_ddl_statement *a, const struct wv_ddl_statement *b)
{
    return a->joins && a->action == b->action && strncmp(a->sql, b->sql, a->action) == 0;
}

/* Among the last statements, while all of them are of the table and may be joined; those that
 * validate do not mind what stands between. */
static struct wv_ddl_statement *find_alike(struct wv_ddl *out, const struct wv_ddl_statement *next)
{
    for (size_t i = out->count; i > 0; i--) {
        struct wv_ddl_statement *last = &out->statements[i - 1];
        bool is_its = is_of_its_table(last, next);
        if (last->turn != next->turn || last->mode != next->mode ||
            (!is_its && next->turn != WV_TURN_VALIDATE))
            return NULL;
        if (is_its && are_alike(last, next))
            return last;
    }
    return NULL;
}

/* A table with many columns is scanned once, and its checks are not read for each anew. */
static bool join(struct wv_ddl *out, struct wv_ddl_statement *next)
{
    struct wv_ddl_statement *alike =
        next->joins && next->mode == WV_STATEMENT_IN_TRANSACTION ? find_alike(out, next) : NULL;
    if (alike == NULL)
        return false;
    char *first WV_AUTOFREE = alike->sql;
    alike->sql = wv_xasprintf("%s,\n    %s", first, next->sql + next->action);
    for (size_t i = 0; i < next->hazard_count; i++)
        wv_ddl_hazard(alike, next->hazards[i].code, "%s", next->hazards[i].detail);
    wv_ddl_statement_clear(next);
    return true;
}

static void move(struct wv_ddl *out, struct wv_ddl *from, enum wv_statement_turn turn)
{
    for (size_t i = 0; i < from->count; i++) {
        struct wv_ddl_statement *next = &from->statements[i];
        if (next->sql == NULL || next->turn != turn || join(out, next))
            continue;
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
    wv_deeds_analyze(out, ordered, count);
}

/* Has the transaction to end before this statement, given the one before it? */
static bool is_cut(const struct wv_ddl_statement *last, const struct wv_ddl_statement *next)
{
    if (last->mode != next->mode)
        return true;
    return next->mode == WV_STATEMENT_IN_TRANSACTION &&
           (last->turn != next->turn || (last->commits_after && !next->commits_after));
}

static void tell_gap(struct wv_ddl_statement *drop)
{
    const struct wv_object *old = drop->object;
    bool is_index = old->kind == &wv_kind_index;
    char *name WV_AUTOFREE = wv_shown_name(old);
    if (old->kind == &wv_kind_partition)
        wv_ddl_hazard(drop, WV_HAZARD_GAP,
                      "the rows of %s are away until a later transaction attaches it again",
                      old->parent->identity);
    else if (old->kind == &wv_kind_constraint || (is_index && wv_object_is(old, "is_unique")))
        wv_ddl_hazard(drop, WV_HAZARD_GAP,
                      "what %s refuses is let in until a later transaction makes it again", name);
    else
        wv_ddl_hazard(drop, WV_HAZARD_GAP, "%s is away until a later transaction makes it again%s",
                      name, is_index ? ", and queries are slower" : "");
}

/* The next statement that begins to make what this one has dropped comes after a commit? */
static bool is_made_later(const struct wv_ddl *ddl, size_t drop, const struct wv_object *new)
{
    bool is_later = false;
    for (size_t i = drop + 1; i < ddl->count; i++) {
        is_later = is_later || is_cut(&ddl->statements[i - 1], &ddl->statements[i]) ||
                   ddl->statements[i].mode == WV_STATEMENT_ALONE;
        if (ddl->statements[i].object == new)
            return is_later;
    }
    return false;
}

/* Or what it does not serve without: its copies. */
static bool serves_later(const struct wv_ddl *ddl, size_t drop, const struct wv_object *new)
{
    if (is_made_later(ddl, drop, new))
        return true;
    for (size_t i = 0; i < new->needed_by_count; i++)
        if (new->needed_by[i].object->kind == &wv_kind_partition_index &&
            serves_later(ddl, drop, new->needed_by[i].object))
            return true;
    return false;
}

/* What is dropped and made again should not be seen to be away; where that cannot be, it is told.
 */
static void tell_gaps(struct wv_ddl *ddl, const struct wv_difference *difference)
{
    for (size_t i = 0; i < ddl->count; i++) {
        const struct wv_object *old = ddl->statements[i].object;
        if (old->index >= wv_catalog_count(ddl->before) ||
            wv_catalog_at(ddl->before, old->index) != old ||
            (old->kind->traits & WV_KIND_FACET) != 0)
            continue;
        const struct wv_twin *twin = wv_twin_of_old(difference, old);
        if (twin->deed == WV_DEED_RECREATE && serves_later(ddl, i, twin->new))
            tell_gap(&ddl->statements[i]);
    }
}

bool wv_ddl_write(struct wv_ddl *out, const struct wv_difference *difference, bool is_plain,
                  struct wv_err *err)
{
    struct wv_deeds deeds WV_AUTODEEDS = {0};
    if (!wv_difference_check(difference, err))
        return false;
    wv_deeds_build(&deeds, difference);
    wv_deeds_host(&deeds);
    wv_deeds_set_aside(&deeds);
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
    tell_gaps(out, difference);
    return true;
}

/* A transaction would hold the lock on the first table until the last is looked at. */
static void let_go_of_analyzed(struct wv_segment *last, const struct wv_ddl *ddl)
{
    if (last->count > 1 && ddl->statements[last->first].turn == WV_TURN_ANALYZE)
        last->mode = WV_STATEMENT_ALONE;
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
    if (out->count > 0)
        let_go_of_analyzed(&out->items[out->count - 1], ddl);
}
