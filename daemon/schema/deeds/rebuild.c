/* Tables that are rebuilt: the old one and what has been a part of it are set aside, the new one
 * and its partitions are made, the rows are copied, the old one is dropped, and all else of the new
 * one is made: no trigger fires, no index slows the copying down, and names of indexes are free.
 * See deeds.h. */
#include "deeds.h"
#include "inheritance.h"
#include "kinds.h"
#include "lookup.h"
#include "partition.h"
#include "rebuilt_table.h"

/* Partitions are dropped with the table that they are copied with; a foreign one, whose rows are
 * elsewhere, goes by itself. */
static void drop_along(struct wv_deeds *deeds, const struct wv_object *old)
{
    const struct wv_object *whole = wv_copied_with(deeds->difference, old);
    struct wv_vertex *drop = wv_deeds_of_old(deeds, old);
    if (whole != NULL && drop != NULL && drop->kind == WV_VERTEX_DROP)
        wv_deeds_join(wv_deeds_of_old(deeds, whole), drop);
}

/* Does it stay a partition, or an heir, until it is dropped? */
static bool goes_along(const struct wv_deeds *deeds, const struct wv_object *link)
{
    bool is_table = link->parent->kind == &wv_kind_table;
    return link->kind == &wv_kind_inheritance
               ? wv_rebuilt_table(deeds->difference, link) != NULL
               : is_table && wv_copied_with(deeds->difference, link->parent) != NULL;
}

/* Partitions and heirs that stay without it, or go by themselves, leave it under its name and under
 * theirs. */
static void leave_first(struct wv_deeds *deeds, const struct wv_object *old)
{
    const size_t *of_old = deeds->difference->of_old;
    for (size_t i = 0; i < old->needed_by_count; i++) {
        const struct wv_object *link = old->needed_by[i].object;
        bool is_link = link->kind == &wv_kind_partition || link->kind == &wv_kind_inheritance;
        if (!is_link || goes_along(deeds, link))
            continue;
        wv_deeds_edge(wv_deeds_of_old(deeds, link), deeds->aside[of_old[old->index]]);
        wv_deeds_edge(wv_deeds_of_old(deeds, link), deeds->aside[of_old[link->parent->index]]);
    }
}

/* Types that are made of its rows, and what else is rebuilt, are there first: what uses them goes
 * over before the old one is dropped. */
static void make_after(struct wv_deeds *deeds, struct wv_vertex *rows, const struct wv_object *new)
{
    struct wv_vertex *vertex = wv_deeds_of_new(deeds, new);
    const struct wv_object *whole = wv_object_root(new);
    bool is_beside = whole->kind != &wv_kind_table &&
                     ((whole->kind->traits & WV_KIND_OF_VALUES) != 0 ||
                      deeds->aside[deeds->difference->of_new[whole->index]] != NULL);
    if (vertex != NULL && vertex->kind == WV_VERTEX_MAKE && !wv_comes_with_table(new) && !is_beside)
        wv_deeds_edge(rows, vertex);
}

/* What leans on the table or a part of it, and its parts themselves. */
static void make_all_after(struct wv_deeds *deeds, struct wv_vertex *rows,
                           const struct wv_object *new)
{
    for (size_t i = 0; i < new->needed_by_count; i++)
        make_after(deeds, rows, new->needed_by[i].object);
    for (size_t i = 0; i < new->part_count; i++) {
        make_after(deeds, rows, new->parts[i]);
        make_all_after(deeds, rows, new->parts[i]);
    }
}

/* The sequence of a new default counts on from the rows. */
static void make_sequences_first(struct wv_deeds *deeds, struct wv_vertex *rows,
                                 const struct wv_object *column)
{
    const struct wv_object *sequence =
        wv_need_of_kind(wv_part_of_kind(column, &wv_kind_default), &wv_kind_sequence);
    struct wv_vertex *make = wv_deeds_of_new(deeds, sequence);
    if (make != NULL && make->kind == WV_VERTEX_MAKE)
        wv_deeds_edge(make, rows);
}

/* No trigger of what was a table of its own fires for rows that are copied. */
static void drop_triggers_first(struct wv_deeds *deeds, struct wv_vertex *rows,
                                const struct wv_twin *table)
{
    for (size_t i = 0; wv_twin_stays(table) && i < table->old->part_count; i++) {
        struct wv_vertex *drop = wv_deeds_of_old(deeds, table->old->parts[i]);
        if (table->old->parts[i]->kind == &wv_kind_trigger && drop != NULL &&
            drop->kind == WV_VERTEX_DROP)
            wv_deeds_edge(drop, rows);
    }
}

/* The new tree is whole before rows are copied into it. What has been there all the time keeps its
 * own order. */
static void fill_tree(struct wv_deeds *deeds, struct wv_vertex *rows, struct wv_vertex *attach,
                      const struct wv_object *new)
{
    const struct wv_vertex *make = wv_deeds_of_new(deeds, new);
    size_t at = 0;
    const struct wv_object *heir;
    if (make != NULL && make->kind == WV_VERTEX_MAKE)
        make_all_after(deeds, rows, new);
    drop_triggers_first(deeds, rows, wv_twin_of_new(deeds->difference, new));
    for (size_t i = 0; i < new->part_count; i++) {
        if (new->parts[i]->kind == &wv_kind_column)
            make_sequences_first(deeds, rows, new->parts[i]);
        if (new->parts[i]->kind == &wv_kind_partition_index)
            wv_deeds_edge(attach, wv_deeds_of_new(deeds, new->parts[i]));
    }
    while ((heir = wv_next_heir(new, &at)) != NULL) {
        const struct wv_object *partition = wv_partition_of(heir);
        if (partition == NULL)
            continue;
        /* Rows that are copied go nowhere else. */
        bool is_foreign = heir->kind == &wv_kind_foreign_table;
        struct wv_vertex *joins = wv_deeds_of_new(deeds, partition);
        wv_deeds_edge(is_foreign ? rows : joins, is_foreign ? joins : rows);
        fill_tree(deeds, rows, attach, heir);
    }
}

static bool is_reader(const struct wv_object *object)
{
    return object->kind == &wv_kind_view || object->kind == &wv_kind_materialized_view ||
           object->kind == &wv_kind_routine;
}

/* Who reads a table has all rows to read: those of a partition that is attached again as well. */
static void read_after(const struct wv_deeds *deeds, struct wv_vertex *attach,
                       const struct wv_object *whole)
{
    for (size_t i = 0; i < whole->needed_by_count; i++) {
        struct wv_vertex *vertex = wv_deeds_of_new(deeds, whole->needed_by[i].object);
        if (is_reader(whole->needed_by[i].object) && vertex != NULL &&
            vertex->kind == WV_VERTEX_MAKE)
            wv_deeds_edge(attach, vertex);
    }
    for (size_t i = 0; i < whole->part_count; i++)
        if (whole->parts[i]->kind == &wv_kind_column)
            read_after(deeds, attach, whole->parts[i]);
}

/* The copies of indexes of the whole would find the names of the old ones taken. */
static void attach_filled(struct wv_deeds *deeds, struct wv_vertex *rows, struct wv_vertex *attach,
                          const struct wv_object *new)
{
    wv_deeds_edge(rows, attach);
    while ((new = wv_partition_whole(deeds->difference->after, new)) != NULL)
        read_after(deeds, attach, new);
}

static void rebuild_table(struct wv_deeds *deeds, size_t index)
{
    const struct wv_twin *twin = &deeds->difference->twins[index];
    struct wv_vertex *rows = deeds->of_old[index];
    wv_deeds_edge(deeds->of_new[index], rows);
    leave_first(deeds, twin->old);
    if (wv_copied_with(deeds->difference, twin->old) != NULL)
        return;
    struct wv_vertex *attach = wv_deeds_of_new(deeds, wv_partition_of(twin->new));
    fill_tree(deeds, rows, attach, twin->new);
    if (attach != NULL)
        attach_filled(deeds, rows, attach, twin->new);
}

static bool is_rebuilt(const struct wv_twin *twin)
{
    return twin->deed == WV_DEED_REBUILD && twin->old->kind == &wv_kind_table;
}

void wv_deeds_rebuild_tables(struct wv_deeds *deeds)
{
    for (size_t i = 0; i < deeds->difference->count; i++) {
        const struct wv_twin *twin = &deeds->difference->twins[i];
        if (twin->old != NULL && twin->old->kind == &wv_kind_table)
            drop_along(deeds, twin->old);
        if (is_rebuilt(twin))
            rebuild_table(deeds, i);
    }
}

/* Of what is dropped by a statement of its own, which may call the table by its name. */
static void go_before(struct wv_deeds *deeds, const struct wv_object *old, struct wv_vertex *aside)
{
    struct wv_vertex *vertex = wv_deeds_of_old(deeds, old);
    bool is_aside = deeds->aside[deeds->difference->of_old[old->index]] != NULL;
    if (vertex != NULL && !is_aside && vertex->host == vertex && vertex->kind == WV_VERTEX_DROP &&
        wv_rebuilt_table(deeds->difference, old) == NULL)
        wv_deeds_edge(vertex, aside);
}

static void part_goes_before(struct wv_deeds *deeds, const struct wv_object *whole,
                             struct wv_vertex *aside)
{
    for (size_t i = 0; i < whole->part_count; i++) {
        struct wv_vertex *vertex = wv_deeds_of_old(deeds, whole->parts[i]);
        if (vertex != NULL && vertex->host == vertex)
            wv_deeds_edge(vertex, aside);
        part_goes_before(deeds, whole->parts[i], aside);
    }
}

/* Who reads the whole waits there, and not for a part of it, with a lock on the whole. */
static void follow_whole(struct wv_deeds *deeds, size_t index)
{
    const struct wv_difference *difference = deeds->difference;
    const struct wv_object *whole =
        wv_partition_whole(difference->before, difference->twins[index].old);
    if (whole != NULL)
        wv_deeds_edge(deeds->aside[difference->of_old[whole->index]], deeds->aside[index]);
}

void wv_deeds_set_aside(struct wv_deeds *deeds)
{
    for (size_t i = 0; i < deeds->difference->count; i++) {
        const struct wv_twin *twin = &deeds->difference->twins[i];
        if (deeds->aside[i] != NULL)
            part_goes_before(deeds, twin->old, deeds->aside[i]);
        if (!is_rebuilt(twin))
            continue;
        follow_whole(deeds, i);
        for (size_t j = 0; j < twin->old->needed_by_count; j++)
            go_before(deeds, twin->old->needed_by[j].object, deeds->aside[i]);
    }
}
